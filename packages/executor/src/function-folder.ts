import {
  copyFile,
  mkdir,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import type { Bundle } from './bundle.ts';
import type { SharedFolder } from './shared-folder.ts';

const compiledFolder = '__pycache__';
/** Folders that are never part of a function: what tools keep for the machine they run on. */
const skippedFolders: ReadonlySet<string> = new Set(['node_modules', '.git', '.furrow', '.venv', compiledFolder]);
/** Files that are looked at together; a folder of thousands must not open them all at once. */
const filesAtOnce = 32;
/** Longer files that have a new time count as changed without being read. */
const maxComparedBytes = 1024 * 1024;

/**
 * Fills a folder with a bundle and with the files that the function's own folder has, so that `__dirname` reads work.
 *
 * Returns whether anything differs from what was there. Sources that are in the bundle are copied too, for handlers that
 * load them by a computed path, but make no difference. Packages outside of the bundle are linked from where they are
 * installed, folders of the app that it may read are copied to where it looks for them. Files change as a whole: a process
 * that loads one meanwhile gets the old one or the new one.
 */
export async function fillFolder(folder: string, sourceDir: string, bundle: Bundle): Promise<boolean> {
  await mkdir(folder, { recursive: true });
  const own = [bundle.fileName, `${bundle.fileName}.map`];
  const names = (await namesBelow(sourceDir)).filter((name) => !own.includes(name));
  const shared = await sharedFiles(bundle.shared, join('node_modules', '@architect'));
  let hasChanged = await writeIfChanged(join(folder, bundle.fileName), bundle.code);
  await writeIfChanged(join(folder, `${bundle.fileName}.map`), bundle.sourceMap);
  const links = bundle.externals.flatMap(({ name, folder: to }) =>
    to === undefined ? [] : [{ name: join('node_modules', name), to }],
  );
  const wanted = [...own, ...names, ...links.map(({ name }) => name), ...shared.map(({ name }) => name)];
  if (await removeOthers(folder, wanted)) hasChanged = true;
  for (const { name, to } of links) {
    if (await linkIfChanged(join(folder, name), to)) hasChanged = true;
  }
  const files = [...names.map((name) => ({ name, from: join(sourceDir, name) })), ...shared];
  const copied = await copyAll(folder, files);
  return hasChanged || copied.some(({ from }) => !bundle.inputs.has(from));
}

interface CopiedFile {
  /** Where it stands, relative to the folder that is filled. */
  readonly name: string;
  /** Absolute path. */
  readonly from: string;
}

/** The files of folders that stand below another one by their names: `node_modules/@architect/views/page.html`. */
export async function sharedFiles(folders: readonly SharedFolder[], below: string): Promise<readonly CopiedFile[]> {
  const lists = folders.map(async ({ name, folder }) =>
    (await namesBelow(folder)).map((file) => ({ name: join(below, name, file), from: join(folder, file) })),
  );
  return (await Promise.all(lists)).flat();
}

/**
 * Fills a folder with these files, as they are: what a function in another language runs from.
 *
 * Returns whether anything differs from what was there. What Python has compiled stays.
 */
export async function copyFolder(folder: string, files: readonly CopiedFile[]): Promise<boolean> {
  await mkdir(folder, { recursive: true });
  const hasRemoved = await removeOthers(
    folder,
    files.map(({ name }) => name),
  );
  const copied = await copyAll(folder, files);
  const sources = copied.filter(({ name }) => name.endsWith('.py'));
  await Promise.all(sources.map(({ name }) => removeCompiled(join(folder, name))));
  return hasRemoved || copied.length > 0;
}

/** Python takes what it has compiled as long as the time, in whole seconds, and the length of its source are the same. */
async function removeCompiled(file: string): Promise<void> {
  const cache = join(dirname(file), compiledFolder);
  const names = await readdir(cache).catch(() => []);
  const start = `${basename(file, '.py')}.`;
  await Promise.all(
    names.filter((name) => name.startsWith(start)).map((name) => rm(join(cache, name), { force: true })),
  );
}

/** Copies files; returns those that differ from what was there. */
async function copyAll(folder: string, files: readonly CopiedFile[]): Promise<readonly CopiedFile[]> {
  const different: CopiedFile[] = [];
  for (let at = 0; at < files.length; at += filesAtOnce) {
    // oxlint-disable-next-line no-await-in-loop -- a folder of thousands must not open them all at once
    await Promise.all(
      files.slice(at, at + filesAtOnce).map(async (file) => {
        if (await copyUnlessGone(file.from, join(folder, file.name))) different.push(file);
      }),
    );
  }
  return different;
}

/** All plain files below a folder, relative to it, links followed; some folders are left out, by their names. */
export async function namesBelow(folder: string, skipped = skippedFolders, prefix = ''): Promise<string[]> {
  const found: string[] = [];
  for (const item of await itemsOf(join(folder, prefix))) {
    const name = prefix + item.name;
    const kind = item.isSymbolicLink() ? await linked(join(folder, name)) : item;
    if (kind?.isFile() === true) found.push(name);
    else if (kind?.isDirectory() === true && !skipped.has(item.name)) {
      found.push(...(await namesBelow(folder, skipped, name + sep)));
    }
  }
  return found;
}

/** What a folder holds; one that was removed since it was listed holds nothing. */
async function itemsOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (!isMissing(error)) throw error;
    return [];
  }
}

/** What a link leads to. Nothing, when that is missing or a folder that the link is in itself: that has no end. */
async function linked(path: string) {
  try {
    const target = await realpath(path);
    return (dirname(path) + sep).startsWith(target + sep) ? undefined : await stat(target);
  } catch {
    // A link that leads nowhere is no file; whoever reads it finds out.
    return undefined;
  }
}

async function writeIfChanged(file: string, data: Uint8Array): Promise<boolean> {
  const known = await readFile(file).catch(() => undefined);
  if (known?.equals(data) === true) return false;
  await writeFile(unfinished(file), data);
  await rename(unfinished(file), file);
  return true;
}

/** A link to a folder; `junction` is what Windows lets everybody make. */
async function linkIfChanged(link: string, to: string): Promise<boolean> {
  const known = await readlink(link).catch(() => undefined);
  if (known === to) return false;
  await rm(link, { recursive: true, force: true });
  await mkdir(dirname(link), { recursive: true });
  await symlink(to, link, 'junction');
  return true;
}

/** A file that was removed since it was listed will be reported as changed once more, and then is not listed. */
async function copyUnlessGone(from: string, to: string): Promise<boolean> {
  try {
    return await copyIfChanged(from, to);
  } catch (error) {
    if (!isMissing(error)) throw error;
    return true;
  }
}

/** Whether the system says that a file is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Copies the time along, so that the next build need not read the file. */
async function copyIfChanged(from: string, to: string): Promise<boolean> {
  const [wanted, known] = await Promise.all([stat(from), stat(to).catch(() => undefined)]);
  const isAlike = known?.size === wanted.size && known.mode === wanted.mode;
  if (isAlike && Math.abs(known.mtimeMs - wanted.mtimeMs) < 1) return false;
  if (isAlike && wanted.size <= maxComparedBytes) {
    const [now, before] = await Promise.all([readFile(from), readFile(to)]);
    if (now.equals(before)) {
      await utimes(to, wanted.atime, wanted.mtime);
      return false;
    }
  }
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, unfinished(to));
  await utimes(unfinished(to), wanted.atime, wanted.mtime);
  await rename(unfinished(to), to);
  return true;
}

/** A name that is removed by the next build if this one does not get to its end. */
function unfinished(file: string): string {
  return `${file}.furrow-new`;
}

/** What Python keeps beside the modules that it has loaded: the next start of a process is quicker by it. */
function isCompiled(name: string): boolean {
  return name.split(sep).includes(compiledFolder);
}

/** Removes what is not wanted (any more), also where a file has become a folder or the reverse. */
async function removeOthers(folder: string, wanted: readonly string[]): Promise<boolean> {
  const files = new Set(wanted);
  const folders = new Set<string>();
  for (const name of wanted) {
    for (let parent = dirname(name); parent !== '.'; parent = dirname(parent)) folders.add(parent);
  }
  let hasRemoved = false;
  for (const item of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(item.parentPath, item.name);
    const name = path.slice(folder.length + 1);
    if (isCompiled(name)) continue;
    if (item.isDirectory() ? folders.has(name) : files.has(name)) continue;
    await rm(path, { recursive: true, force: true });
    hasRemoved = true;
  }
  return hasRemoved;
}
