import { interpretManifest, type App } from '@furrow/manifest';
import { eventText, type Clock, type Invocation } from '@furrow/protocol';
import { describe, expect, test } from 'vitest';
import { createBus, type Bus } from './bus.ts';

async function appOf(text: string): Promise<App> {
  const read = await interpretManifest({ file: 'app.arc', text: `@app\ntestapp\n${text}` });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.app;
}

const startMs = Date.parse('2026-11-28T10:00:00Z');

/** A bus, and time that a test moves from one task to the next. */
function openBus(runsSchedules: boolean) {
  let nowMs = startMs;
  const tasks = new Set<{ readonly atMs: number; readonly task: () => void }>();
  const clock: Clock = {
    now: () => nowMs,
    after(ms, task) {
      const planned = { atMs: nowMs + ms, task };
      tasks.add(planned);
      return () => void tasks.delete(planned);
    },
  };
  const passUntil = async (untilMs: number) => {
    for (;;) {
      const next = [...tasks].toSorted((one, other) => one.atMs - other.atMs)[0];
      if (next === undefined || next.atMs > untilMs) break;
      tasks.delete(next);
      nowMs = Math.max(nowMs, next.atMs);
      next.task();
      // oxlint-disable-next-line no-await-in-loop -- one moment after the other
      await new Promise((resolve) => setImmediate(resolve));
    }
    nowMs = untilMs;
  };
  const invocations: Invocation[] = [];
  const bus: Bus = createBus({
    stackName: 'TestappTesting',
    region: 'us-west-2',
    access: { secretOf: () => undefined, isStrict: false },
    invoke: async (invocation) => {
      invocations.push(invocation);
      return { type: 'returned', value: undefined };
    },
    runsSchedules,
    clock,
    onEvent: () => {},
  });
  const times = () =>
    invocations.map(({ event }) => {
      const { time }: { time: string } = JSON.parse(eventText(event));
      return time;
    });
  return { bus, passUntil, invocations, times, taskCount: () => tasks.size };
}

describe('schedules', () => {
  test('run by the clock, days away too', async () => {
    const tested = openBus(true);
    await tested.bus.follow(await appOf('@scheduled\nweekly cron(0 15 ? * FRI *)'));
    await tested.passUntil(Date.parse('2026-12-20T00:00:00Z'));
    expect(tested.times()).toEqual(['2026-12-04T15:00:00Z', '2026-12-11T15:00:00Z', '2026-12-18T15:00:00Z']);
    expect(JSON.parse(eventText(tested.invocations[0]?.event ?? ''))).toMatchObject({
      version: '0',
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: '123456789012',
      region: 'us-west-2',
      resources: [
        expect.stringMatching(/^arn:aws:events:us-west-2:123456789012:rule\/TestappTesting-weeklyScheduled-/),
      ],
      detail: {},
    });
    await tested.bus.close(0);
    expect(tested.taskCount()).toBe(0);
  });

  test('go on as another manifest says', async () => {
    const tested = openBus(true);
    await tested.bus.follow(await appOf('@scheduled\noften rate(1 minute)'));
    await tested.passUntil(startMs + 150_000);
    await tested.bus.follow(await appOf('@scheduled\noften rate(1 hour)'));
    await tested.passUntil(startMs + 150_000 + 3_600_000);
    expect(tested.times()).toEqual(['2026-11-28T10:01:00Z', '2026-11-28T10:02:00Z', '2026-11-28T11:02:30Z']);
    await tested.bus.close(0);
  });

  test('run by hand alone, unless the clock was asked for', async () => {
    const tested = openBus(false);
    await tested.bus.follow(await appOf('@scheduled\noften rate(1 minute)'));
    await tested.passUntil(startMs + 600_000);
    expect(tested.invocations).toEqual([]);
    const request = { method: 'POST', path: '/_arc/invoke/scheduled/often', headers: {}, body: '' };
    expect(tested.bus.service(request)).toMatchObject({ statusCode: 202 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(tested.times()).toEqual(['2026-11-28T10:10:00Z']);
    await tested.bus.close(0);
  });
});

describe('a function that is run by hand', () => {
  test.for([
    { path: '/_arc/ssm', statusCode: undefined },
    { path: '/_arc/invoke/events/none', statusCode: 404 },
    { path: '/_arc/invoke/%', statusCode: 404 },
    { path: '/_arc/invoke/', statusCode: 404 },
    { path: '/_arc/invoke/events/likes', method: 'GET', statusCode: 405 },
    { path: '/_arc/invoke/events/likes', body: '{"a":1}', statusCode: 202 },
    { path: '/_arc/invoke/events%2Flikes', body: '', statusCode: 202 },
  ])('$method $path: $statusCode', async ({ path, method = 'POST', body = '', statusCode }) => {
    const tested = openBus(false);
    await tested.bus.follow(await appOf('@events\nlikes'));
    expect(tested.bus.service({ method, path, headers: {}, body })?.statusCode).toBe(statusCode);
    await tested.bus.close(0);
  });
});

test('parameters are those of the topics and queues that are there', async () => {
  const tested = openBus(false);
  await tested.bus.follow(await appOf(''));
  expect(tested.bus.endpoints).toBeUndefined();
  expect([...tested.bus.parameters()]).toEqual([]);
  await tested.bus.follow(await appOf('@events\nlikes\n@queues\njobs\n@scheduled\ndaily rate(1 day)'));
  const { port } = tested.bus.endpoints ?? { port: 0 };
  expect(Object.fromEntries(tested.bus.parameters())).toEqual({
    'events/likes': expect.stringMatching(
      /^arn:aws:sns:us-west-2:123456789012:TestappTesting-likesEvent-[0-9A-F]{12}$/,
    ),
    'queues/jobs': expect.stringMatching(
      new RegExp(`^http://localhost:${port}/sqs/123456789012/TestappTesting-jobsQueue-[0-9A-F]{12}\\.fifo$`),
    ),
  });
  await tested.bus.close(0);
});
