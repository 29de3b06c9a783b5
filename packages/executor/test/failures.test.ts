import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { limits } from '@furrow/protocol';
import { failureOf, isAlive, openProject, returned, seenIn, valueOf, type Project } from './open-project.ts';

interface Row {
  readonly why: string;
  /** What the handler does with an event that says so; to any other it answers 'fine'. */
  readonly bad: string;
  readonly failure: {
    readonly errorType: string;
    readonly errorMessage: unknown;
    /** Its first lines. */
    readonly trace?: unknown;
  };
  /** What is printed, among other things. */
  readonly log?: string;
}

const id = '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
const exit = (what: string) => ({
  errorType: 'Runtime.ExitError',
  errorMessage: expect.stringMatching(new RegExp(`^RequestId: ${id} Error: ${what}$`)),
});
const never = 'return new Promise(() => {});';

const rows: readonly Row[] = [
  {
    why: 'throws an error',
    bad: `throw new TypeError('boom');`,
    failure: { errorType: 'TypeError', errorMessage: 'boom', trace: expect.arrayContaining(['TypeError: boom']) },
  },
  { why: 'throws a text', bad: `throw 'boom';`, failure: { errorType: 'string', errorMessage: 'boom' } },
  {
    why: 'throws an object',
    bad: `throw { statusCode: 400 };`,
    failure: { errorType: 'object', errorMessage: '{"statusCode":400}' },
  },
  {
    why: 'rejects with nothing',
    bad: 'return Promise.reject();',
    failure: { errorType: 'undefined', errorMessage: 'undefined' },
  },
  {
    why: 'calls back with an error',
    bad: `return callback(new RangeError('far'));`,
    failure: { errorType: 'RangeError', errorMessage: 'far' },
  },
  {
    why: 'returns a circle',
    bad: 'const a = {}; a.a = a; return Promise.resolve(a);',
    failure: { errorType: 'TypeError', errorMessage: expect.stringContaining('circular') },
  },
  {
    why: 'returns a BigInt',
    bad: 'return Promise.resolve({ big: 1n });',
    failure: { errorType: 'TypeError', errorMessage: expect.stringContaining('BigInt') },
  },
  {
    why: 'returns more than Lambda takes',
    bad: `return Promise.resolve('x'.repeat(${limits.maxResultBytes - 1}));`,
    failure: {
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
    },
  },
  {
    why: 'takes too long',
    bad: 'return new Promise((resolve) => setTimeout(resolve, 60_000));',
    failure: {
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(new RegExp(`^RequestId: ${id} Error: Task timed out after 1.00 seconds$`)),
    },
  },
  {
    why: 'loops without end',
    bad: `console.log('last words'); for (;;);`,
    failure: { errorType: 'Sandbox.Timedout', errorMessage: expect.stringContaining('after 1.00 seconds') },
    log: 'last words\n',
  },
  { why: 'exits', bad: 'process.exit(0);', failure: exit('Runtime exited without providing a reason') },
  {
    why: 'exits with a status',
    bad: `console.error('bye'); process.exit(1);`,
    failure: exit('Runtime exited with error: exit status 1'),
    log: '!bye\n',
  },
  { why: 'aborts', bad: 'process.abort();', failure: exit('Runtime exited with error: signal: aborted') },
  {
    why: 'kills its own process',
    bad: `process.kill(process.pid, 'SIGKILL'); ${never}`,
    failure: exit('Runtime exited with error: signal: killed'),
  },
  {
    why: 'throws in a timer',
    bad: `setTimeout(() => { throw new Error('late'); }, 1); ${never}`,
    failure: { errorType: 'Error', errorMessage: 'late', trace: expect.arrayContaining(['Error: late']) },
  },
  {
    why: 'leaves a rejection alone',
    bad: `Promise.reject(new Error('alone')); return new Promise((resolve) => setTimeout(resolve, 100));`,
    failure: {
      errorType: 'Runtime.UnhandledPromiseRejection',
      errorMessage: 'alone',
      trace: expect.arrayContaining(['Error: alone']),
    },
  },
  {
    why: 'never settles its promise',
    bad: never,
    failure: { errorType: 'Runtime.NodeJsExit', errorMessage: expect.stringContaining('never settled') },
  },
  {
    why: 'closes our pipe',
    bad: `require('node:fs').closeSync(3); ${never}`,
    // It may notice the end itself before it is killed.
    failure: exit('Runtime exited .*'),
  },
  {
    why: 'writes into our pipe',
    bad: `require('node:fs').writeSync(3, 'not a frame'); ${never}`,
    failure: exit('Runtime exited with error: signal: killed'),
  },
  {
    why: 'hangs while it exits',
    bad: `process.on('exit', () => { for (;;); }); process.exit(1);`,
    failure: { errorType: 'Sandbox.Timedout', errorMessage: expect.anything() },
  },
];

describe.for([false, true])('a handler, frozen between events: %s, that', (isStrict) => {
  let project: Project;
  beforeAll(async () => {
    const files = Object.fromEntries(
      rows.map(({ bad }, index) => [
        `src/ws/f${index}/index.js`,
        `exports.handler = (event, context, callback) => {\n  if (event.bad) { ${bad} }\n  callback(null, 'fine');\n};`,
      ]),
    );
    const functions = rows.map((_, index) => ({ name: `ws/f${index}`, timeoutMs: 1000, maxEnvironments: 1 }));
    project = await openProject({ files, functions, isStrict });
    await project.executor.ready;
  });
  afterAll(() => project[Symbol.asyncDispose]());

  test.for(rows.map((row, index) => ({ ...row, name: `ws/f${index}` })))(
    '$why fails alone',
    async ({ name, failure, log = '' }) => {
      // Warm, so that the time-out is about the event.
      expect(await project.invoke({}, { name })).toEqual(returned('fine'));
      const [outcome, next] = await Promise.all([
        project.invoke({ bad: true }, { name }),
        // It waits for the only environment, or for the one that comes after it.
        project.invoke({}, { name }),
      ]);
      expect(outcome).toMatchObject({ type: 'failed', failure });
      expect(next).toEqual(returned('fine'));
      expect(await project.invoke({}, { name })).toEqual(returned('fine'));
      expect(project.output(name)).toContain(log);
    },
  );

  test('settles for nothing quickly', async () => {
    const index = rows.findIndex(({ why }) => why === 'never settles its promise');
    const startedAt = performance.now();
    await project.invoke({ bad: true }, { name: `ws/f${index}` });
    expect(performance.now() - startedAt).toBeLessThan(800);
  });
});

test.for([
  { why: 'an async handler returns nothing', code: 'exports.handler = async () => {};' },
  { why: 'a handler returns nothing', code: 'exports.handler = () => {};' },
  { why: 'a handler never calls back', code: 'exports.handler = (event, context, callback) => {};' },
  { why: 'a handler returns a function', code: 'exports.handler = async () => () => {};' },
])('$why: null', async ({ code }) => {
  await using project = await openProject({ files: { 'src/ws/default/index.js': code } });
  expect(await project.invoke()).toEqual(returned(null));
  expect(await project.invoke()).toEqual(returned(null));
});

describe('a result', () => {
  const most = limits.maxResultBytes;
  test.for([
    { why: 'of one byte each', letter: 'x', bytes: 1 },
    { why: 'of two bytes each', letter: 'é', bytes: 2 },
    { why: 'of three bytes each', letter: '€', bytes: 3 },
    { why: 'of four bytes each', letter: '𝄞', bytes: 4 },
  ])('of letters $why may have as many bytes as Lambda takes, and not one more', async ({ letter, bytes }) => {
    const code = `exports.handler = async ({ length }) =>
      ${JSON.stringify(letter)}.repeat((length - 2) / ${bytes}).padEnd(length - 2 - ${bytes - letter.length} * Math.floor((length - 2) / ${bytes}), 'x');`;
    await using project = await openProject({ files: { 'src/ws/default/index.js': code } });
    const value = valueOf(await project.invoke({ length: most }));
    expect(Buffer.byteLength(JSON.stringify(value))).toBe(6 * 1024 * 1024 + 100);
    expect(failureOf(await project.invoke({ length: most + 1 }))).toEqual({
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
      trace: [],
    });
  });
});

describe('a function that cannot be loaded', () => {
  test.for([
    {
      why: 'throws',
      code: `throw new Error('at load');`,
      failure: { errorType: 'Error', errorMessage: 'at load' },
    },
    {
      why: 'exports no handler',
      code: 'exports.handle = async () => {};',
      failure: { errorType: 'Runtime.HandlerNotFound', errorMessage: 'index.handler is undefined or not exported' },
    },
    {
      why: 'requires what is not there',
      code: `require(['no', 'where'].join('-')); exports.handler = async () => {};`,
      failure: {
        errorType: 'Runtime.ImportModuleError',
        errorMessage: expect.stringContaining("Cannot find module 'no-where'"),
      },
    },
    {
      why: 'evaluates what is no JavaScript',
      code: `new Function('{'); exports.handler = async () => {};`,
      failure: { errorType: 'Runtime.UserCodeSyntaxError', errorMessage: expect.stringContaining('Unexpected token') },
    },
    {
      why: 'exits',
      code: 'process.exit(3);',
      failure: { errorType: 'Runtime.ExitError', errorMessage: 'Runtime exited with error: exit status 3' },
    },
    {
      why: 'is killed',
      code: `process.kill(process.pid, 'SIGKILL');`,
      failure: { errorType: 'Runtime.ExitError', errorMessage: 'Runtime exited with error: signal: killed' },
    },
  ])('because it $why fails for each event until it is mended', async ({ code, failure }) => {
    await using project = await openProject({ files: { 'src/ws/default/index.js': code } });
    const outcomes = await Promise.all([project.invoke(), project.invoke()]);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ type: 'failed', failure });
    await project.save({ 'src/ws/default/index.js': `exports.handler = async () => 'fine';` });
    expect(await project.invoke()).toEqual(returned('fine'));
  });
});

describe('after its answer a handler', () => {
  test.for([
    { why: 'throws', what: `throw new Error('late');`, errorType: 'Error' },
    {
      why: 'rejects',
      what: `Promise.reject(new Error('late'));`,
      errorType: 'Runtime.UnhandledPromiseRejection',
    },
  ])('$why: that is reported, and the environment is replaced', async ({ what, errorType }) => {
    const code = `let count = 0;
      exports.handler = async () => {
        count += 1;
        if (count === 1) setTimeout(() => { ${what} }, 1);
        return { pid: process.pid, count };
      };`;
    await using project = await openProject({ files: { 'src/ws/default/index.js': code } });
    const first = seenIn(await project.invoke());
    await expect.poll(project.stray).toMatchObject([{ errorType, errorMessage: 'late' }]);
    expect(project.stray()[0]?.trace[0]).toBe('Error: late');
    const second = seenIn(await project.invoke());
    expect(second.count).toBe(1);
    expect(second.pid).not.toBe(first.pid);
    await expect.poll(() => isAlive(first.pid)).toBe(false);
  });

  test.for([
    'setImmediate(() => { throw 1; });',
    'setImmediate(() => process.exit(0));',
    'process.nextTick(() => process.exit(1));',
  ])('ends: an event that was on its way runs elsewhere: %s', async (what) => {
    const code = `exports.handler = async (event) => { if (event.bad) { ${what} } return event.word; };`;
    await using project = await openProject({
      files: { 'src/ws/default/index.js': code },
      functions: [{ name: 'ws/default', maxEnvironments: 1 }],
    });
    await project.invoke();
    const words = Array.from({ length: 10 }, (_, index) => index);
    const outcomes = await Promise.all([
      project.invoke({ bad: true, word: 'bad' }),
      ...words.map((word) => project.invoke({ word })),
    ]);
    expect(outcomes.slice(1)).toEqual(words.map(returned));
  });

  test('fails for good when each new environment ends before it begins', async () => {
    const code = `setImmediate(() => process.exit(0)); exports.handler = async () => 'fine';`;
    await using project = await openProject({ files: { 'src/ws/default/index.js': code } });
    const outcome = await project.invoke();
    // Whichever comes first: the load fails, or two environments end before they begin the event.
    expect(failureOf(outcome)).toMatchObject({ errorType: 'Runtime.ExitError' });
  });
});

test('an environment that holds more memory than its function may is ended, and the next is fresh', async () => {
  const code = `
let kept = [];
exports.handler = async (event) => {
  if (!event.bad) return process.pid;
  for (;;) {
    kept.push(Buffer.alloc(4 * 1024 * 1024, 1));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};`;
  await using project = await openProject({
    files: { 'src/ws/default/index.js': code },
    functions: [{ name: 'ws/default', memoryMegabytes: 192 }],
  });
  const first = valueOf(await project.invoke());
  expect(failureOf(await project.invoke({ bad: true }))).toMatchObject(
    exit('Runtime exited with error: signal: killed'),
  );
  expect(project.events.filter(({ type }) => type === 'notice')).toMatchObject([
    { text: expect.stringMatching(/^ws\/default held \d+ MB, more than its memory setting/) },
  ]);
  expect(valueOf(await project.invoke())).not.toBe(first);
});
