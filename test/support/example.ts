import { cp } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { openTemporaryFolder, type TemporaryFolder } from './temporary-folder.ts';

const left = new Set(['node_modules', '.furrow', '.venv', 'test']);

/** A copy of an example, without its tests, in a folder of its own. */
export async function copyExample(name: string): Promise<TemporaryFolder> {
  const folder = await openTemporaryFolder();
  await cp(join(import.meta.dirname, '../../examples', name), folder.path, { recursive: true, filter: isCopied });
  return folder;
}

function isCopied(path: string): boolean {
  return !left.has(basename(path));
}
