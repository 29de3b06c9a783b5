import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openArcSandbox, type RunningSandbox } from './support/arc.ts';
import { repository } from './support/built.ts';
import { openTemporaryFolder, type TemporaryFolder } from './support/temporary-folder.ts';

const manifest = `@app
middleware

@http
any /ours/:what
any /stock/:what
get /callbacks/ours/:what
get /callbacks/stock/:what

@ws

@tables
sessions
  _idx *String
  _ttl TTL
`;

/** The same code for both libraries. */
const answers = `
const page = '<p>' + 'hello '.repeat(100) + '</p>';
exports.answers = {
  echo: ({ method, path, params, query, body, rawBody, isBase64Encoded, resource }) =>
    ({ json: { method, path: path.split('/').pop(), what: params.what, query, body, rawBody, isBase64Encoded, resource: resource.split('/').pop() } }),
  html: () => ({ html: page }),
  json: () => ({ json: { a: [1, 'é'] } }),
  css: () => ({ css: 'a{}' }),
  status: () => ({ status: 418, text: 'short and stout' }),
  elsewhere: () => ({ location: '/there' }),
  cookies: () => ({ cookies: ['a=1', 'b=2; Path=/'], text: 'x' }),
  image: () => ({ type: 'image/png', body: Buffer.from([137, 80, 78, 71, 0, 255]).toString('base64') }),
  cors: () => ({ cors: true, cacheControl: 'max-age=7', headers: { 'X-More': 'yes' }, text: 'x' }),
  gzip: () => ({ compression: 'gzip', html: page }),
  plain: () => ({ compression: false, html: page }),
  nothing: () => undefined,
  list: () => [1, 2],
  count: ({ session }) => ({ session: { ...session, count: (session.count ?? 0) + 1 }, json: { count: session.count ?? 0 } }),
  leave: () => ({ session: {}, text: 'bye' }),
};`;
const asyncHandler = `
const arc = require('@architect/functions');
const { answers } = require('./answers.js');
exports.handler = arc.http.async(
  async (req) => { req.marked = true; },
  async (req) => {
    if (!req.marked) throw new Error('The first did not run.');
    return answers[req.params.what](req);
  },
);`;
const callbackHandler = `
const arc = require('@architect/functions');
const { answers } = require('./answers.js');
exports.handler = arc.http(
  (req, res, next) => { req.marked = true; setTimeout(next, 1); },
  (req, res) => (req.marked ? res(answers[req.params.what](req)) : res({ status: 500 })),
);`;

const functions = [
  { folder: 'http/any-ours-000what', handler: asyncHandler, hasStock: false },
  { folder: 'http/any-stock-000what', handler: asyncHandler, hasStock: true },
  { folder: 'http/get-callbacks-ours-000what', handler: callbackHandler, hasStock: false },
  { folder: 'http/get-callbacks-stock-000what', handler: callbackHandler, hasStock: true },
];
const connectHandler = `
const arc = require('@architect/functions');
exports.handler = async (event) => {
  const { count } = await arc.http.session.read(event);
  return { statusCode: count ? 200 : 403 };
};`;

/** An app whose functions have the library that comes along, or Architect's own, which is installed beside them. */
async function writeApp(folder: string, env: string): Promise<void> {
  await writeFile(join(folder, 'app.arc'), manifest);
  await writeFile(join(folder, '.env'), env);
  for (const { folder: name, handler, hasStock } of functions) {
    const place = join(folder, 'src', name);
    // oxlint-disable no-await-in-loop
    await mkdir(join(place, 'node_modules', '@architect'), { recursive: true });
    await writeFile(join(place, 'index.js'), handler);
    await writeFile(join(place, 'answers.js'), answers);
    const installed = join(place, 'node_modules', '@architect', 'functions');
    if (hasStock) await symlink(join(repository, 'node_modules', 'architect-functions'), installed);
    // oxlint-enable no-await-in-loop
  }
  for (const route of ['connect', 'default', 'disconnect']) {
    const place = join(folder, 'src', 'ws', route);
    await mkdir(place, { recursive: true });
    const handler = route === 'connect' ? connectHandler : 'exports.handler = async () => ({ statusCode: 200 });';
    await writeFile(join(place, 'index.js'), handler);
  }
}

const ofTheServer = new Set(['apigw-requestid', 'connection', 'content-length', 'date', 'keep-alive']);

describe('in the sandbox', () => {
  let folder: TemporaryFolder;
  let sandbox: RunningSandbox;

  beforeAll(async () => {
    folder = await openTemporaryFolder();
    await writeApp(folder.path, '');
    sandbox = await openArcSandbox({ cwd: folder.path });
  });
  afterAll(async () => {
    await sandbox?.[Symbol.asyncDispose]();
    await folder?.[Symbol.asyncDispose]();
  });

  /** Everything of a response that a library decides. */
  async function ask(path: string, init: RequestInit = {}) {
    const response = await fetch(new URL(path, sandbox.url), { redirect: 'manual', ...init });
    const bytes = Buffer.from(await response.arrayBuffer()).toString('latin1');
    const headers = new Headers(response.headers);
    // Stock says of an empty body that it is compressed.
    if (bytes === '') headers.delete('content-encoding');
    return {
      status: response.status,
      headers: Object.fromEntries([...headers].filter(([name]) => !ofTheServer.has(name))),
      bytes,
    };
  }

  const whats = ['html', 'json', 'css', 'status', 'elsewhere', 'cookies', 'image', 'cors', 'gzip', 'plain', 'list'];

  test.for(whats)('ours answers as stock: %s', async (what) => {
    const expected = await ask(`/stock/${what}`);
    expect(expected.status).toBeLessThan(500);
    expect(await ask(`/ours/${what}`)).toEqual(expected);
    expect(await ask(`/callbacks/ours/${what}`)).toEqual(await ask(`/callbacks/stock/${what}`));
  });

  test.for(['br', 'gzip', 'identity'])('to a client that accepts %s', async (encoding) => {
    const init = { headers: { 'accept-encoding': encoding } };
    const expected = await ask('/stock/html', init);
    expect(expected.headers['content-encoding'] ?? 'identity').toBe(encoding);
    expect(await ask('/ours/html', init)).toEqual(expected);
  });

  test('an answer without a body', async () => {
    const { status, bytes } = await ask('/ours/nothing');
    expect({ status, bytes }).toEqual({ status: 200, bytes: '' });
  });

  test.for<{ why: string; type?: string; body: string | URLSearchParams | Uint8Array<ArrayBuffer> }>([
    { why: 'JSON', type: 'application/json', body: '{"a":"é"}' },
    { why: 'a form', body: new URLSearchParams({ a: '1', b: 'é &=' }) },
    { why: 'a form with a file', type: 'multipart/form-data; boundary=x', body: '--x\r\n\r\nfile\r\n--x--' },
    { why: 'text', type: 'text/plain', body: 'é\0' },
    { why: 'XML', type: 'application/xml', body: '<é/>' },
    { why: 'bytes', type: 'application/octet-stream', body: Uint8Array.from({ length: 256 }, (_none, byte) => byte) },
    { why: 'no type', type: '', body: Uint8Array.of(0, 255) },
  ])('what is sent is shown as by stock: $why', async ({ type, body }) => {
    const init = { method: 'POST', body, headers: type === undefined ? {} : { 'content-type': type } };
    const expected = await ask('/stock/echo?q=1&q=2', init);
    expect(expected.status).toBe(200);
    expect(await ask('/ours/echo?q=1&q=2', init)).toEqual(expected);
  });

  test('what throws is an error of the function, with its stack in the log', async () => {
    const { status, bytes } = await ask('/ours/unknown');
    expect({ status, bytes }).toEqual({ status: 500, bytes: '{"message":"Internal Server Error"}' });
    expect(JSON.stringify(sandbox.lines())).toContain('any-ours-000what/index.js');
  });
});

describe.for([
  { why: 'in the cookie', env: '' },
  { why: 'in the cookie, with a secret', env: 'ARC_APP_SECRET=0123456789abcdef0123456789abcdef\n' },
  { why: 'in a table', env: 'ARC_SESSION_TABLE_NAME=sessions\nARC_APP_SECRET=any\n' },
])('a session $why', ({ env }) => {
  test('is one for functions with either library, and for connect', { timeout: 60_000 }, async () => {
    await using folder = await openTemporaryFolder();
    await writeApp(folder.path, env);
    await using sandbox = await openArcSandbox({ cwd: folder.path });
    let cookie = '';
    const count = async (library: string) => {
      const response = await fetch(new URL(`/${library}/count`, sandbox.url), { headers: cookie ? { cookie } : {} });
      expect(response.status).toBe(200);
      cookie = /^_idx=[^;]+/.exec(response.headers.get('set-cookie') ?? '')![0];
      return Number(Object(await response.json()).count);
    };
    const counts: number[] = [];
    for (const library of ['ours', 'stock', 'stock', 'callbacks/ours', 'ours', 'callbacks/stock', 'ours'])
      // oxlint-disable-next-line no-await-in-loop -- each with the cookie of the one before
      counts.push(await count(library));
    expect(counts).toEqual([0, 1, 2, 3, 4, 5, 6]);

    expect(await handshakeStatus(sandbox.webSocketUrl, cookie)).toBe(101);
    const forged = cookie.slice(0, -5) + (cookie.at(-5) === 'A' ? 'B' : 'A') + cookie.slice(-4);
    expect(await handshakeStatus(sandbox.webSocketUrl, forged)).toBe(403);
    expect(await handshakeStatus(sandbox.webSocketUrl, '_idx=forged')).toBe(403);
    const leave = await fetch(new URL('/ours/leave', sandbox.url), { headers: { cookie } });
    const left = /^_idx=[^;]+/.exec(leave.headers.get('set-cookie') ?? '')![0];
    expect(await handshakeStatus(sandbox.webSocketUrl, left)).toBe(403);
  });
});

function handshakeStatus(url: string, cookie: string): Promise<number | undefined> {
  const socket = new WebSocket(url, { headers: { Cookie: cookie } });
  return new Promise((resolve, reject) => {
    socket.on('upgrade', ({ statusCode }) => resolve(statusCode));
    socket.on('open', () => socket.close());
    socket.on('unexpected-response', (_request, { statusCode }) => {
      resolve(statusCode);
      socket.terminate();
    });
    socket.on('error', reject);
  });
}
