import { existsSync, statSync, type Stats } from 'node:fs';
import { basename, dirname, join, normalize, relative, sep } from 'node:path';
import type { FSWatcher } from 'chokidar';

export interface FilesOptions {
  readonly projectDir: string;
  /** When the project was read, milliseconds since 1970. What is saved after it counts, though watching starts later. */
  readonly readAtMs: number;
  readonly onSaved: (file: string, event: 'add' | 'update' | 'remove') => void;
  /** Something cannot be watched; saves there are not seen. */
  readonly onTrouble: (message: string) => void;
}

/** The files that are followed: those directly in the project, and what is added. */
export interface Files {
  /** Follows folders with all that is in them, and single files. What is followed already is left alone. */
  add(paths: readonly string[]): void;
  /** Resolves when what was added first is followed. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

interface Watchers {
  /** Single folders and no deeper: the project's own, and those on the way to what is followed. */
  readonly near: FSWatcher;
  /** What is followed, with all that is in it. */
  readonly deep: FSWatcher;
  readonly nearReady: Promise<void>;
  /** Of what is added first. */
  readonly deepReady: Promise<void>;
}

/** How long a folder may be away while another one is put in its place. What takes longer is seen as a removal. */
const replaceMs = 50;
const ignoredFolders = new Set(['node_modules', '.git', '.furrow']);

/** Follows no link and not the whole project: a link may lead anywhere, and a folder of data is none of our business. */
export function openFiles(options: FilesOptions): Files {
  const { projectDir } = options;
  /** What was asked for, whether it is there or has yet to come. */
  const followed = new Set<string>();
  const nearPaths = new Set([projectDir]);
  const deepPaths = new Set<string>();
  const troubles = new Set<string>();
  let isClosed = false;
  let isReady = false;

  function listen(watcher: FSWatcher): FSWatcher {
    watcher.on('add', (file, stats) => {
      if (isReady || (stats?.mtimeMs ?? 0) >= options.readAtMs) options.onSaved(file, 'add');
    });
    watcher.on('change', (file) => options.onSaved(file, 'update'));
    watcher.on('unlink', (file) => options.onSaved(file, 'remove'));
    watcher.on('error', (error) => {
      const message = error instanceof Error ? error.message : String(error);
      if (!troubles.has(message)) options.onTrouble(message);
      troubles.add(message);
    });
    return watcher;
  }

  /** Loaded late: the first request should not wait for it. */
  async function open(): Promise<Watchers | undefined> {
    const { watch } = await import('chokidar');
    if (isClosed) return undefined;
    const common = { alwaysStat: true, followSymlinks: false };
    const near = listen(watch([], { ...common, depth: 0, ignored: isOther }));
    const deep = listen(watch([], { ...common, ignored: (path) => isIgnored(relative(projectDir, path)) }));
    near.on('addDir', (folder) => void follow(followedIn(folder)));
    near.on('unlinkDir', forget);
    deep.on('unlink', (file) => deepPaths.has(file) && forget(file));
    // When it comes again at once, `near` may not have seen that it was gone.
    deep.on('unlinkDir', (folder) => deepPaths.has(folder) && setTimeout(forget, replaceMs, folder).unref());
    // Told before it is watched, so this is the second time.
    deep.on('addDir', (folder) => followed.has(folder) || deep.unwatch(folder).add(folder));
    deep.on('raw', (event, name, about) => {
      const folder = watchedPath(about);
      // What the watch of a folder says of the folder itself: it has gone. Another one may take its place.
      if (event === 'rename' && name === basename(folder)) setTimeout(replaced, replaceMs, deep, folder).unref();
    });
    addTwice(near, [projectDir]);
    // Asked for at once: `ready` comes only once.
    return { near, deep, nearReady: untilReady(near), deepReady: untilReady(deep) };
  }

  /** What is of no interest in a folder that is only on the way. */
  function isOther(path: string, stats?: Stats): boolean {
    const file = normalize(path);
    if (stats === undefined || stats.isDirectory() || dirname(file) === projectDir) return false;
    return !followed.has(file) || deepPaths.has(file);
  }

  function followedIn(folder: string): string[] {
    return folder === projectDir ? [] : [...followed].filter((path) => isAt(folder, path));
  }

  const opened = open();
  let added: Promise<unknown> = Promise.resolve();

  /** What is not there is waited for in the nearest folder that is. */
  async function follow(paths: readonly string[]): Promise<void> {
    const watchers = await opened;
    if (watchers === undefined || isClosed) return;
    addTwice(watchers.near, takeNew(paths.flatMap(waysTo), nearPaths));
    const there = takeNew(
      paths.filter((path) => existsSync(path)),
      deepPaths,
    );
    if (there.length === 0) return;
    addTwice(watchers.deep, there);
    await watchers.deepReady;
  }

  /** The folders in which it is seen that a path comes and goes: those of the project, or the nearest two outside. */
  function waysTo(path: string): string[] {
    if (path === projectDir || statsOf(path)?.isFile() === true) return [];
    const ways: string[] = [];
    for (let folder = dirname(path); folder !== projectDir && folder !== dirname(folder); folder = dirname(folder)) {
      if (statsOf(folder)?.isDirectory() === true) ways.push(folder);
      if (ways.length > 1 && !isAt(projectDir, folder)) break;
    }
    return ways;
  }

  /** What has gone may come again. */
  function forget(gone: string): void {
    for (const paths of [nearPaths, deepPaths]) {
      for (const path of paths) if (isAt(gone, path)) paths.delete(path);
    }
    void follow(followedIn(gone));
  }

  /** Another folder may have the name of one that is watched: the watches follow the old one, wherever that is. */
  function replaced(watcher: FSWatcher, folder: string): void {
    if (isClosed || statsOf(folder)?.isDirectory() !== true) return;
    const watched = Object.entries(watcher.getWatched()).filter(([path]) => isAt(folder, path));
    const folders = new Set(watched.map(([path]) => path));
    addTwice(watcher, [...folders]);
    const paths = watched.flatMap(([path, names]) => names.map((name) => join(path, name)));
    for (const path of paths) if (statsOf(path)?.isFile() === true) options.onSaved(path, 'update');
  }

  async function untilFollowed(): Promise<void> {
    const watchers = await opened;
    await Promise.all([added, watchers?.nearReady]);
    isReady = true;
  }

  return {
    add(paths) {
      const fresh: string[] = [];
      for (const path of paths) {
        // Inside of what stands before it, too.
        if (followed.has(path) || isInside(path, followed) || isDirectFile(path)) continue;
        followed.add(path);
        fresh.push(path);
      }
      if (fresh.length > 0) added = Promise.all([added, follow(fresh)]);
    },
    get ready() {
      return untilFollowed();
    },
    async close() {
      isClosed = true;
      const watchers = await opened;
      await Promise.all([watchers?.near.close(), watchers?.deep.close()]);
    },
  };

  /** The watcher of the project's own folder sees it. */
  function isDirectFile(path: string): boolean {
    return dirname(path) === projectDir && basename(path).includes('.');
  }
}

/**
 * A folder is read before it is watched, and what comes in between would never be seen. The second time it is read with
 * the watch in place. One that was there before has left a watch that sees nothing.
 */
function addTwice(watcher: FSWatcher, paths: string[]): void {
  watcher.unwatch(paths);
  watcher.add(paths);
  watcher.add(paths);
}

/** Those that are not among the known, which they are from now on. */
function takeNew(paths: readonly string[], known: Set<string>): string[] {
  const fresh = [...new Set(paths)].filter((path) => !known.has(path));
  for (const path of fresh) known.add(path);
  return fresh;
}

/** Of what chokidar says with a raw event. */
function watchedPath(about: unknown): string {
  return typeof about === 'object' && about !== null && 'watchedPath' in about ? String(about.watchedPath) : '';
}

function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    // Not there, or something on the way is not a folder.
    return undefined;
  }
}

function isAt(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}

function isIgnored(path: string): boolean {
  return path.split(sep).some((part) => ignoredFolders.has(part));
}

function isInside(path: string, folders: ReadonlySet<string>): boolean {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    if (folders.has(folder)) return true;
  }
  return false;
}

function untilReady(watcher: FSWatcher): Promise<void> {
  return new Promise((resolve) => watcher.once('ready', () => resolve()));
}
