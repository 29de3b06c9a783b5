import {
  handlerChannelKey,
  type HandlerChannel,
  type ManagementAnswer,
  type ManagementRequest,
  type SendListener,
} from '@furrow/protocol';
import { afterEach, describe, expect, test } from 'vitest';
import { ws } from './ws.ts';

const id = 'AAAAAAAAAAAAAAA=';
const done: ManagementAnswer = { type: 'done' };
const info: ManagementAnswer = {
  type: 'info',
  info: {
    connectedAt: '2026-11-23T15:30:00.000Z',
    identity: { sourceIp: '1.2.3.4', userAgent: 'Firefox' },
    lastActiveAt: '2026-11-23T15:31:00.000Z',
  },
};

/** Puts a channel where a handler process has one; returns what it was asked. */
function openChannel(answer: ManagementAnswer | ((request: ManagementRequest) => Promise<ManagementAnswer>)) {
  const requests: ManagementRequest[] = [];
  const manage = (request: ManagementRequest) => {
    requests.push(request);
    return typeof answer === 'function' ? answer(request) : Promise.resolve(answer);
  };
  const tell = async (connectionId: string, listener: SendListener) => {
    const found = await (typeof answer === 'function'
      ? answer({ type: 'send', connectionId, data: Buffer.alloc(0) })
      : answer);
    listener.sent(found.type === 'refused' ? found.refusal : undefined);
  };
  const channel: Pick<HandlerChannel, 'send' | 'whenSent'> = {
    send: (connectionId, data) => requests.push({ type: 'send', connectionId, data }),
    whenSent: (_operation, listener) => void tell(id, listener),
  };
  Object.assign(globalThis, { [handlerChannelKey]: { manage, ...channel } });
  return requests;
}

afterEach(() => {
  Reflect.deleteProperty(globalThis, handlerChannelKey);
});

describe('in a process with a channel', () => {
  test('send', async () => {
    const requests = openChannel(done);
    expect(await ws.send({ id, payload: { text: 'hi' } })).toBeUndefined();
    expect(requests).toEqual([{ type: 'send', connectionId: id, data: Buffer.from('{"text":"hi"}') }]);
  });

  test('close', async () => {
    const requests = openChannel(done);
    expect(await ws.close({ id })).toBeUndefined();
    expect(requests).toEqual([{ type: 'close', connectionId: id }]);
  });

  test('info has the shape of the AWS SDK, with times as text', async () => {
    openChannel(info);
    expect(await ws.info({ id })).toEqual({
      ConnectedAt: '2026-11-23T15:30:00.000Z',
      Identity: { SourceIp: '1.2.3.4', UserAgent: 'Firefox' },
      LastActiveAt: '2026-11-23T15:31:00.000Z',
    });
  });

  test('info of a client without a user agent', async () => {
    openChannel({ type: 'info', info: { connectedAt: 'A', identity: { sourceIp: '1.2.3.4' }, lastActiveAt: 'B' } });
    expect((await ws.info({ id })).Identity).toEqual({ SourceIp: '1.2.3.4' });
  });

  test('info without an answer is a fault of the channel', async () => {
    openChannel(done);
    await expect(ws.info({ id })).rejects.toThrow('Expected an answer to info, got none.');
  });

  test('a send has begun when it returns, so the order of calls is the order of messages', async () => {
    const requests = openChannel(done);
    const sends = ['one', 'two', 'three'].map((payload) => ws.send({ id, payload }));
    expect(requests.map((request) => request.type === 'send' && request.data.toString())).toEqual([
      'one',
      'two',
      'three',
    ]);
    await Promise.all(sends);
  });

  test('the raw calls take AWS names', async () => {
    // oxlint-disable-next-line eslint/no-underscore-dangle
    const api = ws._api();
    const requests = openChannel(info);
    await api.PostToConnection({ ConnectionId: id, Data: 'hi' });
    await api.DeleteConnection({ ConnectionId: id });
    expect((await api.GetConnection({ ConnectionId: id })).Identity.SourceIp).toBe('1.2.3.4');
    expect(requests.map(({ type }) => type)).toEqual(['send', 'close', 'info']);
  });

  test('what breaks in the channel comes out as it is', async () => {
    const broken = new Error('The pipe is closed.');
    openChannel(() => Promise.reject(broken));
    await expect(ws.close({ id })).rejects.toBe(broken);
    const send = () => {
      throw broken;
    };
    Object.assign(globalThis, { [handlerChannelKey]: { send } });
    await expect(ws.send({ id, payload: '' })).rejects.toBe(broken);
  });

  test('a send that is sure to arrive is not waited for', async () => {
    Object.assign(globalThis, { [handlerChannelKey]: { send: () => 0 } });
    expect(await ws.send({ id, payload: '' })).toBeUndefined();
  });
});

describe('a refusal', () => {
  const calls = {
    send: () => ws.send({ id, payload: 'hi' }),
    close: () => ws.close({ id }),
    info: () => ws.info({ id }),
  };

  test.for(['send', 'close', 'info'] as const)('of %s is the exception of the AWS SDK', async (call) => {
    openChannel({ type: 'refused', refusal: 'gone' });
    await expect(calls[call]()).rejects.toMatchObject({
      name: 'GoneException',
      code: 'GoneException',
      statusCode: 410,
      message: `Connection ${id} is gone (410).`,
      $metadata: { httpStatusCode: 410 },
      connectionId: id,
    });
  });

  test.for(['send', 'close', 'info'] as const)('of %s has a stack that begins at the caller', async (call) => {
    openChannel(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return { type: 'refused', refusal: 'gone' };
    });
    const [result] = await Promise.allSettled([calls[call]()]);
    const stack = result.status === 'rejected' && result.reason instanceof Error ? result.reason.stack : '';
    const [first, second] = stack?.split('\n') ?? [];
    expect(first).toBe(`GoneException: Connection ${id} is gone (410).`);
    expect(second).toContain('ws.test.ts');
  });
});

describe('a wrong argument', () => {
  test.for([
    { options: undefined, got: 'undefined' },
    { options: {}, got: 'undefined' },
    { options: { id: '' }, got: 'an empty string' },
    { options: { id: 5 }, got: 'a number' },
    { options: { id: null }, got: 'null' },
  ])('$options is refused before anything is sent', async ({ options, got }) => {
    const requests = openChannel(done);
    for (const call of [ws.send, ws.close, ws.info]) {
      const result: unknown = Reflect.apply(call, undefined, [options]);
      // oxlint-disable-next-line no-await-in-loop
      await expect(result).rejects.toMatchObject({
        name: 'TypeError',
        code: 'CONNECTION_ID_INVALID',
        message: expect.stringContaining(`got ${got}.`),
      });
    }
    expect(requests).toEqual([]);
  });

  test('a payload without a JSON form rejects, with a stack that begins at the caller', async () => {
    openChannel(done);
    const [result] = await Promise.allSettled([ws.send({ id, payload: () => 'hi' })]);
    const error: unknown = result.status === 'rejected' ? result.reason : undefined;
    expect(error).toMatchObject({ name: 'TypeError', code: 'PAYLOAD_INVALID' });
    expect(error instanceof Error && error.stack?.split('\n')[1]).toContain('ws.test.ts');
  });
});

describe('with a callback', () => {
  test('a result', async () => {
    openChannel(info);
    const outcome = await new Promise((resolve) => {
      const returned = ws.info({ id }, (...outcomes) => resolve(outcomes));
      expect(returned).toBeUndefined();
    });
    expect(outcome).toEqual([null, expect.objectContaining({ ConnectedAt: '2026-11-23T15:30:00.000Z' })]);
  });

  test('no result', async () => {
    openChannel(done);
    const outcome = await new Promise((resolve) => {
      ws.send({ id, payload: 'hi' }, (...outcomes) => resolve(outcomes));
    });
    expect(outcome).toEqual([null, undefined]);
  });

  test.for([
    { why: 'a refusal', payload: 'hi', name: 'GoneException' },
    { why: 'a wrong argument', payload: () => 'hi', name: 'TypeError' },
  ])('$why', async ({ payload, name }) => {
    openChannel({ type: 'refused', refusal: 'gone' });
    const outcome = await new Promise((resolve) => {
      ws.send({ id, payload }, (...outcomes) => resolve(outcomes));
    });
    expect(outcome).toEqual([expect.objectContaining({ name })]);
  });

  test('what is rejected without being an error is wrapped', async () => {
    // oxlint-disable-next-line prefer-promise-reject-errors
    openChannel(() => Promise.reject('odd'));
    const outcome = await new Promise((resolve) => {
      ws.close({ id }, (...outcomes) => resolve(outcomes));
    });
    expect(outcome).toEqual([new Error('odd')]);
  });
});
