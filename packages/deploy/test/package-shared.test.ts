import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
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

/** An app whose page names static files. */
const app = (settings: string): Files => ({
  'app.arc': `@app\ntestapp\n@http\nget /\nget /plain\n@static\n${settings}\n`,
  'public/app.js': 'one',
  'public/css/site.css': 'two',
  'public/readme.md': 'x',
  'src/shared/other.js': 'module.exports = 1',
  'public/static.json': '{ "app.js": "of-somebody-else.js" }',
  'src/http/get-index/index.js': `const arc = require('@architect/functions'); exports.handler = async () => [arc.static('app.js'), arc.static('/css/site.css'), arc.static('none.js'), arc.static('/'), arc.static('app.js', { stagePath: true }), require('@architect/shared/static.json')['app.js'] ?? null];`,
  'src/http/get-plain/index.mjs': `export const handler = async () => 'plain';`,
});

describe('names of static files', () => {
  const names = { 'app.js': 'app-fe05bcdcdc.js', 'css/site.css': 'css/site-ad782ecdac.css' };

  test('are beside the functions that may look them up', async () => {
    await using project = await openPackageProject(app('fingerprint true'));
    const packaged = await project.package();
    const { zip } = functionOf(packaged, 'http/get-index');
    const file = unzip(zip).find(({ path }) => path === 'node_modules/@architect/shared/static.json');
    expect(JSON.parse(file?.data.toString() ?? '')).toEqual(names);
    expect(pathsOf(zip)).toEqual(['index.js', 'index.js.map', 'node_modules/@architect/shared/static.json']);
    vi.stubEnv('ARC_ENV', 'staging');
    expect(await run(zip)).toEqual([
      '/_static/app-fe05bcdcdc.js',
      '/_static/css/site-ad782ecdac.css',
      '/_static/none.js',
      '/_static/',
      '/staging/_static/app-fe05bcdcdc.js',
      'app-fe05bcdcdc.js',
    ]);
    vi.stubEnv('ARC_ENV', 'testing');
    expect((await run(zip)) as unknown[]).toEqual([
      '/_static/app.js',
      '/_static/css/site.css',
      '/_static/none.js',
      '/_static/',
      '/_static/app.js',
      'app-fe05bcdcdc.js',
    ]);
    vi.unstubAllEnvs();
    expect(pathsOf(functionOf(packaged, 'http/get-plain').zip)).toEqual(['index.mjs', 'index.mjs.map']);
  });

  test.for(['fingerprint false', 'fingerprint external', ''])('are not there with "%s"', async (settings) => {
    await using project = await openPackageProject(app(settings));
    const { zip } = functionOf(await project.package(), 'http/get-index');
    expect(pathsOf(zip)).toEqual(['index.js', 'index.js.map']);
    vi.stubEnv('ARC_ENV', 'staging');
    expect(((await run(zip)) as unknown[])[0]).toBe('/_static/app.js');
    vi.unstubAllEnvs();
  });

  test('the library of Architect finds them too', async () => {
    await using project = await openPackageProject({
      ...app('fingerprint true'),
      'src/http/get-index/index.js': `const arc = require('architect-functions'); exports.handler = async () => [arc.static('app.js'), arc.static('none.js'), arc.static('app.js', { stagePath: true })];`,
    });
    await mkdir(project.path('node_modules'), { recursive: true });
    await symlink(
      join(import.meta.dirname, '../../../node_modules/architect-functions'),
      project.path('node_modules/architect-functions'),
    );
    vi.stubEnv('ARC_ENV', 'staging');
    expect(await run(functionOf(await project.package(), 'http/get-index').zip)).toEqual([
      '/_static/app-fe05bcdcdc.js',
      '/_static/none.js',
      '/staging/_static/app-fe05bcdcdc.js',
    ]);
    vi.unstubAllEnvs();
  });
});
