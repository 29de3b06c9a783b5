import { mkdir, rename, symlink } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { faultsOf, functionOf, openPackageProject, unzip, type Files } from './package-project.ts';

/** A package that gives its own version and what the packages that it depends on give. */
function installed(
  folder: string,
  manifest: { readonly dependencies?: object; readonly [key: string]: unknown },
): Files {
  const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const needs = Object.keys(manifest.dependencies ?? {}).map((need) => `require('${need}')`);
  return {
    [`${folder}/package.json`]: JSON.stringify({ name, version: '1.0.0', ...manifest }),
    [`${folder}/index.js`]: `module.exports = ['${name}', ${needs.join(', ')}];`,
  };
}

const app: Files = {
  'app.arc': '@app\ntestapp\n@ws\n',
  'src/ws/default/config.arc': '@arc\nexternal a b\n',
  'src/ws/default/index.js': `exports.handler = async () => [require('a'), require('b')];`,
};
const elf = (machine: number) => {
  const head = Buffer.alloc(64);
  head.write('\u007FELF', 'latin1');
  head.writeUInt16LE(machine, 18);
  return head;
};
const [arm64, x64] = [0xb7, 0x3e];

test.for<{ why: string; files: Files; has: readonly string[] }>([
  {
    why: 'what several need stands once',
    files: {
      ...installed('node_modules/a', { dependencies: { c: '1' } }),
      ...installed('node_modules/b', { dependencies: { c: '1' } }),
      ...installed('node_modules/c', {}),
    },
    has: ['a', 'b', 'c'],
  },
  {
    why: 'two versions stand apart',
    files: {
      ...installed('node_modules/a', { dependencies: { c: '1' } }),
      ...installed('node_modules/b', { dependencies: { c: '2' } }),
      ...installed('node_modules/c', {}),
      ...installed('node_modules/b/node_modules/c', { dependencies: { d: '1' } }),
      ...installed('node_modules/b/node_modules/d', { dependencies: { c: '2' } }),
    },
    // As npm has it: d finds no other d in its way, but the wrong c.
    has: ['a', 'b', 'c', 'd', 'b/node_modules/c', 'd/node_modules/c'],
  },
  {
    why: 'circles end',
    files: {
      ...installed('node_modules/a', { dependencies: { b: '1' } }),
      ...installed('node_modules/b', { dependencies: { a: '1' } }),
    },
    has: ['a', 'b'],
  },
  {
    why: 'peers come along, and what is optional and there',
    files: {
      ...installed('node_modules/a', { peerDependencies: { c: '1', nowhere: '1' } }),
      ...installed('node_modules/b', { optionalDependencies: { d: '1', gone: '1' } }),
      ...installed('node_modules/c', {}),
      ...installed('node_modules/d', {}),
    },
    has: ['a', 'b', 'c', 'd'],
  },
  {
    why: 'what is for other machines stays here',
    files: {
      ...installed('node_modules/a', { optionalDependencies: { c: '1', '@a/linux-arm64': '1', '@a/linux-x64': '1' } }),
      ...installed('node_modules/b', { gypfile: true, dependencies: { 'node-addon-api': '1' } }),
      'node_modules/b/build/Release/b.node': elf(arm64),
      ...installed('node_modules/c', { os: ['darwin'] }),
      ...installed('node_modules/@a/linux-arm64', { os: ['linux'], cpu: ['arm64'] }),
      ...installed('node_modules/@a/linux-x64', { os: ['linux'], cpu: ['x64'] }),
      ...installed('node_modules/node-addon-api', {}),
    },
    has: ['a', 'b', '@a/linux-arm64'],
  },
  {
    why: 'what is native, optional and not for this machine is left out with all that it needs',
    files: {
      ...installed('node_modules/a', { optionalDependencies: { c: '1' } }),
      ...installed('node_modules/b', {}),
      ...installed('node_modules/c', { gypfile: true, dependencies: { d: '1' } }),
      'node_modules/c/build/Release/c.node': elf(x64),
      ...installed('node_modules/d', {}),
    },
    has: ['a', 'b'],
  },
])('$why', async ({ files, has }) => {
  await using project = await openPackageProject({ ...app, ...files });
  const paths = unzip(functionOf(await project.package()).zip).map(({ path }) => path);
  const manifests = paths.filter((path) => path.endsWith('package.json'));
  expect(manifests).toEqual(has.map((name) => `node_modules/${name}/package.json`).toSorted());
});

test('links as pnpm makes them are followed', async () => {
  await using project = await openPackageProject({
    ...app,
    ...installed('node_modules/.pnpm/a@1.0.0/node_modules/a', { dependencies: { c: '1' } }),
    ...installed('node_modules/.pnpm/c@1.0.0/node_modules/c', {}),
    ...installed('node_modules/b', {}),
  });
  const store = project.path('node_modules/.pnpm');
  await symlink(`${store}/c@1.0.0/node_modules/c`, `${store}/a@1.0.0/node_modules/c`);
  await symlink(`${store}/a@1.0.0/node_modules/a`, project.path('node_modules/a'));
  const paths = unzip(functionOf(await project.package()).zip).map(({ path }) => path);
  expect(paths.filter((path) => path.endsWith('package.json'))).toEqual(
    ['a', 'b', 'c'].map((name) => `node_modules/${name}/package.json`),
  );
});

test.for<{ why: string; files: Files; message: string }>([
  {
    why: 'one that is not installed',
    files: installed('node_modules/a', {}),
    message: '"b" is not installed. Run "npm install", or "npm install b" if package.json does not have it.',
  },
  {
    why: 'one that lacks a package',
    files: { ...installed('node_modules/a', { dependencies: { c: '1' } }), ...installed('node_modules/b', {}) },
    message: '"a" needs "c". "c" is not installed.',
  },
  {
    why: 'two that need each other without end',
    files: {
      ...installed('node_modules/a', { dependencies: { b: '2' } }),
      ...installed('node_modules/b', {}),
      ...installed('node_modules/a/node_modules/b', { dependencies: { a: '2' } }),
      ...installed('node_modules/a/node_modules/b/node_modules/a', { dependencies: { b: '1' } }),
      ...installed('node_modules/a/node_modules/b/node_modules/a/node_modules/b', { dependencies: { a: '1' } }),
    },
    message: ' and what it depends on need each other in versions that no folder can hold.',
  },
  {
    why: 'one that was compiled for another machine',
    files: {
      ...installed('node_modules/a', { gypfile: true }),
      ...installed('node_modules/b', {}),
      'node_modules/a/build/Release/a.node': elf(x64),
    },
    message: '"a" is native, and what is installed has no part for linux arm64.',
  },
])('$why is a fault', async ({ why, files, message }) => {
  await using project = await openPackageProject({ ...app, ...files });
  if (why.endsWith('without end')) {
    const last = project.path('node_modules/a/node_modules/b/node_modules/a/node_modules/b');
    await mkdir(`${last}/node_modules`);
    await symlink(project.path('node_modules/a'), `${last}/node_modules/a`);
  }
  const [fault] = faultsOf(await project.package());
  expect(fault).toMatchObject({ kind: 'unbundled', name: 'ws/default' });
  expect(fault?.message).toContain(message);
});

test('what is not installed may be in a layer', async () => {
  await using project = await openPackageProject({
    ...app,
    ...installed('node_modules/a', {}),
    'src/ws/default/config.arc': '@aws\nlayers arn:aws:lambda:us-west-2:123456789012:layer:b:1\n@arc\nexternal a b\n',
  });
  const paths = unzip(functionOf(await project.package()).zip).map(({ path }) => path);
  expect(paths).toEqual(['index.js', 'index.js.map', 'node_modules/a/index.js', 'node_modules/a/package.json']);
});

test('where a package is installed makes no difference', async () => {
  await using project = await openPackageProject({
    ...app,
    ...installed('node_modules/a', { dependencies: { c: '1' } }),
    ...installed('node_modules/b', {}),
    ...installed('node_modules/c', {}),
  });
  const before = functionOf(await project.package()).key;
  await rename(project.path('node_modules'), project.path('../node_modules'));
  expect(functionOf(await project.package()).key).toBe(before);
});
