import { describe, expect, test } from 'vitest';
import { openApp } from './open-app.ts';

const manifest = '@app\ntestapp\n@http\nget /\npost /\n';

describe('an app with shared code and views', () => {
  test.for<{ style: string; files: Readonly<Record<string, string>> }>([
    {
      style: 'CommonJS',
      files: {
        'src/http/get-index/index.js': `const arc = require('@architect/functions'); const page = require('@architect/views/page');
          exports.handler = async () => ({ statusCode: 200, headers: { 'content-type': 'text/html' }, body: page('room', arc.static('app.js')) });`,
        'src/views/page.js': `const { greet } = require('@architect/shared/greet'); module.exports = (name, script) => '<p>' + greet(name) + ' ' + script;`,
        'src/shared/greet.js': `exports.greet = (name) => 'Hello ' + name;`,
      },
    },
    {
      style: 'ES modules',
      files: {
        'src/http/get-index/index.mjs': `import arc from '@architect/functions'; import page from '@architect/views/page.mjs';
          export const handler = async () => ({ statusCode: 200, headers: { 'content-type': 'text/html' }, body: page('room', arc.static('app.js')) });`,
        'src/views/page.mjs': `import { greet } from '@architect/shared/greet.mjs'; export default (name, script) => '<p>' + greet(name) + ' ' + script;`,
        'src/shared/greet.mjs': `export const greet = (name) => 'Hello ' + name;`,
      },
    },
    {
      style: 'TypeScript',
      files: {
        'tsconfig.json': '{ "compilerOptions": { "paths": { "@shared/*": ["./src/shared/*"] } } }',
        'src/http/get-index/index.ts': `import * as arc from '@architect/functions'; import { page } from '@architect/views/page';
          export const handler = async () => ({ statusCode: 200, headers: { 'content-type': 'text/html' }, body: page('room', arc.static('app.js')) });`,
        'src/views/page.ts': `import { greet } from '@shared/greet'; export const page = (name: string, script: string): string => '<p>' + greet(name) + ' ' + script;`,
        'src/shared/greet.ts': `export const greet = (name: string): string => 'Hello ' + name;`,
      },
    },
  ])('in $style', async ({ files }) => {
    await using app = await openApp({ 'app.arc': manifest, ...files });
    expect(await (await fetch(app.sandbox.url)).text()).toBe('<p>Hello room /_static/app.js');
  });
});

test('folders of the manifest are followed, wherever they are', async () => {
  await using app = await openApp(
    {
      'app.arc': `${manifest}@shared\nsrc lib/common\n@views\nsrc pages\n`,
      'src/http/get-index/index.js': `const { readFileSync } = require('fs'); const word = require('@architect/shared/word');
        exports.handler = async () => ({ statusCode: 200, body: word + readFileSync('node_modules/@architect/views/page.html', 'utf8') });`,
      'lib/common/word.js': `module.exports = 'old'`,
      'pages/page.html': '<old>',
    },
    { isWatching: true },
  );
  await app.sandbox.watching;
  const answer = async () => (await fetch(app.sandbox.url)).text();
  expect(await answer()).toBe('old<old>');
  await app.save('lib/common/word.js', `module.exports = 'new'`);
  await expect.poll(answer).toBe('new<old>');
  await app.save('pages/page.html', '<new>');
  await expect.poll(answer).toBe('new<new>');
});

test('a change of the manifest gives and takes', async () => {
  await using app = await openApp(
    {
      'app.arc': `${manifest}@views\npost /\n`,
      'src/http/get-index/index.js': `exports.handler = async () => ({ statusCode: 200, body: require('@architect/views/word') });`,
      'src/views/word.js': `module.exports = 'seen'`,
    },
    { isWatching: true },
  );
  await app.sandbox.watching;
  expect((await fetch(app.sandbox.url)).status).toBe(500);
  await app.save('app.arc', manifest);
  await expect.poll(async () => (await fetch(app.sandbox.url)).text()).toBe('seen');
});
