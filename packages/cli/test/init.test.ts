import { execFile } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { openArcSandbox, runArc } from '../../../test/support/arc.ts';
import { ensureBuilt, repository } from '../../../test/support/built.ts';
import { openConnection } from '../../../test/support/connection.ts';
import { openTemporaryFolder, type TemporaryFolder } from '../../../test/support/temporary-folder.ts';

const commonJs = [
  '.gitignore',
  'app.arc',
  'package.json',
  'public/index.mjs',
  'src/http/get-index/get-web-socket-url.js',
  'src/http/get-index/index.js',
  'src/ws/connect/index.js',
  'src/ws/default/index.js',
  'src/ws/disconnect/index.js',
];

/** The files that a run says it made. */
function made(output: string): readonly string[] {
  return [...output.matchAll(/^ {2}made {2}(\S+)/gm)].map(([, file]) => file!).toSorted();
}

const ending = (to: string) => commonJs.map((file) => (file.startsWith('src/') ? file.replace(/\.js$/, to) : file));

describe('in an empty folder', () => {
  test.for([
    { argv: ['init'], files: commonJs },
    { argv: ['create'], files: commonJs },
    { argv: ['init', '--esm'], files: ending('.mjs') },
    { argv: ['init', '--typescript'], files: [...ending('.ts'), 'tsconfig.json'].toSorted() },
  ])('arc $argv makes a complete app, and does nothing the second time', async ({ argv, files }) => {
    await using folder = await openTemporaryFolder();
    const first = await runArc(argv, { cwd: folder.path });
    expect(first).toMatchObject({ exitCode: 0, errors: '' });
    expect(first.output).toMatch(/^Furrow 0\.1 {2}testapp, from app\.arc\n/);
    expect(first.output).toMatch(/\nNext: arc sandbox\n$/);
    expect(await folder.files()).toEqual(files);
    expect(made(first.output)).toEqual(files);

    const texts = await folder.texts();
    const second = await runArc(argv, { cwd: folder.path });
    expect(second).toEqual({
      exitCode: 0,
      output: 'Nothing to make: all 4 functions of app.arc have a handler.\n',
      errors: '',
    });
    expect(await folder.texts()).toEqual(texts);
  });

  test.for([
    { argv: ['init'], runs: 'CommonJS' },
    { argv: ['init', '--esm'], runs: 'ES modules' },
    { argv: ['init', '--typescript'], runs: 'TypeScript' },
  ])('what arc $argv makes runs as it is, $runs', async ({ argv }) => {
    await using folder = await openTemporaryFolder();
    await runArc(argv, { cwd: folder.path });
    await proveItRuns(folder);
  });

  test('arc init <folder> works in that folder', async () => {
    await using folder = await openTemporaryFolder({ 'apps/one/notes.txt': 'mine\n' });
    const run = await runArc(['init', 'apps/one'], { cwd: folder.path });
    expect(run.exitCode).toBe(0);
    expect(await folder.files()).toEqual([...commonJs, 'notes.txt'].map((file) => `apps/one/${file}`).toSorted());
  });
});

test('the TypeScript app passes the type check of its own tsconfig.json', async () => {
  await ensureBuilt();
  await using folder = await openTemporaryFolder();
  await runArc(['init', '--typescript'], { cwd: folder.path });
  const modules = join(folder.path, 'node_modules');
  await mkdir(join(modules, '@furrow'), { recursive: true });
  await symlink(join(repository, 'packages', 'functions'), join(modules, '@furrow', 'functions'));
  await symlink(join(repository, 'node_modules', '@types'), join(modules, '@types'));
  const check = () =>
    promisify(execFile)(process.execPath, [join(repository, 'node_modules', '.bin', 'tsc'), '-p', '.'], {
      cwd: folder.path,
    });
  await expect(check()).resolves.toMatchObject({ stdout: '' });
  // It does check: a payload without its connection is refused.
  const handler = await folder.read('src/ws/default/index.ts');
  await folder.write('src/ws/default/index.ts', handler.replace('{ id, payload }', '{ payload }'));
  await expect(check()).rejects.toMatchObject({ stdout: expect.stringContaining('src/ws/default/index.ts') });
});

describe('in a folder with files', () => {
  test('no existing file is changed, and only what is missing is made', async () => {
    const own = {
      'app.arc': '@app\nmine\n@ws\njoin\n@http\nget /\npost /notes\n',
      'package.json': '{ "name": "mine" }\n',
      '.gitignore': 'secret\n',
      'public/index.mjs': '// mine\n',
      'src/ws/default/index.mjs': 'export const handler = async () => ({ statusCode: 200 })\n',
      'src/http/get-index/index.ts': `export const handler = async () => ({ type: 'text/html', body: 'mine' })\n`,
    };
    await using folder = await openTemporaryFolder(own);
    const run = await runArc(['init'], { cwd: folder.path });
    expect(run).toMatchObject({ exitCode: 0, errors: '' });
    const news = [
      'src/http/post-notes/index.js',
      'src/ws/connect/index.js',
      'src/ws/disconnect/index.js',
      'src/ws/join/index.js',
    ];
    expect(made(run.output)).toEqual(news);
    expect(await folder.files()).toEqual([...Object.keys(own), ...news].toSorted());
    expect(await folder.texts()).toMatchObject(own);
  });

  test('a route that was added later gets its function, and nothing else changes', async () => {
    await using folder = await openTemporaryFolder();
    await runArc(['init'], { cwd: folder.path });
    const before = await folder.texts();
    const manifest = before['app.arc']!.replace('# no further config required', 'join');
    await folder.write('app.arc', `${manifest}post /notes/:id\n`);
    const run = await runArc(['init'], { cwd: folder.path });
    expect(made(run.output)).toEqual(['src/http/post-notes-000id/index.js', 'src/ws/join/index.js']);
    expect(await folder.texts()).toMatchObject({ ...before, 'app.arc': `${manifest}post /notes/:id\n` });
    const again = await runArc(['init'], { cwd: folder.path });
    expect(again.output).toBe('Nothing to make: all 6 functions of app.arc have a handler.\n');
  });

  test("a page that asks for './get-web-socket-url' gets that file", async () => {
    const page = `let getURL = require('./get-web-socket-url')\nexports.handler = async () => ({ body: getURL() })\n`;
    await using folder = await openTemporaryFolder({
      'app.arc': '@app\nmine\n@ws\n@http\nget /\n',
      'src/http/get-index/index.js': page,
    });
    const run = await runArc(['init'], { cwd: folder.path });
    expect(made(run.output)).toContain('src/http/get-index/get-web-socket-url.js');
    expect(await folder.read('src/http/get-index/index.js')).toBe(page);
    expect((await runArc(['init'], { cwd: folder.path })).output).toContain('Nothing to make');
  });

  test('a warning of the manifest is shown and stops nothing', async () => {
    await using folder = await openTemporaryFolder({ 'app.arc': '@app\nmine\n@ws\n@htpp\nget /\n' });
    const run = await runArc(['init'], { cwd: folder.path });
    expect(run.exitCode).toBe(0);
    expect(run.output).toMatch(/app\.arc:4:1 +PRAGMA_UNKNOWN/);
    expect(run.output).toContain('Did you mean @http?');
    expect(made(run.output)).toEqual([
      'src/ws/connect/index.js',
      'src/ws/default/index.js',
      'src/ws/disconnect/index.js',
    ]);
  });

  test('a package.json with "type": "module" stays, and the app runs', async () => {
    const text = '{ "name": "mine", "type": "module" }\n';
    await using folder = await openTemporaryFolder({ 'package.json': text });
    await runArc(['init'], { cwd: folder.path });
    expect(await folder.read('package.json')).toBe(text);
    expect(await folder.files()).toEqual(commonJs);
    await proveItRuns(folder);
  });
});

/** The page, its script, an echo through `default`, and `disconnect`. */
async function proveItRuns(folder: TemporaryFolder): Promise<void> {
  await using sandbox = await openArcSandbox({ cwd: folder.path });
  const page = await fetch(sandbox.url);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf8');
  expect(await page.text()).toContain(`window.WS_URL = '/testing'`);
  expect((await fetch(`${sandbox.url}/_static/index.mjs`)).status).toBe(200);
  const connection = await openConnection(sandbox.webSocketUrl, { origin: sandbox.url });
  expect(await connection.ask({ text: 'hello' })).toEqual({ text: 'hello' });
  expect(await connection.ask('not JSON')).toEqual({ text: 'not JSON' });
  expect(await connection.close()).toBe(1000);
  await expect.poll(() => sandbox.printed('ws/disconnect')).toMatch(/^cleaned up after \S+\n$/);
}
