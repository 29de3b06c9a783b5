import { interpretManifest, type App } from '@furrow/manifest';
import { eventText, type Clock, type Invocation, type Outcome } from '@furrow/protocol';
import { describe, expect, test } from 'vitest';
import type { BackgroundRun } from './channel.ts';
import { openExchange } from './exchange.ts';

async function appOf(text: string): Promise<App> {
  const read = await interpretManifest({ file: 'app.arc', text: `@app\ntestapp\n${text}` });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.app;
}

/** Time that a test moves. */
function createClock() {
  let nowMs = 0;
  const tasks = new Set<{ readonly atMs: number; readonly task: () => void }>();
  const clock: Clock = {
    now: () => nowMs,
    after(ms, task) {
      const planned = { atMs: nowMs + ms, task };
      tasks.add(planned);
      return () => void tasks.delete(planned);
    },
  };
  const pass = async (ms: number) => {
    nowMs += ms;
    for (const planned of tasks) {
      if (planned.atMs > nowMs) continue;
      tasks.delete(planned);
      planned.task();
    }
    await settled();
  };
  return { clock, pass };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

async function openTested(text: string, answer: (invocation: Invocation) => Promise<Outcome> = async () => taken) {
  const { clock, pass } = createClock();
  const invocations: Invocation[] = [];
  const runs: BackgroundRun[] = [];
  const notices: string[] = [];
  const exchange = openExchange({
    stackName: 'TestappTesting',
    place: { region: 'us-west-2', accountId: '123456789012' },
    invoke: (invocation) => {
      invocations.push(invocation);
      return answer(invocation);
    },
    clock,
    onRun: (run) => runs.push(run),
    onNotice: (notice) => notices.push(notice),
  });
  exchange.follow(await appOf(text));
  return { exchange, pass, invocations, runs, notices };
}

const taken: Outcome = { type: 'returned', value: undefined };
const refused: Outcome = { type: 'refused', reason: 'Rate Exceeded.' };

/** The bodies that a function was given, batch by batch. */
function bodies(invocations: readonly Invocation[]): readonly string[][] {
  return invocations.map(({ event }) => {
    const { Records }: { Records: { body: string }[] } = JSON.parse(eventText(event));
    return Records.map(({ body }) => body);
  });
}

describe('a queue', () => {
  test('is worked off in batches of ten, five at once', async () => {
    const waiting: ((outcome: Outcome) => void)[] = [];
    const tested = await openTested('@queues\njobs\n  fifo false', () => new Promise((done) => waiting.push(done)));
    for (let count = 0; count < 100; count += 1) tested.exchange.publish('queues/jobs', { body: String(count) });
    await settled();
    expect(tested.invocations).toHaveLength(5);
    for (const done of waiting.splice(0)) done(taken);
    await settled();
    expect(bodies(tested.invocations).map((batch) => batch.length)).toEqual([1, 1, 1, 1, 1, 10, 10, 10, 10, 10]);
    for (const done of waiting.splice(0)) done(taken);
    await settled();
    expect(tested.invocations).toHaveLength(15);
  });

  test('gives a message five times, a second apart', async () => {
    const tested = await openTested('@queues\njobs', async () => refused);
    tested.exchange.publish('queues/jobs', { body: 'a', groupId: 'g' });
    await settled();
    for (let second = 0; second < 10; second += 1) await tested.pass(1000);
    expect(tested.runs.map(({ attempt, againInMs, givenUp }) => [attempt, againInMs, givenUp])).toEqual([
      [1, 1000, 0],
      [2, 1000, 0],
      [3, 1000, 0],
      [4, 1000, 0],
      [5, undefined, 1],
    ]);
    expect(tested.runs[0]?.failure).toMatchObject({ errorType: 'TooManyRequestsException' });
    expect(tested.exchange.count).toBe(0);
  });

  test('hides a message for as long as it was asked to', async () => {
    const tested = await openTested('@queues\njobs\n  fifo false');
    tested.exchange.publish('queues/jobs', { body: 'later', delaySeconds: 60 });
    await tested.pass(59_999);
    expect(tested.invocations).toEqual([]);
    await tested.pass(1);
    expect(bodies(tested.invocations)).toEqual([['later']]);
  });

  test('waits for a fuller batch', async () => {
    const tested = await openTested('@queues\njobs\n  fifo false\n  batchSize 3\n  batchWindow 2');
    tested.exchange.publish('queues/jobs', { body: 'a' });
    tested.exchange.publish('queues/jobs', { body: 'b' });
    await tested.pass(1999);
    expect(tested.invocations).toEqual([]);
    await tested.pass(1);
    expect(bodies(tested.invocations)).toEqual([['a', 'b']]);
  });
});

describe('a FIFO queue', () => {
  test('drops a message that it got less than five minutes ago, and answers as if it had not', async () => {
    const tested = await openTested('@queues\njobs');
    const publish = (body: string) => tested.exchange.publish('queues/jobs', { body, groupId: 'g' });
    const first = publish('same');
    expect(publish('same')).toEqual(first);
    await tested.pass(5 * 60_000 - 1);
    expect(publish('same')).toEqual(first);
    await tested.pass(1);
    expect(publish('same')).not.toEqual(first);
    await settled();
    expect(bodies(tested.invocations)).toEqual([['same'], ['same']]);
    expect(tested.notices).toHaveLength(2);
  });

  test('goes by an id where there is one', async () => {
    const tested = await openTested('@queues\njobs');
    const publish = (deduplicationId: string) =>
      tested.exchange.publish('queues/jobs', { body: 'same', groupId: 'g', deduplicationId });
    expect(publish('1')).not.toEqual(publish('2'));
    expect(publish('1')).toEqual(publish('1'));
  });
});

describe('an exchange', () => {
  test('takes no more than it can hold', async () => {
    const tested = await openTested('@events\nlikes\nlarge', () => new Promise(() => {}));
    const kinds = Array.from({ length: 10_001 }, () => tested.exchange.publish('events/likes', { body: 'x' }).type);
    expect([kinds.at(9999), kinds.at(10_000)]).toEqual(['accepted', 'full']);
    const body = 'x'.repeat(1024 * 1024);
    const large = Array.from({ length: 65 }, () => tested.exchange.publish('events/large', { body }).type);
    expect(large.filter((type) => type === 'accepted')).toHaveLength(63);
  });

  test('follows the manifest, and keeps what waits in what is still there', async () => {
    const tested = await openTested('@queues\njobs\n  fifo false\nmails\n  fifo false');
    tested.exchange.publish('queues/jobs', { body: 'a', delaySeconds: 1 });
    tested.exchange.publish('queues/mails', { body: 'b', delaySeconds: 1 });
    tested.exchange.follow(await appOf('@queues\njobs\n  fifo false\n@events\nlikes'));
    expect(tested.exchange.publish('queues/mails', { body: 'c' })).toEqual({ type: 'unknown' });
    expect(tested.exchange.publish('events/likes', { body: '{}' })).toMatchObject({ type: 'accepted' });
    await tested.pass(1000);
    expect(tested.invocations.map(({ functionName }) => functionName)).toEqual(['events/likes', 'queues/jobs']);
  });

  test('begins nothing once it is closed', async () => {
    const tested = await openTested('@events\nlikes', async () => refused);
    tested.exchange.publish('events/likes', { body: '{}' });
    await settled();
    await tested.exchange.close();
    await tested.pass(10_000);
    expect(tested.runs).toHaveLength(1);
    expect(tested.exchange.count).toBe(1);
  });
});
