import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ClientApp, Target } from './client-app.ts';
import type { Answer, Call, OpenCaller } from './management-calls.ts';

/** Well-formed, and of nobody. */
export const strangerId = 'AAAAAAAAAAAAAAA=';

const maxBytes = 128 * 1024;

interface Suite {
  readonly app: () => ClientApp;
  readonly open: () => Promise<OpenCaller>;
}

/** What every client of `@connections` has to make of the answers, wherever it runs and however it found the way. */
export function describeManagement({ app, open }: Suite): void {
  let caller: OpenCaller;
  let target: Target;
  beforeAll(async () => {
    [caller, target] = await Promise.all([open(), app().openTarget()]);
  });
  afterAll(async () => {
    await target[Symbol.asyncDispose]();
    await caller[Symbol.asyncDispose]();
  });

  const callOne = async (call: Call): Promise<Answer> => {
    const [answer, ...more] = await caller.call([call]);
    expect(more).toEqual([]);
    return answer!;
  };
  const post = (id: string, data: string, times = 1): Promise<Answer> => callOne({ type: 'post', id, data, times });

  test('what is posted is one message, as it is', async () => {
    expect(await post(target.id, '{"text": "häuser 🏠"}')).toEqual({ type: 'done', statusCode: 200 });
    expect(await target.next()).toEqual({ text: 'häuser 🏠' });
  });

  test('a connection is described, with dates', async () => {
    const { event: connected } = await app().event('connect', ({ connectionId }) => connectionId === target.id);
    const { connectedAt } = JSON.parse(connected ?? '').requestContext;
    const info = await callOne({ type: 'get', id: target.id });
    expect(info).toEqual({
      type: 'info',
      connectedAt: new Date(connectedAt).toISOString(),
      lastActiveAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      identity: { SourceIp: expect.stringMatching(/^(?:127\.0\.0\.1|::1)$/) },
    });
  });

  test('128 KB pass', async () => {
    expect(await post(target.id, 'x', maxBytes)).toEqual({ type: 'done', statusCode: 200 });
    expect(await target.next()).toBe('x'.repeat(maxBytes));
  });

  test.for([
    {
      what: 'a byte more',
      call: { type: 'post', data: 'x', times: maxBytes + 1 },
      failed: { name: 'PayloadTooLargeException', statusCode: 413 },
    },
    {
      what: 'posting to nobody',
      call: { type: 'post', id: strangerId, data: 'x' },
      failed: { name: 'GoneException', statusCode: 410 },
    },
    {
      what: 'describing nobody',
      call: { type: 'get', id: strangerId },
      failed: { name: 'GoneException', statusCode: 410 },
    },
    {
      what: 'closing nobody',
      call: { type: 'delete', id: strangerId },
      failed: { name: 'GoneException', statusCode: 410 },
    },
    {
      what: 'what is no id',
      call: { type: 'post', id: 'abc', data: 'x' },
      failed: {
        name: 'BadRequestException',
        statusCode: 400,
        message: expect.stringMatching(/Invalid connectionId: abc$/) as string,
      },
    },
  ] as const)('$what → $failed.name', async ({ call, failed }) => {
    expect(await callOne({ id: target.id, ...call })).toMatchObject({ type: 'failed', ...failed });
  });

  test('50 posts at the same time all arrive', async () => {
    const texts = Array.from({ length: 50 }, (_, index) => `number ${index}`);
    const answers = await caller.call(texts.map((data) => ({ type: 'post', id: target.id, data })));
    expect(answers).toEqual(texts.map(() => ({ type: 'done', statusCode: 200 })));
    const arrived: unknown[] = [];
    while (arrived.length < texts.length) arrived.push(await target.next());
    expect(new Set(arrived)).toEqual(new Set(texts));
  });

  test('who is deleted has left with 1000, and is gone', async () => {
    await using leaver = await app().openTarget();
    expect(await callOne({ type: 'delete', id: leaver.id })).toEqual({ type: 'done', statusCode: 204 });
    expect(await leaver.closed).toBe(1000);
    expect(await app().disconnected(leaver.id)).toEqual({ code: 1000, reason: 'Connection Closed Normally' });
    expect(await post(leaver.id, 'too late')).toMatchObject({ name: 'GoneException', statusCode: 410 });
  });
}
