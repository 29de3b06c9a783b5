import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * The path of a Python 2.7 that has pip; `undefined` where there is none.
 *
 * Looked for: `python2.7` and `python2` on the PATH, then the versions of pyenv, whose commands of that name work only
 * where that version was chosen.
 */
export async function findPython(): Promise<string | undefined> {
  for (const candidate of ['python2.7', 'python2', ...(await pyenvPythons())]) {
    // oxlint-disable-next-line no-await-in-loop -- the first that fits is taken
    if (await isUsable(candidate)) return candidate;
  }
  return undefined;
}

async function isUsable(python: string): Promise<boolean> {
  return run(python, ['-c', 'import sys, pip; assert sys.version_info[:2] == (2, 7)']).then(
    () => true,
    () => false,
  );
}

async function pyenvPythons(): Promise<readonly string[]> {
  const asked = await run('pyenv', ['root']).catch(() => ({ stdout: '' }));
  const root = asked.stdout.trim() || join(homedir(), '.pyenv');
  const versions = await readdir(join(root, 'versions')).catch(() => []);
  return versions.filter((name) => name.startsWith('2.7')).map((name) => join(root, 'versions', name, 'bin', 'python'));
}

/** Installs the pinned packages below a folder, once for each list of them; resolves with where they are. */
export async function installPackages(python: string, cacheFolder: string): Promise<string> {
  const list = join(import.meta.dirname, 'requirements.txt');
  const version = createHash('sha256')
    .update(await readFile(list))
    .digest('hex')
    .slice(0, 12);
  const folder = join(cacheFolder, `packages-${version}`);
  if (await exists(folder)) return folder;
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  // All of them are in the list, so pip has nothing to find out; what only makes Autobahn faster is left out.
  const flags = ['--quiet', '--disable-pip-version-check', '--no-deps', '--target', unfinished, '-r', list];
  await run(python, ['-W', 'ignore', '-m', 'pip', 'install', ...flags]);
  await rename(unfinished, folder);
  return folder;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
