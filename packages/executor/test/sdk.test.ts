import { mkdir, symlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { bundleFunction } from '../src/index.ts';
import { openProject, type Files } from './open-project.ts';

/** An SDK that can be recognised in a bundle. */
const sdk = (folder: string, name = '@aws-sdk/client-dynamodb'): Files => ({
  [`${folder}/node_modules/${name}/package.json`]: JSON.stringify({ name, version: '3.0.0' }),
  [`${folder}/node_modules/${name}/index.js`]: `exports.mark = 'here is ${name}';`,
});
const lists = (key: string, name = '@aws-sdk/client-dynamodb') => JSON.stringify({ [key]: { [name]: '3' } });
const asks = (name: string) => `exports.handler = async () => require('${name}').mark;`;
const base = 'src/ws/default';
const own = { [`${base}/index.js`]: asks('@aws-sdk/client-dynamodb') };

test.for<{ why: string; files: Files; links?: Readonly<Record<string, string>>; isBundled: boolean }>([
  { why: 'is not installed', files: own, isBundled: false },
  {
    why: "is the project's dependency",
    files: { ...own, 'package.json': lists('dependencies'), ...sdk('.') },
    isBundled: true,
  },
  {
    why: "is the project's optional dependency",
    files: { ...own, 'package.json': lists('optionalDependencies'), ...sdk('.') },
    isBundled: true,
  },
  {
    why: "is the project's development dependency",
    files: { ...own, 'package.json': lists('devDependencies'), ...sdk('.') },
    isBundled: false,
  },
  { why: 'lies in the project, and nothing lists it', files: { ...own, ...sdk('.') }, isBundled: false },
  {
    why: 'is a dependency and not installed',
    files: { ...own, 'package.json': lists('dependencies') },
    isBundled: false,
  },
  {
    why: 'is a dependency of a folder around a project that says what it needs',
    files: { ...own, 'package.json': '{}', '../package.json': lists('dependencies'), ...sdk('..') },
    isBundled: false,
  },
  {
    why: 'is a dependency of a folder around a project without a package.json',
    files: { ...own, '../package.json': lists('dependencies'), ...sdk('..') },
    isBundled: true,
  },
  {
    why: "is the project's dependency, installed in a folder around it",
    files: { ...own, 'package.json': lists('dependencies'), ...sdk('..') },
    isBundled: true,
  },
  {
    why: "is the function's own dependency",
    files: { ...own, 'package.json': '{}', [`${base}/package.json`]: lists('dependencies'), ...sdk(base) },
    isBundled: true,
  },
  {
    why: "is the project's dependency, and the function has a package.json of its own",
    files: {
      ...own,
      'package.json': lists('dependencies'),
      [`${base}/package.json`]: '{ "type": "commonjs" }',
      ...sdk('.'),
    },
    isBundled: true,
  },
  {
    why: 'comes with another part of it that is a dependency',
    files: { ...own, 'package.json': lists('dependencies', '@aws-sdk/lib-dynamodb'), ...sdk('.') },
    isBundled: true,
  },
  {
    why: 'is what a dependency needs',
    files: {
      [`${base}/index.js`]: `exports.handler = async () => require('around');`,
      'package.json': lists('dependencies', 'around'),
      'node_modules/around/package.json': '{ "name": "around" }',
      'node_modules/around/index.js': `module.exports = require('@aws-sdk/client-dynamodb').mark;`,
      ...sdk('.'),
    },
    isBundled: true,
  },
  {
    why: 'is a dependency of a linked package',
    files: {
      [`${base}/index.js`]: `exports.handler = async () => require('shared');`,
      'package.json': lists('dependencies', 'shared'),
      '../shared/package.json': lists('dependencies'),
      '../shared/index.js': `module.exports = require('@aws-sdk/client-dynamodb').mark;`,
      ...sdk('..'),
    },
    links: { 'node_modules/shared': '../shared' },
    isBundled: true,
  },
  {
    why: 'is a dependency of the project, and a linked package uses it',
    files: {
      [`${base}/index.js`]: `exports.handler = async () => require('shared');`,
      'package.json': lists('dependencies'),
      '../shared/package.json': lists('peerDependencies'),
      '../shared/index.js': `module.exports = require('@aws-sdk/client-dynamodb').mark;`,
      ...sdk('..'),
    },
    links: { 'node_modules/shared': '../shared' },
    isBundled: true,
  },
  {
    why: 'is a part that others share, and nothing lists it',
    files: { [`${base}/index.js`]: asks('@smithy/core'), ...sdk('.', '@smithy/core') },
    isBundled: false,
  },
  {
    why: 'is version 2, which Lambda has not',
    files: { [`${base}/index.js`]: asks('aws-sdk'), ...sdk('..', 'aws-sdk') },
    isBundled: true,
  },
])('an AWS SDK that $why: bundled $isBundled', async ({ files, links = {}, isBundled }) => {
  await using project = await openProject({ files });
  for (const [from, to] of Object.entries(links)) {
    await mkdir(dirname(project.path(from)), { recursive: true });
    await symlink(project.path(to), project.path(from));
  }
  const place = { projectDir: project.dir, outDir: project.path('out') };
  const result = await bundleFunction(project.target({ name: 'ws/default' }), place);
  if (result.type !== 'built') throw new Error(JSON.stringify(result));
  expect(Buffer.from(result.bundle.code).includes('here is ')).toBe(isBundled);
});
