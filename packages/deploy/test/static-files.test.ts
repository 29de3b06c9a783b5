import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { access, chmod, mkdir, open, rm, symlink, truncate } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { emulatorMissing, environmentFor, openEmulator, type Emulator } from '../../../test/aws/emulator.ts';
import { openFaultProxy, type FaultProxy } from '../../../test/aws/fault-proxy.ts';
import { openTemporaryFolder, type TemporaryFolder } from '../../../test/support/temporary-folder.ts';
import type { Aws } from '../src/aws/aws.ts';
import { openAws } from '../src/aws/open-aws.ts';
import { listStatic } from '../src/operations/list-static.ts';
import { syncStaticFiles } from '../src/operations/static-files.ts';

const isRoot = process.getuid?.() === 0;
const nobody = 65_534;
const isWindows = process.platform === 'win32';
const gibibyte = 1024 ** 3;

describe('the files of a static folder', () => {
  let project: TemporaryFolder;
  let folder: string;

  beforeEach(async () => {
    project = await openTemporaryFolder({ 'public/a.txt': 'a', 'public/in/b.txt': 'bb', 'out/secret.txt': 'no' });
    folder = join(project.path, 'public');
  });

  afterEach(() => project[Symbol.asyncDispose]());

  const keys = async () => {
    const found = await listStatic(folder);
    return { files: found?.files.map(({ key }) => key), skipped: found?.skipped };
  };

  test('are listed with their sizes; hidden ones are not, but for .well-known', async () => {
    for (const file of ['.env', '.git/config', 'in/.hidden', '.well-known/x'])
      await project.write(`public/${file}`, 'x');
    expect(await listStatic(folder)).toEqual({
      files: [
        { key: '.well-known/x', path: join(folder, '.well-known', 'x'), bytes: 1 },
        { key: 'a.txt', path: join(folder, 'a.txt'), bytes: 1 },
        { key: 'in/b.txt', path: join(folder, 'in', 'b.txt'), bytes: 2 },
      ],
      skipped: [],
    });
  });

  test('are not those that are ignored', async () => {
    for (const file of ['readme.md', 'drafts/c.txt', 'in/drafts.txt']) await project.write(`public/${file}`, 'x');
    const found = await listStatic(folder, ['readme.md', 'drafts/', 'in/b']);
    expect(found).toMatchObject({ files: [{ key: 'a.txt' }, { key: 'in/drafts.txt' }], skipped: [] });
  });

  test.skipIf(isWindows)('links inside are followed, links out of it and without an end are not', async () => {
    await symlink('../a.txt', join(folder, 'in', 'a-link.txt'));
    await symlink('in', join(folder, 'folder-link'));
    await symlink('..', join(folder, 'in', 'loop'));
    await symlink('itself', join(folder, 'itself'));
    await symlink('../out/secret.txt', join(folder, 'file-outside'));
    await symlink('../out', join(folder, 'outside'));
    await symlink('nowhere', join(folder, 'broken'));
    expect(await keys()).toEqual({
      files: ['a.txt', 'folder-link/a-link.txt', 'folder-link/b.txt', 'in/a-link.txt', 'in/b.txt'],
      skipped: ['broken', 'file-outside', 'folder-link/loop', 'in/loop', 'itself', 'outside'],
    });
  });

  test.skipIf(isWindows)('the folder itself may be a link', async () => {
    await symlink('public', join(project.path, 'link'));
    folder = join(project.path, 'link');
    expect(await keys()).toEqual({ files: ['a.txt', 'in/b.txt'], skipped: [] });
  });

  test.skipIf(isWindows)('names that no URL reaches are left at home', async () => {
    for (const name of ['c:d.txt', 'e\\f.txt', 'g\nh.txt', 'i:j/k.txt']) await project.write(`public/${name}`, 'x');
    const long = Array.from({ length: 5 }, () => 'l'.repeat(200)).join('/');
    await project.write(`public/${long}`, 'x');
    expect(await keys()).toEqual({
      files: ['a.txt', 'in/b.txt'],
      skipped: ['c:d.txt', 'e\\f.txt', 'g\nh.txt', 'i:j/k.txt', long],
    });
  });

  test('no folder is no list, an empty one an empty list', async () => {
    await rm(folder, { recursive: true });
    expect(await listStatic(folder)).toBeUndefined();
    await mkdir(folder);
    expect(await listStatic(folder)).toEqual({ files: [], skipped: [] });
  });

  test('a file in the folder’s place cannot be read', async () => {
    folder = join(folder, 'a.txt');
    await expect(listStatic(folder)).rejects.toMatchObject({ code: 'STATIC_UNREADABLE' });
  });

  test.skipIf(isWindows).for(['a.txt', 'in'])('%s without rights cannot be read', async (name) => {
    await chmod(project.path, 0o755);
    await chmod(join(folder, name), 0);
    // Root may read everything, so it looks as somebody else.
    if (isRoot) process.seteuid?.(nobody);
    try {
      await expect(listStatic(folder)).rejects.toMatchObject({
        code: 'STATIC_UNREADABLE',
        message: expect.stringContaining(join(folder, name)),
      });
    } finally {
      if (isRoot) process.seteuid?.(0);
      await chmod(join(folder, name), 0o700);
    }
  });

  test('more than S3 takes in one piece is refused', async () => {
    await truncate(join(folder, 'a.txt'), 5 * gibibyte);
    expect(await keys()).toMatchObject({ skipped: [] });
    await truncate(join(folder, 'a.txt'), 5 * gibibyte + 1);
    await expect(listStatic(folder)).rejects.toMatchObject({ code: 'STATIC_TOO_LARGE' });
  });
});

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex').slice(0, 10);

const missing = emulatorMissing() ?? '';

describe.skipIf(missing !== '')(`static files on S3 ${missing}`, () => {
  const bucket = 'static-bucket';
  let emulator: Emulator;
  let proxy: FaultProxy;
  let aws: Aws;
  let project: TemporaryFolder;

  beforeAll(async () => {
    emulator = await openEmulator();
    proxy = await openFaultProxy(emulator);
    aws = await openAws({ env: proxy.env });
  });

  beforeEach(async () => {
    proxy.clear();
    project = await openTemporaryFolder({ 'public/a.txt': 'a', 'public/b.txt': 'b' });
    await aws.objects.createBucket(bucket);
    await aws.objects.put(bucket, 'old.txt', { body: Buffer.from('old') });
  });

  afterEach(async () => {
    await aws.objects.removeBucket(bucket);
    await project[Symbol.asyncDispose]();
  });

  afterAll(async () => {
    aws?.[Symbol.dispose]();
    await proxy?.[Symbol.asyncDispose]();
    await emulator?.[Symbol.asyncDispose]();
  });

  const sync = ({ isPruning = false, signal }: { isPruning?: boolean; signal?: AbortSignal } = {}) =>
    syncStaticFiles({ aws, bucket, folder: join(project.path, 'public'), isPruning, signal });
  const stored = async () => (await aws.objects.list(bucket)).map(({ key }) => key);
  /** An object as it is stored. */
  const object = async (key: string) => {
    const client = new S3Client({ ...emulator.client, forcePathStyle: true });
    const found = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const body = Buffer.from((await found.Body?.transformToByteArray()) ?? []);
    const { CacheControl: cacheControl, ContentType: contentType, ContentEncoding: contentEncoding } = found;
    client.destroy();
    return { cacheControl, contentType, contentEncoding, body, text: body.toString() };
  };
  const result = { put: 0, removed: 0, of: 0, extra: 0, skipped: [], isStopped: false };

  test('what differs is sent, what is too much is removed when asked', async () => {
    expect(await sync()).toEqual({ ...result, put: 2, of: 2, extra: 1 });
    await project.write('public/b.txt', 'other');
    expect(await sync({ isPruning: true })).toEqual({ ...result, put: 1, of: 2, removed: 1 });
    expect(await stored()).toEqual(['a.txt', 'b.txt']);
  });

  test('with fingerprints each file is there by both names, and static.json says which', async () => {
    await project.write('public/css/site.min.css', 'body {}');
    await project.write('public/index.html', '<p>');
    const settings = { fingerprint: true } as const;
    const folder = join(project.path, 'public');
    const given = { aws, bucket, folder, isPruning: true, settings };
    expect(await syncStaticFiles(given)).toMatchObject({ put: 9, of: 9, removed: 1 });
    const names = {
      'a.txt': 'a-86f7e437fa.txt',
      'b.txt': 'b-e9d71f5ee7.txt',
      'css/site.min.css': `css/site.min-${sha1('body {}')}.css`,
      'index.html': `index-${sha1('<p>')}.html`,
    };
    expect(await stored()).toEqual([...Object.keys(names), ...Object.values(names), 'static.json'].toSorted());
    expect(JSON.parse((await object('static.json')).text)).toEqual(names);
    expect((await object('a.txt')).cacheControl).toBe('public, max-age=0, must-revalidate');
    expect(await object('a-86f7e437fa.txt')).toMatchObject({
      cacheControl: 'public, max-age=31536000, immutable',
      contentType: 'text/plain; charset=utf-8',
      text: 'a',
    });
    await project.write('public/a.txt', 'new');
    expect(await syncStaticFiles({ ...given, isPruning: false })).toMatchObject({ put: 3, of: 9, extra: 1 });
    expect(await stored()).toContain('a-86f7e437fa.txt');
    expect(await syncStaticFiles(given)).toMatchObject({ put: 0, removed: 1 });
  });

  test.for([
    { fingerprint: false, page: '<script src=app.js>' },
    { fingerprint: true, page: '<script src=app-HASH.js>' },
    { fingerprint: 'external', page: '<script src=app.js>' },
  ] as const)('with fingerprint $fingerprint a text that names a file has its name', async ({ fingerprint, page }) => {
    const bytes = Buffer.from("${STATIC('app.js')}");
    await project.write('public/index.html', "<script src=${STATIC('app.js')}>");
    await project.write('public/app.js', "import '/_static${arc.static('/a.txt')}'");
    await project.write('public/photo.png', bytes.toString());
    const folder = join(project.path, 'public');
    const given = { aws, bucket, folder, isPruning: false, settings: { fingerprint } };
    await syncStaticFiles(given);
    const names: Readonly<Record<string, string>> =
      fingerprint === true ? JSON.parse((await object('static.json')).text) : {};
    const { 'app.js': app = 'app.js', 'a.txt': text = 'a.txt', 'index.html': index = 'index.html' } = names;
    const hash = /^app-(\w{10})\.js$/.exec(app)?.[1] ?? '';
    for (const key of ['index.html', index]) expect((await object(key)).text).toBe(page.replace('HASH', hash));
    for (const key of ['app.js', app]) expect((await object(key)).text).toBe(`import '/_static/${text}'`);
    expect((await object('photo.png')).body).toEqual(bytes);
    expect(await syncStaticFiles(given)).toMatchObject({ put: 0 });

    // The page is another one, for what it names has another name.
    await project.write('public/a.txt', 'new');
    await syncStaticFiles(given);
    const after: Readonly<Record<string, string>> =
      fingerprint === true ? JSON.parse((await object('static.json')).text) : {};
    expect(Object.keys(after).filter((key) => after[key] !== names[key])).toEqual(
      fingerprint === true ? ['a.txt', 'app.js', 'index.html'] : [],
    );
    expect((await object('index.html')).text).toBe(page.replace(/app-HASH\.js/, after['app.js'] ?? ''));
  });

  test('files that name each other have names all the same', async () => {
    const given = { aws, bucket, folder: join(project.path, 'public'), isPruning: false } as const;
    await project.write('public/one.css', "@import '${STATIC('two.css')}'");
    await project.write('public/two.css', "@import '${STATIC('one.css')}' ${STATIC('two.css')} ${STATIC('none.css')}");
    await syncStaticFiles({ ...given, settings: { fingerprint: true } });
    const names: Readonly<Record<string, string>> = JSON.parse((await object('static.json')).text);
    expect((await object(names['two.css'] ?? '')).text).toBe(
      `@import '${names['one.css']}' ${names['two.css']} none.css`,
    );
    expect(names['one.css']).toMatch(/^one-[0-9a-f]{10}\.css$/);
  });

  test('below a prefix, what is elsewhere in the bucket and what is ignored stays', async () => {
    await project.write('public/drafts/c.txt', 'c');
    for (const key of ['v1/gone.txt', 'v1/drafts/d.txt', 'v10/other.txt']) {
      await aws.objects.put(bucket, key, { body: Buffer.from('x') });
    }
    const settings = { prefix: 'v1', ignore: ['drafts/'] };
    const folder = join(project.path, 'public');
    const given = { aws, bucket, folder, isPruning: true, settings };
    expect(await syncStaticFiles(given)).toMatchObject({ put: 2, of: 2, removed: 1 });
    expect(await stored()).toEqual(['old.txt', 'v1/a.txt', 'v1/b.txt', 'v1/drafts/d.txt', 'v10/other.txt']);
  });

  test.for(['br', 'gzip'] as const)(
    'texts are kept as %s where that is smaller, and sent once',
    async (compression) => {
      const css = 'body { color: red }\n'.repeat(200);
      await project.write('public/site.css', css);
      await project.write('public/photo.png', css);
      const given = { aws, bucket, folder: join(project.path, 'public'), isPruning: false, settings: { compression } };
      expect(await syncStaticFiles(given)).toMatchObject({ put: 4 });
      const decode = { br: brotliDecompressSync, gzip: gunzipSync }[compression];
      const { contentEncoding, body } = await object('site.css');
      expect(contentEncoding).toBe(compression);
      expect(body.length).toBeLessThan(200);
      expect(decode(body).toString()).toBe(css);
      expect(await object('photo.png')).toMatchObject({ contentEncoding: undefined, text: css });
      expect(await object('a.txt')).toMatchObject({ contentEncoding: undefined, text: 'a' });
      expect(await syncStaticFiles(given)).toMatchObject({ put: 0 });
      expect(await syncStaticFiles({ ...given, settings: {} })).toMatchObject({ put: 1 });
    },
  );

  test('a missing folder sends and removes nothing; with --prune it is an error', async () => {
    await rm(join(project.path, 'public'), { recursive: true });
    expect(await sync()).toEqual(result);
    await expect(sync({ isPruning: true })).rejects.toMatchObject({ code: 'STATIC_MISSING' });
    expect(await stored()).toEqual(['old.txt']);
  });

  test('an empty folder empties the bucket when asked', async () => {
    await rm(join(project.path, 'public', 'a.txt'));
    await rm(join(project.path, 'public', 'b.txt'));
    expect(await sync({ isPruning: true })).toEqual({ ...result, removed: 1 });
  });

  test('a signal ends it between two files, and nothing is removed', async () => {
    for (let index = 0; index < 50; index += 1) await project.write(`public/${index}.txt`, String(index));
    const stopping = new AbortController();
    const objects: Aws['objects'] = {
      ...aws.objects,
      put: async (...put) => {
        stopping.abort();
        await aws.objects.put(...put);
      },
    };
    const options = { bucket, folder: join(project.path, 'public'), isPruning: true, signal: stopping.signal };
    const stopped = await syncStaticFiles({ ...options, aws: { ...aws, objects } });
    expect(stopped).toMatchObject({ of: 52, removed: 0, isStopped: true });
    expect(stopped.put).toBeLessThanOrEqual(8);
    expect(await stored()).toHaveLength(stopped.put + 1);
  });

  test('a large file is streamed, with its length, again when the line is cut, and once only', async () => {
    const part = Buffer.alloc(1_000_000, 'furrow');
    await sync();
    proxy.clear();
    await using file = await open(join(project.path, 'public', 'film.mp4'), 'w');
    for (let count = 0; count < 20; count += 1) await file.write(part);
    proxy.fail({ service: 'S3', operation: 'PutObject', times: 2, fault: 'cutBefore' });
    expect(await sync()).toMatchObject({ put: 1 });
    expect(proxy.calls.filter(({ operation }) => operation === 'PutObject')).toHaveLength(3);
    const hash = createHash('md5');
    for (let count = 0; count < 20; count += 1) hash.update(part);
    expect(await aws.objects.list(bucket)).toContainEqual({
      key: 'film.mp4',
      bytes: 20_000_000,
      etag: hash.digest('hex'),
    });
    expect(await sync()).toMatchObject({ put: 0 });
  });

  test('a file that vanishes is passed over, one that shrinks is an error', async () => {
    const path = join(project.path, 'public', 'a.txt');
    await expect(aws.objects.put(bucket, 'x', { body: { path: `${path}x`, bytes: 1 } })).rejects.toMatchObject({
      code: 'ENOENT',
    });
    await expect(aws.objects.put(bucket, 'x', { body: { path, bytes: 2 } })).rejects.toMatchObject({
      code: 'STATIC_UNREADABLE',
    });
    await expect(access(path)).resolves.toBeUndefined();
    expect(await stored()).toEqual(['old.txt']);
  });
});

test('a file over 2 GiB is not read whole', async () => {
  await using project = await openTemporaryFolder({ 'public/film.mp4': '' });
  const path = join(project.path, 'public', 'film.mp4');
  await truncate(path, 2 * gibibyte + 1);
  let length: string | undefined;
  const server = createServer((request, response) => {
    length = request.headers['content-length'];
    // Enough has been seen; AWS, too, may refuse before all is there.
    response.writeHead(403, { connection: 'close' }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  using aws = await openAws({ env: environmentFor(`http://127.0.0.1:${(server.address() as AddressInfo).port}`) });
  const before = process.memoryUsage.rss();
  const put = aws.objects.put('bucket', 'film.mp4', { body: { path, bytes: 2 * gibibyte + 1 } });
  await expect(put).rejects.toMatchObject({ code: expect.stringMatching(/^AWS_(?:ACCESS_DENIED|UNREACHABLE)$/) });
  expect(length).toBe(String(2 * gibibyte + 1));
  expect(process.memoryUsage.rss() - before).toBeLessThan(500_000_000);
  server.close();
  server.closeAllConnections();
});
