import { readlink, realpath } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { bundleFunction } from '../src/index.ts';
import { failureOf, openProject, returned, type Files } from './open-project.ts';

/** A package that says it is native; where it was loaded from is what it gives. */
const native = (folder: string, manifest: object = { gypfile: true }): Files => ({
  [`${folder}/package.json`]: JSON.stringify({ name: 'native', version: '1.0.0', ...manifest }),
  [`${folder}/index.js`]: 'exports.file = __filename;',
});
const handler = `exports.handler = async () => require('native').file;`;
const base = 'src/ws/default';
const place = (dir: string) => ({ projectDir: dir, outDir: `${dir}/out` });

describe('a package that cannot be bundled is loaded from where it is installed', () => {
  test.for<{ why: string; files: Files; from: string; external?: readonly string[] }>([
    { why: 'the project', files: native('node_modules/native'), from: 'node_modules/native/index.js' },
    { why: 'a folder around it', files: native('../node_modules/native'), from: '../node_modules/native/index.js' },
    {
      why: "the function's folder",
      files: native(`${base}/node_modules/native`),
      from: `${base}/node_modules/native/index.js`,
    },
    {
      why: 'inside of a package that is bundled',
      files: {
        [`${base}/index.js`]: `exports.handler = async () => require('around');`,
        'node_modules/around/package.json': '{ "name": "around" }',
        'node_modules/around/index.js': `module.exports = require('native').file;`,
        ...native('node_modules/around/node_modules/native'),
      },
      from: 'node_modules/around/node_modules/native/index.js',
    },
    {
      why: 'an ES module',
      files: {
        [`${base}/index.js`]: `import { file } from 'native'; export const handler = async () => file;`,
        ...native('node_modules/native'),
      },
      from: 'node_modules/native/index.js',
    },
    {
      why: 'a path inside of it',
      files: {
        [`${base}/index.js`]: `exports.handler = async () => require('native/deep/file.js');`,
        ...native('node_modules/native'),
        'node_modules/native/deep/file.js': 'module.exports = __filename;',
      },
      from: 'node_modules/native/deep/file.js',
    },
    {
      why: 'one that the function names',
      files: native('node_modules/native', {}),
      external: ['native'],
      from: 'node_modules/native/index.js',
    },
    {
      why: 'one with a part for each kind of machine',
      files: native('node_modules/native', { optionalDependencies: { '@native/linux-arm64': '1.0.0' } }),
      from: 'node_modules/native/index.js',
    },
  ])('$why', async ({ files, from, external }) => {
    await using project = await openProject({
      files: { [`${base}/index.js`]: handler, ...files },
      functions: [{ name: 'ws/default', ...(external && { external }) }],
    });
    expect(await project.invoke()).toEqual(returned(await realpath(project.path(from))));
  });
});

describe('a native file', () => {
  test('is found out while its package is bundled', async () => {
    await using project = await openProject({
      files: {
        [`${base}/index.js`]: `exports.handler = async () => require('native').file;`,
        ...native('node_modules/native', {}),
        'node_modules/native/index.js': `exports.file = __filename; try { require('./a.node') } catch {}`,
        'node_modules/native/a.node': 'nothing that can be loaded',
      },
    });
    expect(await project.invoke()).toEqual(returned(await realpath(project.path('node_modules/native/index.js'))));
  });

  test("of the function's folder is loaded from there", async () => {
    await using project = await openProject({
      files: {
        [`${base}/lib/index.js`]: `module.exports = () => require('../a.node');`,
        [`${base}/index.js`]: `exports.handler = async () => { try { return require('./lib')(); } catch (error) { return error.code; } };`,
        [`${base}/a.node`]: 'nothing that can be loaded',
      },
    });
    expect(await project.invoke()).toEqual(returned('ERR_DLOPEN_FAILED'));
  });

  test('of another folder is refused', async () => {
    await using project = await openProject({
      files: { [`${base}/index.js`]: `require('../../shared/a.node');`, 'src/shared/a.node': '' },
    });
    expect(failureOf(await project.invoke()).errorMessage).toContain(
      `The native file "../../shared/a.node" is outside of the function's folder.`,
    );
  });
});

test('two versions of one native package are refused', async () => {
  await using project = await openProject({
    files: {
      [`${base}/index.js`]: `require('native'); require('around');`,
      'node_modules/around/package.json': '{ "name": "around" }',
      'node_modules/around/index.js': `require('native');`,
      ...native('node_modules/native'),
      ...native('node_modules/around/node_modules/native'),
    },
  });
  expect(failureOf(await project.invoke()).errorMessage).toContain(
    '"native" cannot be bundled and is installed twice.',
  );
});

test('what a bundle leaves outside is said, and whether it may be missing', async () => {
  await using project = await openProject({
    files: {
      [`${base}/index.js`]: `require('around'); require('named'); try { require('nowhere'); } catch {}`,
      'node_modules/around/package.json':
        '{ "name": "around", "peerDependencies": { "native": "1" }, "peerDependenciesMeta": { "native": { "optional": true } } }',
      'node_modules/around/index.js': `try { require('native'); } catch {}`,
      ...native('node_modules/native'),
    },
  });
  const result = await bundleFunction(
    project.target({ name: 'ws/default', external: ['named'] }),
    place(await realpath(project.dir)),
  );
  expect(result.type === 'built' && result.bundle.externals).toEqual([
    { name: 'named', folder: undefined, isOptional: false },
    { name: 'native', folder: await realpath(project.path('node_modules/native')), isOptional: true },
  ]);
});

test('links follow the packages', async () => {
  await using project = await openProject({
    files: { [`${base}/index.js`]: handler, ...native('../node_modules/native') },
  });
  await project.executor.ready;
  const link = project.path('.furrow/build/ws~default/node_modules/native');
  expect(await readlink(link)).toBe(await realpath(project.path('../node_modules/native')));

  const [moved] = await project.save({ [`${base}/index.js`]: handler, ...native('node_modules/native') });
  expect(moved).toMatchObject({ hasChanged: true });
  expect(await readlink(link)).toBe(await realpath(project.path('node_modules/native')));

  const [gone] = await project.save({ [`${base}/index.js`]: 'exports.handler = async () => 1;' });
  expect(gone).toMatchObject({ hasChanged: true });
  await expect(readlink(link)).rejects.toThrow('ENOENT');
  expect(await project.invoke()).toEqual(returned(1));
});

/** What the one function of a project is shipped as. */
async function shipped(files: Files) {
  await using project = await openProject({ files, functions: [] });
  const dir = await realpath(project.dir);
  const result = await bundleFunction(project.target({ name: 'ws/default' }), { ...place(dir), isShipped: true });
  if (result.type !== 'built') throw new Error(JSON.stringify(result));
  const { code, sourceMap, importsByPath } = result.bundle;
  const map: { sources: string[] } = JSON.parse(Buffer.from(sourceMap).toString('utf8'));
  return { code: Buffer.from(code).toString('utf8'), map, importsByPath };
}

describe('a build that is shipped', () => {
  test('is small, and keeps names', async () => {
    const { code } = await shipped({
      [`${base}/index.js`]: `class TooLate extends Error { constructor() { super(); this.name = this.constructor.name } }\nexports.handler = async function lateHandler() { throw new TooLate() };`,
    });
    expect(code).not.toContain('\n\n');
    expect(code).toContain('"TooLate"');
    expect(code).toMatch(/\/\/# sourceMappingURL=index\.js\.map\n$/);
  });

  test('names its sources alike on every machine', async () => {
    const { map } = await shipped({
      [`${base}/index.mjs`]: `import two from '../../shared/two.js'; import a from 'a'; import b from 'linked'; import around from '../../../../around.js'; import arc from '@architect/functions'; export const handler = async () => [two, a, b, around, arc.ws];`,
      'src/shared/two.js': 'export default 2;',
      'node_modules/a/package.json': '{ "name": "a" }',
      'node_modules/a/index.js': `module.exports = require('b');`,
      'node_modules/a/node_modules/b/package.json': '{ "name": "b" }',
      'node_modules/a/node_modules/b/index.js': 'module.exports = 2;',
      'node_modules/linked/package.json': '{ "main": "../../../elsewhere/main.js" }',
      '../elsewhere/package.json': '{ "name": "linked" }',
      '../elsewhere/main.js': 'module.exports = 3;',
      '../around.js': 'export default 4;',
    });
    expect(map.sources).toEqual(
      expect.arrayContaining([
        'node_modules/a/index.js',
        'node_modules/b/index.js',
        'node_modules/linked/main.js',
        '../around.js',
        'src/shared/two.js',
        `${base}/index.mjs`,
        'furrow/entry.js',
        'furrow/executor/entry/handler.ts',
        'furrow/functions/ws.ts',
        'furrow/protocol/signature.ts',
      ]),
    );
    expect(JSON.stringify(map)).not.toContain('furrow-executor-');
    expect('sourcesContent' in map).toBe(false);
  });

  test.for([
    { why: 'requires by path', code: `exports.handler = (name) => require('./' + name + '.js');`, isByPath: false },
    { why: 'requires what it is told', code: 'exports.handler = (name) => require(name);', isByPath: true },
    { why: 'imports what it is told', code: 'export const handler = (name) => import(name);', isByPath: true },
    { why: 'requires a file', code: `exports.handler = () => require('./index.js');`, isByPath: false },
    { why: 'has a package that requires by path', code: `exports.handler = require('a');`, isByPath: false },
  ])('one that $why: $isByPath', async ({ code, isByPath }) => {
    const { importsByPath } = await shipped({
      [`${base}/index.js`]: code,
      'node_modules/a/package.json': '{ "name": "a" }',
      'node_modules/a/index.js': 'module.exports = (name) => require(name);',
    });
    expect(importsByPath).toBe(isByPath);
  });
});
