import { once } from 'node:events';
import { createServer } from 'node:net';
import { isUserError } from '@furrow/protocol';
import { describe, expect, test } from 'vitest';
import { listen, type ListenOptions } from '../src/server/listen.ts';
import { eventually, handshakeText, openTcp, openTestGateway } from './open-gateway.ts';

async function openListening(options: Partial<ListenOptions> = {}) {
  const listening = await listen({
    port: 0,
    host: undefined,
    onRequest: (_request, response) => void response.end('ok'),
    onUpgrade: () => {},
    ...options,
  });
  return { ...listening, [Symbol.asyncDispose]: () => listening.close() };
}

/** Some other program's port. */
async function occupy(host: string, port = 0) {
  const server = createServer();
  server.listen({ host, port });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP address.');
  return {
    port: address.port,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, 'close');
    },
  };
}

const hasIpv6 = await occupy('::1').then(
  async (server) => {
    await server[Symbol.asyncDispose]();
    return true;
  },
  () => false,
);

const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

test('localhost is both of its addresses', async (context) => {
  if (!hasIpv6) context.skip('this machine has no IPv6');
  await using site = await openTestGateway();
  for (const host of ['127.0.0.1', '::1']) {
    using client = await openTcp(site.port, host);
    client.socket.write(handshakeText(site.port, {}));
    await eventually(() => String(client.received)).toMatch(/^HTTP\/1\.1 101 /);
  }
  expect(site.gateway.url).toBe(`http://localhost:${site.port}`);
});

describe('a port that is taken', () => {
  test('by another gateway', async () => {
    await using site = await openTestGateway();
    const error = await errorOf(openTestGateway({ options: { port: site.port } }));
    expect(isUserError(error) && error).toMatchObject({
      code: 'PORT_TAKEN',
      message: `Port ${site.port} is already in use.`,
      fix: `Stop the other process, or run "arc sandbox --port ${site.port + 1}".`,
    });
    using client = await site.connect();
    expect(await client.pong()).toBe('sync');
  });

  test.for(['127.0.0.1', '::1'])('on %s alone', async (host, context) => {
    if (!hasIpv6) context.skip('this machine has no IPv6');
    await using other = await occupy(host);
    expect(await errorOf(openTestGateway({ options: { port: other.port } }))).toMatchObject({ code: 'PORT_TAKEN' });
    // Its other address was not kept.
    await using free = await occupy(host === '::1' ? '127.0.0.1' : '::1', other.port);
    expect(free.port).toBe(other.port);
  });

  test('is no trouble where any will do', async () => {
    const gateways = await Promise.all(Array.from({ length: 20 }, () => openTestGateway()));
    expect(new Set(gateways.map(({ port }) => port)).size).toBe(20);
    await Promise.all(gateways.map((site) => site.gateway.close()));
  });
});

test('an address of another machine', async () => {
  expect(await errorOf(openListening({ host: '192.0.2.1' }))).toMatchObject({ code: 'HOST_UNKNOWN' });
});

describe('a client that does not get on', () => {
  test.for([
    { why: 'says nothing', text: '' },
    { why: 'stops in its first line', text: 'GET /testing' },
    { why: 'stops in its headers', text: handshakeText(1, {}).slice(0, -2) },
  ])('and $why is cut off', async ({ text }) => {
    await using listening = await openListening({ headersTimeoutMs: 200 });
    using client = await openTcp(listening.port);
    if (text !== '') client.socket.write(text);
    const startedAt = performance.now();
    await client.ended;
    expect(performance.now() - startedAt).toBeLessThan(2000);
    expect(String(client.received)).toBe(
      'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
    );
  });

  test('does not keep the others waiting', async () => {
    await using listening = await openListening({ headersTimeoutMs: 200 });
    using silent = await openTcp(listening.port);
    const response = await fetch(`http://127.0.0.1:${listening.port}`);
    expect(await response.text()).toBe('ok');
    await silent.ended;
  });

  test('has headers that are too long', async () => {
    await using listening = await openListening();
    using client = await openTcp(listening.port);
    client.socket.write(`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'a'.repeat(80_000)}\r\n\r\n`);
    await client.ended;
    expect(String(client.received)).toMatch(/^HTTP\/1\.1 431 /);
  });

  test('is no longer waited for once it has been upgraded, and still cut off at the end', async () => {
    const upgraded: unknown[] = [];
    const listening = await openListening({
      headersTimeoutMs: 100,
      onUpgrade: (request) => upgraded.push(request.url),
    });
    using client = await openTcp(listening.port);
    client.socket.write(handshakeText(listening.port, {}));
    await eventually(() => upgraded).toEqual(['/testing']);
    await listening.close();
    await client.ended;
    expect(client.received.length).toBe(0);
  });
});
