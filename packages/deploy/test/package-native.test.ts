import { execFile } from 'node:child_process';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { openExecutor } from '@furrow/executor';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faultsOf, functionOf, openPackageProject, unzip, type Files, type PackageProject } from './package-project.ts';

const execute = promisify(execFile);
const appArc = (architecture: string) =>
  `@app\ntestapp\n\n@ws\nhash\nsum\nsocket\n\n@aws\narchitecture ${architecture}\n`;
const handlers: Files = {
  'package.json': '{ "private": true }',
  'app.arc': appArc('arm64'),
  'src/ws/default/index.js': 'exports.handler = async () => 1;',
  'src/ws/hash/index.js': `const { hash, compare } = require('bcrypt'); exports.handler = async () => compare('a', await hash('a', 4));`,
  'src/ws/sum/index.mjs': `import { crc32 } from '@node-rs/crc32'; export const handler = async () => crc32('furrow');`,
  'src/ws/socket/index.js': `const { WebSocket } = require('ws'); exports.handler = async () => typeof WebSocket;`,
};
const packages = ['bcrypt@6.0.0', '@node-rs/crc32@1.10.6', 'ws@8.18.3', 'bufferutil@4.0.9'];

/** Packages as they are on the registry, installed as npm does it here; without npm or a registry these are skipped. */
describe('native packages', () => {
  let project: PackageProject;
  let whyNot: string | undefined;

  beforeAll(async () => {
    project = await openPackageProject(handlers);
    const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts'];
    await execute('npm', ['install', ...quiet, ...packages], { cwd: project.dir }).catch((error: Error) => {
      whyNot = `npm cannot install ${packages.join(' ')}: ${error.message}`;
    });
  }, 120_000);
  afterAll(() => project[Symbol.asyncDispose]());

  const pathsOf = async (name: string, architecture = 'arm64') => {
    await project.write({ 'app.arc': appArc(architecture) });
    const packed = functionOf(await project.package({ functions: [name] }), name);
    return unzip(packed.zip).map(({ path }) => path);
  };

  test('run in the sandbox', async (context) => {
    if (whyNot !== undefined) return context.skip(whyNot);
    const target = (name: string) => ({
      name,
      kind: 'ws' as const,
      label: name,
      sourceDir: project.path(`src/${name}`),
      handler: 'index.handler',
      timeoutMs: 5000,
      memoryMegabytes: 1152,
      maxEnvironments: 1,
      env: {},
    });
    await using executor = await openExecutor({
      projectDir: project.dir,
      functions: ['ws/hash', 'ws/sum', 'ws/socket'].map(target),
      processEnv: { PATH: process.env['PATH'] ?? '' },
      manage: () => ({ type: 'done' }),
      onEvent: () => {},
    });
    const value = async (functionName: string) => executor.invoke({ functionName, event: '{}' });
    expect(await value('ws/hash')).toEqual({ type: 'returned', value: true });
    expect(await value('ws/sum')).toEqual({ type: 'returned', value: 3_826_935_173 });
    expect(await value('ws/socket')).toEqual({ type: 'returned', value: 'function' });
  });

  test.for([
    { architecture: 'arm64', cpu: 'arm64' },
    { architecture: 'x86_64', cpu: 'x64' },
  ])(
    'with builds for all machines are shipped with the one for $architecture',
    async ({ architecture, cpu }, context) => {
      if (whyNot !== undefined) return context.skip(whyNot);
      const paths = await pathsOf('ws/hash', architecture);
      expect(paths.filter((path) => path.endsWith('.node'))).toEqual([
        `node_modules/bcrypt/prebuilds/linux-${cpu}/bcrypt.glibc.node`,
      ]);
      expect(paths).toEqual(
        expect.arrayContaining(['index.js', 'node_modules/bcrypt/bcrypt.js', 'node_modules/node-gyp-build/index.js']),
      );
      expect(paths.filter((path) => path.includes('node-addon-api'))).toEqual([]);
    },
  );

  test('with a package for each machine are shipped with the one for the function', async (context) => {
    if (whyNot !== undefined) return context.skip(whyNot);
    for (const cpu of ['arm64', 'x64']) {
      const paths = await pathsOf('ws/sum', cpu === 'x64' ? 'x86_64' : cpu);
      const folder = `node_modules/@node-rs/crc32-linux-${cpu}-gnu`;
      expect(paths.filter((path) => path.startsWith('node_modules/@node-rs/crc32-'))).toEqual(
        expect.arrayContaining([`${folder}/crc32.linux-${cpu}-gnu.node`, `${folder}/package.json`]),
      );
      expect(paths.filter((path) => path.endsWith('.node'))).toHaveLength(1);
    }
    const installing = project.progress.filter(({ type }) => type === 'installing');
    expect(installing).toEqual([
      { type: 'installing', packages: ['@node-rs/crc32-linux-arm64-gnu@1.10.6'], platform: 'linux arm64' },
    ]);
    const folders = await readdir(project.path('.furrow/package/native'));
    expect(folders).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/)]);
    // The second time it is there.
    await pathsOf('ws/sum');
    expect(project.progress.filter(({ type }) => type === 'installing')).toHaveLength(1);
  });

  test('that may be missing are left out where there is no build of them', async (context) => {
    if (whyNot !== undefined) return context.skip(whyNot);
    expect(await pathsOf('ws/socket')).toEqual(['index.js', 'index.js.map']);
    expect(await pathsOf('ws/socket', 'x86_64')).toContain(
      'node_modules/bufferutil/prebuilds/linux-x64/bufferutil.node',
    );
  });

  test('that cannot be had are a fault with a way out', async (context) => {
    if (whyNot !== undefined) return context.skip(whyNot);
    await rm(project.path('.furrow/package/native'), { recursive: true, force: true });
    // A registry that is not there, as without a network.
    await writeFile(project.path('.npmrc'), 'registry=http://127.0.0.1:9/\nfetch-retries=0\ncache=./no-cache\n');
    await project.write({ 'app.arc': appArc('arm64') });
    const [fault, ...others] = faultsOf(await project.package());
    await rm(project.path('.npmrc'));
    expect(others).toEqual([]);
    expect(fault).toMatchObject({ kind: 'unbundled', name: 'ws/sum', label: 'sum' });
    expect(fault?.message).toMatch(
      /^"sum" cannot be shipped: "@node-rs\/crc32" needs @node-rs\/crc32-linux-arm64-gnu@1\.10\.6 on linux arm64, which could not be installed \(npm cannot reach the registry, or it lacks this version\)\. Run it again with a connection, or run "npm install --os=linux --cpu=arm64 --libc=glibc @node-rs\/crc32" in the project first\.$/,
    );
    expect(await readdir(project.path('.furrow/package/native'))).toEqual([]);
  });

  test('compiled for this machine only are a fault', async (context) => {
    if (whyNot !== undefined) return context.skip(whyNot);
    const build = project.path('node_modules/bcrypt/prebuilds/linux-arm64');
    await rename(build, project.path('aside'));
    await project.write({ 'app.arc': appArc('arm64') });
    const [fault] = faultsOf(await project.package({ functions: ['ws/hash'] }));
    await rename(project.path('aside'), build);
    expect(fault).toMatchObject({ kind: 'unbundled' });
    expect(fault?.message).toContain('"bcrypt" is native, and what is installed has no part for linux arm64.');
  });
});
