let arc = require('@architect/functions');
let { scriptOf } = require('../../shared/script');

// Answers as the client's script says: { answer } or { throw }. By default everybody may come in.
exports.handler = async function authorizer(event) {
  let script = scriptOf(event, 'authorizer');
  for (let step of script) {
    if (step.tell) await arc.ws.send({ id: step.tell, payload: { event } });
    if (step.throw) throw new Error(step.throw);
    if (step.policy) return policy(event, step.policy);
    if ('return' in step) return step.return;
  }
  return policy(event, { effect: 'Allow' });
};

function policy({ methodArn }, { effect, resource = methodArn, context, statement }) {
  let own = [{ Action: 'execute-api:Invoke', Effect: effect, Resource: resource }];
  return {
    principalId: 'somebody',
    policyDocument: { Version: '2012-10-17', Statement: statement || own },
    ...(context && { context }),
  };
}
