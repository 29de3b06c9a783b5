import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openApp } from './open-app.ts';

const files = {
  'public/index.html': 'home',
  'public/app.js': 'script',
  'public/docs/index.html': 'docs',
  'public/readme.md': 'not for browsers',
  'public/drafts/a.txt': 'not yet',
};

/** What a sandbox answers: `200 home`, `404`. */
async function answers(url: string, paths: readonly string[]): Promise<readonly string[]> {
  return Promise.all(
    paths.map(async (path) => {
      const response = await fetch(url + path);
      return response.ok ? `${response.status} ${await response.text()}` : String(response.status);
    }),
  );
}

test('an app without a function at / has its files there, and a single page for other paths', async () => {
  await using app = await openApp(
    {
      ...files,
      'app.arc': '@app\ntestapp\n@http\npost /save\n',
      'src/http/post-save/index.js': 'exports.handler = async () => ({ statusCode: 200 })',
    },
    { isWatching: true },
  );
  await app.sandbox.watching;
  const { url } = app.sandbox;
  const paths = ['/', '/app.js', '/docs', '/rooms/1', '/none.js', '/readme.md', '/_static/docs/'];
  expect(await answers(url, paths)).toEqual(['200 home', '200 script', '200 docs', '404', '404', '404', '200 docs']);
  await app.save('app.arc', '@app\ntestapp\n@http\npost /save\n@static\nspa true\n');
  await expect.poll(() => answers(url, ['/rooms/1'])).toEqual(['200 home']);
  expect(await answers(url, ['/app.js', '/none.js', '/_static/rooms'])).toEqual(['200 script', '404', '404']);
  expect((await fetch(`${url}/save`, { method: 'POST' })).status).toBe(200);
});

test('files are not at the root where a function is', async () => {
  await using app = await openApp({
    ...files,
    'app.arc': '@app\ntestapp\n@http\nget /\n@static\nspa true\nprefix v1\nignore drafts/\n',
    'src/http/get-index/index.js': `const arc = require('@architect/functions'); exports.handler = async () => ({ statusCode: 200, body: arc.static('app.js') })`,
  });
  const paths = ['/', '/app.js', '/rooms', '/_static/app.js', '/_static/v1/app.js', '/_static/v1/drafts/a.txt'];
  expect(await answers(app.sandbox.url, paths)).toEqual([
    '200 /_static/app.js',
    '404',
    '404',
    '200 script',
    '200 script',
    '404',
  ]);
});

test('a text that names other files has their names in it, and all else to the byte', async () => {
  const bytes = Buffer.from([0xff, 0xc3, 0x28, 0x00]);
  await using app = await openApp({
    'app.arc': '@app\ntestapp\n@static\nfingerprint true\n',
    'public/index.html': `<link href="\${STATIC('a.css')}"><script src=/_static\${arc.static("/a.js")}>`,
    'public/404.html': "no, ${STATIC('a.css')}",
    'public/a.css': 'a'.repeat(100) + "${STATIC('b.png')}",
    'public/photo.png': "${STATIC('b.png')}",
  });
  await writeFile(app.path('public/odd.txt'), bytes);
  const { url } = app.sandbox;
  const page = '200 <link href="a.css"><script src=/_static/a.js>';
  expect(await answers(url, ['/', '/_static/index.html', '/photo.png'])).toEqual([
    page,
    page,
    "200 ${STATIC('b.png')}",
  ]);
  expect(await (await fetch(`${url}/none`)).text()).toBe('no, a.css');
  expect(Buffer.from(await (await fetch(`${url}/odd.txt`)).arrayBuffer())).toEqual(bytes);

  const head = await fetch(`${url}/a.css`, { method: 'HEAD' });
  expect(head.headers.get('content-length')).toBe('105');
  const range = await fetch(`${url}/a.css`, { headers: { range: 'bytes=99-' } });
  expect([range.status, range.headers.get('content-range'), await range.text()]).toEqual([
    206,
    'bytes 99-104/105',
    'ab.png',
  ]);
  const known = await fetch(`${url}/a.css`, { headers: { 'if-none-match': head.headers.get('etag') ?? '' } });
  expect([known.status, await known.text()]).toEqual([304, '']);
});
