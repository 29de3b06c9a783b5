import { describe, expect, test } from 'vitest';
import { isAlive, openProject, returned, seenIn, valueOf } from './open-project.ts';

const open = (body: string, options: { readonly timeoutMs?: number; readonly isStrict?: boolean } = {}) =>
  openProject({
    files: {
      'src/ws/default/index.js': `
let running = 0;
const gates = new Map();
const gate = (name) => {
  if (!gates.has(name)) { let open; const opened = new Promise((resolve) => (open = resolve)); gates.set(name, { open, opened }); }
  return gates.get(name);
};
exports.handler = async (event, context) => {
  running += 1;
  ${body}
};`,
    },
    functions: [{ name: 'ws/default', environmentConcurrency: 100, timeoutMs: options.timeoutMs ?? 5000 }],
    isStrict: options.isStrict ?? false,
  });

describe('an environment that runs several events', () => {
  test('begins them beside each other, in one process and in their order', async () => {
    await using project = await open(`
  const seen = { pid: process.pid, running };
  if (running === 100) gate('all').open();
  await gate('all').opened;
  return seen;`);
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => project.invoke()));
    expect(outcomes.map(valueOf)).toMatchObject(Array.from({ length: 100 }, (_, at) => ({ running: at + 1 })));
    expect(new Set(outcomes.map((outcome) => seenIn(outcome).pid)).size).toBe(1);
  });

  test('starts another one when it is full', async () => {
    await using project = await open(`
  if (running < 100 && !event.isLast) { await gate('never').opened; }
  if (event.isLast) return process.pid;
  await new Promise((resolve) => setTimeout(resolve, 1500));
  gate('never').open();
  return process.pid;`);
    const outcomes = await Promise.all(Array.from({ length: 101 }, (_, at) => project.invoke({ isLast: at === 100 })));
    expect(new Set(outcomes.slice(0, 100).map((outcome) => JSON.stringify(outcome))).size).toBe(1);
    expect(outcomes[100]).not.toEqual(outcomes[0]);
  });

  test('keeps what each of them prints, and its context, apart', async () => {
    await using project = await open(`
  console.log('begin', event.word);
  if (running === 3) gate('all').open();
  await gate('all').opened;
  console.log('end', event.word);
  return event.word + ' ' + context.awsRequestId;`);
    const outcomes = await Promise.all(['a', 'b', 'c'].map((word) => project.invoke({ word })));
    const printed = project.events.flatMap((event) =>
      event.type === 'output' ? [`${event.text.trim()} ${event.requestId}`] : [],
    );
    const expected = outcomes.flatMap((outcome) => [
      `begin ${String(valueOf(outcome))}`,
      `end ${String(valueOf(outcome))}`,
    ]);
    expect(printed.toSorted()).toEqual(expected.toSorted());
  });

  test.for([
    ['throws', `throw new TypeError('boom');`, 'TypeError'],
    [
      'throws where nobody catches',
      `setImmediate(() => { throw new TypeError('boom'); }); await gate('never').opened;`,
      'TypeError',
    ],
    [
      'rejects where nobody catches',
      `void Promise.reject(new TypeError('boom')); await gate('never').opened;`,
      'Runtime.UnhandledPromiseRejection',
    ],
    ['takes too long', `await new Promise((resolve) => setTimeout(resolve, 60_000));`, 'Sandbox.Timedout'],
  ] as const)('ends only the event that %s', async ([, bad, errorType]) => {
    await using project = await open(
      `
  if (event.isBad) { ${bad} }
  await new Promise((resolve) => setTimeout(resolve, 300));
  return { pid: process.pid };`,
      { timeoutMs: 1500 },
    );
    await project.invoke();
    const [first, failed, last] = await Promise.all([
      project.invoke(),
      project.invoke({ isBad: true }),
      project.invoke(),
    ]);
    expect(failed).toMatchObject({ type: 'failed', failure: { errorType } });
    const { pid } = seenIn(first);
    expect(last).toEqual(returned({ pid }));
    if (errorType === 'TypeError' && bad.startsWith('throw')) return;
    // It takes no more events, and ends when those that it had have ended.
    expect(seenIn(await project.invoke()).pid).not.toBe(pid);
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  test('fails all of them when its process ends, and the next event finds a new one', async () => {
    await using project = await open(`
  if (event.isBad) process.abort();
  await new Promise((resolve) => setTimeout(resolve, 300));
  return 'fine';`);
    const outcomes = await Promise.all([project.invoke(), project.invoke({ isBad: true })]);
    expect(outcomes).toMatchObject([
      { type: 'failed', failure: { errorType: 'Runtime.ExitError' } },
      { type: 'failed', failure: { errorType: 'Runtime.ExitError' } },
    ]);
    expect(await project.invoke()).toEqual(returned('fine'));
  });

  test.for([false, true])('lets one event wait for what another one brings, strict: %s', async (isStrict) => {
    await using project = await open(
      `
  if (event.brings) gate('it').open();
  else await gate('it').opened;
  return 'done';`,
      { isStrict },
    );
    const first = project.invoke({});
    await new Promise((resolve) => setTimeout(resolve, 100));
    const outcomes = await Promise.all([first, project.invoke({ brings: true })]);
    for (const outcome of outcomes) expect(outcome).toEqual({ type: 'returned', value: 'done' });
  });
});
