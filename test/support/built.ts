import { execFile } from 'node:child_process';
import { mkdir, readdir, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from './until.ts';

export const repository = join(import.meta.dirname, '..', '..');

const lock = join(repository, 'node_modules', '.furrow-build');
const longestBuildMs = 60_000;

/** Builds the packages where `dist` is missing or older than the sources; of test files that run at once, one does. */
export async function ensureBuilt(): Promise<void> {
  await until(takeLock, 'another build', longestBuildMs);
  try {
    if (await isOutdated()) await build();
  } finally {
    await rmdir(lock);
  }
}

async function build(): Promise<void> {
  await promisify(execFile)('npm', ['run', 'build'], { cwd: repository }).catch(
    (error: { readonly stdout: string }) => {
      throw new Error(`The packages do not build.\n${error.stdout}`, { cause: error });
    },
  );
}

async function takeLock(): Promise<boolean> {
  const isTaken = await mkdir(lock).then(
    () => true,
    () => false,
  );
  // Whoever made it was ended in the middle.
  if (!isTaken && (await changedAtMs(lock)) < Date.now() - longestBuildMs) await rmdir(lock).catch(() => {});
  return isTaken;
}

async function isOutdated(): Promise<boolean> {
  const names = await readdir(join(repository, 'packages'));
  const outdated = await Promise.all(
    names.map(async (name) => {
      const folder = join(repository, 'packages', name);
      const builtAtMs = await changedAtMs(join(folder, 'dist', 'tsconfig.build.tsbuildinfo'));
      return builtAtMs < (await newestSourceMs(join(folder, 'src')));
    }),
  );
  return outdated.includes(true);
}

async function newestSourceMs(folder: string): Promise<number> {
  const files = (await readdir(folder, { recursive: true })).filter((name) =>
    /(?<!\.(?:test|test-d|fuzz))\.ts$/.test(name),
  );
  return Math.max(...(await Promise.all(files.map((file) => changedAtMs(join(folder, file))))));
}

/** 0 for what is not there. */
async function changedAtMs(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
