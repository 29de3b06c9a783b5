import { once } from 'node:events';
import type { ManagementAnswer, WsConnectEvent, WsDisconnectEvent } from '@furrow/protocol';
import { describe, expect, test } from 'vitest';
import {
  eventually,
  deferred,
  failed,
  handshakeText,
  ok,
  openTcp,
  openTestGateway,
  refusal,
  returned,
  wsRoutes,
} from './open-gateway.ts';

describe('a handshake', () => {
  test.for(['/testing', '/testing/', '/', '/?a=1', '/testing?a=1'])('A1 opens at %s', async (path) => {
    await using site = await openTestGateway();
    using client = await site.connect(path);
    expect(await client.pong()).toBe('sync');
    expect(site.gateway.connectionCount).toBe(1);
  });

  test('A3, T001 opens without a connect function', async () => {
    await using site = await openTestGateway({ routeKeys: ['$default'] });
    using client = await site.connect();
    expect(await client.pong()).toBe('sync');
    expect(site.calls).toEqual([]);
  });

  test('A2, T002 waits for the connect function', async () => {
    const connecting = deferred();
    await using site = await openTestGateway({
      handlers: { connect: () => connecting.promise.then(() => ok) },
    });
    using client = await site.connectRaw();
    await eventually(() => site.calls.length).toBe(1);
    // Another client is answered meanwhile, so an early 101 would have come by now.
    expect(await site.http({ path: '/testing' })).toMatchObject({ statusCode: 426 });
    expect(client.head).toBe('');
    expect(site.gateway.connectionCount).toBe(0);
    connecting.resolve();
    await eventually(() => client.head).toMatch(/^HTTP\/1\.1 101 /);
  });

  test.for([200, 201, 202, 204, 299])('A4 opens with status %d', async (statusCode) => {
    await using site = await openTestGateway({ handlers: { connect: () => returned({ statusCode }) } });
    using client = await site.connect();
    expect(await client.pong()).toBe('sync');
    expect(site.events).toContainEqual(expect.objectContaining({ type: 'connect', statusCode: 101 }));
  });

  test.for([301, 400, 401, 403, 404, 429, 500, 501])('A5 fails with status %d', async (statusCode) => {
    const value = { statusCode, body: 'secret', headers: { 'X-A': 'secret', Location: 'http://evil.com' } };
    await using site = await openTestGateway({ handlers: { connect: () => returned(value) } });
    const answer = await refusal(site.wsUrl);
    expect(answer.statusCode).toBe(statusCode);
    expect(answer.headers).toMatchObject({ 'content-type': 'application/json', connection: 'close' });
    expect(answer.headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers['x-amz-apigw-id']).toMatch(/^[A-Za-z0-9_-]{15}=$/);
    expect(JSON.stringify(answer)).not.toContain('secret');
    expect(answer.headers).not.toHaveProperty('location');
    expect(site.events).toContainEqual(expect.objectContaining({ type: 'connect', statusCode }));
  });

  test.for([
    { why: 'A7, T012 a function that failed', outcome: failed, statusCode: 502 },
    { why: 'A8, T014 no result', outcome: returned(null), statusCode: 502 },
    { why: 'A8, T016 a result with more', outcome: returned({ statusCode: 200, extra: 1 }), statusCode: 502 },
    { why: 'A10, T018 a refused one', outcome: { type: 'refused', reason: 'busy' } as const, statusCode: 500 },
  ])('$why is $statusCode', async ({ outcome, statusCode }) => {
    await using site = await openTestGateway({ handlers: { connect: () => outcome } });
    const answer = await refusal(site.wsUrl);
    expect(answer).toMatchObject({ statusCode, body: '{"message": "Internal server error"}' });
    expect(answer.headers['content-length']).toBe('36');
    // A12, T020
    expect(site.calls.length).toBe(1);
    expect(site.events).toContainEqual(expect.objectContaining({ type: 'connect', failure: expect.anything() }));
  });

  test('A19, T028 that failed has no end, and its id never was', async () => {
    const answers: ManagementAnswer[] = [];
    await using site = await openTestGateway({ handlers: { connect: () => returned({ statusCode: 403 }) } });
    await refusal(site.wsUrl);
    const [event] = site.eventsOf<WsConnectEvent>('connect');
    const connectionId = event?.requestContext.connectionId ?? '';
    answers.push(site.gateway.manage({ type: 'info', connectionId }));
    expect(answers).toEqual([{ type: 'refused', refusal: 'gone' }]);
    await site.gateway.close();
    expect(site.calls.map(({ functionName }) => functionName)).toEqual(['connect']);
  });

  test('A17, T025, T026 has no connection yet', async () => {
    const answers: ManagementAnswer[] = [];
    await using site = await openTestGateway({
      handlers: {
        connect: ({ requestContext: { connectionId } }: WsConnectEvent, gateway) => {
          answers.push(gateway.manage({ type: 'send', connectionId, data: Buffer.from('x') }));
          answers.push(gateway.manage({ type: 'info', connectionId }));
          answers.push(gateway.manage({ type: 'close', connectionId }));
          return ok;
        },
      },
    });
    using client = await site.connect();
    await client.pong();
    expect(answers).toEqual(Array.from({ length: 3 }, () => ({ type: 'refused', refusal: 'gone' })));
    expect(client.messages).toEqual([]);
  });

  test('A18, T027 has one with the 101', async () => {
    await using site = await openTestGateway();
    using client = await site.connect();
    const [event] = site.eventsOf<WsConnectEvent>('connect');
    const connectionId = event?.requestContext.connectionId ?? '';
    expect(site.gateway.manage({ type: 'send', connectionId, data: Buffer.from('hi') })).toEqual({ type: 'done' });
    expect(await client.next()).toBe('hi');
  });

  test('B14, T060 gets the variables of its stage in every event', async () => {
    const stageVariables = { color: 'blue', url: 'https://example.com/?a=1' };
    await using site = await openTestGateway({ routes: { stageVariables } });
    using client = await site.connect();
    client.socket.send('x');
    await eventually(() => site.eventsOf('default').length).toBe(1);
    // They are the stage's: whoever is connected already sees a change.
    const changed = { ws: wsRoutes(['$default', '$disconnect']), http: [], staticFolder: undefined };
    site.gateway.setRoutes({ ...changed, stageVariables: { color: 'red' } });
    client.socket.send('x');
    await eventually(() => site.eventsOf('default').length).toBe(2);
    site.gateway.setRoutes(changed);
    client.socket.close();
    await eventually(() => site.calls.map(({ event }) => event.stageVariables)).toEqual([
      stageVariables,
      stageVariables,
      { color: 'red' },
      undefined,
    ]);
  });

  test('gets its event with headers and query', async () => {
    await using site = await openTestGateway();
    using client = await site.connect('/testing?a=1&a=2&b=%20x', [], { headers: { 'user-agent': 'me', 'X-a': '1' } });
    await client.pong();
    const [event] = site.eventsOf<WsConnectEvent>('connect');
    expect(Object.keys(event ?? {})).toEqual([
      'headers',
      'multiValueHeaders',
      'queryStringParameters',
      'multiValueQueryStringParameters',
      'requestContext',
      'isBase64Encoded',
    ]);
    expect(event).toMatchObject({
      headers: { Host: `localhost:${site.port}`, 'User-Agent': 'me', 'X-a': '1', 'X-Forwarded-Proto': 'https' },
      queryStringParameters: { a: '2', b: ' x' },
      multiValueQueryStringParameters: { a: ['1', '2'], b: [' x'] },
      requestContext: {
        stage: 'testing',
        apiId: 'abcdef1234',
        domainName: `localhost:${site.port}`,
        identity: { userAgent: 'me', sourceIp: expect.stringMatching(/^(?:127\.0\.0\.1|::1)$/) },
      },
    });
    expect(event?.headers).not.toHaveProperty('Connection');
    expect(event?.headers).not.toHaveProperty('Upgrade');
  });
});

describe('A13 the sub-protocol', () => {
  test.for([
    { why: 'T021 is the function’s choice', headers: { 'Sec-WebSocket-Protocol': 'b' }, chosen: 'b' },
    { why: 'T023 in lower case', headers: { 'sec-websocket-protocol': 'b' }, chosen: 'b' },
    { why: 'is none of several', headers: { 'Sec-WebSocket-Protocol': 'a, b' }, chosen: undefined },
    { why: 'cannot end its line', headers: { 'Sec-WebSocket-Protocol': 'b\r\nX-A: 1' }, chosen: undefined },
    { why: 'T022 is none without it', headers: {}, chosen: undefined },
    { why: 'T024 brings nothing with it', headers: { 'X-A': '1', 'Set-Cookie': 'a=b' }, chosen: undefined },
  ])('$why', async ({ headers, chosen }) => {
    await using site = await openTestGateway({
      handlers: { connect: () => returned({ statusCode: 200, headers, body: 'x' }) },
    });
    using client = await site.connectRaw({ headers: { 'Sec-WebSocket-Protocol': 'a, b' } });
    await eventually(() => client.head).not.toBe('');
    // A14: nothing else of the function's
    expect(client.head.split('\r\n')).toEqual([
      'HTTP/1.1 101 Switching Protocols',
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
      expect.stringMatching(/^Date: \w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/),
      ...(chosen === undefined ? [] : [`Sec-WebSocket-Protocol: ${chosen}`]),
    ]);
    expect(client.frames).toEqual([]);
  });

  test('T021 reaches a real client', async () => {
    const value = { statusCode: 200, headers: { 'Sec-WebSocket-Protocol': 'b' } };
    await using site = await openTestGateway({ handlers: { connect: () => returned(value) } });
    using client = await site.connect('/testing', ['a', 'b']);
    expect(client.socket.protocol).toBe('b');
  });

  test.for(['', ',', 'a b', 'a,,b'])('an offer of "%s" is the function’s to judge', async (offer) => {
    await using site = await openTestGateway();
    using client = await site.connectRaw({ headers: { 'Sec-WebSocket-Protocol': offer } });
    await eventually(() => client.head).toMatch(/^HTTP\/1\.1 101 /);
    expect(site.eventsOf<WsConnectEvent>('connect')[0]?.headers['Sec-WebSocket-Protocol']).toBe(offer);
    expect(site.eventsOf('disconnect')).toEqual([]);
  });
});

describe('what is no handshake', () => {
  test.for([
    { why: 'A31, T040 a page', path: '/testing' },
    { why: 'A31 with a slash', path: '/testing/' },
    { why: 'A31 with a query', path: '/testing?a=1' },
  ])('$why is 426', async ({ path }) => {
    await using site = await openTestGateway();
    expect(await site.http({ path })).toMatchObject({ statusCode: 426, headers: { upgrade: 'websocket' } });
    expect(site.calls).toEqual([]);
  });

  test.for([
    { why: 'A32, T041 another stage', parts: { path: '/staging' }, statusCode: 403 },
    { why: 'T125 a long URL', parts: { path: `/testing?${'a'.repeat(4096 - 8)}` }, statusCode: 414 },
    { why: 'no key', parts: { headers: { 'Sec-WebSocket-Key': 'x' } }, statusCode: 400 },
    { why: 'an old version', parts: { headers: { 'Sec-WebSocket-Version': '8' } }, statusCode: 426 },
    { why: 'POST', parts: { method: 'POST' }, statusCode: 400 },
    { why: 'another protocol', parts: { headers: { Upgrade: 'chat/2' } }, statusCode: 400 },
  ])('$why is $statusCode', async ({ parts, statusCode }) => {
    await using site = await openTestGateway();
    using client = await site.connectRaw(parts);
    await client.ended;
    expect(client.head).toMatch(new RegExp(`^HTTP/1\\.1 ${statusCode} `));
    expect(site.calls).toEqual([]);
    expect(site.events).toMatchObject([{ type: 'refused', statusCode }]);
  });

  test('A32 the body is AWS’s own', async () => {
    await using site = await openTestGateway();
    const answer = await refusal(`ws://localhost:${site.port}/staging`);
    expect(answer).toMatchObject({ statusCode: 403, body: '{"message":"Forbidden"}' });
  });

  test('T125 a URL of 4,096 characters is one', async () => {
    await using site = await openTestGateway();
    using client = await site.connect(`/testing?${'a'.repeat(4096 - 9)}`);
    expect(await client.pong()).toBe('sync');
  });

  test.for([
    { bytes: 10_240, statusCode: 101 },
    { bytes: 10_241, statusCode: 431 },
  ])('E22 headers of $bytes bytes give $statusCode', async ({ bytes, statusCode }) => {
    await using site = await openTestGateway();
    const lines = handshakeText(site.port, {}).trimEnd().split('\r\n').slice(1);
    const own = lines.join('').length - lines.length * ': '.length;
    using client = await site.connectRaw({ headers: { 'X-Long': 'x'.repeat(bytes - own - 'X-Long'.length) } });
    await eventually(() => client.head).toMatch(new RegExp(`^HTTP/1\\.1 ${statusCode} `));
    expect(site.eventsOf('connect').length).toBe(statusCode === 101 ? 1 : 0);
  });

  test.for(['/ping', '/sping'])('A35 %s is no stage', async (path) => {
    await using site = await openTestGateway();
    expect(await refusal(`ws://localhost:${site.port}${path}`)).toMatchObject({ statusCode: 403 });
  });

  test('an app without web sockets has none', async () => {
    await using site = await openTestGateway({
      options: { routes: { ws: undefined, http: [], staticFolder: undefined } },
    });
    expect(await refusal(site.wsUrl)).toMatchObject({ statusCode: 403 });
    expect(await site.http({ path: '/testing' })).toMatchObject({ statusCode: 404 });
  });
});

describe('A20 a client that leaves while its connect function runs', () => {
  test.for([
    { why: 'with a reset', leave: 'resetAndDestroy' as const },
    { why: 'without a word', leave: 'destroy' as const },
  ])('$why has an end where it was let in', async ({ leave }) => {
    const connecting = deferred();
    await using site = await openTestGateway({ handlers: { connect: () => connecting.promise.then(() => ok) } });
    using client = await site.connectRaw();
    await eventually(() => site.calls.length).toBe(1);
    client.socket[leave]();
    await client.ended;
    connecting.resolve();
    await eventually(() => site.eventsOf('disconnect').length).toBe(1);
    const [event] = site.eventsOf<WsDisconnectEvent>('disconnect');
    expect(event?.requestContext).toMatchObject({ disconnectStatusCode: 1006, disconnectReason: '' });
    expect(site.gateway.connectionCount).toBe(0);
  });

  test('has none where it was not', async () => {
    const connecting = deferred();
    await using site = await openTestGateway({
      handlers: { connect: () => connecting.promise.then(() => returned({ statusCode: 403 })) },
    });
    using client = await site.connectRaw();
    await eventually(() => site.calls.length).toBe(1);
    client.socket.resetAndDestroy();
    await client.ended;
    connecting.resolve();
    await eventually(() => site.events.length).toBe(1);
    await site.gateway.close();
    expect(site.eventsOf('disconnect')).toEqual([]);
  });

  test('while it is refused ends nothing else', async () => {
    await using site = await openTestGateway();
    for (let round = 0; round < 30; round += 1) {
      using client = await openTcp(site.port);
      client.socket.write(handshakeText(site.port, { host: round % 2 === 0 ? 'evil.com' : 'localhost', path: '/x' }));
      if (round % 3 === 0) await once(client.socket, 'data');
      client.socket.resetAndDestroy();
      await client.ended;
    }
    using client = await site.connect();
    expect(await client.pong()).toBe('sync');
  });
});
