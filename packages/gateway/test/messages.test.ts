import { once } from 'node:events';
import type { WsDisconnectEvent, WsMessageEvent } from '@furrow/protocol';
import { describe, expect, test } from 'vitest';
import {
  eventually,
  deferred,
  echo,
  failed,
  frame,
  ok,
  openTestGateway,
  returned,
  wsRoutes,
  type TestGateway,
} from './open-gateway.ts';

const lastMessage = (site: TestGateway) => {
  const call = site.calls.findLast(({ functionName }) => functionName !== 'connect');
  return { functionName: call?.functionName, event: call?.event as unknown as WsMessageEvent };
};

describe('routing', () => {
  test.for([
    { why: 'T067', body: '{"action":"join"}', route: 'join' },
    { why: 'T065 spaces stay', body: ' { "action" :\t"join" }\n', route: 'join' },
    { why: 'T068', body: '{"action":"JOIN"}', route: 'default' },
    { why: 'T069', body: 'hello', route: 'default' },
    { why: 'T070', body: '', route: 'default' },
    { why: 'T071', body: '{"x":1}', route: 'default' },
    { why: 'T072', body: '[1]', route: 'default' },
    { why: 'T072', body: '5', route: 'default' },
    { why: 'T072', body: '"join"', route: 'default' },
    { why: 'T073', body: '{"action":1}', route: '1' },
    { why: 'C4', body: '{"action":null}', route: 'default' },
    { why: 'C4', body: '{"action":{"a":1}}', route: 'default' },
    { why: 'C7', body: '{action:"join"}', route: 'default' },
    { why: 'C25', body: '{"action":"connect"}', route: 'default' },
    { why: 'C25', body: '{"action":"disconnect"}', route: 'default' },
    { why: 'C25', body: '{"action":"$connect"}', route: 'default' },
    { why: 'C25', body: '{"action":"$disconnect"}', route: 'default' },
    { why: 'C25', body: '{"action":"$default"}', route: 'default' },
    { why: 'B22 letters of all kinds', body: '{"action":"join","text":"žluťoučký 🐎 \\u0000"}', route: 'join' },
  ])('$why $body → $route', async ({ body, route }) => {
    await using site = await openTestGateway();
    using client = await site.connect();
    client.socket.send(body);
    await eventually(() => site.calls.length).toBe(2);
    const { functionName, event } = lastMessage(site);
    expect(functionName).toBe(route);
    expect(event.body).toBe(body);
    expect(Object.keys(event)).toEqual(['requestContext', 'body', 'isBase64Encoded']);
    expect(event.requestContext.routeKey).toBe(route === 'default' ? '$default' : route);
  });

  test('B9, B10 ids belong together', async () => {
    await using site = await openTestGateway({ handlers: { default: echo } });
    using client = await site.connect();
    for (const body of ['1', '2']) {
      client.socket.send(body);
      await client.next();
    }
    client.socket.close();
    await client.closed;
    await eventually(() => site.calls.length).toBe(4);
    const contexts = site.calls.map(({ event }) => event.requestContext);
    expect(new Set(contexts.map(({ connectionId }) => connectionId)).size).toBe(1);
    expect(new Set(contexts.map(({ requestId }) => requestId)).size).toBe(4);
    expect(new Set(contexts.map(({ connectedAt }) => connectedAt)).size).toBe(1);
    for (const context of contexts) expect(context.extendedRequestId).toBe(context.requestId);
  });

  test('a function is told whether its answers may go unconfirmed: those of fifteen events at once', async () => {
    const told: (string | undefined)[] = [];
    let release: (() => void) | undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    await using site = await openTestGateway({
      handlers: {
        default: async (event: WsMessageEvent, _gateway, { openConnectionId, takesUnconfirmed }) => {
          expect(openConnectionId).toBe(event.requestContext.connectionId);
          told.push(takesUnconfirmed === true ? 'yes' : 'no');
          await released;
          return ok;
        },
      },
    });
    using client = await site.connect();
    for (let count = 0; count < 17; count += 1) client.socket.send('x');
    await eventually(() => told.join(' ')).toBe(`${'yes '.repeat(15)}no no`);
    release?.();
    await eventually(() => site.events.filter(({ type }) => type === 'message').length).toBe(17);
    client.socket.send('x');
    await eventually(() => told.at(-1)).toBe('yes');
  });

  test('A39 new routes answer, and nobody is disconnected', async () => {
    await using site = await openTestGateway({ handlers: { default: echo }, routeKeys: ['$default'] });
    using client = await site.connect();
    client.socket.send('{"action":"late"}');
    expect(await client.next()).toBe('{"action":"late"}');
    site.gateway.setRoutes({ ws: wsRoutes(['$default', 'late']), http: [], staticFolder: undefined });
    client.socket.send('{"action":"late"}');
    await eventually(() => lastMessage(site).functionName).toBe('late');
    site.gateway.setRoutes({ ws: undefined, http: [], staticFolder: undefined });
    client.socket.send('{"action":"late"}');
    expect(await client.next()).toContain('{"message": "Forbidden"');
    await eventually(() => site.events.at(-1)).toMatchObject({ type: 'message', routeKey: '' });
    expect(site.gateway.connectionCount).toBe(1);
    expect(client.socket.readyState).toBe(client.socket.OPEN);
  });
});

describe('what the gateway itself sends', () => {
  test('C8, T078 for no route at all', async () => {
    await using site = await openTestGateway({ routeKeys: ['$connect', 'join'] });
    using client = await site.connectRaw();
    client.socket.write(frame(1, '{"action":"zzz"}'));
    await eventually(() => client.frames.length).toBe(1);
    const connectionId = site.calls[0]?.event.requestContext.connectionId ?? '';
    const [sent] = client.frames;
    // C22, F8: a text frame without a mask
    expect(sent).toMatchObject({ first: 0x81, isMasked: false });
    expect(sent?.payload.toString('utf8')).toMatch(
      /^\{"message": "Forbidden", "connectionId":"[A-Za-z0-9_-]{15}=", "requestId":"[A-Za-z0-9_-]{15}="\}$/,
    );
    expect(JSON.parse(String(sent?.payload))).toMatchObject({ connectionId });
    expect(site.calls.length).toBe(1);
    expect(site.gateway.connectionCount).toBe(1);
  });

  test('C25, T079 for a lifecycle route', async () => {
    await using site = await openTestGateway({ routeKeys: ['$connect', '$disconnect'] });
    using client = await site.connect();
    client.socket.send('{"action":"$connect"}');
    expect(await client.next()).toContain('{"message": "Forbidden", ');
    expect(site.calls.length).toBe(1);
  });

  test.for([
    { why: 'T080 fails', outcome: failed },
    { why: 'T081 returns more than it may', outcome: returned({ ConnectionId: 'x', Data: 'y', statusCode: 200 }) },
    { why: 'T082 returns nothing', outcome: returned(undefined) },
    { why: 'T083 could not run', outcome: { type: 'refused', reason: 'busy' } as const },
  ])('C10 for a function that $why', async ({ outcome }) => {
    await using site = await openTestGateway({ handlers: { join: () => outcome } });
    using client = await site.connectRaw();
    client.socket.write(frame(1, '{"action":"join"}'));
    await eventually(() => client.frames.length).toBe(1);
    const { connectionId, requestId } = lastMessage(site).event.requestContext;
    const [sent] = client.frames;
    expect(sent?.first).toBe(0x81);
    // T084: with the requestId of that message
    expect(sent?.payload.toString('utf8')).toBe(
      `{"message": "Internal server error", "connectionId":"${connectionId}", "requestId":"${requestId}"}`,
    );
    expect(site.gateway.connectionCount).toBe(1);
    expect(site.calls.length).toBe(2);
  });

  test.for([
    ...[200, 201, 301, 401, 500, 501].map((statusCode) => ({ why: 'C13, T086', value: { statusCode } })),
    { why: 'C14, T087', value: { statusCode: 200, body: 'hello' } },
  ])('$why is nothing for $value', async ({ value }) => {
    await using site = await openTestGateway({ handlers: { default: () => returned(value) } });
    using client = await site.connect();
    client.socket.send('x');
    await eventually(() => site.events.filter(({ type }) => type === 'message').length).toBe(1);
    await client.pong();
    expect(client.messages).toEqual([]);
    expect(client.socket.readyState).toBe(client.socket.OPEN);
  });
});

describe('messages', () => {
  test('C24, T096, T126 do not wait for each other', async () => {
    const slow = deferred();
    await using site = await openTestGateway({
      handlers: {
        default: async (event: WsMessageEvent, gateway, invocation) => {
          if (event.body === 'slow') await slow.promise;
          return echo(event, gateway, invocation);
        },
      },
    });
    using client = await site.connect();
    client.socket.send('slow');
    client.socket.send('fast');
    expect(await client.next()).toBe('fast');
    slow.resolve();
    expect(await client.next()).toBe('slow');
  });

  test('start in the order in which they came', async () => {
    await using site = await openTestGateway();
    using client = await site.connect();
    const bodies = Array.from({ length: 200 }, (_, index) => String(index));
    for (const body of bodies) client.socket.send(body);
    await eventually(() => site.eventsOf('default').length).toBe(200);
    expect(site.eventsOf<WsMessageEvent>('default').map(({ body }) => body)).toEqual(bodies);
  });

  test('of 200 clients are answered to each of them', async () => {
    await using site = await openTestGateway({ handlers: { default: echo } });
    const clients = await Promise.all(Array.from({ length: 200 }, () => site.connect()));
    expect(site.gateway.connectionCount).toBe(200);
    const rounds = [0, 1, 2];
    const heard = clients.map(async (client, index) => {
      for (const round of rounds) client.socket.send(`${index} ${round}`);
      for (const round of rounds) expect(await client.next()).toBe(`${index} ${round}`);
      await client.pong();
      expect(client.messages).toEqual([]);
    });
    await Promise.all(heard);
    for (const { socket } of clients) socket.close(1000);
    await eventually(() => site.eventsOf('disconnect').length).toBe(200);
    expect(site.gateway.connectionCount).toBe(0);
  });

  test('of a client that sends and does not read are dropped at last', async () => {
    await using site = await openTestGateway({ routeKeys: ['$connect'] });
    using client = await site.connectRaw();
    await eventually(() => client.head).not.toBe('');
    client.socket.pause();
    const burst = Buffer.concat(Array.from({ length: 20_000 }, () => frame(1, 'x')));
    let answered = 0;
    const forbidden = () => site.events.reduce((count, { type }) => count + (type === 'message' ? 1 : 0), 0);
    // Each message is owed 105 bytes, so this is far more than system and gateway together keep for anybody.
    for (let round = 0; round < 8; round += 1) {
      client.socket.write(burst);
      answered += 20_000;
      await eventually(forbidden).toBe(answered);
    }
    const connectionId = site.calls[0]?.event.requestContext.connectionId ?? '';
    expect(site.gateway.manage({ type: 'send', connectionId, data: Buffer.from('x') })).toEqual({
      type: 'refused',
      refusal: 'slow',
    });
    client.socket.resume();
    await eventually(() => client.frames.length).toBeGreaterThan(10_000);
    expect(client.frames.length).toBeLessThan(answered);
  });
});

const contextOf = async (site: TestGateway) => {
  await eventually(() => site.eventsOf('disconnect').length).toBe(1);
  return site.eventsOf<WsDisconnectEvent>('disconnect')[0]!.requestContext;
};

describe('the end of a connection', () => {
  test.for<{ why: string; close: [code?: number, reason?: string]; code: number; reason: string }>([
    { why: 'T029', close: [1000, 'bye'], code: 1000, reason: 'bye' },
    { why: 'A26', close: [4001, 'bye'], code: 4001, reason: 'bye' },
    { why: 'T030', close: [], code: 1005, reason: 'Client-side close frame status not set' },
    { why: 'T031', close: [1001], code: 1001, reason: '' },
    { why: 'F6', close: [4000], code: 4000, reason: '' },
  ])('$why is told as the client said it: $close', async ({ close, code, reason }) => {
    await using site = await openTestGateway();
    using client = await site.connect();
    client.socket.close(...close);
    // F6: echoed with the same code
    expect(await client.closed).toMatchObject({ code });
    expect(await contextOf(site)).toMatchObject({ disconnectStatusCode: code, disconnectReason: reason });
    expect(site.events).toContainEqual(expect.objectContaining({ type: 'disconnect', code, reason }));
  });

  test.for([
    { why: 'T032 a reset', end: 'resetAndDestroy' as const },
    { why: 'A27 a client that vanishes', end: 'destroy' as const },
    { why: 'A27 a client that stops sending', end: 'end' as const },
  ])('$why is 1006', async ({ end }) => {
    await using site = await openTestGateway();
    using client = await site.connectRaw();
    await eventually(() => client.head).not.toBe('');
    client.socket[end]();
    expect(await contextOf(site)).toMatchObject({ disconnectStatusCode: 1006, disconnectReason: '' });
  });

  test('T033 by DELETE is 1000', async () => {
    await using site = await openTestGateway();
    using client = await site.connect();
    const connectionId = site.calls[0]?.event.requestContext.connectionId ?? '';
    expect(site.gateway.manage({ type: 'close', connectionId })).toEqual({ type: 'done' });
    // Gone at once, whatever the client does
    expect(site.gateway.manage({ type: 'info', connectionId })).toEqual({ type: 'refused', refusal: 'gone' });
    expect(await client.closed).toEqual({ code: 1000, reason: 'Connection Closed Normally' });
    expect(await contextOf(site)).toMatchObject({
      disconnectStatusCode: 1000,
      disconnectReason: 'Connection Closed Normally',
    });
  });

  test('a DELETE after the client’s own close changes nothing', async () => {
    await using site = await openTestGateway();
    using client = await site.connectRaw();
    await eventually(() => site.gateway.connectionCount).toBe(1);
    client.socket.write(frame(8, Buffer.from([0x0f, 0xa1])));
    await eventually(() => client.frames.length).toBe(1);
    const connectionId = site.calls[0]?.event.requestContext.connectionId ?? '';
    site.gateway.manage({ type: 'close', connectionId });
    client.socket.end();
    expect(await contextOf(site)).toMatchObject({ disconnectStatusCode: 4001 });
    expect(client.frames.length).toBe(1);
  });

  test('A21, T038 is final', async () => {
    const answers: unknown[] = [];
    const gone: string[] = [];
    await using site = await openTestGateway({
      handlers: {
        disconnect: ({ requestContext: { connectionId } }: WsDisconnectEvent, gateway) => {
          answers.push(gateway.manage({ type: 'send', connectionId, data: Buffer.from('x') }));
          return ok;
        },
      },
      options: { onGone: (connectionId) => gone.push(connectionId) },
    });
    using client = await site.connect();
    client.socket.close(1000);
    await client.closed;
    const { connectionId } = await contextOf(site);
    expect(answers).toEqual([{ type: 'refused', refusal: 'gone' }]);
    expect(gone).toEqual([connectionId]);
  });

  test('B25 has its four headers', async () => {
    await using site = await openTestGateway();
    using client = await site.connect();
    client.socket.close();
    await contextOf(site);
    const [event] = site.eventsOf<WsDisconnectEvent>('disconnect');
    expect(event?.headers).toEqual({
      Host: `localhost:${site.port}`,
      'x-api-key': '',
      'X-Forwarded-For': '',
      'x-restapi': '',
    });
  });

  test('A22, T039 is told once, even to a function that fails, and the client hears nothing', async () => {
    await using site = await openTestGateway({ handlers: { disconnect: () => failed } });
    using client = await site.connectRaw();
    await eventually(() => client.head).not.toBe('');
    client.socket.write(frame(8));
    await client.ended;
    await eventually(() => site.events.some(({ type }) => type === 'disconnect')).toBe(true);
    expect(client.frames.map(({ opcode }) => opcode)).toEqual([8]);
    expect(site.eventsOf('disconnect').length).toBe(1);
    expect(site.events.at(-1)).toMatchObject({ type: 'disconnect', failure: { errorMessage: 'thrown' } });
  });

  test('without a disconnect function is only reported', async () => {
    await using site = await openTestGateway({ routeKeys: ['$default'] });
    using client = await site.connect();
    client.socket.close(1000);
    await eventually(() => site.events.at(-1)).toMatchObject({ type: 'disconnect', code: 1000 });
    expect(site.calls).toEqual([]);
  });
});

test('F1, T128 a ping is answered and nobody is called', async () => {
  await using site = await openTestGateway();
  using client = await site.connect();
  for (const data of ['', 'x', 'y'.repeat(125)]) expect(await client.pong(data)).toBe(data);
  expect(site.calls.length).toBe(1);
});

test('F6 a pong that nobody asked for is nothing', async () => {
  await using site = await openTestGateway({ handlers: { default: echo } });
  using client = await site.connect();
  client.socket.pong('x');
  client.socket.send('hi');
  const [message] = await once(client.socket, 'message');
  expect(String(message)).toBe('hi');
});
