import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  eventually,
  handshakeText,
  ok,
  openTcp,
  openTestGateway,
  refusal,
  returned,
  sign,
  wsRoutes,
} from './open-gateway.ts';

/** A gateway with every kind of route. */
async function openSite(more: Parameters<typeof openTestGateway>[0] = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'furrow-door-'));
  await writeFile(join(folder, 'app.js'), '1;');
  const site = await openTestGateway({
    ...more,
    handlers: { page: () => returned('page') },
    options: {
      routes: {
        ws: wsRoutes(['$connect', '$default', '$disconnect']),
        http: [{ method: 'get', path: '/page', functionName: 'page' }],
        staticFolder: folder,
      },
      localService: () => ({ statusCode: 200, headers: {}, body: 'local' }),
      ...more.options,
    },
  });
  return {
    ...site,
    async [Symbol.asyncDispose]() {
      await site[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

const routes = [
  { why: 'a page', path: '/page', service: undefined, statusCode: 200 },
  { why: 'a file', path: '/_static/app.js', service: undefined, statusCode: 200 },
  { why: 'nothing', path: '/nothing', service: undefined, statusCode: 404 },
  { why: 'the stage', path: '/testing', service: undefined, statusCode: 426 },
  { why: 'a connection', path: '/testing/@connections/TXzPWdn-_jECGjA=', service: 'execute-api', statusCode: 410 },
  {
    why: 'Architect’s way to it',
    path: '/_arc/ws/@connections/TXzPWdn-_jECGjA=',
    service: 'execute-api',
    statusCode: 410,
  },
  { why: 'a local service', path: '/_arc/ssm', service: 'ssm', statusCode: 200 },
];
const strangers = ['evil.com', 'evil.com:80', 'localhost.evil.com', '127.0.0.1.nip.io', '0.0.0.0', '[::2]', 'x y'];

describe('a request for another host', () => {
  test.for(routes)('gets nothing of $why', async ({ path, service, statusCode }) => {
    await using site = await openSite();
    const asked = { path, headers: { origin: 'http://evil.com' } };
    const signed = service === undefined ? asked : sign(site.port, asked, service);
    const welcome = await site.http(signed);
    expect(welcome.statusCode).toBe(statusCode);
    for (const host of strangers) {
      const answer = await site.http({ ...signed, headers: { ...signed.headers, host } });
      expect(answer).toMatchObject({ statusCode: 403, body: '{"message":"Forbidden"}' });
      expect(site.events.at(-1)).toMatchObject({ type: 'refused', what: `GET ${path}`, statusCode: 403 });
    }
  });

  test.for([...strangers, ''])('has no handshake: %s', async (host) => {
    await using site = await openSite();
    using client = await site.connectRaw({ host });
    await client.ended;
    expect(client.head).toMatch(/^HTTP\/1\.1 403 /);
    expect(site.calls).toEqual([]);
    expect(site.gateway.connectionCount).toBe(0);
  });

  test('that has none at all is refused', async () => {
    await using site = await openSite();
    for (const text of ['GET /page HTTP/1.0\r\n\r\n', 'GET /page HTTP/1.1\r\nConnection: close\r\n\r\n']) {
      using client = await openTcp(site.port);
      client.socket.write(text);
      await client.ended;
      expect(String(client.received)).toMatch(/^HTTP\/1\.1 40[03] /);
    }
  });

  test('is fine under a name that was added', async () => {
    await using site = await openSite({ options: { allowedHosts: ['Furrow.test'] } });
    for (const host of ['furrow.test', 'FURROW.test:80']) {
      expect((await site.http({ path: '/page', headers: { host } })).statusCode).toBe(200);
    }
    using client = await site.connectRaw({ host: 'furrow.test' });
    await eventually(() => client.head).toMatch(/^HTTP\/1\.1 101 /);
  });

  test('is fine under any address where the gateway listens on all', async () => {
    await using site = await openSite({ options: { host: '0.0.0.0' } });
    expect(site.gateway.url).toBe(`http://localhost:${site.port}`);
    expect((await site.http({ path: '/page', headers: { host: '192.168.1.2' } })).statusCode).toBe(200);
    expect((await site.http({ path: '/page', headers: { host: 'evil.com' } })).statusCode).toBe(403);
  });
});

test('A38 nothing is shared with pages of other sites', async () => {
  await using site = await openSite();
  for (const { path, service } of routes) {
    for (const method of ['GET', 'OPTIONS']) {
      const headers = {
        origin: 'http://evil.com',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      };
      const asked = { method, path, headers };
      const answers = [await site.http(asked), await site.http(sign(site.port, asked, service ?? 'execute-api'))];
      for (const answer of answers) {
        expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
        expect(answer.headers).not.toHaveProperty('set-cookie');
      }
    }
  }
  const refused = await refusal(`ws://localhost:${site.port}/staging`, { origin: 'http://evil.com' });
  expect(Object.keys(refused.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  using client = await site.connectRaw({ headers: { Origin: 'http://evil.com' } });
  await eventually(() => client.head).toMatch(/^HTTP\/1\.1 101 /);
  expect(client.head).not.toMatch(/access-control/i);
  expect(site.events).toContainEqual(expect.objectContaining({ type: 'connect', origin: 'http://evil.com' }));
});

test('requests that are no HTTP end their own connection only', async () => {
  await using site = await openSite();
  for (const text of [
    'hello\r\n\r\n',
    '\0\x01\x02\r\n\r\n',
    `GET /page HTTP/1.1\r\nHost: localhost\r\nX: ${'a'.repeat(80_000)}\r\n\r\n`,
    'POST /testing/@connections/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n',
    'CONNECT evil.com:443 HTTP/1.1\r\nHost: localhost\r\n\r\n',
    handshakeText(site.port, {}).replace('HTTP/1.1', 'HTTP/9.9'),
  ]) {
    using client = await openTcp(site.port);
    client.socket.write(text);
    await client.ended;
    expect(String(client.received)).toMatch(/^(?:HTTP\/1\.1 4\d\d |$)/);
  }
  expect(await site.http({ path: '/page' })).toMatchObject({ statusCode: 200 });
});

test('a body that never ends is not waited for', async () => {
  await using site = await openSite({ handlers: { connect: () => ok } });
  using client = await openTcp(site.port);
  client.socket.write(`POST /testing/@connections/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000000\r\n\r\n`);
  await eventually(() => String(client.received)).toMatch(/^HTTP\/1\.1 413 /);
});
