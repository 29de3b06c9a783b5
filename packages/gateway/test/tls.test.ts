import { once } from 'node:events';
import { request as httpsRequest } from 'node:https';
import { connect as connectTcp, createServer, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import type { WsConnectEvent, WsMessageEvent } from '@furrow/protocol';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { listen, type ListenOptions } from '../src/server/listen.ts';
import { echo, eventually, frame, handshakeText, openTcp, openTestGateway, type Setup } from './open-gateway.ts';
import { tlsIdentity } from './tls-identity.ts';

const trust = { ca: tlsIdentity.cert };

const openSite = (setup: Setup = {}) => openTestGateway({ ...setup, options: { tls: tlsIdentity, ...setup.options } });

async function openListening(options: Partial<ListenOptions> = {}) {
  const listening = await listen({
    port: 0,
    host: undefined,
    tls: tlsIdentity,
    onRequest: (_request, response) => void response.end('ok'),
    onUpgrade: () => {},
    ...options,
  });
  return { ...listening, [Symbol.asyncDispose]: () => listening.close() };
}

/** A TLS connection that keeps all that comes. */
async function openTls(port: number, options: ConnectionOptions = {}) {
  const socket: TLSSocket = connectTls({ port, host: '127.0.0.1', ...trust, ...options });
  let received = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
  });
  const ended = new Promise<void>((resolve) => {
    socket.on('close', () => resolve());
  });
  await once(socket, 'secureConnect');
  socket.on('error', () => {});
  return {
    socket,
    ended,
    get received() {
      return received;
    },
    [Symbol.dispose]: () => void socket.destroy(),
  };
}

/** Passes what clients say to a port on in pieces of one byte. */
async function openDrip(port: number) {
  const server = createServer((client) => {
    const gateway = connectTcp({ port, host: '127.0.0.1', noDelay: true });
    gateway.pipe(client);
    void drip(client, gateway);
    for (const socket of [client, gateway]) socket.on('error', () => {});
    client.on('close', () => gateway.destroy());
    gateway.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP address.');
  return { port: address.port, [Symbol.dispose]: () => void server.close() };
}

async function drip(from: Socket, to: Socket): Promise<void> {
  for await (const chunk of from) {
    for (const byte of chunk as Buffer)
      await new Promise<void>((resolve) => void to.write(Buffer.of(byte), () => resolve()));
  }
}

/** The first bytes that a TLS client sends. */
async function clientHello(): Promise<Buffer> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP address.');
  const client = connectTls({ port: address.port, host: '127.0.0.1' });
  client.on('error', () => {});
  const [socket] = (await once(server, 'connection')) as [Socket];
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  client.destroy();
  socket.destroy();
  server.close();
  return bytes;
}

function httpsGet(
  port: number,
  path: string,
  host = 'localhost',
): Promise<{ statusCode: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest({ port, host, path, agent: false, ...trust }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += String(chunk)));
      response.on('end', () => resolve({ statusCode: response.statusCode, body }));
    });
    request.on('error', reject);
    request.end();
  });
}

describe('one port', () => {
  test('speaks HTTP and HTTPS, web sockets without and with TLS', async () => {
    await using site = await openSite({ handlers: { default: echo } });
    expect((await site.http({ path: '/testing' })).statusCode).toBe(426);
    for (const host of ['localhost', '127.0.0.1']) {
      expect(await httpsGet(site.port, '/testing', host)).toEqual({ statusCode: 426, body: 'Upgrade Required' });
    }
    using plain = await site.connect();
    const secure = new WebSocket(`wss://localhost:${site.port}/testing`, trust);
    await once(secure, 'open');
    plain.socket.send('plain');
    secure.send('secure');
    const [answer] = (await once(secure, 'message')) as [Buffer];
    expect(String(answer)).toBe('secure');
    expect(await plain.next()).toBe('plain');
    secure.terminate();
  });

  test('events over TLS say where they came from', async () => {
    await using site = await openSite();
    const secure = new WebSocket(`wss://127.0.0.1:${site.port}/testing`, { ...trust, headers: { 'User-Agent': 'x' } });
    await once(secure, 'open');
    secure.send('hello');
    await eventually(() => site.eventsOf('default').length).toBe(1);
    const contexts = [...site.eventsOf<WsConnectEvent>('connect'), ...site.eventsOf<WsMessageEvent>('default')].map(
      ({ requestContext }) => requestContext,
    );
    for (const context of contexts) {
      expect(context).toMatchObject({
        domainName: `127.0.0.1:${site.port}`,
        identity: { sourceIp: '127.0.0.1', userAgent: 'x' },
      });
    }
    expect(contexts).toHaveLength(2);
    secure.terminate();
  });

  test('loses no byte, however they come', async () => {
    await using site = await openSite({ handlers: { default: echo } });
    using slow = await openDrip(site.port);
    const handshake = Buffer.from(handshakeText(site.port, {}));
    const bytes = Buffer.concat([handshake, frame(1, 'early'), frame(1, 'bird')]);
    for (const port of [site.port, slow.port]) {
      using plain = await openTcp(port);
      plain.socket.write(bytes);
      using secure = await openTls(port);
      secure.socket.write(bytes);
      for (const client of [plain, secure]) {
        await eventually(() => client.received.toString('latin1').split('\r\n\r\n')).toEqual([
          expect.stringMatching(/^HTTP\/1\.1 101 /),
          '\x81\x05early\x81\x04bird',
        ]);
      }
    }
  });

  test('A38 takes TLS 1.2 and later', async () => {
    await using site = await openSite();
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      using client = await openTls(site.port, { minVersion: version, maxVersion: version });
      expect(client.socket.getProtocol()).toBe(version);
    }
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    await expect(openTls(site.port, old)).rejects.toThrow(/protocol version/i);
  });

  test('without a certificate it does not know TLS', async () => {
    await using site = await openTestGateway();
    using client = await openTcp(site.port);
    client.socket.write(await clientHello());
    await client.ended;
    expect(String(client.received)).toMatch(/^HTTP\/1\.1 400 /);
  });
});

/** What a TLS client could send. */
async function brokenStarts() {
  const hello = await clientHello();
  return [
    { why: 'garbage', bytes: Buffer.from([0x16, ...Buffer.alloc(500, 'x')]) },
    { why: 'one byte and goes', bytes: Buffer.from([0x16]) },
    { why: 'half of a hello and goes', bytes: hello.subarray(0, hello.length / 2) },
    { why: 'a hello and goes', bytes: hello },
    { why: 'a hello and garbage', bytes: Buffer.concat([hello, Buffer.alloc(70_000, 'x')]) },
    { why: 'HTTP after the first byte', bytes: Buffer.from('\x16GET / HTTP/1.1\r\nHost: localhost\r\n\r\n') },
    { why: 'an alert', bytes: Buffer.from([0x15, 3, 3, 0, 2, 2, 42]) },
  ];
}

describe('a client that breaks TLS ends its own connection only', () => {
  test('by what it sends', async () => {
    await using site = await openSite({ handlers: { default: echo } });
    using good = await site.connect();
    for (const one of await brokenStarts()) {
      using bad = await openTcp(site.port);
      bad.socket.end(one.bytes);
      await bad.ended;
      good.socket.send(one.why);
      expect(await good.next()).toBe(one.why);
    }
  });

  test('by not trusting the certificate, or resetting its connection', async () => {
    await using site = await openSite({ handlers: { default: echo } });
    using good = await site.connect();
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const doubting = openTls(site.port, { ca: [], minVersion: version, maxVersion: version });
      await expect(doubting).rejects.toThrow('self-signed certificate');
      const tcp = connectTcp({ port: site.port, host: '127.0.0.1' });
      const client = connectTls({ socket: tcp, ...trust, minVersion: version, maxVersion: version });
      client.on('error', () => {});
      await once(client, 'secureConnect');
      tcp.resetAndDestroy();
    }
    good.socket.send('still here');
    expect(await good.next()).toBe('still here');
  });
});

describe('a client that does not get on is cut off', () => {
  const slow = { headersTimeoutMs: 200 };
  const timeout = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

  test('when it says nothing', async () => {
    await using listening = await openListening(slow);
    using client = await openTcp(listening.port);
    await client.ended;
    expect(String(client.received)).toBe(timeout);
  });

  test.for([
    { why: 'after the first byte of TLS', part: 0 },
    { why: 'in the middle of the hello', part: 0.5 },
    { why: 'after the hello', part: 1 },
  ])('when it stops $why', async ({ part }) => {
    await using listening = await openListening(slow);
    const hello = await clientHello();
    using client = await openTcp(listening.port);
    client.socket.write(hello.subarray(0, Math.max(1, hello.length * part)));
    await client.ended;
    expect(String(client.received)).not.toContain('HTTP');
  });

  test('when its hello comes byte by byte and never ends', async () => {
    await using listening = await openListening(slow);
    using client = await openTcp(listening.port);
    const hello = await clientHello();
    client.socket.write(Buffer.concat([hello.subarray(0, 1), Buffer.from([3, 1, 0x40, 0, 1, 0, 0x3f, 0xfc])]));
    const dripping = setInterval(() => client.socket.write(Buffer.of(0)), 20);
    const startedAt = performance.now();
    await client.ended;
    clearInterval(dripping);
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });

  test.for(['', 'GET /testing', handshakeText(1, {}).slice(0, -2)])(
    'when its handshake is done and it says %j',
    async (text) => {
      await using listening = await openListening(slow);
      using client = await openTls(listening.port);
      if (text !== '') client.socket.write(text);
      await client.ended;
      expect(String(client.received)).toBe(timeout);
    },
  );

  test('and does not keep others waiting', async () => {
    await using listening = await openListening(slow);
    using silent = await openTcp(listening.port);
    expect(await httpsGet(listening.port, '/')).toEqual({ statusCode: 200, body: 'ok' });
    await silent.ended;
  });
});

test('closing cuts off every connection, in whatever state', async () => {
  const upgraded: unknown[] = [];
  const listening = await openListening({ onUpgrade: (request) => upgraded.push(request.url) });
  const hello = await clientHello();
  const clients = [await openTcp(listening.port), await openTcp(listening.port), await openTls(listening.port)];
  clients[1]?.socket.write(hello.subarray(0, 100));
  const secure = await openTls(listening.port);
  secure.socket.write(handshakeText(listening.port, {}));
  await eventually(() => upgraded).toEqual(['/testing']);
  await listening.close();
  await Promise.all([...clients, secure].map(({ ended }) => ended));
});
