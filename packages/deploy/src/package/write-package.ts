import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { writeError } from '@furrow/executor';
import type { PackagedFunction } from './package.ts';

/**
 * Writes what a deploy would send: `template.json`, and each zip under its hash in `functions/`, where nothing else is
 * left.
 *
 * @param folder absolute path; it is made when it is not there.
 * @throws {FOLDER_NOT_WRITABLE}
 */
export async function writePackage(
  folder: string,
  { functions, template }: { readonly functions: readonly PackagedFunction[]; readonly template: string },
): Promise<void> {
  const zips = join(folder, 'functions');
  try {
    await mkdir(zips, { recursive: true });
    await writeFile(join(folder, '.gitignore'), '*\n');
    const wanted = new Map(functions.map(({ key, zip }) => [basename(key), zip]));
    const old = (await readdir(zips)).filter((name) => !wanted.has(name));
    await Promise.all(old.map((name) => rm(join(zips, name), { recursive: true, force: true })));
    for (const [name, zip] of wanted) await writeZip(join(zips, name), zip);
    await writeFile(join(folder, 'template.json'), template);
  } catch (error) {
    throw writeError(folder, error);
  }
}

/** A zip is named after its content, so one of the same name and size is there already. */
async function writeZip(file: string, zip: Buffer): Promise<void> {
  const known = await stat(file).catch(() => undefined);
  if (known?.size === zip.length) return;
  await writeFile(`${file}.new`, zip);
  await rename(`${file}.new`, file);
}
