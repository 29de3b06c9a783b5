import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { systemClock } from '@furrow/protocol';
import { describe, expect, test } from 'vitest';
import { eventually, credentials, openTestGateway, region, sign, type HttpParts, type Setup } from './open-gateway.ts';

const unknownId = 'TXzPWdn-_jECGjA=';

async function openSite(setup: Setup = {}) {
  const site = await openTestGateway(setup);
  const client = await site.connect('/testing', [], { headers: { 'user-agent': 'me' } });
  const connectionId = site.calls[0]?.event.requestContext.connectionId ?? '';
  const sdk = openSdk(`http://localhost:${site.port}/testing`);
  return {
    ...site,
    client,
    connectionId,
    sdk,
    path: `/testing/@connections/${connectionId}`,
    async [Symbol.asyncDispose]() {
      sdk.destroy();
      client.socket.terminate();
      await site[Symbol.asyncDispose]();
    },
  };
}

const openSdk = (endpoint: string, keys = credentials) =>
  new ApiGatewayManagementApiClient({ endpoint, region, credentials: keys, maxAttempts: 1 });

const errorOf = (work: Promise<unknown>): Promise<Error & { $metadata?: { httpStatusCode?: number } }> =>
  work.then(
    () => new Error('Expected an error.'),
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );

describe('the AWS SDK', () => {
  test('D8, D12, T098 sends', async () => {
    await using site = await openSite();
    for (const data of ['hello', '{"a":1}', 'žluťoučký 🐎']) {
      const command = new PostToConnectionCommand({ ConnectionId: site.connectionId, Data: data });
      expect((await site.sdk.send(command)).$metadata.httpStatusCode).toBe(200);
      expect(await site.client.next()).toBe(data);
    }
  });

  test('D9, T105 closes', async () => {
    await using site = await openSite();
    const command = new DeleteConnectionCommand({ ConnectionId: site.connectionId });
    expect((await site.sdk.send(command)).$metadata.httpStatusCode).toBe(204);
    expect(await site.client.closed).toEqual({ code: 1000, reason: 'Connection Closed Normally' });
    await eventually(() => site.eventsOf('disconnect')).toMatchObject([
      { requestContext: { disconnectStatusCode: 1000, disconnectReason: 'Connection Closed Normally' } },
    ]);
  });

  test('D10, D11, T106 describes', async () => {
    let nowMs = Date.now();
    await using site = await openSite({ options: { clock: { ...systemClock, now: () => nowMs } } });
    const command = new GetConnectionCommand({ ConnectionId: site.connectionId });
    const before = await site.sdk.send(command);
    expect(before.ConnectedAt).toEqual(new Date(nowMs));
    expect(before.LastActiveAt).toEqual(new Date(nowMs));
    expect(before.Identity).toMatchObject({ UserAgent: 'me' });
    nowMs += 1000;
    await site.sdk.send(new PostToConnectionCommand({ ConnectionId: site.connectionId, Data: 'x' }));
    nowMs += 1000;
    const after = await site.sdk.send(command);
    expect(after.LastActiveAt?.getTime()).toBe(nowMs - 1000);
    expect(after.ConnectedAt).toEqual(before.ConnectedAt);
  });

  test('D5, T103 has an endpoint with a slash', async () => {
    await using site = await openSite();
    const sdk = openSdk(`http://localhost:${site.port}/testing/`);
    await sdk.send(new PostToConnectionCommand({ ConnectionId: site.connectionId, Data: 'x' }));
    expect(await site.client.next()).toBe('x');
    sdk.destroy();
  });

  test('D15, T107, T108 is told of an end', async () => {
    await using site = await openSite();
    site.client.socket.close();
    await eventually(() => site.gateway.connectionCount).toBe(0);
    const ConnectionId = site.connectionId;
    const { sdk } = site;
    const data = { ConnectionId, Data: 'x' };
    for (const ask of [
      () => sdk.send(new PostToConnectionCommand(data)),
      () => sdk.send(new GetConnectionCommand({ ConnectionId })),
      () => sdk.send(new DeleteConnectionCommand({ ConnectionId })),
    ]) {
      expect(await errorOf(ask())).toMatchObject({ name: 'GoneException', $metadata: { httpStatusCode: 410 } });
    }
  });

  test('T110 sends 131,072 bytes', async () => {
    await using site = await openSite();
    const Data = Buffer.alloc(131_072, 'a');
    await site.sdk.send(new PostToConnectionCommand({ ConnectionId: site.connectionId, Data }));
    expect(await site.client.next()).toBe(String(Data));
  });

  test.for([
    { why: 'T111 131,073', bytes: 131_073 },
    { why: 'D17 600,000', bytes: 600_000 },
  ])('sends no $why bytes', async ({ bytes }) => {
    await using site = await openSite();
    const Data = Buffer.alloc(bytes, 'a');
    const sent = site.sdk.send(new PostToConnectionCommand({ ConnectionId: site.connectionId, Data }));
    expect(await errorOf(sent)).toMatchObject({
      name: 'PayloadTooLargeException',
      $metadata: { httpStatusCode: 413 },
    });
    expect(await site.client.pong()).toBe('sync');
    expect(site.client.messages).toEqual([]);
  });

  test('T112 sends 100 KB as one message', async () => {
    await using site = await openSite();
    const Data = Buffer.alloc(100 * 1024, 'é');
    await site.sdk.send(new PostToConnectionCommand({ ConnectionId: site.connectionId, Data }));
    expect(await site.client.next()).toBe(Data.toString('utf8'));
  });

  test('D30, T119 sends in order', async () => {
    await using site = await openSite();
    for (let number = 1; number <= 100; number += 1) {
      await site.sdk.send(new PostToConnectionCommand({ ConnectionId: site.connectionId, Data: String(number) }));
    }
    await site.client.pong();
    expect(site.client.messages.map(Number)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  });

  test('D21, D22 is refused with other keys', async () => {
    await using site = await openSite();
    const command = new PostToConnectionCommand({ ConnectionId: site.connectionId, Data: 'x' });
    for (const [keys, name] of [
      [{ ...credentials, secretAccessKey: 'guessed' }, 'InvalidSignatureException'],
      [{ accessKeyId: 'AKIDOTHER', secretAccessKey: 'x' }, 'UnrecognizedClientException'],
    ] as const) {
      const sdk = openSdk(`http://localhost:${site.port}/testing`, keys);
      expect(await errorOf(sdk.send(command))).toMatchObject({ name, $metadata: { httpStatusCode: 403 } });
      sdk.destroy();
    }
    expect(site.events.filter(({ type }) => type === 'refused').length).toBe(2);
  });

  test('D19, T113 is told of a client that does not read, which costs no more than so much', async () => {
    await using site = await openTestGateway();
    using client = await site.connectRaw();
    await eventually(() => client.head).not.toBe('');
    client.socket.pause();
    const connectionId = site.calls[0]?.event.requestContext.connectionId ?? '';
    const data = Buffer.alloc(128 * 1024, 'a');
    const post = () => site.gateway.manage({ type: 'send', connectionId, data }).type;
    let sent = 0;
    await eventually(() => {
      while (post() === 'done') sent += 1;
      return post();
    }).toBe('refused');
    // The system's own buffers take a few megabytes; the gateway itself keeps one.
    await eventually(() => [post(), post(), post()]).toEqual(['refused', 'refused', 'refused']);
    expect(sent * data.length).toBeLessThan(32 * 1024 * 1024);
    const sdk = openSdk(`http://localhost:${site.port}/testing`);
    const command = new PostToConnectionCommand({ ConnectionId: connectionId, Data: 'x' });
    expect(await errorOf(sdk.send(command))).toMatchObject({
      name: 'LimitExceededException',
      $metadata: { httpStatusCode: 429 },
    });
    // Others are served meanwhile, and the slow one again as soon as it reads.
    using other = await site.connect();
    expect(await other.pong()).toBe('sync');
    client.socket.resume();
    await eventually(async () => (await sdk.send(command).catch(() => undefined))?.$metadata.httpStatusCode).toBe(200);
    sdk.destroy();
  });
});

describe('requests by hand', () => {
  test.for(['@', '%40'].flatMap((at) => ['=', '%3D'].map((equals) => ({ at, equals }))))(
    'D3, T099, T101, T102 may have $at and $equals',
    async ({ at, equals }) => {
      await using site = await openSite();
      const id = site.connectionId.replace('=', equals);
      for (const base of ['/testing', '/testing/', '/_arc/ws']) {
        const asked = { method: 'POST', path: `${base}/${at}connections/${id}`, body: 'x' };
        expect(await site.signed(asked)).toMatchObject({ statusCode: 200, body: '' });
        expect(await site.client.next()).toBe('x');
      }
    },
  );

  test('D6, D7, T104 need neither a hash nor a type', async () => {
    await using site = await openSite();
    for (const headers of [{}, { 'content-type': 'application/json' }, { 'content-type': 'binary/octet-stream' }]) {
      expect(await site.signed({ method: 'POST', path: site.path, headers, body: 'x' })).toMatchObject({
        statusCode: 200,
      });
      expect(await site.client.next()).toBe('x');
    }
  });

  test('D13, D14 may have any body, or none', async () => {
    await using site = await openSite();
    for (const [body, text] of [
      [Buffer.from([0x61, 0xff, 0xfe, 0x62]), 'a\ufffd\ufffdb'],
      [Buffer.alloc(0), ''],
    ] as const) {
      expect(await site.signed({ method: 'POST', path: site.path, body })).toMatchObject({ statusCode: 200 });
      expect(await site.client.next()).toBe(text);
    }
  });

  test('D10 GET has AWS’s JSON', async () => {
    await using site = await openSite();
    const { headers, body } = await site.signed({ path: site.path });
    expect(headers['content-type']).toBe('application/json');
    const iso = /"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z"/g;
    expect(body.replaceAll(iso, 'T').replace(/"(?:::1|127\.0\.0\.1)"/, 'IP')).toBe(
      '{"connectedAt":T,"identity":{"sourceIp":IP,"userAgent":"me"},"lastActiveAt":T}',
    );
  });

  test('D10, T118 GET has no userAgent where there is none', async () => {
    await using site = await openTestGateway();
    using client = await site.connect();
    await client.pong();
    const { connectionId } = site.calls[0]!.event.requestContext;
    const { body } = await site.signed({ path: `/testing/@connections/${connectionId}` });
    expect(Object.keys(JSON.parse(body).identity)).toEqual(['sourceIp']);
  });

  test.for(['POST', 'GET', 'DELETE'])('D15, T107 %s to one that is gone is 410, and nothing more', async (method) => {
    await using site = await openSite();
    const answer = await site.signed({ method, path: `/testing/@connections/${unknownId}` });
    expect(answer).toMatchObject({ statusCode: 410, body: '' });
    expect(answer.headers).toMatchObject({ 'x-amzn-errortype': 'GoneException', 'content-length': '0' });
  });

  test.for(['POST', 'GET', 'DELETE'])('D16, T109 %s to what is no id is 400', async (method) => {
    await using site = await openSite();
    const answer = await site.signed({ method, path: '/testing/@connections/abc' });
    expect(answer).toMatchObject({ statusCode: 400, body: '{"message":"Invalid connectionId: abc"}' });
    expect(answer.headers).toMatchObject({ 'x-amzn-errortype': 'BadRequestException' });
  });

  test.for([
    { why: 'a path that climbs', id: '../../testing/@connections/x', shown: '../../testing/@connections/x' },
    { why: 'one that climbs in escapes', id: '%2e%2e%2f%2e%2e', shown: '../..' },
    { why: 'more after an id', id: `${unknownId}/x`, shown: `${unknownId}/x` },
    { why: 'a NUL', id: `${unknownId}%00`, shown: `${unknownId}\0` },
    { why: 'ends of lines', id: 'a%0D%0ASet-Cookie:x', shown: 'a\r\nSet-Cookie:x' },
    { why: 'a broken escape', id: '%', shown: '%' },
    { why: 'an escape of no letters', id: '%zz%41', shown: '%zz%41' },
    { why: 'bytes that are no text', id: '%ff%fe', shown: '%ff%fe' },
    { why: 'an escape of an escape', id: unknownId.replace('=', '%253D'), shown: unknownId.replace('=', '%3D') },
    { why: 'a name that objects have', id: '__proto__', shown: '__proto__' },
    { why: 'a long one', id: 'x'.repeat(8000), shown: 'x'.repeat(8000) },
  ])('D16 $why is no id either: 400, with the id', async ({ id, shown }) => {
    await using site = await openSite();
    for (const method of ['POST', 'GET', 'DELETE']) {
      const answer = await site.signed({ method, path: `/testing/@connections/${id}` });
      expect(answer.statusCode).toBe(400);
      expect(answer.headers).toMatchObject({ 'x-amzn-errortype': 'BadRequestException' });
      expect(answer.headers).not.toHaveProperty('set-cookie');
      expect(JSON.parse(answer.body)).toEqual({ message: `Invalid connectionId: ${shown}` });
    }
    await site.client.pong();
    expect(site.client.messages).toEqual([]);
  });

  test.for([
    { why: 'D25 PUT', asked: { method: 'PUT' } },
    { why: 'D25 no id', asked: { method: 'POST', path: '/testing/@connections' } },
    { why: 'D25 no id but a slash', asked: { method: 'POST', path: '/testing/@connections/' } },
  ])('$why is 403', async ({ asked }) => {
    await using site = await openSite();
    const answer = await site.signed({ path: site.path, ...asked });
    expect(answer).toMatchObject({ statusCode: 403, body: '{"message":"Forbidden"}' });
    expect(site.client.messages).toEqual([]);
  });

  test.for(['/production', '', '/Testing'])('D20, T114 below %s is forbidden', async (base) => {
    await using site = await openSite();
    const answer = await site.signed({ method: 'POST', path: `${base}/@connections/${site.connectionId}`, body: 'x' });
    expect(answer.statusCode).toBe(403);
    expect(answer.body).toBe('{"message":"Forbidden"}');
    await site.client.pong();
    expect(site.client.messages).toEqual([]);
  });
});

const sender = (path: string): HttpParts => ({ method: 'POST', path, body: 'x' });
const tamper = (asked: HttpParts, edit: (header: string) => string): HttpParts => ({
  ...asked,
  headers: { ...asked.headers, authorization: edit(asked.headers?.['authorization'] ?? '') },
});

const ssmCall = (path: string): HttpParts => ({
  method: 'POST',
  path,
  headers: { 'x-amz-target': 'AmazonSSM.Get' },
  body: '{}',
});

describe('a request that is not signed rightly', () => {
  test.for<{ why: string; asked: (port: number, path: string) => HttpParts; error: string }>([
    { why: 'D22, T117 not at all', asked: (_port, path) => sender(path), error: 'MissingAuthenticationTokenException' },
    {
      why: 'D22 in part',
      asked: (port, path) => tamper(sign(port, sender(path)), (header) => header.replace('Signature=', '')),
      error: 'IncompleteSignatureException',
    },
    {
      why: 'D21, T116 one digit is wrong',
      asked: (port, path) =>
        tamper(sign(port, sender(path)), (header) => header.replace(/.$/, (last) => (last === '0' ? '1' : '0'))),
      error: 'InvalidSignatureException',
    },
    {
      why: 'D21 the body is another',
      asked: (port, path) => ({ ...sign(port, sender(path)), body: 'y' }),
      error: 'InvalidSignatureException',
    },
    {
      why: 'for S3',
      asked: (port, path) => sign(port, sender(path), 's3'),
      error: 'InvalidSignatureException',
    },
    {
      why: 'for SSM',
      asked: (port, path) => sign(port, sender(path), 'ssm'),
      error: 'InvalidSignatureException',
    },
    {
      why: 'with names that objects have',
      asked: (port, path) => tamper(sign(port, sender(path)), (header) => header.replace('host', 'constructor;host')),
      error: 'InvalidSignatureException',
    },
  ])('$why is 403', async ({ asked, error }) => {
    await using site = await openSite();
    const answer = await site.http(asked(site.port, site.path));
    expect(answer.statusCode).toBe(403);
    expect(answer.headers).toMatchObject({ 'x-amzn-errortype': error, 'content-type': 'application/json' });
    expect(Object.keys(JSON.parse(answer.body))).toEqual(['message']);
    expect(site.events.at(-1)).toMatchObject({ type: 'refused', statusCode: 403, why: error });
    await site.client.pong();
    expect(site.client.messages).toEqual([]);
  });

  test('is for another region, where the gateway has one', async () => {
    await using site = await openSite({ options: { region: 'eu-central-1' } });
    const answer = await site.http(sign(site.port, sender(site.path)));
    expect(answer.statusCode).toBe(403);
    expect(answer.headers).toMatchObject({ 'x-amzn-errortype': 'InvalidSignatureException' });
    expect(JSON.parse(answer.body)).toEqual({
      message: "Credential should be scoped to a valid region, not 'us-west-2'. ",
    });
  });

  test('is enough from this machine, where nobody is strict and the key is unknown', async () => {
    await using site = await openSite({ options: { access: { secretOf: () => undefined, isStrict: false } } });
    expect(await site.signed(sender(site.path))).toMatchObject({ statusCode: 200 });
    expect(await site.http(sender(site.path))).toMatchObject({ statusCode: 403 });
  });

  test('opens no local service either, which is signed for SSM', async () => {
    const asked: string[] = [];
    await using site = await openSite({
      options: {
        localService({ method, path, headers, body }) {
          asked.push(`${method} ${path} ${headers['x-amz-target']} ${body}`);
          return path === '/_arc/none' ? undefined : { statusCode: 200, headers: { 'x-a': '1' }, body: 'done' };
        },
      },
    });
    for (const path of ['/_arc/ssm', '/']) {
      expect(await site.http(ssmCall(path))).toMatchObject({ statusCode: 403 });
      expect(await site.http(sign(site.port, ssmCall(path)))).toMatchObject({ statusCode: 403 });
      expect(asked.splice(0)).toEqual([]);
      expect(await site.http(sign(site.port, ssmCall(path), 'ssm'))).toMatchObject({ statusCode: 200, body: 'done' });
      expect(asked.splice(0)).toEqual([`POST ${path} AmazonSSM.Get {}`]);
    }
    expect(await site.http(sign(site.port, ssmCall('/_arc/none'), 'ssm'))).toMatchObject({ statusCode: 403 });
  });
});
