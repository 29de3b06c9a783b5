import { rm, symlink } from 'node:fs/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { pythonMissing, venv } from '../../../test/support/python.ts';
import { createZip } from '../src/package/zip.ts';
import { wheelPlatforms } from '../src/package/install-python.ts';
import { faultsOf, functionOf, openPackageProject, unzip, type Files } from './package-project.ts';

const missing = pythonMissing();
const reason = missing === undefined ? '' : ` (skipped: ${missing})`;

afterEach(() => vi.unstubAllEnvs());

/** A package as PyPI has it, for one kind of machines. */
async function wheel(name: string, tag: string, files: Readonly<Record<string, string>>) {
  const info = `${name}-1.0.dist-info`;
  const held: Readonly<Record<string, string>> = {
    ...files,
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: 1.0\n`,
    [`${info}/WHEEL`]: `Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: ${tag}\n`,
    [`${info}/entry_points.txt`]: `[console_scripts]\n${name}-run = ${name}:run\n`,
  };
  const record = [...Object.keys(held), `${info}/RECORD`].map((path) => `${path},,\n`).join('');
  const entries = Object.entries({ ...held, [`${info}/RECORD`]: record });
  const data = await createZip(entries.map(([path, text]) => ({ path, data: Buffer.from(text) })));
  return { [`wheels/${name}-1.0-${tag}.whl`]: data };
}

const requirements = '--no-index\n--find-links ../../../wheels\nwords==1.0 # pure\nquick==1.0\n';
const installing = (platform: string) => ({
  type: 'installing',
  packages: ['words==1.0', 'quick==1.0'],
  platform,
});

async function openPython(settings: string, files: Files = {}) {
  const handler = 'def handler(event, context): pass';
  const project = await openPackageProject({
    'src/ws/default/config.arc': `@aws\n${settings}\n`,
    'src/ws/default/lambda.py': handler,
    'src/ws/default/requirements.txt': requirements,
    ...(await wheel('words', 'py3-none-any', { 'words/__init__.py': 'def run(): pass' })),
    ...(await wheel('quick', 'cp313-cp313-manylinux_2_28_aarch64', { 'quick.so': 'arm' })),
    ...(await wheel('quick', 'cp313-cp313-manylinux_2_34_x86_64', { 'quick.so': 'intel' })),
    ...(await wheel('quick', 'cp313-cp313-macosx_11_0_arm64', { 'quick.so': 'mac' })),
    ...(await wheel('quick', 'cp312-cp312-manylinux2014_aarch64', { 'quick.so': 'old' })),
    ...files,
  });
  await symlink(venv, project.path('.venv'));
  return project;
}

describe.skipIf(missing !== undefined)(`a requirements.txt of a function in Python${reason}`, () => {
  test.for([
    { settings: 'runtime python3.13', platform: 'python3.13 arm64', code: 'arm' },
    { settings: 'runtime python3.13\narchitecture x86_64', platform: 'python3.13 x86_64', code: 'intel' },
    { settings: 'runtime python3.12', platform: 'python3.12 arm64', code: 'old' },
  ])('is in the zip as it runs on $platform', { timeout: 60_000 }, async ({ settings, platform, code }) => {
    await using project = await openPython(settings);
    const packed = functionOf(await project.package());
    const files = unzip(packed.zip);
    expect(files.map(({ path }) => path)).toEqual([
      'lambda.py',
      'requirements.txt',
      ...['INSTALLER', 'METADATA', 'REQUESTED', 'WHEEL', 'entry_points.txt'].map(
        (name) => `vendor/quick-1.0.dist-info/${name}`,
      ),
      'vendor/quick.so',
      ...['INSTALLER', 'METADATA', 'REQUESTED', 'WHEEL', 'entry_points.txt'].map(
        (name) => `vendor/words-1.0.dist-info/${name}`,
      ),
      'vendor/words/__init__.py',
    ]);
    expect(files.find(({ path }) => path === 'vendor/quick.so')?.data.toString()).toBe(code);
    const told = () => project.progress.filter(({ type }) => type === 'installing');
    expect(told()).toEqual([installing(platform)]);

    // Again: nothing is fetched, nothing is another.
    expect(functionOf(await project.package()).codeSha256).toBe(packed.codeSha256);
    expect(told()).toHaveLength(1);
  });

  test('is installed once for all that have the same, and again for another', { timeout: 60_000 }, async () => {
    await using project = await openPython('runtime python3.13', {
      'src/ws/connect/config.arc': '@aws\nruntime python3.13\n',
      'src/ws/connect/lambda.py': '',
      'src/ws/connect/requirements.txt': requirements,
    });
    await project.package();
    expect(project.progress.filter(({ type }) => type === 'installing')).toHaveLength(1);
    await project.write({ 'src/ws/connect/requirements.txt': requirements.replace('quick==1.0', '') });
    const paths = functionOf(await project.package(), 'ws/connect').files.map(({ path }) => path);
    expect(paths).toContain('vendor/words/__init__.py');
    expect(paths).not.toContain('vendor/quick.so');
  });

  test('is what the person has installed, where vendor holds packages', async () => {
    await using project = await openPython('runtime python3.13', { 'src/ws/default/vendor/own.py': '' });
    const { files } = functionOf(await project.package());
    expect(files.map(({ path }) => path)).toEqual(['lambda.py', 'requirements.txt', 'vendor/own.py']);
  });

  test('does not stand in the way of shared code', { timeout: 60_000 }, async () => {
    await using project = await openPython('runtime python3.13', { 'src/shared/rooms.py': '' });
    const paths = functionOf(await project.package()).files.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['vendor/shared/rooms.py', 'vendor/quick.so']));
  });

  test.for([
    {
      why: 'names what there is not',
      settings: 'runtime python3.11',
      says: 'No matching distribution found for quick==1.0',
    },
    { why: 'is installed by nothing', settings: 'runtime python3.13', says: 'there is no Python with pip' },
  ])('that $why is said', { timeout: 60_000 }, async ({ settings, says }) => {
    await using project = await openPython(settings);
    if (says.includes('pip')) {
      vi.stubEnv('PATH', project.path('wheels'));
      await rm(project.path('.venv'));
    }
    expect(faultsOf(await project.package())).toMatchObject([
      {
        kind: 'unbundled',
        message:
          '"default" needs what src/ws/default/requirements.txt names, which could not be installed for Lambda ' +
          `(${says}). Install it into src/ws/default/vendor by yourself, which is then shipped as it is, or mend the list.`,
      },
    ]);
  });
});

test('wheels for Lambda are those of its glibc and older', () => {
  const modern = wheelPlatforms('3.13', 'arm64');
  expect(modern).toEqual(expect.arrayContaining(['manylinux_2_34_aarch64', 'manylinux2014_aarch64', 'linux_aarch64']));
  expect(modern).not.toContain('manylinux_2_35_aarch64');
  const old = wheelPlatforms('3.11', 'x86_64');
  expect(old).toContain('manylinux_2_26_x86_64');
  expect(old).not.toContain('manylinux_2_27_x86_64');
});
