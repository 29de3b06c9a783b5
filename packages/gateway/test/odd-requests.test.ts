import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { setTimeout as pause } from 'node:timers/promises';
import { readBody } from '../src/http/request-body.ts';
import { listen, type ListenOptions } from '../src/server/listen.ts';
import { eventually, frame, handshakeText, openTcp, openTestGateway, returned } from './open-gateway.ts';
import { tlsIdentity } from './tls-identity.ts';

const host = 'Host: localhost\r\n';
const upgrade =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n';
const get = (path: string) => `GET ${path} HTTP/1.1\r\n${host}\r\n`;
const statuses = (received: Buffer) =>
  [...received.toString('latin1').matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]));

async function openSite() {
  return openTestGateway({
    handlers: { page: () => returned('page') },
    routes: { http: [{ method: 'any', path: '/page', functionName: 'page' }] },
  });
}

describe('what is asked in an odd way gets an answer, and its connection ends', () => {
  test.for<{ why: string; text: string; answers: readonly number[] }>([
    { why: 'a line of 1 MB', text: get(`/${'a'.repeat(1_000_000)}`), answers: [431] },
    { why: 'a header of 1 MB', text: `GET / HTTP/1.1\r\n${host}X: ${'a'.repeat(1_000_000)}\r\n\r\n`, answers: [431] },
    {
      why: 'a handshake of 1 MB',
      text: `GET /?${'a'.repeat(1_000_000)} HTTP/1.1\r\n${host}${upgrade}\r\n`,
      answers: [431],
    },
    { why: 'what is no request, after one', text: `${get('/page')}garbage\r\n\r\n`, answers: [200, 400] },
    {
      why: 'a handshake after a request',
      text: `${get('/page')}GET /testing HTTP/1.1\r\n${host}${upgrade}\r\n`,
      answers: [200, 400],
    },
    {
      why: 'a handshake with a body',
      text: `GET /testing HTTP/1.1\r\n${host}${upgrade}Content-Length: 5\r\n\r\nhello`,
      answers: [400],
    },
    {
      why: 'a handshake with a body in chunks',
      text: `GET /testing HTTP/1.1\r\n${host}${upgrade}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      answers: [400],
    },
    { why: 'a handshake of HTTP/1.0', text: `GET /testing HTTP/1.0\r\n${host}${upgrade}\r\n`, answers: [400] },
    {
      why: 'a handshake with two hosts',
      text: `GET /testing HTTP/1.1\r\n${host}Host: evil.com\r\n${upgrade}\r\n`,
      answers: [400],
    },
    { why: 'more headers', text: `GET /page HTTP/1.1\r\n${host}${'a:\r\n'.repeat(1000)}\r\n`, answers: [431] },
    { why: 'far more', text: `GET /page HTTP/1.1\r\n${host}${'a:\r\n'.repeat(10_000)}\r\n`, answers: [431] },
    { why: 'HTTP/1.0', text: `GET /page HTTP/1.0\r\n${host}\r\n`, answers: [200] },
    { why: 'HTTP/2.0', text: `GET /page HTTP/2.0\r\n${host}\r\n`, answers: [400] },
    { why: 'the start of HTTP/2', text: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', answers: [400] },
    { why: 'two hosts', text: `GET /page HTTP/1.1\r\n${host}Host: evil.com\r\n\r\n`, answers: [400] },
    { why: 'no host', text: 'GET /page HTTP/1.1\r\n\r\n', answers: [400] },
    { why: 'CONNECT', text: `CONNECT evil.com:443 HTTP/1.1\r\n${host}\r\n`, answers: [405] },
    {
      why: 'CONNECT after a request',
      text: `${get('/page')}CONNECT evil.com:443 HTTP/1.1\r\n${host}\r\n`,
      answers: [200, 405],
    },
    {
      why: 'two lengths',
      text: `POST /page HTTP/1.1\r\n${host}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello`,
      answers: [400],
    },
    {
      why: 'a length and chunks',
      text: `POST /page HTTP/1.1\r\n${host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      answers: [400],
    },
    { why: 'a byte that no path has', text: get('/\0'), answers: [400] },
    { why: 'lines that end early', text: get('/page').replaceAll('\r', ''), answers: [400] },
  ])('$why → $answers', async ({ text, answers }) => {
    await using site = await openSite();
    using good = await site.connect();
    using client = await openTcp(site.port);
    client.socket.write(text);
    await client.ended;
    expect(statuses(client.received)).toEqual(answers);
    expect(await good.pong()).toBe('sync');
    expect(site.gateway.connectionCount).toBe(1);
  });
});

test('a page that is asked for with its host in the first line finds its route', async () => {
  await using site = await openSite();
  using client = await openTcp(site.port);
  client.socket.write(get('http://localhost/page?a=1'));
  await eventually(() => statuses(client.received)).toEqual([200]);
  expect(site.calls[0]?.event).toMatchObject({ rawPath: '/page', rawQueryString: 'a=1' });
});

describe('what is odd and right is answered', () => {
  test.for<{ why: string; text: string; answers: readonly number[] }>([
    {
      why: 'a handshake that names the host in its first line, as to a proxy',
      text: `GET http://localhost/testing?a=1 HTTP/1.1\r\n${host}${upgrade}\r\n`,
      answers: [101],
    },
    { why: 'requests in advance', text: get('/page').repeat(50), answers: Array.from({ length: 50 }, () => 200) },
    {
      why: 'a body that waits for leave',
      text: `POST /page HTTP/1.1\r\n${host}Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello`,
      answers: [100, 200],
    },
    {
      why: 'another expectation',
      text: `POST /page HTTP/1.1\r\n${host}Expect: tea\r\nContent-Length: 0\r\n\r\n`,
      answers: [417],
    },
    {
      why: 'a handshake with a body of no bytes',
      text: `GET /testing HTTP/1.1\r\n${host}${upgrade}Content-Length: 0\r\n\r\n`,
      answers: [101],
    },
    {
      why: 'a wish for HTTP/2, which need not be granted',
      text: `POST /page HTTP/1.1\r\n${host}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\nContent-Length: 5\r\n\r\nhello${get('/page')}`,
      answers: [200, 200],
    },
    {
      why: 'many headers',
      text: `GET /page HTTP/1.1\r\n${host}${'a:\r\n'.repeat(999)}\r\n`,
      answers: [200],
    },
    { why: 'all of a server', text: `OPTIONS * HTTP/1.1\r\n${host}\r\n`, answers: [404] },
  ])('$why → $answers', async ({ text, answers }) => {
    await using site = await openSite();
    using client = await openTcp(site.port);
    client.socket.write(text);
    await eventually(() => statuses(client.received)).toEqual(answers);
  });
});

async function openListening(options: Partial<ListenOptions>) {
  const listening = await listen({
    port: 0,
    host: undefined,
    onRequest: (_request, response) => void response.end('ok'),
    onUpgrade: () => {},
    ...options,
  });
  return { ...listening, [Symbol.asyncDispose]: () => listening.close() };
}

describe('answers keep their order', () => {
  const after = [
    { why: 'garbage', text: 'garbage\r\n\r\n'.repeat(100), statusCode: 400 },
    { why: 'CONNECT', text: `CONNECT evil.com:443 HTTP/1.1\r\n${host}\r\n`, statusCode: 405 },
    { why: 'a handshake', text: handshakeText(1, {}), statusCode: 400 },
  ];
  test.for(after.flatMap((one) => [undefined, tlsIdentity].map((tls) => ({ ...one, tls }))))(
    'when $why follows a request whose answer takes its time',
    async ({ text, statusCode, tls }) => {
      const asked: ServerResponse[] = [];
      await using listening = await openListening({ tls, onRequest: (_request, response) => asked.push(response) });
      using client = await openTcp(listening.port);
      client.socket.write(get('/a') + get('/b') + text);
      await eventually(() => asked.length).toBe(2);
      expect(client.received.length).toBe(0);
      asked[1]?.end('second');
      asked[0]?.end('first');
      await client.ended;
      expect(statuses(client.received)).toEqual([200, 200, statusCode]);
      expect(String(client.received)).toMatch(/first[\s\S]*second/);
    },
  );
});

test('a client that asks more and more and waits for no answer is cut off', async () => {
  const asked: unknown[] = [];
  await using listening = await openListening({ onRequest: (request) => asked.push(request.url) });
  using client = await openTcp(listening.port);
  client.socket.write(get('/').repeat(5000));
  await client.ended;
  expect(asked.length).toBe(1000);
});

test('a refused client that goes on sending still reads why', async () => {
  await using site = await openTestGateway({ handlers: { connect: () => returned({ statusCode: 403 }) } });
  using client = await openTcp(site.port);
  client.socket.write(
    Buffer.concat([Buffer.from(handshakeText(site.port, {})), Buffer.alloc(5_000_000, frame(1, 'x'))]),
  );
  await client.ended;
  expect(statuses(client.received)).toEqual([403]);
});

test('one that never ends its own side is cut off a second later', async () => {
  await using listening = await openListening({});
  using client = await openTcp(listening.port);
  client.socket.allowHalfOpen = true;
  client.socket.write('garbage\r\n\r\n');
  const startedAt = performance.now();
  const sending = setInterval(() => client.socket.write('more'), 50);
  await client.ended;
  clearInterval(sending);
  expect(performance.now() - startedAt).toBeLessThan(5000);
  expect(statuses(client.received)).toEqual([400]);
});

/** A server that takes ten bytes. */
const openLimited = (restMs: number) =>
  openListening({
    onRequest: (request, response) =>
      void readBody(request, 10, restMs).then(({ type }) => response.writeHead(type === 'read' ? 200 : 413).end()),
  });
const post = (bytes: number) => `POST / HTTP/1.1\r\n${host}Content-Length: ${bytes}\r\n\r\n`;

describe('a body that is too large', () => {
  test('can be sent to its end, and the connection is used again', async () => {
    await using listening = await openLimited(10_000);
    using client = await openTcp(listening.port);
    client.socket.write(post(200_000) + 'x'.repeat(200_000) + post(10) + 'x'.repeat(10));
    await eventually(() => statuses(client.received)).toEqual([413, 200]);
  });

  test.for([
    { why: 'what is no chunk', text: `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nzz\r\n` },
    { why: 'an end that is none', text: `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n1\r\nabc` },
  ])('or broken by $why is answered at once', async ({ text }) => {
    await using listening = await openLimited(10_000);
    using client = await openTcp(listening.port);
    client.socket.write(text);
    await client.ended;
    expect(statuses(client.received)).toEqual([400]);
  });

  test('is not waited for for ever', async () => {
    await using listening = await openLimited(200);
    using client = await openTcp(listening.port);
    client.socket.write(post(1_000_000_000));
    const sending = setInterval(() => client.socket.write('x'), 20);
    await client.ended;
    clearInterval(sending);
    expect(statuses(client.received)).toEqual([413]);
  });
});

describe('a body that stops in its middle', () => {
  test('ends its connection', async () => {
    await using listening = await openLimited(100);
    using client = await openTcp(listening.port);
    client.socket.write(`${post(5)}xxx`);
    await client.ended;
    expect(statuses(client.received)).not.toContain(200);
  });

  test('may take its time between two pieces', async () => {
    await using listening = await openLimited(500);
    using client = await openTcp(listening.port);
    client.socket.write(post(4));
    for (const piece of 'xxxx') {
      // oxlint-disable-next-line no-await-in-loop -- longer in all than it may say nothing
      await pause(200);
      client.socket.write(piece);
    }
    await eventually(() => statuses(client.received)).toEqual([200]);
  });
});
