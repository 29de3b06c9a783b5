let { randomUUID } = require('crypto');
let arc = require('@architect/functions');

// Differs from one execution environment to the next, and lives as long as it does.
let environment = randomUUID();
let events = 0;

// Does what the table asks of a function, step by step, and returns what it is told to return.
exports.play = async function play(event, context, script) {
  events += 1;
  let id = event.requestContext.connectionId;
  let facts = { functionName: context.functionName, requestId: context.awsRequestId, environment, events };
  for (let step of script) {
    let [name] = Object.keys(step);
    if (name === 'return') return step.return;
    if (name === 'returnNothing') return undefined;
    if (name === 'returnBytes') return { statusCode: 200, body: 'x'.repeat(step.returnBytes) };
    if (name === 'origin') return { statusCode: event.headers.Origin === step.origin ? 200 : 403 };
    await steps[name](step, { event, context, facts, id });
  }
  return { statusCode: 200 };
};

let steps = {
  // Sends the event to a connection, which may be the event's own.
  async tell({ tell }, { event, facts, id }) {
    await send(tell === 'self' ? id : tell, { ...facts, event });
  },
  async post({ post, to }, { id }) {
    await send(to || id, post);
  },
  async posts({ posts, to }, { id }) {
    for (let payload of posts) await send(to || id, payload);
  },
  // Sends once the function has returned: nobody waits for it.
  async later({ later, ms }, { id }) {
    setTimeout(() => send(id, later).catch(() => {}), ms);
  },
  // Tells what @connections says of the event's own connection.
  async attempt({ attempt, tell }, { id }) {
    let outcomes = [];
    for (let operation of attempt) outcomes.push(await outcomeOf(operation, id));
    await send(tell, { outcomes });
  },
  async env({ env }, { context, id }) {
    let variables = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/SECRET|TOKEN/.test(name)));
    let { functionName, functionVersion, memoryLimitInMB, logGroupName, logStreamName, awsRequestId } = context;
    let said = { functionName, functionVersion, memoryLimitInMB, logGroupName, logStreamName, awsRequestId };
    let hasRemainingTime = context.getRemainingTimeInMillis() > 0;
    await send(env === 'self' ? id : env, {
      names: Object.keys(process.env),
      variables,
      context: said,
      hasRemainingTime,
    });
  },
  async sleep({ sleep }) {
    await new Promise((resolve) => setTimeout(resolve, sleep));
  },
  async throw({ throw: message }) {
    throw new Error(message);
  },
};

let operations = {
  send: (id) => arc.ws.send({ id, payload: { sent: true } }),
  info: (id) => arc.ws.info({ id }),
  close: (id) => arc.ws.close({ id }),
};

async function outcomeOf(operation, id) {
  try {
    await operations[operation](id);
    return { operation, isDone: true };
  } catch (error) {
    let { httpStatusCode } = error.$metadata || {};
    return { operation, isDone: false, name: error.name, statusCode: error.statusCode || httpStatusCode };
  }
}

function send(id, payload) {
  return arc.ws.send({ id, payload });
}
