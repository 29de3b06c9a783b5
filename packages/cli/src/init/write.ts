import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PlannedFile } from './plan.ts';

/** Writes what is not there yet; no existing file is ever changed. Returns what was made. */
export async function writeMissing(projectDir: string, files: readonly PlannedFile[]): Promise<PlannedFile[]> {
  const made: PlannedFile[] = [];
  for (const file of files) {
    const path = join(projectDir, file.path);
    await mkdir(dirname(path), { recursive: true });
    try {
      await writeFile(path, file.text, { flag: 'wx' });
      made.push(file);
    } catch (error) {
      const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
      if (!isThere) throw error;
    }
  }
  return made;
}
