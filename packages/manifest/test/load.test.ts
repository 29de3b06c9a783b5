import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadApp } from '../src/index.ts';

const arc = '@app\nx\n@ws\njoin\n  src lib/join\n';
const data = { app: 'x', ws: { join: { src: 'lib/join' } } };
const yaml = 'app: x\nws:\n  join:\n    src: lib/join\n';

async function createProject(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'manifest-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [file, text] of Object.entries(files)) {
    // oxlint-disable-next-line no-await-in-loop
    await mkdir(dirname(join(folder, file)), { recursive: true });
    // oxlint-disable-next-line no-await-in-loop
    await writeFile(join(folder, file), text);
  }
  return folder;
}

describe('the manifest of a project', () => {
  test.for([
    { file: 'app.arc', text: arc },
    { file: '.arc', text: arc },
    { file: '.arc', text: `\uFEFF${arc}` },
    { file: 'arc.json', text: JSON.stringify(data) },
    { file: 'arc.yaml', text: yaml },
    { file: 'arc.yml', text: yaml },
    { file: 'package.json', text: JSON.stringify({ name: 'y', arc: data }, null, 2) },
    { file: 'package.json', text: `\uFEFF${JSON.stringify({ architect: data }, null, 2)}` },
  ])('may be $file', async ({ file, text }) => {
    const loaded = await loadApp(await createProject({ [file]: text }));
    expect(loaded).toMatchObject({ ok: true, problems: [], app: { name: 'x', file } });
    expect(loaded.ok && loaded.app.functions.map(({ sourceDir }) => sourceDir)).toEqual([
      'src/ws/connect',
      'src/ws/default',
      'src/ws/disconnect',
      'lib/join',
    ]);
  });

  test('is the first found; the others are named', async () => {
    const folder = await createProject({
      '.arc': arc,
      'arc.yaml': 'broken: [',
      'package.json': JSON.stringify({ arc: {} }),
    });
    const loaded = await loadApp(folder);
    expect(loaded).toMatchObject({ ok: true, app: { file: '.arc' } });
    expect(loaded.problems).toMatchObject([{ code: 'MANIFEST_IGNORED', file: '.arc' }]);
    expect(loaded.problems[0]?.message).toContain('arc.yaml, package.json are ignored');
  });

  test.for([
    { why: 'says nothing about us', text: '{"name":"y"}' },
    { why: 'is broken', text: '{"name":' },
    { why: 'is broken and names us', text: '{"arc":' },
    { why: 'is not an object', text: 'null' },
  ])('is not disturbed by a package.json that $why', async ({ text }) => {
    const loaded = await loadApp(await createProject({ 'app.arc': arc, 'package.json': text }));
    expect(loaded).toMatchObject({ ok: true, problems: [] });
  });

  test('may be a link', async () => {
    const folder = await createProject({ 'shared/app.arc': arc });
    await symlink(join(folder, 'shared/app.arc'), join(folder, 'app.arc'));
    expect(await loadApp(folder)).toMatchObject({ ok: true, app: { file: 'app.arc' } });
  });

  test.for([
    { why: 'empty', files: { 'app.arc': '' }, problem: { code: 'MANIFEST_EMPTY', file: 'app.arc', line: 1 } },
    { why: 'broken', files: { 'package.json': '{\n"arc": {,' }, problem: { code: 'DATA_SYNTAX', line: 2, column: 9 } },
    { why: 'not text', files: { 'app.arc': '@app\nx\n@ws\n\uFFFD' }, problem: { code: 'CHARACTER_UNKNOWN', line: 4 } },
  ])('may be $why: that is a problem', async ({ files, problem }) => {
    const loaded = await loadApp(await createProject(files));
    expect(loaded).toMatchObject({ ok: false, problems: [problem] });
  });

  test.for([
    { why: 'an empty folder', files: {} },
    { why: 'a package.json without one', files: { 'package.json': '{}' } },
    { why: 'a broken package.json', files: { 'package.json': '{' } },
    { why: 'a folder of that name', files: { '.arc/x': '' } },
  ])('is missing: $why', async ({ files }) => {
    await expect(loadApp(await createProject(files))).rejects.toMatchObject({
      code: 'MANIFEST_MISSING',
      fix: 'Run "arc init".',
      message: expect.stringContaining('Looked for app.arc, .arc, arc.json, arc.yaml, arc.yml, package.json.'),
    });
  });

  test('is missing: no such folder', async () => {
    const folder = await createProject({});
    await expect(loadApp(join(folder, 'none'))).rejects.toMatchObject({ code: 'MANIFEST_MISSING' });
  });

  test.for([
    { why: 'the file', create: (folder: string) => symlink('app.arc', join(folder, 'app.arc')) },
    {
      why: 'the folder of a function',
      create: async (folder: string) => {
        await writeFile(join(folder, 'app.arc'), arc);
        await symlink('lib', join(folder, 'lib'));
      },
    },
  ])('cannot be read: $why is a link to itself', async ({ create }) => {
    const folder = await createProject({});
    await create(folder);
    await expect(loadApp(folder)).rejects.toMatchObject({ code: 'MANIFEST_UNREADABLE', fix: expect.any(String) });
  });
});

describe('the config of a function', () => {
  test.for([
    { file: 'config.arc', text: '@aws\ntimeout 60' },
    { file: '.arc-config', text: '@aws\ntimeout 60' },
    { file: 'arc.json', text: '{"aws":{"timeout":60}}' },
    { file: 'arc-config.json', text: '{"aws":{"timeout":60}}' },
    { file: 'config.yaml', text: 'aws:\n  timeout: 60' },
    { file: 'config.yml', text: 'aws:\n  timeout: 60' },
    { file: 'arc-config.yaml', text: 'aws:\n  timeout: 60' },
    { file: 'arc-config.yml', text: 'aws:\n  timeout: 60' },
  ])('may be $file', async ({ file, text }) => {
    const loaded = await loadApp(await createProject({ 'app.arc': arc, [`lib/join/${file}`]: text }));
    expect(loaded.problems).toEqual([]);
    expect(loaded.ok && loaded.app.functions.map(({ settings }) => settings.timeout)).toEqual([5, 5, 5, 60]);
  });

  test('is read once for functions that share a folder', async () => {
    const folder = await createProject({
      'app.arc': '@app\nx\n@ws\na\n  src lib\nb\n  src lib',
      'lib/config.arc': '@aws\ntimeout 0',
      'lib/arc.json': '{}',
    });
    const { ok, problems } = await loadApp(folder);
    expect(ok).toBe(false);
    expect(problems.map(({ file, code }) => `${file} ${code}`)).toEqual([
      'lib/config.arc MANIFEST_IGNORED',
      'lib/config.arc SETTING_VALUE',
    ]);
  });

  test('the handler in Python is the file that is there, and another that comes is watched for', async () => {
    const folder = await createProject({
      'app.arc': '@app\nx\n@aws\nruntime python\n@ws\n',
      'src/ws/connect/index.py': '',
      'src/ws/connect/handler.py': '',
      'src/ws/default/lambda.py': '',
      'src/ws/disconnect/config.arc': '@aws\nhandler lib/main.run',
    });
    const loaded = await loadApp(folder);
    expect(loaded.ok && loaded.app.functions.map(({ settings }) => settings.handler)).toEqual([
      'handler.handler',
      'lambda.handler',
      'lib/main.run',
    ]);
    const names = loaded.files.map((file) => file.slice(folder.length + 1)).filter((file) => file.endsWith('.py'));
    expect(names).toEqual(
      ['connect/lambda', 'connect/index', 'default/handler', 'default/index'].map((name) => `src/ws/${name}.py`),
    );
  });

  test('the files to watch are those read and those looked for', async () => {
    const folder = await createProject({ 'app.arc': arc });
    const { files } = await loadApp(folder);
    expect(files).toEqual(
      expect.arrayContaining(['app.arc', 'arc.json', 'lib/join/config.arc'].map((file) => join(folder, file))),
    );
    expect(files).toHaveLength(6 + 4 * 8);
  });
});

test.for([
  { why: 'where Architect made it once', file: 'src/tables/rooms/index.js', folder: 'src/tables/rooms' },
  { why: 'where it makes it now', file: 'src/tables-streams/rooms/index.js', folder: 'src/tables-streams/rooms' },
  {
    why: 'where it makes it now, when both are there',
    file: 'src/tables-streams/rooms/index.js',
    also: 'src/tables/rooms/index.js',
    folder: 'src/tables-streams/rooms',
  },
  { why: 'in a new folder beside other files', file: 'src/tables/rooms.js', folder: 'src/tables-streams/rooms' },
  { why: 'where it is said to be', file: 'src/tables/rooms/index.js', folder: 'lib/x', more: 'rooms\n  src lib/x' },
])('the function of "stream true" lives $why', async ({ file, folder, also = file, more }) => {
  const said = more === undefined ? '' : `@tables-streams\n${more}\n`;
  const manifest = `@app\nx\n@tables\nrooms\n  id *String\n  stream true\n${said}`;
  const loaded = await loadApp(await createProject({ 'app.arc': manifest, [file]: '', [also]: '' }));
  expect(loaded.problems).toEqual([]);
  expect(loaded.ok && loaded.app.functions.map(({ sourceDir }) => sourceDir)).toEqual([folder]);
});
