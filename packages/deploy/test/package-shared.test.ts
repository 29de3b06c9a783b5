import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { faultsOf, functionOf, openPackageProject, unzip, unzipTo, type Files } from './package-project.ts';

const execute = promisify(execFile);

/** Runs an unzipped function in its folder, as Lambda does, and gives what its handler returns. */
async function run(zip: Buffer): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'furrow-task-'));
  await unzipTo(folder, zip);
  const file = unzip(zip).find(({ path }) => /^index\.m?js$/.test(path))?.path ?? '';
  const script = `import(${JSON.stringify(join(folder, file))}).then(({ handler, default: all }) => (handler ?? all.handler)({}, {})).then((value) => process.stdout.write(JSON.stringify(value)))`;
  const flags = ['--no-experimental-require-module', '--no-warnings', '--input-type=commonjs', '--eval', script];
  const { stdout } = await execute(process.execPath, flags, { cwd: folder });
  await rm(folder, { recursive: true });
  return JSON.parse(stdout);
}

const pathsOf = (zip: Buffer) => unzip(zip).map(({ path }) => path);

const shared: Files = {
  'src/shared/rooms.js': `const { join } = require('./lib/join'); module.exports = { rooms: join('a', 'b'), more: require('@architect/shared/more.mjs') }`,
  'src/shared/lib/join.js': `exports.join = (...words) => words.join('-')`,
  'src/shared/more.mjs': `export const more = 'more'`,
  'src/shared/words.json': '{ "word": "hello" }',
  'src/shared/.secret': 'x',
  'src/views/page.html': '<p>',
  'src/views/page.mjs': `import { readFileSync } from 'node:fs'; export const page = () => readFileSync(new URL('page.html', import.meta.url), 'utf8');`,
};

describe('a zip', () => {
  test('has imported code in the bundle, and no file more', async () => {
    await using project = await openPackageProject({
      ...shared,
      'src/ws/default/index.js': `exports.handler = async () => require('@architect/shared/rooms');`,
    });
    const { zip } = functionOf(await project.package());
    expect(pathsOf(zip)).toEqual(['index.js', 'index.js.map']);
    expect(await run(zip)).toEqual({ rooms: 'a-b', more: { more: 'more' } });
    const map =
      unzip(zip)
        .find(({ path }) => path.endsWith('.map'))
        ?.data.toString() ?? '';
    expect(JSON.parse(map).sources).toEqual(expect.arrayContaining(['src/shared/rooms.js', 'src/shared/more.mjs']));
  });

  test.for<{ why: string; source: string; value: unknown }>([
    {
      why: 'by a path',
      source: `import { readFileSync } from 'node:fs'; export const handler = async () => readFileSync('node_modules/@architect/views/page.html', 'utf8');`,
      value: '<p>',
    },
    {
      why: 'by require.resolve',
      source: `exports.handler = async () => require('fs').readFileSync(require.resolve('@architect/views/page.html'), 'utf8');`,
      value: '<p>',
    },
    {
      why: 'through shared code that asks where it is',
      source: `import { page } from '@architect/views/page.mjs'; export const handler = async () => page();`,
      value: '<p>',
    },
  ])('has all files where something reads them $why', async ({ source, value }) => {
    const manifest = '@app\ntestapp\n@http\nget /\n@static\nfalse\n';
    await using project = await openPackageProject({
      ...shared,
      'app.arc': manifest,
      'src/http/get-index/index.js': source,
    });
    const { zip } = functionOf(await project.package(), 'http/get-index');
    expect(pathsOf(zip).filter((path) => path.startsWith('node_modules/'))).toEqual([
      'node_modules/@architect/shared/lib/join.js',
      'node_modules/@architect/shared/more.mjs',
      'node_modules/@architect/shared/rooms.js',
      'node_modules/@architect/shared/words.json',
      'node_modules/@architect/views/page.html',
      'node_modules/@architect/views/page.mjs',
    ]);
    expect(await run(zip)).toEqual(value);
  });

  test('is the same wherever the project is, and for a function that uses none of it whatever is shared', async () => {
    const files: Files = {
      ...shared,
      'app.arc': '@app\ntestapp\n@ws\nplain\n',
      'src/ws/default/index.js': `const { readFileSync } = require('fs'); exports.handler = async () => readFileSync(require.resolve('@architect/shared/words.json'), 'utf8');`,
      'src/ws/plain/index.js': `exports.handler = async () => ({ statusCode: 200 });`,
    };
    await using one = await openPackageProject(files);
    await using other = await openPackageProject({ ...files, 'src/shared/words.json': '{}' });
    const [first, again, changed] = [await one.package(), await one.package(), await other.package()];
    const keys = (packaged: typeof first) => ['ws/default', 'ws/plain'].map((name) => functionOf(packaged, name).key);
    expect(keys(again)).toEqual(keys(first));
    expect(keys(changed)[0]).not.toBe(keys(first)[0]);
    expect(keys(changed)[1]).toBe(keys(first)[1]);
  });

  test('of a Python function has them in vendor', async () => {
    await using project = await openPackageProject({
      'app.arc': '@app\ntestapp\n@ws\n',
      'src/ws/default/index.py': 'def handler(event, context): return 1',
      'src/ws/default/config.arc': '@aws\nruntime python3.13\n',
      'src/shared/rooms.py': 'name = 1',
    });
    expect(pathsOf(functionOf(await project.package()).zip)).toEqual(['index.py', 'vendor/shared/rooms.py']);
  });
});

test('an import that is not given is a fault with its place', async () => {
  await using project = await openPackageProject({
    ...shared,
    'app.arc': '@app\ntestapp\n@ws\n@shared\nws\n  connect\n',
    'src/ws/default/index.js': `exports.handler = async () => require('@architect/shared/rooms');`,
  });
  const [fault] = faultsOf(await project.package());
  expect(fault?.message).toContain('"default" does not build: src/ws/default/index.js:1:');
  expect(fault?.message).toContain('"@architect/shared/rooms" is not given to this function.');
});
