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
