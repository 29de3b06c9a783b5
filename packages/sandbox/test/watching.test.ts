import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { openSandbox, sandboxSettings, type SandboxEvent } from '../src/index.ts';

const handler = (word: string) => `exports.handler = async () => ({ statusCode: 200, body: '${word}' })`;

async function writeApp(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'furrow-watch-'));
  for (const [path, text] of Object.entries({ 'app.arc': '@app\ntestapp\n@http\nget /\n', ...files })) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

const options = (projectDir: string, onEvent: (event: SandboxEvent) => void) => ({
  ...sandboxSettings({ port: '0' }, {}),
  projectDir,
  env: { PATH: process.env['PATH'], HOME: projectDir },
  onEvent,
});

test('links that lead in circles or out of the project are not followed, and saves are seen', async () => {
  const projectDir = await writeApp({ 'src/http/get-index/index.js': handler('old') });
  await symlink('self', join(projectDir, 'self'));
  await symlink('.', join(projectDir, 'circle'));
  await symlink('..', join(projectDir, 'src', 'up'));
  await symlink('/usr/share', join(projectDir, 'src', 'elsewhere'));
  const events: SandboxEvent[] = [];
  {
    await using sandbox = await openSandbox(options(projectDir, (event) => events.push(event)));
    await sandbox.watching;
    expect(await (await fetch(sandbox.url)).text()).toBe('old');
    await writeFile(join(projectDir, 'src/http/get-index/index.js'), handler('new'));
    await expect.poll(async () => (await fetch(sandbox.url)).text()).toBe('new');
  }
  expect(events.filter(({ type }) => type === 'watchTrouble')).toEqual([]);
  await rm(projectDir, { recursive: true, force: true });
});

test('a file from outside of src that went into a build is followed', async () => {
  const projectDir = await writeApp({
    'src/http/get-index/index.js': `exports.handler = async () => ({ statusCode: 200, body: require('../../../lib/word') })`,
    'lib/word.js': `module.exports = 'old'`,
    'data/unrelated.txt': 'x',
  });
  {
    await using sandbox = await openSandbox(options(projectDir, () => {}));
    await sandbox.watching;
    expect(await (await fetch(sandbox.url)).text()).toBe('old');
    await writeFile(join(projectDir, 'lib/word.js'), `module.exports = 'new'`);
    await expect.poll(async () => (await fetch(sandbox.url)).text()).toBe('new');
  }
  await rm(projectDir, { recursive: true, force: true });
});

test('a src that comes later is followed', async () => {
  const projectDir = await writeApp({});
  {
    await using sandbox = await openSandbox(options(projectDir, () => {}));
    await sandbox.watching;
    expect((await fetch(sandbox.url)).status).toBe(500);
    await mkdir(join(projectDir, 'src/http/get-index'), { recursive: true });
    await writeFile(join(projectDir, 'src/http/get-index/index.js'), handler('new'));
    await expect.poll(async () => (await fetch(sandbox.url)).text()).toBe('new');
  }
  await rm(projectDir, { recursive: true, force: true });
});

test('a folder that cannot be written to is named', async () => {
  const projectDir = await writeApp({ '.furrow': 'a file' });
  await expect(openSandbox(options(projectDir, () => {}))).rejects.toMatchObject({ code: 'FOLDER_NOT_WRITABLE' });
  await rm(projectDir, { recursive: true, force: true });
});
