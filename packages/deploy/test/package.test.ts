import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { ensureBuilt } from '../../../test/support/built.ts';
import { defaultTemplate } from '../../cli/src/init/templates.ts';
import { packageApp } from '../src/package/package-app.ts';
import { writePackage } from '../src/package/write-package.ts';
import {
  faultsOf,
  functionOf,
  oneFunction,
  openPackageProject,
  unzip,
  unzipTo,
  type Files,
  type PackageProject,
} from './package-project.ts';

const execute = promisify(execFile);
const base = 'src/ws/default';
const cjs = 'exports.handler = async (event) => event.word;';
const esm = 'export const handler = async (event) => event.word;';

/** Loads an unzipped function as Lambda does and gives what its handler returns. */
async function run(folder: string, fileName: string): Promise<unknown> {
  const script = `import(${JSON.stringify(join(folder, fileName))}).then(({ handler, default: all }) => (handler ?? all.handler)({ word: 'ok' }, {})).then((value) => process.stdout.write(JSON.stringify(value)))`;
  const flags = ['--no-experimental-require-module', '--no-warnings', '--input-type=commonjs', '--eval', script];
  const { stdout } = await execute(process.execPath, flags, { cwd: folder });
  return JSON.parse(stdout);
}

describe('what arc init makes', () => {
  test.for(['commonjs', 'esm', 'typescript'] as const)('%s is under 20 KB', async (flavour) => {
    const ending = { commonjs: 'js', esm: 'mjs', typescript: 'ts' }[flavour];
    await using project = await openPackageProject({ [`${base}/index.${ending}`]: defaultTemplate(flavour) });
    const { zip } = functionOf(await project.package());
    process.stdout.write(`hello world, ${flavour}: ${zip.length} bytes zipped\n`);
    expect(zip.length).toBeLessThan(20_000);
  });

  test('is as small by what is published', async () => {
    await ensureBuilt();
    await using project = await openPackageProject({
      'app.arc': '@app\ntestapp\n@ws\n@static\n',
      [`${base}/index.js`]: defaultTemplate('commonjs'),
    });
    const built = join(import.meta.dirname, '../dist/esm/package/package-app.js');
    await project.write({
      '../app.json': JSON.stringify(await project.app()),
      '../package.mjs': `
        import { readFileSync } from 'node:fs';
        import { packageApp } from ${JSON.stringify(built)};
        const app = JSON.parse(readFileSync(${JSON.stringify(project.path('../app.json'))}, 'utf8'));
        const { functions } = await packageApp(app, { projectDir: ${JSON.stringify(project.dir)} });
        process.stdout.write(JSON.stringify(functions.map(({ name, zip }) => [name, zip.length])));`,
    });
    const { stdout } = await execute(process.execPath, [project.path('../package.mjs')]);
    const bytes: Readonly<Record<string, number>> = Object.fromEntries(JSON.parse(stdout));
    process.stdout.write(`published: hello world ${bytes['ws/default']} bytes, static ${bytes['static']} bytes\n`);
    expect(bytes['ws/default']).toBeLessThan(20_000);
    expect(bytes['static']).toBeLessThan(14_000);
  }, 90_000);

  test('the function that serves files is under 14 KB', async () => {
    await using project = await openPackageProject({
      'app.arc': '@app\ntestapp\n\n@http\nget /\n',
      'src/http/get-index/index.js': cjs,
    });
    const packaged = await project.package();
    const { zip, ...about } = functionOf(packaged, 'static');
    process.stdout.write(`static: ${zip.length} bytes zipped\n`);
    expect(zip.length).toBeLessThan(14_000);
    expect(about).toMatchObject({ label: 'static', handler: 'index.handler', files: [{ path: 'index.mjs' }, {}] });
    expect(packaged.ok && packaged.functions.map(({ name }) => name)).toEqual(['http/get-index', 'static']);
  });
});

describe('a function is shipped as', () => {
  test.for<{ why: string; files: Files; has: readonly string[]; value?: unknown; appArc?: string }>([
    { why: 'CommonJS', files: { 'index.js': cjs }, has: ['index.js', 'index.js.map'] },
    { why: 'an ES module', files: { 'index.js': esm }, has: ['index.mjs', 'index.mjs.map'] },
    {
      why: 'CommonJS, whatever the project says',
      files: { 'index.js': cjs, '../../../package.json': '{ "type": "module" }' },
      has: ['index.js', 'index.js.map'],
    },
    {
      why: 'a bundle and data',
      files: {
        'index.js':
          'const { readFileSync } = require("node:fs"); const a = require("./data.json").a; exports.handler = async () => [a, require("./lib/b"), readFileSync(__dirname + "/data.json", "utf8"), readFileSync(__dirname + "/views/a.html", "utf8")];',
        'data.json': '{"a":1}',
        'lib/b.js': 'module.exports = 2;',
        'lib/other.js': '',
        'lib/package.json': '{}',
        'views/a.html': '<p>',
        'views/B.html': '',
      },
      has: [
        'data.json',
        'index.js',
        'index.js.map',
        'lib/other.js',
        'lib/package.json',
        'views/B.html',
        'views/a.html',
      ],
      value: [1, 2, '{"a":1}', '<p>'],
    },
    {
      why: 'nothing that is for tools',
      files: {
        'index.js': cjs,
        'package.json': '{}',
        'package-lock.json': '{}',
        'config.arc': '@aws\ntimeout 5\n',
        '.env': 'SECRET=1',
        '.git/config': '',
        '.hidden/file': '',
        'node_modules/a/index.js': '',
        'index.test.js': '',
      },
      has: ['index.js', 'index.js.map', 'index.test.js'],
    },
    {
      why: 'sources too, when they are loaded by computed paths',
      files: {
        'index.js': `const { join } = require('node:path'); require('./parts/b.js'); exports.handler = async () => ['a', 'b'].map((name) => require(join(__dirname, 'parts', name)));`,
        'parts/a.js': 'module.exports = "a" + require("./b.js");',
        'parts/b.js': 'module.exports = "b";',
      },
      has: ['index.js', 'index.js.map', 'parts/a.js', 'parts/b.js'],
      value: ['ab', 'b'],
    },
    {
      why: 'a handler of another name',
      appArc: '@app\ntestapp\n@ws\n@aws\nhandler lib/main.run\n',
      files: {
        'lib/main.js': 'exports.run = async () => "run";',
        'index.js': 'something else',
        '../connect/lib/main.js': 'exports.run = async () => "ok";',
        '../disconnect/lib/main.js': 'exports.run = async () => "ok";',
      },
      has: ['index.js', 'index.js.map'],
      value: 'run',
    },
  ])('$why', async ({ files, has, appArc, value = 'ok' }) => {
    const below = Object.entries(files).map(([name, text]) => [join(base, name), text] as const);
    await using project = await openPackageProject({ ...Object.fromEntries(below), 'app.arc': appArc ?? oneFunction });
    const packed = functionOf(await project.package());
    const unzipped = unzip(packed.zip);
    expect(unzipped.map(({ path }) => path)).toEqual(has);
    expect(packed.files).toEqual(unzipped.map(({ path, data }) => ({ path, bytes: data.length })));
    expect(packed.unzippedBytes).toBe(unzipped.reduce((sum, { data }) => sum + data.length, 0));
    expect(new Set(unzipped.map(({ time, mode }) => `${time} ${mode}`))).toEqual(new Set(['1980-01-01 00:00 644']));
    const hash = createHash('sha256').update(packed.zip);
    expect(packed.codeSha256).toBe(hash.copy().digest('base64'));
    expect(packed.key).toBe(`functions/${hash.digest('hex')}.zip`);

    const task = join(project.dir, '..', 'task');
    await unzipTo(task, packed.zip);
    expect(
      await run(
        task,
        has.find((name) => name.startsWith('index.'))!,
      ),
    ).toEqual(value);
  });

  test('programs that can be run', async () => {
    await using project = await openPackageProject({
      [`${base}/index.js`]: cjs,
      [`${base}/run.sh`]: '#!/bin/sh\n',
      [`${base}/tool`]: Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2]),
      [`${base}/empty`]: '',
    });
    const modes = unzip(functionOf(await project.package()).zip).map(({ path, mode }) => [path, mode]);
    expect(Object.fromEntries(modes)).toEqual({
      empty: '644',
      'index.js': '644',
      'index.js.map': '644',
      'run.sh': '755',
      tool: '755',
    });
  });

  test('what links lead to', async () => {
    await using project = await openPackageProject({ [`${base}/index.js`]: cjs, 'shared/a.txt': 'shared' });
    await symlink(project.path('shared'), project.path(`${base}/views`));
    const files = unzip(functionOf(await project.package()).zip);
    expect(files.find(({ path }) => path === 'views/a.txt')?.data.toString()).toBe('shared');
  });
});

describe('a function in another language', () => {
  test.for<{ runtime: string; handler?: string; files: Files; has: readonly string[] }>([
    {
      runtime: 'python3.13',
      files: { 'index.py': 'def handler(event, context): pass', 'vendor/x.py': '', '.env': '', 'config.arc': '' },
      has: ['index.py', 'vendor/x.py'],
    },
    { runtime: 'ruby3.4', handler: 'lib/main.handler', files: { 'lib/main.rb': '' }, has: ['lib/main.rb'] },
    { runtime: 'provided.al2023', files: { bootstrap: '#!/bin/sh\n' }, has: ['bootstrap'] },
    { runtime: 'java21', handler: 'app.Main::run', files: { 'lib/a.jar': '' }, has: ['lib/a.jar'] },
  ])('$runtime is shipped as its folder is', async ({ runtime, handler = 'index.handler', files, has }) => {
    const folders = ['default', 'connect', 'disconnect'].flatMap((name) =>
      Object.entries(files).map(([file, text]) => [`src/ws/${name}/${file}`, text] as const),
    );
    await using project = await openPackageProject({
      'app.arc': `@app\ntestapp\n@ws\n@aws\nruntime ${runtime}\nhandler ${handler}\n`,
      ...Object.fromEntries(folders),
    });
    await rm(project.path('src/ws/connect/index.js'));
    const packed = functionOf(await project.package());
    expect(packed.handler).toBe(handler);
    expect(packed.files.map(({ path }) => path)).toEqual(has);
  });
});

/** The names of all zips. */
async function hashes(project: PackageProject): Promise<readonly string[]> {
  const packaged = await project.package();
  return packaged.ok ? packaged.functions.map(({ key }) => key) : [];
}

describe('the same bytes', () => {
  const files: Files = {
    'package.json': '{ "name": "same" }',
    [`${base}/index.js`]: `const a = require('a'); const arc = require('@architect/functions'); const two = require('../../shared/two'); exports.handler = async () => [a, two, typeof arc.ws.send];`,
    [`${base}/view.html`]: '<p>',
    'src/shared/two.js': 'module.exports = 2;',
  };
  const modules: Files = {
    'node_modules/a/package.json': '{ "name": "a" }',
    'node_modules/a/index.js': `const b = require('b'); module.exports = () => require('./lib')(b);`,
    'node_modules/a/lib.js': 'module.exports = (b) => [b, __filename.length > 0];',
    'node_modules/b/package.json': '{ "name": "b" }',
    'node_modules/b/index.js': 'exports.b = function b() {};',
  };

  test('wherever the project and its packages are', async () => {
    await using one = await openPackageProject({ ...files, ...modules });
    await using two = await openPackageProject({ ...files, ...modules });
    const expected = await hashes(one);
    expect(expected).toHaveLength(3);

    // In a folder around the project, one package inside of the other, and the project behind a link.
    await mkdir(join(two.dir, '..', 'node_modules'));
    await rename(two.path('node_modules/a'), join(two.dir, '..', 'node_modules', 'a'));
    await mkdir(join(two.dir, '..', 'node_modules', 'a', 'node_modules'));
    await rename(two.path('node_modules/b'), join(two.dir, '..', 'node_modules', 'a', 'node_modules', 'b'));
    expect(await hashes(two)).toEqual(expected);

    const deeper = join(two.dir, '..', 'a', 'much', 'deeper folder');
    await mkdir(deeper, { recursive: true });
    await cp(one.dir, join(deeper, 'copy'), { recursive: true });
    await symlink(join(deeper, 'copy'), join(deeper, 'link'));
    const packaged = await packageApp(await one.app(), { projectDir: join(deeper, 'link') });
    expect(packaged.ok && packaged.functions.map(({ key }) => key)).toEqual(expected);
  });

  test('in every time zone', async () => {
    await using project = await openPackageProject({ ...files, ...modules });
    const script = project.path('../package.mts');
    const source = join(import.meta.dirname, '../src/package/package-app.ts');
    await writeFile(
      script,
      `import { readFileSync } from 'node:fs';
       const { packageApp } = await import(${JSON.stringify(source)});
       const app = JSON.parse(readFileSync(${JSON.stringify(project.path('../app.json'))}, 'utf8'));
       const packaged = await packageApp(app, { projectDir: ${JSON.stringify(project.dir)} });
       process.stdout.write(JSON.stringify(packaged.functions.map(({ key }) => key)));`,
    );
    await writeFile(project.path('../app.json'), JSON.stringify(await project.app()));
    const expected = await hashes(project);
    const tsx = join(import.meta.dirname, '../../../node_modules/tsx/dist/cli.mjs');
    const zones = ['Pacific/Auckland', 'America/Los_Angeles'];
    const children = zones.map(async (TZ) => {
      const { stdout } = await execute(process.execPath, [tsx, '--conditions=@furrow/source', script], {
        env: { ...process.env, TZ },
      });
      return JSON.parse(stdout) as unknown;
    });
    expect(await Promise.all(children)).toEqual(zones.map(() => expected));
  });

  test('until something changes', async () => {
    await using project = await openPackageProject({ ...files, ...modules });
    const [connect, before] = await hashes(project);
    await project.write({ [`${base}/view.html`]: '<b>' });
    const after = await hashes(project);
    expect(after[0]).toBe(connect);
    expect(after[1]).not.toBe(before);
  });
});

describe('what cannot be shipped', () => {
  test('is said of every function', async () => {
    await using project = await openPackageProject({
      'app.arc': '@app\ntestapp\n@ws\nbroken\nnative\npython\n',
      [`${base}/readme.md`]: '',
      'src/ws/broken/index.js': `exports.handler = async () => {\n  require('nowhere');\n  return (;\n};`,
      'src/ws/native/index.js': `exports.handler = async () => require('gone');`,
      'src/ws/native/config.arc': '@arc\nexternal gone\n',
      'src/ws/python/index.js': '',
      'src/ws/python/config.arc': '@aws\nruntime python3.13\n',
    });
    expect(faultsOf(await project.package())).toEqual([
      {
        name: 'ws/default',
        label: 'default',
        sourceDir: base,
        kind: 'missing',
        message: `"default" has no handler: looked for index.js, index.mjs, index.cjs, index.ts, index.mts, index.cts, index.tsx, index.jsx in ${base}.`,
        problems: [],
      },
      expect.objectContaining({
        name: 'ws/broken',
        kind: 'broken',
        message: '"broken" does not build: src/ws/broken/index.js:3:11 Unexpected ";"',
        problems: [expect.objectContaining({ line: 3, column: 11, text: '  return (;' })],
      }),
      expect.objectContaining({
        name: 'ws/native',
        kind: 'unbundled',
        message:
          '"native" cannot be shipped: "gone" is not installed. Run "npm install", or "npm install gone" if package.json does not have it.',
      }),
      expect.objectContaining({
        kind: 'missing',
        message: '"python" has no handler: src/ws/python has no lambda.py.',
      }),
    ]);
  });

  test.for<{ file: string; text: string; handler?: string; name?: string }>([
    { file: 'index.mjs', text: 'export const other = 1;' },
    { file: 'index.ts', text: 'const handler = async (): Promise<number> => 1;' },
    { file: 'index.js', text: '' },
    { file: 'lib/main.cjs', text: 'const run = async () => 1;', handler: 'lib/main.run', name: 'run' },
  ])('a handler that $file does not export', async ({ file, text, handler = 'index.handler', name = 'handler' }) => {
    await using project = await openPackageProject({
      [`${base}/${file}`]: text,
      [`${base}/config.arc`]: `@aws\nhandler ${handler}\n`,
    });
    expect(faultsOf(await project.package())).toEqual([
      {
        name: 'ws/default',
        label: 'default',
        sourceDir: base,
        kind: 'broken',
        message: `"default" exports no handler: ${base}/${file} has no export "${name}".`,
        problems: [],
      },
    ]);
  });

  test('more than Lambda takes', async () => {
    await using project = await openPackageProject({
      [`${base}/index.js`]: cjs,
      [`${base}/a.bin`]: '',
      [`${base}/b.bin`]: '',
    });
    await truncate(project.path(`${base}/a.bin`), 200 * 1024 * 1024);
    await truncate(project.path(`${base}/b.bin`), 50 * 1024 * 1024);
    const [fault] = faultsOf(await project.package());
    expect(fault).toMatchObject({ kind: 'too-large', name: 'ws/default' });
    expect(fault?.message).toContain(
      '"default" has 250.0 MB of files, and Lambda takes 250 MB. The largest are a.bin (200 MB), b.bin (50 MB), index.js',
    );
  });
});

test('only the functions that are asked for', async () => {
  await using project = await openPackageProject({ [`${base}/index.js`]: 'does not build (' });
  const packaged = await project.package({ functions: ['ws/connect'] });
  expect(packaged.ok && packaged.functions.map(({ name }) => name)).toEqual(['ws/connect']);
  expect(project.progress).toEqual([
    { type: 'packaged', name: 'ws/connect', label: 'connect', zipBytes: expect.any(Number) },
  ]);
});

test('a package is written, and what was there before is removed', async () => {
  await using project = await openPackageProject({ [`${base}/index.js`]: cjs });
  const folder = project.path('.furrow/package');
  await project.write({ '.furrow/package/functions/old.zip': '', '.furrow/package/native/kept/package.json': '' });
  const packaged = await project.package();
  if (!packaged.ok) throw new Error('not packaged');
  const { functions } = packaged;
  for (let times = 0; times < 2; times += 1) {
    await writePackage(folder, { functions, template: '{"Resources":{}}' });
    expect(await readFile(join(folder, 'template.json'), 'utf8')).toBe('{"Resources":{}}');
    expect(await readdir(folder)).toEqual(['.gitignore', 'functions', 'native', 'template.json']);
    const written = await readdir(join(folder, 'functions'));
    expect(written).toEqual([...new Set(functions.map(({ key }) => key.slice('functions/'.length)))].toSorted());
    for (const { key, zip } of functions) expect(await readFile(join(folder, key))).toEqual(zip);
  }
  await rm(folder, { recursive: true });
  await writeFile(folder, '');
  await expect(writePackage(folder, { functions, template: '' })).rejects.toMatchObject({
    code: 'FOLDER_NOT_WRITABLE',
  });
});
