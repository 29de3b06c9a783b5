import { execFile } from 'node:child_process';
import { glob, mkdir, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';

export const repository = join(import.meta.dirname, '..', '..');

const lock = join(repository, 'node_modules', '.furrow-build');

/** Builds the packages where `dist` is missing or older than the sources. Test files that run at once build once. */
export async function ensureBuilt(): Promise<void> {
  await expect.poll(takeLock, { timeout: 60_000 }).toBe(true);
  try {
    if (await isOutdated()) await promisify(execFile)('npm', ['run', 'build'], { cwd: repository });
  } finally {
    await rmdir(lock);
  }
}

async function takeLock(): Promise<boolean> {
  return mkdir(lock).then(
    () => true,
    () => false,
  );
}
