import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAwsProject, type AwsProject } from './aws/aws-project.ts';
import { emulatorMissing } from './aws/emulator.ts';

const missing = emulatorMissing();
const reason = missing === undefined ? '' : ` (skipped: ${missing})`;

const page = `const arc = require('@architect/functions');
const render = require('@architect/views/render');
const { greet } = require('@architect/shared/greet');

exports.handler = async () => ({
  statusCode: 200,
  headers: { 'content-type': 'text/html; charset=utf8' },
  body: render({ title: greet('rooms'), script: arc.static('app.js') }),
});
`;

const files = {
  'app.arc':
    '@app\nshared\n\n@http\nget /rooms\npost /rooms\n\n@static\nfingerprint true\ncompression true\nspa true\n',
  'src/http/get-rooms/index.js': page,
  'src/http/post-rooms/index.mjs': `import { greet } from '@architect/shared/greet.js';
export const handler = async () => ({ statusCode: 200, body: greet('post') });
`,
  'src/shared/greet.js': `const { join } = require('./words'); exports.greet = (name) => join('Hello', name);`,
  'src/shared/words.js': `exports.join = (...words) => words.join(' ');`,
  'src/views/render.js': `const { readFileSync } = require('fs');
const { join } = require('path');
const template = readFileSync(join(__dirname, 'page.html'), 'utf8');
module.exports = (values) => template.replace(/{(\\w+)}/g, (_match, name) => values[name]);
`,
  'src/views/page.html': '<h1>{title}</h1><script src="{script}"></script>',
  'public/app.js': 'console.log("app");\n'.repeat(20),
  'public/index.html': '<p>home',
};

describe.skipIf(missing !== undefined)(`an app with shared code, views and files with hashes, on AWS${reason}`, () => {
  let project: AwsProject;
  let apiId: string;

  const ask = (path: string, init: RequestInit = {}) => fetch(project.emulator.httpUrl(apiId, path), init);

  beforeAll(async () => {
    project = await openAwsProject({ files });
    const { exitCode, output, errors } = await project.quickArc('deploy');
    if (exitCode !== 0 || errors !== '') throw new Error(`The app is not deployed.\n${output}${errors}`);
    apiId = /https:\/\/(\w+)\./.exec(output)?.[1] ?? '';
  }, 120_000);
  afterAll(() => project?.[Symbol.asyncDispose]());

  test('a page is made of them, and its script is loaded by the name with the hash', async () => {
    const html = await (await ask('/rooms')).text();
    expect(html).toMatch(/^<h1>Hello rooms<\/h1><script src="\/_static\/app-[0-9a-f]{10}\.js"><\/script>$/);
    const script = await ask(/src="([^"]+)"/.exec(html)?.[1] ?? '');
    expect([script.status, script.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(await script.text()).toBe(files['public/app.js']);
    expect(await (await ask('/rooms', { method: 'POST' })).text()).toBe('Hello post');
  });

  test('its plain name goes on working, at the root too, and pages of its own are answered', async () => {
    for (const path of ['/_static/app.js', '/app.js']) {
      const script = await ask(path);
      expect(script.headers.get('cache-control')).toBe('public, max-age=0, must-revalidate');
      expect(await script.text()).toBe(files['public/app.js']);
    }
    for (const path of ['/', '/settings/profile']) expect(await (await ask(path)).text()).toBe('<p>home');
    expect((await ask('/none.js')).status).toBe(404);
  });

  test('a changed file gets a new name, and a second deploy changes nothing', async () => {
    expect((await project.quickArc('deploy')).output).toContain('0 of 5 files sent');
    const former = /src="([^"]+)"/.exec(await (await ask('/rooms')).text())?.[1] ?? '';
    await project.folder.write('public/app.js', 'console.log("new")');
    await project.quickArc('deploy --prune');
    const html = await (await ask('/rooms')).text();
    const script = await ask(/src="([^"]+)"/.exec(html)?.[1] ?? '');
    expect(await script.text()).toBe('console.log("new")');
    // A page that is still open somewhere asks for the name that was removed.
    const late = await ask(former);
    expect([late.status, late.headers.get('cache-control')]).toEqual([200, 'public, max-age=0, must-revalidate']);
    expect(await late.text()).toBe('console.log("new")');
  });
});
