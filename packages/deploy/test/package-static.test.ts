import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { CreateBucketCommand, PutObjectCommand, S3Client, type PutObjectCommandInput } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { emulatorMissing, openEmulator, type Emulator } from '../../../test/aws/emulator.ts';
import type { Answer } from '../src/static-function/object-answer.ts';
import { functionOf, openPackageProject, unzipTo, type PackageProject } from './package-project.ts';

const bucket = 'testappstaging-files';
const big = Buffer.alloc(5 * 1024 * 1024, 'big ');
const css = 'body { color: "€" }\n';
const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255]);
const objects: readonly Omit<PutObjectCommandInput, 'Bucket'>[] = [
  { Key: 'site.css', Body: css, ContentType: 'text/css; charset=utf-8', CacheControl: 'max-age=60' },
  { Key: 'a b/€ (1).png', Body: png, ContentType: 'image/png' },
  { Key: 'index.html', Body: '<p>root', ContentType: 'text/html; charset=utf-8' },
  { Key: 'docs/index.html', Body: '<p>docs', ContentType: 'text/html; charset=utf-8' },
  { Key: 'empty.txt', Body: '', ContentType: 'text/plain; charset=utf-8' },
  { Key: 'v1/app.js', Body: 'v1', ContentType: 'text/javascript; charset=utf-8' },
  { Key: 'v2/404.html', Body: '<p>lost', ContentType: 'text/html; charset=utf-8' },
  { Key: 'v1/index.html', Body: '<p>v1', ContentType: 'text/html; charset=utf-8' },
  { Key: 'br.css', Body: brotliCompressSync(css), ContentEncoding: 'br', ContentType: 'text/css; charset=utf-8' },
  { Key: 'gz.css', Body: gzipSync(css), ContentEncoding: 'gzip', ContentType: 'text/css; charset=utf-8' },
  { Key: 'big.bin', Body: big, ContentType: 'application/octet-stream' },
];

type Ask = (path: string, headers?: Record<string, string>, method?: string) => Promise<Answer>;

let project: PackageProject;
/** Loads what is shipped, as a new environment of Lambda does, with its variables. */
let ask: Ask;

beforeAll(async () => {
  project = await openPackageProject({ 'app.arc': '@app\ntestapp\n\n@static\n' });
  await unzipTo(project.path('../task'), functionOf(await project.package({ functions: ['static'] }), 'static').zip);
  const file = pathToFileURL(join(project.dir, '..', 'task', 'index.mjs')).href;
  const loaded: { handler(event: object, context: object): Promise<Answer> } = await import(/* @vite-ignore */ file);
  ask = (rawPath, headers = {}, method = 'GET') =>
    loaded.handler({ rawPath, headers, requestContext: { http: { method } } }, {});
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await project[Symbol.asyncDispose]();
});

function useStore(url: string): void {
  const env = {
    ARC_STATIC_BUCKET: bucket,
    AWS_REGION: 'us-west-2',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL: url,
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
}

const bodyOf = ({ body = '', isBase64Encoded }: Answer) => Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');

const withVariables = async (variables: Record<string, string>, work: () => Promise<void>) => {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  await work();
  for (const name of Object.keys(variables)) vi.stubEnv(name, '');
};

const cacheOf = async (path: string) => (await ask(path)).headers['cache-control'];

const missing = emulatorMissing();
describe.skipIf(missing !== undefined)(`the packaged static function ${missing ?? ''}`, () => {
  let emulator: Emulator;

  beforeAll(async () => {
    emulator = await openEmulator();
    const client = new S3Client({ ...emulator.client, forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    for (const object of objects) await client.send(new PutObjectCommand({ Bucket: bucket, ...object }));
    client.destroy();
    useStore(emulator.url);
  });
  afterAll(() => emulator[Symbol.asyncDispose]());

  test.for<{ path: string; type: string; body: string | Buffer; isText?: boolean }>([
    { path: '/_static/site.css', type: 'text/css; charset=utf-8', body: css },
    { path: '/_static/a b/€ (1).png', type: 'image/png', body: png, isText: false },
    { path: '/_static/a%20b/%E2%82%AC%20(1).png', type: 'image/png', body: png, isText: false },
    { path: '/', type: 'text/html; charset=utf-8', body: '<p>root' },
    { path: '/_static', type: 'text/html; charset=utf-8', body: '<p>root' },
    { path: '/_static/docs', type: 'text/html; charset=utf-8', body: '<p>docs' },
    { path: '/_static/docs/', type: 'text/html; charset=utf-8', body: '<p>docs' },
    { path: '/_static/empty.txt', type: 'text/plain; charset=utf-8', body: '' },
  ])('$path', async ({ path, type, body, isText = true }) => {
    const answer = await ask(path);
    expect(answer).toMatchObject({ statusCode: 200, isBase64Encoded: !isText });
    expect(bodyOf(answer)).toEqual(Buffer.from(body));
    expect(answer.headers).toMatchObject({
      'content-type': type,
      etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
      'last-modified': expect.stringMatching(/ GMT$/),
      'cache-control': path.endsWith('.css') ? 'max-age=60' : 'public, max-age=0, must-revalidate',
    });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('x-amz'))).toEqual([]);
  });

  test('what the client has is not sent again', async () => {
    const { headers } = await ask('/_static/site.css');
    const { etag = '', 'last-modified': modified = '' } = headers;
    for (const condition of [
      { 'if-none-match': etag },
      { 'if-none-match': `W/${etag}` },
      { 'if-none-match': `"other", ${etag}` },
      { 'if-none-match': '*' },
      { 'if-modified-since': modified },
    ]) {
      const answer = await ask('/_static/site.css', condition);
      expect(answer, JSON.stringify(condition)).toMatchObject({ statusCode: 304 });
      expect(answer.body).toBeUndefined();
      expect(answer.headers['etag'], JSON.stringify(condition)).toBe(etag);
    }
    expect(await ask('/_static/site.css', { 'if-none-match': '"other"' })).toMatchObject({ statusCode: 200 });
  });

  describe('a compressed file', () => {
    const decoders = { br: brotliDecompressSync, gzip: gunzipSync } as const;

    test.for([
      { path: '/_static/br.css', accepted: 'gzip, deflate, br', encoding: 'br' },
      { path: '/_static/br.css', accepted: '*', encoding: 'br' },
      { path: '/_static/gz.css', accepted: 'br;q=1.0, gzip;q=0.5', encoding: 'gzip' },
    ] as const)('$path goes out as it is to who accepts $accepted', async ({ path, accepted, encoding }) => {
      const answer = await ask(path, { 'accept-encoding': accepted });
      expect(answer).toMatchObject({ statusCode: 200, isBase64Encoded: true });
      expect(answer.headers).toMatchObject({ 'content-encoding': encoding, vary: 'accept-encoding' });
      expect(decoders[encoding](bodyOf(answer)).toString()).toBe(css);
      const head = await ask(path, { 'accept-encoding': accepted }, 'HEAD');
      expect(head.headers).toEqual({ ...answer.headers, 'content-length': String(bodyOf(answer).length) });
    });

    test.for([
      { path: '/_static/br.css', headers: {} },
      { path: '/_static/br.css', headers: { 'accept-encoding': 'gzip' } },
      { path: '/_static/gz.css', headers: { 'accept-encoding': 'br, gzip;q=0' } },
      { path: '/_static/br.css', headers: { range: 'bytes=0-3' } },
    ])('$path is decoded for $headers', async ({ path, headers }) => {
      const answer = await ask(path, headers);
      expect(answer).toMatchObject({ statusCode: 200, body: css, isBase64Encoded: false });
      expect(answer.headers).toMatchObject({ vary: 'accept-encoding' });
      expect(answer.headers).not.toHaveProperty('content-encoding');
      expect((await ask(path, headers, 'HEAD')).headers).not.toHaveProperty('content-length');
    });
  });

  describe('by its variables', () => {
    test('a single page answers what names no file', () =>
      withVariables({ ARC_STATIC_SPA: 'true' }, async () => {
        expect(await ask('/rooms/1')).toMatchObject({ statusCode: 200, body: '<p>root' });
        expect(await ask('/site.css')).toMatchObject({ statusCode: 200, body: css });
        expect(await ask('/nowhere.js')).toMatchObject({ statusCode: 404 });
        expect(await ask('/_static/nowhere')).toMatchObject({ statusCode: 404 });
      }));

    test('files are found below a prefix, named or not', () =>
      withVariables({ ARC_STATIC_PREFIX: 'v1' }, async () => {
        for (const path of ['/_static/v1/app.js', '/_static/app.js', '/app.js']) {
          expect(await ask(path)).toMatchObject({ statusCode: 200, body: 'v1' });
        }
        expect(await ask('/')).toMatchObject({ statusCode: 200, body: '<p>v1' });
        expect(await ask('/_static/empty.txt')).toMatchObject({ statusCode: 404 });
      }));

    test('a page says what is not at the root', () =>
      withVariables({ ARC_STATIC_PREFIX: 'v2' }, async () => {
        const lost = await ask('/nowhere');
        expect(lost).toMatchObject({ statusCode: 404, body: '<p>lost' });
        expect(lost.headers['content-type']).toBe('text/html; charset=utf-8');
        expect(await ask('/nowhere', {}, 'HEAD')).toMatchObject({
          statusCode: 404,
          headers: { 'content-length': '7' },
        });
        expect(await ask('/_static/nowhere')).toMatchObject({ statusCode: 404, body: 'Not found' });
      }));

    test('names of the app’s own tools are kept for good, pages are not', () =>
      withVariables({ ARC_STATIC_FINGERPRINT: 'external' }, async () => {
        expect(await cacheOf('/_static/site.css')).toBe('public, max-age=31536000, immutable');
        expect(await cacheOf('/')).toBe('public, max-age=0, must-revalidate');
      }));
  });

  test('files at the root', async () => {
    expect(await ask('/site.css')).toMatchObject({ statusCode: 200, body: css });
    expect(await ask('/docs')).toMatchObject({ statusCode: 200, body: '<p>docs' });
  });

  test('a range', async () => {
    const part = await ask('/_static/site.css', { range: 'bytes=5-9' });
    expect(part).toMatchObject({ statusCode: 206, body: '{ col' });
    expect(part.headers['content-range']).toBe(`bytes 5-9/${Buffer.byteLength(css)}`);
    const large = await ask('/_static/big.bin', { range: 'bytes=1-4' });
    expect(bodyOf(large).toString()).toBe('ig b');
    expect(await ask('/_static/site.css', { range: 'bytes=99-' })).toMatchObject({ statusCode: 416 });
  });

  test('HEAD', async () => {
    const answer = await ask('/_static/big.bin', { range: 'bytes=0-1' }, 'HEAD');
    expect(answer).toMatchObject({ statusCode: 200, headers: { 'content-length': String(big.length) } });
    expect(answer.body).toBeUndefined();
  });

  test('a large file is loaded from the bucket', async () => {
    const answer = await ask('/_static/big.bin');
    expect(answer).toMatchObject({ statusCode: 302, headers: { 'cache-control': 'no-store' } });
    expect(answer.body).toBeUndefined();
    const loaded = await fetch(answer.headers['location']!);
    expect(loaded.status).toBe(200);
    expect(big.equals(Buffer.from(await loaded.arrayBuffer()))).toBe(true);
  });

  test.for([
    { path: '/_static/nowhere.txt', body: 'Not found' },
    { path: '/_static/nowhere', body: 'Not found' },
    { path: '/_static/../site.css', body: 'Not found' },
    { path: '/_static/.env', body: 'Not found' },
    { path: '/_static/a%00', body: 'Not found' },
    { path: '/favicon.ico', body: '{"message":"Not Found"}' },
  ])('$path is not there', async ({ path, body }) => {
    expect(await ask(path)).toMatchObject({ statusCode: 404, body });
  });

  test('other methods are refused', async () => {
    expect(await ask('/_static/site.css', {}, 'POST')).toMatchObject({
      statusCode: 405,
      headers: { allow: 'GET, HEAD' },
      body: 'Method not allowed',
    });
  });
});

/** What is logged while a file cannot be served; the bucket is never named. */
async function refused(): Promise<string> {
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const answer = await ask('/_static/site.css');
  const log = written.mock.calls.map(([line]) => String(line)).join('');
  written.mockRestore();
  expect(answer).toEqual({
    statusCode: 502,
    headers: { 'content-type': 'application/json' },
    body: '{"message":"Bad Gateway"}',
  });
  expect(log).not.toContain(bucket);
  return log;
}

describe('a bucket that cannot be read is 502', () => {
  test.for([
    { status: 403, code: 'AccessDenied' },
    { status: 301, code: 'PermanentRedirect' },
    { status: 503, code: 'SlowDown' },
  ])('$status $code', async ({ status, code }) => {
    const server = createServer((_request, response) => {
      response.writeHead(status, { location: 'http://127.0.0.1:9/' });
      response.end(`<Error><Code>${code}</Code><BucketName>${bucket}</BucketName></Error>`);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    useStore(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    expect(await refused()).toBe(`static: S3 answered ${status} ${code} to GET site.css\n`);
    server.closeAllConnections();
    server.close();
  });

  test('nobody there', async () => {
    useStore('http://127.0.0.1:9');
    expect(await refused()).toMatch(/^static: S3 could not be reached: \w+\n$/);
  });

  test('no bucket', async () => {
    vi.stubEnv('ARC_STATIC_BUCKET', '');
    expect(await refused()).toBe('static: the environment names no bucket, region or keys\n');
  });

  test('a dead line is tried once more', async () => {
    let requests = 0;
    const server = createServer((request, response) => {
      requests += 1;
      if (requests === 1) request.socket.destroy();
      else response.writeHead(200, { 'content-type': 'text/plain' }).end('there');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    useStore(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    expect(await ask('/_static/site.css')).toMatchObject({ statusCode: 200, body: 'there' });
    expect(requests).toBe(2);
    server.closeAllConnections();
    server.close();
  });
});
