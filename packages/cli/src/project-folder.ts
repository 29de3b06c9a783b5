import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { errors } from './errors.ts';

/** The folder that a command works in, absolute. @throws {FOLDER_MISSING} when there is no such folder. */
export async function projectFolder(cwd: string, typed: string | undefined): Promise<string> {
  const folder = resolve(cwd, typed ?? '.');
  const found = await stat(folder).catch((error: unknown) => {
    throw errors.folderMissing(folder, error);
  });
  if (!found.isDirectory()) throw errors.folderMissing(folder, undefined);
  return folder;
}
