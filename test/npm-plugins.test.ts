import { existsSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openApp, type RunningApp } from '../packages/sandbox/test/open-app.ts';
import { openTemporaryFolder, type TemporaryFolder } from './support/temporary-folder.ts';

const installed = join(import.meta.dirname, 'npm-plugins', 'node_modules');
const isMissing = !existsSync(installed);
const reason = isMissing ? ' (skipped: run npm ci --ignore-scripts in test/npm-plugins)' : '';

/** A project that has installed them. */
async function openProject(): Promise<TemporaryFolder> {
  const folder = await openTemporaryFolder();
  await symlink(installed, join(folder.path, 'node_modules'));
  return folder;
}

const ask = async ({ sandbox }: RunningApp, path: string, init: RequestInit = {}) => {
  const response = await fetch(sandbox.url + path, { redirect: 'manual', ...init });
  return { status: response.status, text: await response.text(), headers: response.headers };
};

describe.skipIf(isMissing)(`plugins from npm${reason}`, () => {
  test('enhance: pages, elements and data of app/, and scripts for browsers', async () => {
    await using folder = await openProject();
    const files = {
      'app.arc': '@app\nenhanced\n\n@plugins\nenhance/arc-plugin-enhance\n\n@enhance-elements\nmy-hello\n',
      'app/pages/index.mjs':
        'export default ({ html, state }) => html`<my-hello></my-hello><p>${state.store.word}</p>`;\n',
      'app/api/index.mjs': `export const get = async () => ({ json: { word: 'from data' } });\n`,
      'app/elements/my-hello.mjs': 'export default ({ html }) => html`<h1>Hello</h1>`;\n',
      'app/browser/start.mjs': `import { word } from '../word.mjs'; console.log(word);\n`,
      'app/word.mjs': `export const word = 'bundled';\n`,
      'public/site.css': 'body {}\n',
    };
    await using app = await openApp(files, { projectDir: folder.path, isWatching: true });
    await app.sandbox.watching;
    expect((await ask(app, '/')).text).toMatch(/<h1>Hello<\/h1><\/my-hello><p>from data<\/p>/);
    const json = await ask(app, '/', { headers: { accept: 'application/json' } });
    expect(JSON.parse(json.text)).toEqual({ word: 'from data' });
    expect((await ask(app, '/nowhere')).status).toBe(404);
    expect(await ask(app, '/_public/site.css')).toMatchObject({ status: 200, text: 'body {}\n' });
    // What its sandbox.start has made, and its sandbox.watcher makes again.
    expect((await ask(app, '/_static/browser/start.mjs')).text).toContain('bundled');
    await app.save('app/word.mjs', `export const word = 'again';\n`);
    await expect.poll(async () => (await ask(app, '/_static/browser/start.mjs')).text).toContain('again');
    await app.save('app/elements/my-hello.mjs', 'export default ({ html }) => html`<h1>Saved</h1>`;\n');
    await expect.poll(async () => (await ask(app, '/')).text).toContain('<h1>Saved</h1>');
    expect(app.sandbox.app.tables.map(({ name }) => name)).toEqual(['data']);
  });

  test('oauth: routes and variables, with shared code of the app', async () => {
    await using folder = await openProject();
    const files = {
      'app.arc': '@app\nsecured\n\n@http\nget /\n\n@plugins\narc-plugin-oauth\n\n@oauth\nuse-mock true\n',
      'src/shared/mock-allow.mjs': `export default { mockProviderAccounts: { 'Jane Doe': { login: 'jane' } }, appAccounts: { jane: {} } };\n`,
      'src/http/get-index/index.mjs': `import arc from '@architect/functions';
        import oauth from 'arc-plugin-oauth';
        export const handler = arc.http.async(oauth.auth, async () => ({ html: 'in' }));\n`,
    };
    await using app = await openApp(files, { projectDir: folder.path });
    const refused = await ask(app, '/');
    expect([refused.status, refused.headers.get('location')]).toEqual([302, '/login']);
    expect((await ask(app, '/login')).text).toContain('href="http://localhost:3333/mock/auth/login"');
    expect((await ask(app, '/mock/auth/login')).text).toContain('>Jane Doe</a>');
    expect(app.sandbox.warnings).toMatchObject([{ code: 'RUNTIME_DEPRECATED' }]);
  });
});
