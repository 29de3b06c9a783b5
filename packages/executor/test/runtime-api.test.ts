import { chmod } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { limits } from '@furrow/protocol';
import { createMovableClock } from '../../../test/support/movable-clock.ts';
import { failureOf, isAlive, openProject, returned, seenIn, valueOf, type ProjectOptions } from './open-project.ts';

const file = 'src/ws/default/main.mjs';

/** A program that says what a line of the test lets it say; `call` gives the status and the body. */
const program = (body: string) => `
const root = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime';
async function call(path, options) {
  const response = await fetch(root + path, options);
  const { status, headers } = response;
  return { status, headers, text: await response.text() };
}
const post = (path, body, headers = {}) => call(path, { method: 'POST', body, headers });
const next = () => call('/invocation/next');
const answer = ({ headers }, value) => post('/invocation/' + headers.get('lambda-runtime-aws-request-id') + '/response', JSON.stringify(value));
const fail = ({ headers }, value, more) => post('/invocation/' + headers.get('lambda-runtime-aws-request-id') + '/error', JSON.stringify(value), more);
${body}
`;

function inCommand(body: string, options: object = {}): ProjectOptions {
  return {
    files: { [file]: program(body) },
    functions: [{ name: 'ws/default', runtime: 'custom', command: [process.execPath, 'main.mjs'], ...options }],
  };
}

describe("T152 Lambda's Runtime API", () => {
  test('gives an event with what Lambda says of it', async () => {
    await using project = await openProject(
      inCommand(
        `for (;;) {
          const got = await next();
          await answer(got, { status: got.status, headers: Object.fromEntries(got.headers), event: JSON.parse(got.text), now: Date.now() });
        }`,
        { env: { AWS_LAMBDA_FUNCTION_NAME: 'fn' } },
      ),
    );
    const value = valueOf(await project.invoke({ word: 'é' }));
    expect(value).toMatchObject({
      status: 200,
      event: { word: 'é' },
      headers: {
        'content-type': 'application/json',
        'lambda-runtime-aws-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
        'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:us-west-2:123456789012:function:fn',
        'lambda-runtime-trace-id': expect.stringMatching(
          /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/,
        ),
      },
    });
    const { headers, now }: { headers: Record<string, string>; now: number } = JSON.parse(JSON.stringify(value));
    const leftMs = Number(headers['lambda-runtime-deadline-ms']) - now;
    expect(leftMs).toBeGreaterThan(4000);
    expect(leftMs).toBeLessThanOrEqual(5000);
  });

  test('takes results and errors, and refuses wrong ids, wrong states and wrong paths', async () => {
    await using project = await openProject(
      inCommand(`
        const early = await post('/invocation/none/response', '1');
        const first = await next();
        const replies = [
          early,
          await post('/invocation/other/response', '1'),
          await post('/invocation/other/error', '{}'),
          await next(),
          await post('/init/error', '{}'),
          await call('/nowhere'),
          await call('/invocation/next', { method: 'POST' }),
        ];
        const taken = await answer(first, null);
        replies.push(taken, await answer(first, 'again'), await fail(first, {}));
        const second = await next();
        await answer(second, replies.map(({ status, text }) => [status, JSON.parse(text)]));
        const third = await next();
        const failed = await fail(third, { errorMessage: 'm' }, { 'Lambda-Runtime-Function-Error-Type': 'Own.Kind' });
        await answer(await next(), [failed.status, JSON.parse(failed.text)]);
        for (;;) await answer(await next(), 0);
      `),
    );
    const invalidId = { errorType: 'InvalidRequestID', errorMessage: 'Invalid request ID' };
    const wrongState = { errorType: 'InvalidStateTransition', errorMessage: 'Transition is not allowed' };
    expect(await project.invoke()).toEqual(returned(null));
    expect(valueOf(await project.invoke())).toEqual([
      [400, invalidId],
      [400, invalidId],
      [400, invalidId],
      [403, wrongState],
      [403, wrongState],
      [404, expect.anything()],
      [405, expect.anything()],
      [202, { status: 'OK' }],
      [403, wrongState],
      [403, wrongState],
    ]);
    expect(failureOf(await project.invoke())).toEqual({ errorType: 'Own.Kind', errorMessage: 'm', trace: [] });
    expect(await project.invoke()).toEqual(returned([202, { status: 'OK' }]));
  });

  test('has no room for more than 6 MB, and goes on', async () => {
    await using project = await openProject(
      inCommand(`
        let last = 0;
        for (;;) {
          const got = await next();
          const { length } = JSON.parse(got.text);
          if (length === 0) await answer(got, last);
          else last = (await answer(got, 'x'.repeat(length - 2))).status;
        }
      `),
    );
    const most = limits.maxResultBytes;
    expect(String(valueOf(await project.invoke({ length: most }))).length).toBe(most - 2);
    expect(await project.invoke({ length: 0 })).toEqual(returned(202));
    expect(failureOf(await project.invoke({ length: most + 1 }))).toMatchObject({
      errorType: 'Function.ResponseSizeTooLarge',
    });
    expect(await project.invoke({ length: 0 })).toEqual(returned(413));
  });

  test('takes what is no JSON as a text, and nothing as null', async () => {
    await using project = await openProject(
      inCommand(`
        for (;;) {
          const got = await next();
          await post('/invocation/' + got.headers.get('lambda-runtime-aws-request-id') + '/response', JSON.parse(got.text));
        }
      `),
    );
    expect(await project.invoke('plain')).toEqual(returned('plain'));
    expect(await project.invoke('')).toEqual(returned(null));
  });

  test('gives the event to who asks once more', async () => {
    await using project = await openProject(
      inCommand(`
        await answer(await next(), 'before');
        const given = new AbortController();
        const first = fetch(root + '/invocation/next', { signal: given.signal }).catch(() => 'gave up');
        await new Promise((resolve) => setTimeout(resolve, 50));
        given.abort();
        const second = next();
        await new Promise((resolve) => setTimeout(resolve, 50));
        const third = next();
        console.log((await second).status);
        for (let got = await third; ; got = await next()) await answer(got, await first);
      `),
    );
    await project.invoke();
    await expect.poll(() => project.output()).toBe('403\n');
    expect(await project.invoke()).toEqual(returned('gave up'));
  });

  test('is told that a function cannot load', async () => {
    await using project = await openProject(
      inCommand(
        `await post('/init/error', '{"errorType":"Own.Init","errorMessage":"no","stackTrace":["a"]}'); process.exit(1);`,
      ),
    );
    expect(failureOf(await project.invoke())).toEqual({ errorType: 'Own.Init', errorMessage: 'no', trace: ['a'] });
    expect(project.stray()).toEqual([]);
  });

  test('waits for the first question for ten seconds', async () => {
    const clock = createMovableClock();
    await using project = await openProject({
      ...inCommand(`console.log(process.pid); setInterval(() => {}, 1000);`, { maxEnvironments: 1 }),
      clock,
    });
    const outcome = project.invoke();
    await expect.poll(() => project.output()).toMatch(/^\d+\n$/);
    clock.advance(10_000);
    expect(failureOf(await outcome).errorMessage).toBe('Loading timed out after 10.00 seconds');
    await expect.poll(() => isAlive(Number(project.output()))).toBe(false);
  });

  test('ends what a process has started, too', async () => {
    await using project = await openProject(
      inCommand(
        `
        import { spawn } from 'node:child_process';
        const child = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'inherit' });
        console.log(child.pid);
        await next();
        for (;;);
      `,
        { timeoutMs: 300 },
      ),
    );
    expect(failureOf(await project.invoke()).errorType).toBe('Sandbox.Timedout');
    await expect.poll(() => isAlive(Number(project.output()))).toBe(false);
  });

  test('an event goes to another process when its own ends before it has asked for it', async () => {
    await using project = await openProject(
      inCommand(
        `
        const got = await next();
        await answer(got, JSON.parse(got.text).word);
        await new Promise((resolve) => setTimeout(resolve, 50));
        process.exit(0);
      `,
        { maxEnvironments: 1 },
      ),
    );
    const outcomes = await Promise.all(['a', 'b'].map((word) => project.invoke({ word })));
    expect(outcomes).toEqual([returned('a'), returned('b')]);
  });
});

const seenProgram = program(
  'let count = 0; for (;;) await answer(await next(), { pid: process.pid, count: (count += 1) });',
);

describe('provided.al2023', () => {
  test('runs the bootstrap of its folder', async () => {
    const name = 'src/ws/default/bootstrap';
    await using project = await openProject({
      files: { [name]: `#!/bin/sh\nexec ${JSON.stringify(process.execPath)} main.mjs\n`, [file]: seenProgram },
      functions: [{ name: 'ws/default', runtime: 'provided.al2023' }],
    });
    expect(failureOf(await project.invoke())).toMatchObject({
      errorType: 'Runtime.InvalidEntrypoint',
      errorMessage: expect.stringContaining('chmod +x bootstrap'),
    });
    await chmod(project.path(name), 0o755);
    await project.save({ [file]: `${seenProgram}\n` });
    const first = seenIn(await project.invoke());
    expect(seenIn(await project.invoke())).toEqual({ pid: first.pid, count: 2 });
  });

  test('lacks it', async () => {
    await using project = await openProject({
      files: { [file]: '' },
      functions: [{ name: 'ws/default', runtime: 'provided.al2023' }],
    });
    expect(failureOf(await project.invoke()).errorMessage).toContain('looked for bootstrap in');
  });
});

test.for([
  { why: 'nothing runs java21', runtime: 'java21', command: [], message: /^Nothing here runs java21: / },
  {
    why: 'the program is not there',
    runtime: 'custom',
    command: ['./nowhere', 'x'],
    message: /^"\.\/nowhere" does not start: spawn \.\/nowhere ENOENT\.$/,
  },
  {
    why: 'the client of Ruby is not installed',
    runtime: 'ruby3.4',
    command: [],
    message: /^"aws_lambda_ric" does not start: .* Run "gem install aws_lambda_ric"\.$/,
  },
])('$why', async ({ runtime, command, message }) => {
  await using project = await openProject({
    files: { 'src/ws/default/index.rb': '' },
    functions: [{ name: 'ws/default', runtime, command }],
  });
  expect(failureOf(await project.invoke()).errorMessage).toMatch(message);
});
