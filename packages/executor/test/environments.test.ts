import { describe, expect, test } from 'vitest';
import { failureOf, isAlive, openProject, returned, seenIn, valueOf, type Files } from './open-project.ts';

const file = 'src/ws/default/index.js';
/** Waits as long as the event says, or until a file is there. */
const wait = `
  do await new Promise((resolve) => setTimeout(resolve, event.waitMs ?? 0));
  while (event.until && !require('node:fs').existsSync(event.until));`;

/** Answers with its process and the number of events that this has had. */
const counter: Files = {
  [file]: `let count = 0;\nexports.handler = async (event) => {\n  console.log('began', event.word);\n  count += 1;\n  ${wait}\n  return { pid: process.pid, count, word: event.word };\n};`,
};

function version(number: number): Files {
  return {
    [file]: `exports.handler = async (event) => {\n  console.log('began');\n  ${wait}\n  return ${number};\n};`,
  };
}

describe('environments', () => {
  test('keep the state of the module between events', async () => {
    await using project = await openProject({ files: counter });
    const first = seenIn(await project.invoke());
    const second = seenIn(await project.invoke());
    expect(second).toEqual({ pid: first.pid, count: 2 });
  });

  test('run one event at a time, and start them in order', async () => {
    await using project = await openProject({ files: counter });
    const until = project.path('go');
    const outcomes = [project.invoke({ word: 'a', until }), project.invoke({ word: 'b', until })];
    await expect.poll(() => project.output()).toBe('began a\nbegan b\n');
    await project.save({ go: '' });
    const [one, other] = (await Promise.all(outcomes)).map((outcome) => seenIn(outcome));
    expect(one?.pid).not.toBe(other?.pid);
    expect([one?.count, other?.count]).toEqual([1, 1]);
  });

  test('are as many as the function may have', async () => {
    await using project = await openProject({
      files: counter,
      functions: [{ name: 'ws/default', maxEnvironments: 1 }],
    });
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, word) => project.invoke({ word, waitMs: 2 })));
    const seen = outcomes.map((outcome) => seenIn(outcome));
    expect(new Set(seen.map(({ pid }) => pid)).size).toBe(1);
    expect(seen.map(({ count }) => count)).toEqual(seen.map(({ word }) => Number(word) + 1));
  });

  test.for([
    { reservedConcurrency: 0, ran: 0 },
    { reservedConcurrency: 1, ran: 1 },
    { reservedConcurrency: 3, ran: 3 },
  ])('events beyond a reserved concurrency of $reservedConcurrency are throttled at once', async ({ ran, ...rest }) => {
    await using project = await openProject({
      files: counter,
      functions: [{ name: 'ws/default', maxEnvironments: 2, ...rest }],
    });
    const send = (word: number) => project.invoke({ word, waitMs: 5 });
    for (let round = 0; round < 3; round += 1) {
      // oxlint-disable-next-line no-await-in-loop -- what was throttled leaves no trace
      const outcomes = await Promise.all([1, 2, 3, 4, 5].map(send));
      expect(outcomes.map(({ type }) => type)).toEqual([
        ...Array.from({ length: ran }, () => 'returned'),
        ...Array.from({ length: 5 - ran }, () => 'refused'),
      ]);
      expect(outcomes.slice(ran)).toEqual(
        outcomes.slice(ran).map(() => ({ type: 'refused', reason: 'Rate Exceeded.' })),
      );
    }
  });

  test('events that wait are throttled when the function may run none any more', async () => {
    await using project = await openProject({
      files: counter,
      functions: [{ name: 'ws/default', maxEnvironments: 1 }],
    });
    const running = project.invoke({ until: project.path('go') });
    await expect.poll(() => project.output()).toMatch(/^began/);
    const waiting = project.invoke();
    await project.executor.setFunctions([
      project.target({ name: 'ws/default', maxEnvironments: 0, reservedConcurrency: 0 }),
    ]);
    expect(await waiting).toEqual({ type: 'refused', reason: 'Rate Exceeded.' });
    await project.save({ go: '' });
    expect((await running).type).toBe('returned');
  });

  test('answer 200 events at once', async () => {
    await using project = await openProject({ files: counter });
    const outcomes = await Promise.all(Array.from({ length: 200 }, (_, word) => project.invoke({ word, waitMs: 1 })));
    expect(outcomes.map((outcome) => seenIn(outcome).word)).toEqual(Array.from({ length: 200 }, (_, word) => word));
  });

  test('that are killed from outside lose only their event', async () => {
    await using project = await openProject({
      files: {
        [file]: `exports.handler = async (event) => {\n  console.log(process.pid);\n  ${wait}\n  return event.word;\n};`,
      },
      functions: [{ name: 'ws/default', maxEnvironments: 1 }],
    });
    const victim = project.invoke({ waitMs: 60_000 });
    await expect.poll(() => project.output()).toMatch(/\d\n$/);
    const next = project.invoke({ word: 'next' });
    process.kill(Number(project.output()), 'SIGKILL');
    expect(failureOf(await victim).errorMessage).toMatch(/Runtime exited with error: signal: killed$/);
    expect(await next).toEqual(returned('next'));
  });

  test('that are killed while idle are not used', async () => {
    await using project = await openProject({ files: counter });
    const { pid } = seenIn(await project.invoke());
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => isAlive(pid)).toBe(false);
    expect(seenIn(await project.invoke()).count).toBe(1);
  });

  test('give what Lambda gives', async () => {
    await using project = await openProject({
      files: {
        [file]: `exports.handler = async (event, context) => ({
          ...context, left: context.getRemainingTimeInMillis(), cwd: process.cwd(), ...process.env });`,
      },
      functions: [
        {
          name: 'ws/default',
          memoryMegabytes: 256,
          timeoutMs: 3000,
          env: { AWS_LAMBDA_FUNCTION_NAME: 'AppTesting-ws-default', AWS_REGION: 'eu-west-1', MINE: 'é=1' },
        },
      ],
    });
    const seen = new Map(Object.entries(Object(valueOf(await project.invoke()))));
    const folder = project.path('.furrow/build/ws~default');
    expect(Object.fromEntries(seen)).toMatchObject({
      functionName: 'AppTesting-ws-default',
      memoryLimitInMB: '256',
      invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:AppTesting-ws-default',
      MINE: 'é=1',
      LAMBDA_TASK_ROOT: folder,
      cwd: folder,
    });
    expect(seen.get('logStreamName')).toBe(seen.get('AWS_LAMBDA_LOG_STREAM_NAME'));
    expect(seen.get('logStreamName')).toMatch(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
    expect(seen.get('left')).toBeGreaterThan(2000);
    expect(seen.get('left')).toBeLessThanOrEqual(3000);
    expect(seen.get('HOME')).toBeUndefined();
  });
});

describe('output', () => {
  test('arrives in order, before the result, with its function', async () => {
    const code = `exports.handler = async () => {
      console.log('%s %d', process.env.NAME, 1);
      console.error('2');
      process.stdout.write('3');
      process.stdout.write('34', 'hex');
      process.stdout.write(Buffer.from('!'));
    };`;
    const names = ['ws/one', 'ws/two'];
    await using project = await openProject({
      files: Object.fromEntries(names.map((name) => [`src/${name}/index.js`, code])),
      functions: names.map((name) => ({ name, env: { NAME: name } })),
    });
    for (const name of names) {
      await project.invoke({}, { name });
      expect(project.output(name)).toBe(`${name} 1\n!2\n34!`);
    }
  });

  test('calls back when it is written, and takes what is very long', async () => {
    const code = `exports.handler = () => new Promise((done) => process.stdout.write('x'.repeat(3_000_000), () => done('written')));`;
    await using project = await openProject({ files: { [file]: code } });
    expect(await project.invoke()).toEqual(returned('written'));
    expect(project.output()).toBe('x'.repeat(3_000_000));
  });

  test('of the real descriptors arrives too', async () => {
    const code = `exports.handler = async () => { require('node:child_process').execSync('echo é; echo no >&2', { stdio: 'inherit' }); };`;
    await using project = await openProject({ files: { [file]: code } });
    await project.invoke();
    await expect.poll(() => project.output('ws/default').split('').toSorted().join('')).toBe('\n\n!noé');
  });
});

describe('update', () => {
  test('runs the next event on the new code while a running one ends on the old', async () => {
    await using project = await openProject({ files: version(1) });
    const running = project.invoke({ until: project.path('go') });
    await expect.poll(() => project.output()).toBe('began\n');
    const [report] = await project.save(version(2));
    expect(report).toMatchObject({ functionName: 'ws/default', label: 'ws/default', hasChanged: true, problems: [] });
    expect(await project.invoke()).toEqual(returned(2));
    await project.save({ go: '' });
    expect(await running).toEqual(returned(1));
  });

  test('keeps the last good version over a broken save, and takes the good one after it', async () => {
    await using project = await openProject({ files: version(1) });
    expect(await project.invoke()).toEqual(returned(1));
    const [broken] = await project.save({ [file]: 'exports.handler = (' });
    expect(broken).toMatchObject({ hasChanged: false, failure: { errorType: 'Runtime.UserCodeSyntaxError' } });
    expect(await project.invoke()).toEqual(returned(1));
    const [mended] = await project.save(version(3));
    expect(mended?.failure).toBeUndefined();
    expect(await project.invoke()).toEqual(returned(3));
  });

  test('keeps environments when nothing has changed', async () => {
    await using project = await openProject({ files: counter });
    await project.invoke();
    const [report] = await project.save(counter);
    expect(report?.hasChanged).toBe(false);
    expect(seenIn(await project.invoke()).count).toBe(2);
  });

  test('takes events that wait along', async () => {
    await using project = await openProject({
      files: version(1),
      functions: [{ name: 'ws/default', maxEnvironments: 1 }],
    });
    const running = project.invoke({ until: project.path('go') });
    await expect.poll(() => project.output()).toBe('began\n');
    const waiting = [project.invoke(), project.invoke()];
    await project.save(version(2));
    expect(await Promise.all(waiting)).toEqual([returned(2), returned(2)]);
    await project.save({ go: '' });
    expect(await running).toEqual(returned(1));
  });

  test('loses no event, however saves and events meet', async () => {
    await using project = await openProject({ files: version(0) });
    const outcomes = [];
    const saves = [];
    for (let round = 1; round <= 15; round += 1) {
      saves.push(project.save(version(round)));
      for (let event = 0; event < 5; event += 1) outcomes.push(project.invoke({ waitMs: event }));
      if (round % 3 === 0) await Promise.all(outcomes);
    }
    await Promise.all(saves);
    for (const outcome of await Promise.all(outcomes)) expect(outcome).toMatchObject({ type: 'returned' });
    await project.save(version(16));
    expect(await project.invoke()).toEqual(returned(16));
  });

  test('builds what a changed file touches, and nothing else', async () => {
    const reads = `exports.handler = async () => require('../../shared/word.js');`;
    await using project = await openProject({
      files: {
        'src/ws/one/index.js': reads,
        'src/ws/two/index.js': `exports.handler = async () => 'two';`,
        'src/shared/word.js': `module.exports = 'before';`,
      },
      functions: [{ name: 'ws/one' }, { name: 'ws/two' }],
    });
    expect(await project.invoke({}, { name: 'ws/one' })).toEqual(returned('before'));
    const reports = await project.save({ 'src/shared/word.js': `module.exports = 'after';` });
    expect(reports.map(({ functionName }) => functionName)).toEqual(['ws/one']);
    expect(await project.invoke({}, { name: 'ws/one' })).toEqual(returned('after'));
    expect((await project.save({ 'package.json': '{}' })).length).toBe(2);
    expect(await project.save({ 'README.md': '' })).toEqual([]);
  });
});

describe('setFunctions', () => {
  test('adds, removes and leaves alone', async () => {
    await using project = await openProject({
      files: { ...counter, 'src/ws/extra/index.js': `exports.handler = async () => 'extra';` },
    });
    await project.invoke();
    const kept = project.target({ name: 'ws/default' });
    const reports = await project.executor.setFunctions([kept, project.target({ name: 'ws/extra' })]);
    expect(reports.map(({ functionName }) => functionName)).toEqual(['ws/extra']);
    expect(await project.invoke({}, { name: 'ws/extra' })).toEqual(returned('extra'));
    expect(seenIn(await project.invoke()).count).toBe(2);
    expect(await project.executor.setFunctions([kept])).toEqual([]);
    expect(await project.invoke({}, { name: 'ws/extra' })).toEqual({
      type: 'refused',
      reason: 'There is no function ws/extra.',
    });
  });

  test('moves waiting events to a function that has changed', async () => {
    await using project = await openProject({
      files: {
        [file]: `exports.handler = async (event) => {\n  console.log('began');\n  ${wait}\n  return process.env.WORD;\n};`,
      },
      functions: [{ name: 'ws/default', maxEnvironments: 1, env: { WORD: 'old' } }],
    });
    const running = project.invoke({ until: project.path('go') });
    await expect.poll(() => project.output()).toBe('began\n');
    const waiting = project.invoke();
    await project.executor.setFunctions([project.target({ name: 'ws/default', env: { WORD: 'new' } })]);
    expect(await waiting).toEqual(returned('new'));
    await project.save({ go: '' });
    expect(await running).toEqual(returned('old'));
  });

  test('refuses what waits for a function that is removed', async () => {
    await using project = await openProject({
      files: counter,
      functions: [{ name: 'ws/default', maxEnvironments: 1 }],
    });
    const waiting = project.invoke();
    await project.executor.setFunctions([]);
    expect(await waiting).toEqual({ type: 'refused', reason: 'The function is going away.' });
  });

  test('and updates may come all at once', async () => {
    await using project = await openProject({ files: version(0) });
    const changes: Promise<unknown>[] = [];
    for (let round = 1; round <= 5; round += 1) {
      changes.push(project.save(version(round)));
      changes.push(project.executor.setFunctions([project.target({ name: 'ws/default', env: { ROUND: `${round}` } })]));
    }
    const outcome = project.invoke();
    await Promise.all(changes);
    expect(await outcome).toMatchObject({ type: 'returned' });
    await project.save(version(6));
    expect(await project.invoke()).toEqual(returned(6));
  });
});

describe('close', () => {
  test('lets running events end, ends all processes and takes no more', async () => {
    await using project = await openProject({ files: counter });
    const outcomes = [1, 2].map(() => project.invoke({ until: project.path('go') }));
    await expect.poll(() => project.output().match(/began/g)?.length).toBe(2);
    const closing = project.executor.close();
    await project.save({ go: '' });
    await closing;
    const seen = (await Promise.all(outcomes)).map((outcome) => seenIn(outcome));
    expect(seen.map(({ pid }) => isAlive(pid))).toEqual([false, false]);
    await project.executor.close();
    expect(await project.invoke()).toEqual({
      type: 'refused',
      reason: 'No more events are taken: handlers are ending.',
    });
    expect(await project.save(version(2))).toEqual([]);
    expect(await project.executor.setFunctions([])).toEqual([]);
  });

  test('lets events end that run on code which was replaced', async () => {
    await using project = await openProject({ files: version(1) });
    const running = project.invoke({ until: project.path('go') });
    await expect.poll(() => project.output()).toBe('began\n');
    await project.save(version(2));
    const closing = project.executor.close();
    await project.save({ go: '' });
    await closing;
    expect(await running).toEqual(returned(1));
  });

  test('kills what runs longer than it waits, also on code that was replaced', async () => {
    const code = `exports.handler = async (event) => {\n  console.log(process.pid);\n  ${wait}\n};`;
    await using project = await openProject({
      files: { [file]: code },
      functions: [{ name: 'ws/default', timeoutMs: 60_000 }],
    });
    const old = project.invoke({ waitMs: 60_000 });
    await expect.poll(() => project.output()).toMatch(/\d\n$/);
    await project.save({ [file]: `${code}\nexports.isNew = true;` });
    const running = project.invoke({ waitMs: 60_000 });
    await expect.poll(() => project.output()).toMatch(/\d\n\d+\n$/);
    const startedAt = performance.now();
    await project.executor.close(50);
    expect(performance.now() - startedAt).toBeLessThan(2000);
    for (const outcome of await Promise.all([old, running])) {
      expect(failureOf(outcome).errorMessage).toContain('Error: Runtime exited');
    }
    expect(project.output().trim().split('\n').map(Number).filter(isAlive)).toEqual([]);
  });

  test('resolves events that wait, and ends processes that are starting', async () => {
    await using project = await openProject({
      files: { [file]: `console.log(process.pid);\nfor (;;);` },
      functions: [{ name: 'ws/default', maxEnvironments: 1 }],
    });
    const waiting = [project.invoke(), project.invoke()];
    await expect.poll(() => project.output()).toMatch(/\d\n$/);
    await project.executor.close(0);
    expect((await Promise.all(waiting)).map(({ type }) => type)).toEqual(['refused', 'refused']);
    expect(isAlive(Number(project.output()))).toBe(false);
  });

  test('may come before anything is built, twice at once', async () => {
    await using project = await openProject({ files: counter });
    const outcome = project.invoke();
    await Promise.all([project.executor.close(), project.executor.close()]);
    expect((await outcome).type).toBe('refused');
    expect(await project.executor.ready).toMatchObject([{ functionName: 'ws/default' }]);
  });
});
