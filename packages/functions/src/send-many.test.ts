import { handlerChannelKey, type HandlerChannel } from '@furrow/protocol';
import { afterEach, describe, expect, test } from 'vitest';
import { ws } from './ws.ts';

type Request = Parameters<HandlerChannel['manage']>[0];
type Answer = Awaited<ReturnType<HandlerChannel['manage']>>;
type Refused = Extract<Answer, { type: 'sentMany' }>['refused'];

/** Puts a channel where a handler process has one; returns what it was asked. */
function openChannel(refused: Refused = []) {
  const requests: Request[] = [];
  const manage = async (request: Request): Promise<Answer> => {
    requests.push(request);
    return { type: 'sentMany', refused };
  };
  Object.assign(globalThis, { [handlerChannelKey]: { manage } });
  return requests;
}

afterEach(() => {
  Reflect.deleteProperty(globalThis, handlerChannelKey);
});

test('is one request, begun when the call returns, with the payload once', () => {
  const requests = openChannel();
  const id = ['a', 'b', 'a'];
  void ws.send({ id, payload: { text: 'hi' } });
  id.pop();
  expect(requests).toEqual([{ type: 'sendMany', connectionIds: ['a', 'b', 'a'], data: Buffer.from('{"text":"hi"}') }]);
});

test.for([
  { why: 'nobody refused', refused: [], gone: [], failed: [] },
  { why: 'a list of one', refused: [{ index: 0, refusal: 'gone' }], gone: ['a'], failed: [] },
  {
    why: 'some of each kind, in their order',
    refused: [
      { index: 1, refusal: 'slow' },
      { index: 2, refusal: 'gone' },
      { index: 3, refusal: 'invalidId' },
      { index: 0, refusal: 'gone' },
    ],
    gone: ['a', 'c'],
    failed: [
      { id: 'b', name: 'LimitExceededException', statusCode: 429 },
      { id: 'd', name: 'BadRequestException', statusCode: 400 },
    ],
  },
] as const)('$why', async ({ refused, gone, failed }) => {
  openChannel(refused);
  const report = await ws.send({ id: ['a', 'b', 'c', 'd', 'e'], payload: 'x' });
  expect(report.gone).toEqual(gone);
  expect(report.failed).toMatchObject(
    failed.map(({ id, ...fields }) => ({ id, error: { connectionId: id, ...fields } })),
  );
  expect(report.failed).toHaveLength(failed.length);
  for (const { error } of report.failed) expect(error.stack?.split('\n')[1]).toContain('send-many.test.ts');
});

test('an empty list resolves at once, and asks nobody', async () => {
  const requests = openChannel();
  expect(await ws.send({ id: [], payload: 'x' })).toEqual({ gone: [], failed: [] });
  expect(requests).toEqual([]);
});

test('what is no id fails by itself, and the others keep theirs', async () => {
  const requests = openChannel([{ index: 1, refusal: 'gone' }]);
  const ids: unknown = ['a', '', 5, 'b'];
  const report: unknown = await Reflect.apply(ws.send, undefined, [{ id: ids, payload: 'x' }]);
  expect(requests).toMatchObject([{ connectionIds: ['a', 'b'] }]);
  expect(report).toMatchObject({
    gone: ['b'],
    failed: [
      { id: '', error: { name: 'TypeError', code: 'CONNECTION_ID_INVALID' } },
      { id: 5, error: { name: 'TypeError', code: 'CONNECTION_ID_INVALID' } },
    ],
  });
});

describe('what is wrong for all of them rejects, with a stack that begins at the caller', () => {
  test.for([
    { payload: () => 'x', refused: [], name: 'TypeError', code: 'PAYLOAD_INVALID' },
    {
      payload: 'x',
      refused: [{ index: 0, refusal: 'tooLarge' }],
      name: 'PayloadTooLargeException',
      code: 'PayloadTooLargeException',
    },
  ] as const)('$code', async ({ payload, refused, name, code }) => {
    openChannel(refused);
    const [result] = await Promise.allSettled([ws.send({ id: ['a'], payload })]);
    const error: unknown = result.status === 'rejected' ? result.reason : undefined;
    expect(error).toMatchObject({ name, code });
    expect(error instanceof Error && error.stack?.split('\n')[1]).toContain('send-many.test.ts');
  });
});

test('with a callback', async () => {
  openChannel([{ index: 0, refusal: 'gone' }]);
  const outcome = await new Promise((resolve) => {
    const returned = ws.send({ id: ['a'], payload: 'x' }, (...outcomes) => resolve(outcomes));
    expect(returned).toBeUndefined();
  });
  expect(outcome).toEqual([null, { gone: ['a'], failed: [] }]);
});

test('equal texts are encoded once, and bytes are copied', async () => {
  const requests = openChannel();
  const bytes = Buffer.from('abc');
  void ws.send({ id: ['a'], payload: { text: 'hi' } });
  void ws.send({ id: ['b'], payload: '{"text":"hi"}' });
  void ws.send({ id: ['c'], payload: bytes });
  bytes.fill('z');
  void ws.send({ id: ['d'], payload: bytes });
  const [first, second, ...copies] = requests.map((request) => 'data' in request && request.data);
  expect(first).toBe(second);
  expect(copies.map(String)).toEqual(['abc', 'zzz']);
});
