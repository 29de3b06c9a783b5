import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readlink, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventText, type GatewayEvent, type HttpEvent, type Invocation, type Outcome } from '@furrow/protocol';
import { describe, expect, test } from 'vitest';
import { createHttpHandler, type HttpHandlerOptions } from '../src/http/handle-http.ts';
import { createRouter, type HttpRoute } from '../src/http/router.ts';

const returned = (value: unknown): Outcome => ({ type: 'returned', value });

const defaultRoutes: readonly HttpRoute[] = [
  { method: 'any', path: '/echo/*', functionName: 'http/any-echo-catchall' },
  { method: 'get', path: '/rooms/:id', functionName: 'http/get-rooms-000id' },
  { method: 'get', path: '/_static/hidden', functionName: 'http/get-_static-hidden' },
];

interface Setup {
  readonly routes?: readonly HttpRoute[];
  readonly invoke?: (event: HttpEvent, invocation: Invocation) => Outcome | Promise<Outcome>;
  readonly options?: Partial<HttpHandlerOptions>;
}

/** A gateway's HTTP part on a free port, with real files in `public/`. The fake `invoke` returns its event. */
async function openSite({ routes = defaultRoutes, invoke = returned, options = {} }: Setup = {}) {
  const project = await mkdtemp(join(tmpdir(), 'furrow-http-'));
  const folder = join(project, 'public');
  await mkdir(folder);
  const events: GatewayEvent[] = [];
  const invocations: Invocation[] = [];
  const router = createRouter(routes);
  const handle = createHttpHandler({
    router: () => router,
    invoke: async (invocation) => {
      invocations.push(invocation);
      const event: HttpEvent = JSON.parse(eventText(invocation.event));
      return invoke(event, invocation);
    },
    staticFolder: () => folder,
    apiId: 'local',
    now: Date.now,
    onEvent: (event) => events.push(event),
    ...options,
  });
  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP address.');
  const { port } = address;
  return {
    project,
    folder,
    events,
    invocations,
    port,
    url: `http://127.0.0.1:${port}`,
    write: (name: string, content: string | Buffer) => writeFile(join(folder, name), content),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      await rm(project, { recursive: true });
    },
  };
}

/** Sends bytes as they are, and gives all that comes back until the server hangs up. */
async function raw(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  // Not `end`: Node's server drops requests of a client that closes its half of the connection.
  socket.write(text);
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}

const rawGet = (port: number, target: string) =>
  raw(port, `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);

/** A promise that the test settles. */
function deferred<T>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

const eventOf = async (response: Response): Promise<HttpEvent> => JSON.parse(await response.text());

/** Descriptors of this process that are open on files of a folder; `undefined` where the system does not tell. */
async function openFiles(folder: string): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const names = await readdir('/proc/self/fd');
  const targets = await Promise.all(names.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')));
  return targets.filter((target) => target.startsWith(folder)).length;
}

describe('functions', () => {
  test('get the event of payload 2.0 and answer with a value', async () => {
    await using site = await openSite();
    const response = await fetch(`${site.url}/rooms/a%20b?x=1&x=2`, { headers: { 'X-Me': 'é' } });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    const event = await eventOf(response);
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'GET /rooms/{id}',
      rawPath: '/rooms/a b',
      rawQueryString: 'x=1&x=2',
      queryStringParameters: { x: '1,2' },
      pathParameters: { id: 'a b' },
      isBase64Encoded: false,
    });
    expect(event.headers).toMatchObject({
      'content-length': '0',
      'x-me': 'é',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-port': String(site.port),
      'x-forwarded-proto': 'http',
    });
    expect(event.headers['x-amzn-trace-id']).toMatch(/^Root=1-[\da-f]{8}-[\da-f]{24}$/);
    expect(event.requestContext).toMatchObject({ apiId: 'local', domainName: `127.0.0.1:${site.port}` });
    expect(response.headers.get('apigw-requestid')).toBe(event.requestContext.requestId);
    expect(site.invocations[0]?.functionName).toBe('http/get-rooms-000id');
  });

  test('report one event for each request', async () => {
    await using site = await openSite();
    await (await fetch(`${site.url}/rooms/7?x=1`)).text();
    await (await fetch(`${site.url}/nope`)).text();
    await expect.poll(() => site.events.length).toBe(2);
    expect(site.events[0]).toMatchObject({
      type: 'http',
      method: 'GET',
      path: '/rooms/7',
      routeKey: 'GET /rooms/{id}',
      statusCode: 200,
      failure: undefined,
    });
    expect(site.events[1]).toMatchObject({ type: 'http', path: '/nope', routeKey: undefined, statusCode: 404 });
  });

  test.for(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'])('answer %s', async (method) => {
    await using site = await openSite();
    const response = await fetch(`${site.url}/echo/`, { method });
    expect((await eventOf(response)).requestContext.http.method).toBe(method);
  });

  test('answer HEAD without a body', async () => {
    await using site = await openSite({ invoke: () => returned('hello') });
    const response = await fetch(`${site.url}/echo/`, { method: 'HEAD' });
    expect(response.headers.get('content-length')).toBe('5');
    expect(await response.text()).toBe('');
  });

  test.for([204, 304])('answer %i without a length', async (statusCode) => {
    await using site = await openSite({ invoke: () => returned({ statusCode, body: 'dropped' }) });
    const response = await fetch(`${site.url}/echo/`);
    expect(response.status).toBe(statusCode);
    expect(response.headers.get('content-length')).toBeNull();
    expect(await response.text()).toBe('');
  });

  test('cookies in and out', async () => {
    await using site = await openSite({
      invoke: (event) =>
        returned({ statusCode: 200, cookies: ['a=1; HttpOnly', 'b=2'], body: event.cookies?.join('|') }),
    });
    const response = await fetch(`${site.url}/echo/`, { headers: { cookie: 'one=1; two=2' } });
    expect(await response.text()).toBe('one=1|two=2');
    expect(response.headers.getSetCookie()).toEqual(['a=1; HttpOnly', 'b=2']);
  });

  test('base64 in and out', async () => {
    await using site = await openSite({
      invoke: ({ body, isBase64Encoded }) =>
        returned({ statusCode: 200, headers: { 'content-type': 'image/png' }, body, isBase64Encoded }),
    });
    const bytes = Buffer.from([0, 255, 128, 10, 13]);
    const response = await fetch(`${site.url}/echo/`, { method: 'POST', body: bytes });
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
  });

  test('a chunked body', async () => {
    await using site = await openSite();
    const answer = await raw(
      site.port,
      'POST /echo/x HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n' +
        'Connection: close\r\n\r\n2\r\nhi\r\n0\r\n\r\n',
    );
    expect(answer).toContain('"body":"hi"');
    expect(answer).toContain('"content-length":"2"');
    expect(answer).not.toContain('"transfer-encoding"');
  });

  test('100-continue', async () => {
    await using site = await openSite();
    const request = httpRequest(`${site.url}/echo/`, {
      method: 'POST',
      headers: { expect: '100-continue', 'content-type': 'text/plain', 'content-length': 2 },
    });
    request.flushHeaders();
    await once(request, 'continue');
    request.end('hi');
    const [response]: IncomingMessage[] = await once(request, 'response');
    expect(response?.statusCode).toBe(200);
    response?.resume();
  });

  test.for([
    { why: 'is announced', chunked: false },
    { why: 'comes in chunks', chunked: true },
  ])('a body that is too large and $why is 413, and the connection lives on', async ({ chunked }) => {
    await using site = await openSite({ options: { maxBodyBytes: 1000 } });
    const body = 'x'.repeat(200_000);
    const head = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`;
    const sent = chunked ? `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n` : body;
    const answer = await raw(
      site.port,
      `POST /echo/ HTTP/1.1\r\nHost: x\r\n${head}\r\n\r\n${sent}GET /nope HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toContain('HTTP/1.1 413 ');
    expect(answer).toContain('{"message":"Request Entity Too Large"}');
    expect(answer).toContain('HTTP/1.1 404 ');
    expect(site.invocations).toEqual([]);
  });

  test('a body of just the limit passes', async () => {
    await using site = await openSite({ options: { maxBodyBytes: 1000 } });
    const response = await fetch(`${site.url}/echo/`, { method: 'POST', body: 'x'.repeat(1000) });
    expect((await eventOf(response)).body).toHaveLength(1000);
  });

  test('an upload that breaks off invokes nothing', async () => {
    await using site = await openSite();
    const socket = connect(site.port, '127.0.0.1');
    socket.write('POST /echo/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf');
    await once(socket, 'connect');
    socket.resetAndDestroy();
    await expect.poll(() => site.events).toMatchObject([{ statusCode: 499, routeKey: 'ANY /echo/{proxy+}' }]);
    expect(site.invocations).toEqual([]);
  });

  test('a client that leaves while the function runs does no harm', async () => {
    const pending = deferred<Outcome>();
    await using site = await openSite({ invoke: () => pending.promise });
    const socket = connect(site.port, '127.0.0.1');
    socket.write('GET /echo/ HTTP/1.1\r\nHost: x\r\n\r\n');
    await expect.poll(() => site.invocations.length).toBe(1);
    socket.resetAndDestroy();
    await once(socket, 'close');
    pending.resolve(returned('late'));
    await expect.poll(() => site.events).toMatchObject([{ statusCode: 200 }]);
  });

  test('a slow function gives 503, and its answer is dropped', async () => {
    const pending = deferred<Outcome>();
    await using site = await openSite({
      invoke: () => pending.promise,
      options: { integrationTimeoutMs: 20 },
    });
    const response = await fetch(`${site.url}/echo/`);
    expect(response.status).toBe(503);
    expect(await response.text()).toBe('{"message":"Service Unavailable"}');
    pending.resolve(returned('late'));
    await expect.poll(() => site.events).toMatchObject([{ failure: { errorType: 'Gateway.Timedout' } }]);
  });

  const failure = { errorType: 'TypeError', errorMessage: 'no', trace: ['TypeError: no', 'at x.mjs:1:1'] };
  test.for<{ why: string; invoke: () => Outcome | Promise<Outcome>; errorType: string }>([
    { why: 'fails', invoke: () => ({ type: 'failed', failure }), errorType: 'TypeError' },
    { why: 'cannot run', invoke: () => ({ type: 'refused', reason: 'No handler.' }), errorType: 'Gateway.Refused' },
    { why: 'answers nonsense', invoke: () => returned({ statusCode: 'x' }), errorType: 'Gateway.MalformedResponse' },
    {
      why: 'answers a header that breaks lines',
      invoke: () => returned({ statusCode: 200, headers: { a: 'b\r\nc: d' } }),
      errorType: 'Gateway.MalformedResponse',
    },
    { why: 'breaks its contract', invoke: () => Promise.reject(new RangeError('bug')), errorType: 'RangeError' },
  ])('a function that $why gives 500 and a failure in the log', async ({ invoke, errorType }) => {
    await using site = await openSite({ invoke });
    const response = await fetch(`${site.url}/echo/`);
    expect(response.status).toBe(500);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.text()).toBe('{"message":"Internal Server Error"}');
    await expect.poll(() => site.events).toMatchObject([{ statusCode: 500, failure: { errorType } }]);
  });

  test('routes may change while requests run', async () => {
    let router = createRouter([]);
    await using site = await openSite({ options: { router: () => router } });
    expect((await fetch(`${site.url}/new`)).status).toBe(404);
    router = createRouter([{ method: 'get', path: '/new', functionName: 'http/get-new' }]);
    expect((await fetch(`${site.url}/new`)).status).toBe(200);
  });

  test('a proxy in front may describe the client', async () => {
    const client = { sourceIp: '9.9.9.9', scheme: 'https', port: 443 } as const;
    await using site = await openSite({ options: { describeClient: () => client } });
    const event = await eventOf(await fetch(`${site.url}/echo/`));
    expect(event.requestContext.http.sourceIp).toBe('9.9.9.9');
    expect(event.headers).toMatchObject({ 'x-forwarded-proto': 'https', 'x-forwarded-port': '443' });
  });
});

describe('paths without a route', () => {
  test.for([
    { target: '/nope', why: 'unknown' },
    { target: '/app.js', why: 'a file of public/, but not below /_static' },
    { target: '*', why: 'no path' },
    { target: 'http://x/nope', why: 'an absolute one' },
    { target: '/%5fstatic/app.js', why: 'escaped' },
  ])('$target ($why) is 404 as on AWS', async ({ target }) => {
    await using site = await openSite();
    await site.write('app.js', '1');
    const answer = await rawGet(site.port, target);
    expect(answer).toContain('HTTP/1.1 404 ');
    expect(answer).toContain('{"message":"Not Found"}');
  });
});

describe('/', () => {
  test('is public/index.html where there is one', async () => {
    await using site = await openSite();
    expect((await fetch(site.url)).status).toBe(404);
    await site.write('index.html', '<h1>');
    const response = await fetch(`${site.url}/?x`);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await response.text()).toBe('<h1>');
    expect((await fetch(site.url, { method: 'POST' })).status).toBe(404);
    expect((await fetch(site.url, { method: 'HEAD' })).status).toBe(200);
  });

  test('is a function where there is a route', async () => {
    await using site = await openSite({ routes: [{ method: 'get', path: '/', functionName: 'http/get-index' }] });
    await site.write('index.html', '<h1>');
    expect((await eventOf(await fetch(site.url))).routeKey).toBe('GET /');
  });
});

describe('/_static', () => {
  test('serves files with type, length and validators', async () => {
    await using site = await openSite();
    await site.write('app.mjs', 'export {}');
    await utimes(join(site.folder, 'app.mjs'), 1_708_326_702, 1_708_326_702);
    const response = await fetch(`${site.url}/_static/app.mjs?v=1`);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'content-length': '9',
      'accept-ranges': 'bytes',
      'cache-control': 'public, max-age=0, must-revalidate',
      'last-modified': 'Mon, 19 Feb 2024 07:11:42 GMT',
    });
    expect(await response.text()).toBe('export {}');
  });

  test('wins over routes, so that files are always where they seem', async () => {
    await using site = await openSite();
    expect((await fetch(`${site.url}/_static/hidden`)).status).toBe(404);
    expect(site.invocations).toEqual([]);
  });

  test('is found below the prefix that it has on AWS, and not when it is ignored', async () => {
    const rules = { prefix: 'v1/assets', ignore: ['.secret'] };
    await using site = await openSite({ options: { staticRules: () => rules } });
    await site.write('a.txt', 'a');
    await site.write('a.secret.txt', 'a');
    const statuses = ['v1/assets/a.txt', 'a.txt', 'v1/a.txt', 'a.secret.txt', 'v1/assets/a.secret.txt'].map(
      async (path) => (await fetch(`${site.url}/_static/${path}`)).status,
    );
    expect(await Promise.all(statuses)).toEqual([200, 200, 404, 404, 404]);
  });

  test('is at the root where no function is, and a single page answers for what is no file', async () => {
    let isSinglePage = false;
    const options = { staticRules: () => ({ isSinglePage, isAtRoot: true }) };
    await using site = await openSite({
      options,
      routes: [{ method: 'get', path: '/api/:x', functionName: 'http/api' }],
    });
    await site.write('index.html', 'home');
    await site.write('a.txt', 'a');
    const paths = ['/', '/a.txt', '/rooms/1', '/none.txt', '/api/1', '/../a.txt'];
    const statuses = () => Promise.all(paths.map(async (path) => (await fetch(site.url + path)).status));
    expect(await statuses()).toEqual([200, 200, 404, 404, 200, 200]);
    isSinglePage = true;
    expect(await statuses()).toEqual([200, 200, 200, 404, 200, 200]);
    expect(await (await fetch(`${site.url}/rooms/1`)).text()).toBe('home');
    expect((await fetch(`${site.url}/rooms/1`, { method: 'POST' })).status).toBe(404);
  });

  test('may have a page for what is not at the root', async () => {
    let isAtRoot = true;
    await using site = await openSite({ options: { staticRules: () => ({ isAtRoot }) }, routes: [] });
    await site.write('404.html', '<p>lost');
    const lost = await fetch(`${site.url}/nowhere`);
    expect([lost.status, lost.headers.get('content-type'), await lost.text()]).toEqual([
      404,
      'text/html; charset=utf-8',
      '<p>lost',
    ]);
    const head = await fetch(`${site.url}/nowhere`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([404, '7']);
    expect(await (await fetch(`${site.url}/_static/nowhere`)).text()).toBe('Not found');
    isAtRoot = false;
    expect(await (await fetch(`${site.url}/nowhere`)).text()).toBe('{"message":"Not Found"}');
  });

  test('is nothing special in an app without public/', async () => {
    await using site = await openSite({ options: { staticFolder: () => undefined } });
    expect((await fetch(`${site.url}/_static/hidden`)).status).toBe(200);
    expect((await fetch(site.url)).status).toBe(404);
  });

  test('says 304 to who has the file, and sends a new one after an edit', async () => {
    await using site = await openSite();
    await site.write('a.txt', 'one');
    const first = await fetch(`${site.url}/_static/a.txt`);
    const etag = first.headers.get('etag') ?? '';
    const headers = { 'if-none-match': etag };
    const second = await fetch(`${site.url}/_static/a.txt`, { headers });
    expect(second.status).toBe(304);
    expect(second.headers.get('etag')).toBe(etag);
    expect(second.headers.get('content-length')).toBeNull();
    await site.write('a.txt', 'two');
    const third = await fetch(`${site.url}/_static/a.txt`, { headers });
    expect(third.status).toBe(200);
    expect(await third.text()).toBe('two');
  });

  test.for([
    { range: 'bytes=2-4', statusCode: 206, body: 'cde', content: 'bytes 2-4/6' },
    { range: 'bytes=-1', statusCode: 206, body: 'f', content: 'bytes 5-5/6' },
    { range: 'bytes=6-', statusCode: 416, body: '', content: 'bytes */6' },
    { range: 'bytes=0-1,3-4', statusCode: 200, body: 'abcdef', content: null },
  ])('$range is $statusCode', async ({ range, statusCode, body, content }) => {
    await using site = await openSite();
    await site.write('a.txt', 'abcdef');
    const response = await fetch(`${site.url}/_static/a.txt`, { headers: { range } });
    expect(response.status).toBe(statusCode);
    expect(response.headers.get('content-range')).toBe(content);
    expect(await response.text()).toBe(body);
  });

  test('an empty file is 200 and has no ranges', async () => {
    await using site = await openSite();
    await site.write('empty.txt', '');
    const response = await fetch(`${site.url}/_static/empty.txt`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe('0');
    expect(await response.text()).toBe('');
    expect((await fetch(`${site.url}/_static/empty.txt`, { headers: { range: 'bytes=0-' } })).status).toBe(416);
  });

  test('HEAD gives the headers only', async () => {
    await using site = await openSite();
    await site.write('a.txt', 'abc');
    const response = await fetch(`${site.url}/_static/a.txt`, { method: 'HEAD' });
    expect(response.headers.get('content-length')).toBe('3');
    expect(await response.text()).toBe('');
  });

  test.for(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s is 405', async (method) => {
    await using site = await openSite();
    await site.write('a.txt', 'abc');
    const response = await fetch(`${site.url}/_static/a.txt`, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD');
  });

  test('a folder is its index.html and never a list', async () => {
    await using site = await openSite();
    await mkdir(join(site.folder, 'docs'));
    await mkdir(join(site.folder, 'bare'));
    await site.write('docs/index.html', 'docs');
    for (const path of ['/docs', '/docs/']) {
      expect(await (await fetch(`${site.url}/_static${path}`)).text()).toBe('docs');
    }
    for (const path of ['', '/', '/bare', '/bare/', '/docs/index.html/', '/docs/index.html/x']) {
      expect([path, (await fetch(`${site.url}/_static${path}`)).status]).toEqual([path, 404]);
    }
  });

  test.for([
    '/_static/../package.json',
    '/_static/../../package.json',
    '/_static/%2e%2e/package.json',
    '/_static/%2E%2E%2Fpackage.json',
    '/_static/..%2fpackage.json',
    '/_static/..%5cpackage.json',
    '/_static/..\\package.json',
    '/_static//package.json',
    '/_static/%252e%252e/package.json',
    '/_static/a/../../package.json',
    '/_static/package.json%00.txt',
    '/_static/.env',
    '/_static/%2eenv',
    '/_static/.git/config',
    '/_static/out/package.json',
    '/_static/out.json',
    '/_static/outside-index',
    '/_static/loop',
    `/_static/${'x'.repeat(5000)}`,
    `/_static${'/x'.repeat(4000)}`,
  ])('%s is 404 and tells nothing', async (target) => {
    await using site = await openSite();
    await writeFile(join(site.project, 'package.json'), 'secret');
    await site.write('.env', 'secret');
    await mkdir(join(site.folder, '.git'));
    await site.write('.git/config', 'secret');
    await symlink(site.project, join(site.folder, 'out'));
    await symlink('../package.json', join(site.folder, 'out.json'));
    await symlink('loop', join(site.folder, 'loop'));
    await mkdir(join(site.folder, 'outside-index'));
    await symlink('../../package.json', join(site.folder, 'outside-index', 'index.html'));
    const answer = await rawGet(site.port, target);
    expect(answer).toContain('HTTP/1.1 404 ');
    expect(answer).toMatch(/\r\n\r\nNot found$/);
    expect(answer).not.toContain('secret');
    expect(answer).not.toContain(site.project);
  });

  test('a folder whose name begins alike is outside too', async () => {
    await using site = await openSite();
    await mkdir(`${site.folder}-private`);
    await writeFile(join(`${site.folder}-private`, 'a.txt'), 'secret');
    await symlink('../public-private/a.txt', join(site.folder, 'a.txt'));
    expect((await fetch(`${site.url}/_static/a.txt`)).status).toBe(404);
  });

  test('links within the folder are fine, and so is a folder that is a link', async () => {
    await using site = await openSite();
    await site.write('a.txt', 'abc');
    await symlink('a.txt', join(site.folder, 'b.txt'));
    await symlink(site.folder, join(site.project, 'linked'));
    expect(await (await fetch(`${site.url}/_static/b.txt`)).text()).toBe('abc');
    await using linked = await openSite({ options: { staticFolder: () => join(site.project, 'linked') } });
    expect(await (await fetch(`${linked.url}/_static/b.txt`)).text()).toBe('abc');
  });

  test('.well-known is served', async () => {
    await using site = await openSite();
    await mkdir(join(site.folder, '.well-known'));
    await site.write('.well-known/security.txt', 'hi');
    expect(await (await fetch(`${site.url}/_static/.well-known/security.txt`)).text()).toBe('hi');
  });

  test('a missing public/ is 404', async () => {
    await using site = await openSite({ options: { staticFolder: () => join(tmpdir(), 'furrow-none', 'public') } });
    expect((await fetch(`${site.url}/_static/a.txt`)).status).toBe(404);
  });

  test('a large file arrives whole, by many at once, and leaves no descriptor open', async () => {
    await using site = await openSite();
    const content = Buffer.alloc(5_000_000, 'abcdefg');
    await site.write('large.bin', content);
    const answers = await Promise.all(
      Array.from({ length: 8 }, async () => (await fetch(`${site.url}/_static/large.bin`)).arrayBuffer()),
    );
    for (const answer of answers) expect(content.equals(Buffer.from(answer))).toBe(true);
    await expect.poll(() => openFiles(site.folder)).toBeOneOf([0, undefined]);
  });

  test('a client that leaves half-way leaves no descriptor open', async () => {
    await using site = await openSite();
    await site.write('large.bin', Buffer.alloc(50_000_000));
    const socket = connect(site.port, '127.0.0.1');
    socket.write('GET /_static/large.bin HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    socket.pause();
    expect(await openFiles(site.folder)).toBeOneOf([1, undefined]);
    socket.resetAndDestroy();
    await expect.poll(() => site.events.length).toBe(1);
    await expect.poll(() => openFiles(site.folder)).toBeOneOf([0, undefined]);
  });

  test('nor does one that has asked for several at once', async () => {
    await using site = await openSite();
    await site.write('large.bin', Buffer.alloc(5_000_000));
    const socket = connect(site.port, '127.0.0.1');
    socket.write('GET /_static/large.bin HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(3));
    socket.once('data', () => socket.pause());
    await expect.poll(() => openFiles(site.folder)).toBeOneOf([3, undefined]);
    socket.resetAndDestroy();
    await expect.poll(() => site.events.length).toBe(3);
    await expect.poll(() => openFiles(site.folder)).toBeOneOf([0, undefined]);
  });

  test('a file that shrinks while it is sent breaks the connection rather than hang', async () => {
    await using site = await openSite();
    await site.write('large.bin', Buffer.alloc(50_000_000));
    const socket = connect(site.port, '127.0.0.1');
    socket.write('GET /_static/large.bin HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    socket.pause();
    await site.write('large.bin', 'short');
    socket.resume();
    await once(socket, 'close');
    expect(socket.bytesRead).toBeLessThan(50_000_000);
  });
});
