import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeError } from '@furrow/executor';
import type { PlannedFile } from './plan.ts';

/**
 * Writes what is not there yet; no existing file is ever changed. Returns what was made.
 *
 * @throws {FOLDER_NOT_WRITABLE}
 */
export async function writeMissing(projectDir: string, files: readonly PlannedFile[]): Promise<PlannedFile[]> {
  const made: PlannedFile[] = [];
  for (const file of files) {
    const path = join(projectDir, file.path);
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, file.text, { flag: 'wx' });
      made.push(file);
    } catch (error) {
      const isThere =
        error instanceof Error &&
        'code' in error &&
        error.code === 'EEXIST' &&
        'syscall' in error &&
        error.syscall === 'open';
      if (!isThere) throw writeError(dirname(path), error);
    }
  }
  return made;
}
