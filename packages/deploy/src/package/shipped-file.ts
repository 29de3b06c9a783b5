import { readFile, realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { namesBelow, type Bundle, type SharedFolder } from '@furrow/executor';

/** A file that goes into a zip; read only when everything is known to fit. */
export interface ShippedFile {
  /** In the zip, with `/` between its parts. */
  readonly path: string;
  readonly bytes: number;
  readonly read: () => Promise<Buffer>;
}

/** What settles a function for Furrow and npm, not for its handler: no part of what is shipped. */
const settingsFiles = new Set([
  'config.arc',
  'arc.json',
  'arc-config.json',
  'arc-config.yaml',
  'arc-config.yml',
  'config.yaml',
  'config.yml',
  'package.json',
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
  'bun.lockb',
]);

const codeEndings = new Set(['.js', '.mjs', '.cjs', '.jsx', '.ts', '.mts', '.cts', '.tsx']);

/** A file that was made, not found. */
export function madeFile(path: string, data: Uint8Array): ShippedFile {
  return { path, bytes: data.byteLength, read: () => Promise.resolve(Buffer.from(data)) };
}

/** Files of a folder, by their names in it; in the zip they stand below `prefix`. */
export async function foundFiles(folder: string, names: readonly string[], prefix = ''): Promise<ShippedFile[]> {
  return Promise.all(
    names.map(async (name) => {
      const file = join(folder, name);
      const { size } = await stat(file);
      return { path: prefix + name.replaceAll(sep, '/'), bytes: size, read: () => readFile(file) };
    }),
  );
}

/**
 * What a bundled function is shipped as: the bundle, its map, and what else its folder holds for handlers that read it.
 *
 * Left out are code that is in the bundle (unless the app imports files by computed paths, which may name it), settings,
 * and whatever begins with a dot.
 */
export async function bundledFiles(sourceDir: string, bundle: Bundle): Promise<ShippedFile[]> {
  const made = [madeFile(bundle.fileName, bundle.code), madeFile(`${bundle.fileName}.map`, bundle.sourceMap)];
  const taken = new Set(made.map(({ path }) => path));
  const names = (await namesBelow(sourceDir)).filter((name) => isPart(name) && !taken.has(name));
  const isInside = await Promise.all(names.map((name) => isInBundle(join(sourceDir, name), bundle)));
  const others = names.filter((_name, index) => isInside[index] !== true);
  return [...made, ...(await foundFiles(sourceDir, others))];
}

/** What a function in another language is shipped as: its folder, with what is installed in it. */
export async function folderFiles(sourceDir: string): Promise<ShippedFile[]> {
  const names = await namesBelow(sourceDir, new Set(['.git', '.furrow']));
  return foundFiles(sourceDir, names.filter(isPart));
}

/** What folders of the app are shipped as for a function that may read their files: `vendor/shared/words.json`. */
export async function sharedFiles(folders: readonly SharedFolder[], below: string): Promise<ShippedFile[]> {
  const lists = folders.map(async ({ name, folder }) =>
    foundFiles(folder, (await namesBelow(folder)).filter(isSeen), `${below}/${name}/`),
  );
  return (await Promise.all(lists)).flat();
}

function isPart(name: string): boolean {
  return !settingsFiles.has(name) && isSeen(name);
}

function isSeen(name: string): boolean {
  return !name.split(sep).some((part) => part.startsWith('.'));
}

async function isInBundle(file: string, { inputs, importsByPath }: Bundle): Promise<boolean> {
  if (importsByPath || !codeEndings.has(extname(file))) return false;
  return inputs.has(file) || inputs.has(await realpath(file));
}
