import { mkdir, symlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { compileFunction } from 'node:vm';
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

const sdk2: Files = {
  'node_modules/aws-sdk/package.json': '{ "name": "aws-sdk", "version": "2.1.0", "main": "lib/aws.js" }',
  'node_modules/aws-sdk/lib/aws.js': `require('./node_loader'); require('../clients/all'); module.exports = require('./core');`,
  'node_modules/aws-sdk/lib/core.js': `module.exports = { config: {}, loaded: [] };`,
  'node_modules/aws-sdk/lib/node_loader.js': `var AWS = require('./core'); AWS.loaded.push('node');`,
  'node_modules/aws-sdk/clients/all.js': `module.exports = {\n  S3: require('./s3'),\n  DynamoDB: require('./dynamodb')\n};`,
  'node_modules/aws-sdk/clients/s3.js': `require('../lib/core').loaded.push('s3');`,
  'node_modules/aws-sdk/clients/dynamodb.js': `require('../lib/core').loaded.push('dynamodb');`,
};
const answer = 'exports.handler = async () => [AWS.loaded, AWS.config];';

test.for([
  { why: 'what is used of it', code: `var AWS = require('aws-sdk')\nAWS.DynamoDB\n`, loaded: ['node', 'dynamodb'] },
  {
    why: 'what is taken of it',
    code: `const { DynamoDB, config, loaded } = require('aws-sdk')\nconst AWS = { config, loaded }\n`,
    loaded: ['node', 'dynamodb'],
  },
  { why: 'nothing of its clients', code: `var AWS = require('aws-sdk')\n`, loaded: ['node'] },
  {
    why: 'all, when it is passed on',
    code: `var AWS = require('aws-sdk')\nString(AWS)\n`,
    loaded: ['node', 's3', 'dynamodb'],
  },
  {
    why: 'what several modules use',
    code: `var AWS = require('aws-sdk')\nrequire('./other')\nAWS.DynamoDB\n`,
    loaded: ['node', 's3', 'dynamodb'],
  },
])('version 2 of the SDK is built in with $why', async ({ code, loaded }) => {
  const other = `var AWS = require('aws-sdk')\nAWS.S3`;
  const files = { ...sdk2, [`${base}/index.js`]: code + answer, [`${base}/other.js`]: other };
  await using project = await openProject({ files });
  const place = { projectDir: project.dir, outDir: project.path('out') };
  for (const isShipped of [false, true]) {
    const result = await bundleFunction(project.target({ name: 'ws/default' }), { ...place, isShipped });
    if (result.type !== 'built') throw new Error(JSON.stringify(result));
    expect(await run(result.bundle.code, {})).toEqual([[...loaded].toSorted(), {}]);
    // The variables are the sandbox's.
    const dynamodb = { endpoint: 'http://localhost:1' };
    const env = { AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint };
    expect(await run(result.bundle.code, env)).toEqual([[...loaded].toSorted(), isShipped ? {} : { dynamodb }]);
  }
});

/** What a built function answers, of the SDK's fake. */
async function run(code: Uint8Array, env: Readonly<Record<string, string>>): Promise<unknown> {
  const module: { exports: { readonly handler?: (event: unknown) => Promise<[readonly string[], unknown]> } } = {
    exports: {},
  };
  compileFunction(Buffer.from(code).toString('utf8'), ['module', 'exports', 'process'])(module, module.exports, {
    env,
  });
  const [found, config] = await module.exports.handler!({});
  return [found.toSorted(), config];
}
