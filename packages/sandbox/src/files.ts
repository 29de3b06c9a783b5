import { existsSync } from 'node:fs';
import { basename, dirname, relative, sep } from 'node:path';
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
  readonly root: FSWatcher;
  readonly deep: FSWatcher;
  readonly rootReady: Promise<void>;
  /** Of what is added first. */
  readonly deepReady: Promise<void>;
}

const ignoredFolders = new Set(['node_modules', '.git', '.furrow']);

/**
 * Follows no link and not the whole project: a link may lead anywhere, and a folder of data is none of our business.
 *
 * One watcher looks at the project's own folder and no deeper, the other at what is added.
 */
export function openFiles(options: FilesOptions): Files {
  const { projectDir } = options;
  const followed = new Set<string>();
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
    const root = listen(watch(projectDir, { ...common, depth: 0 }));
    const deep = listen(watch([], { ...common, ignored: (path) => isIgnored(relative(projectDir, path)) }));
    // A folder that was not there when it was added.
    root.on('addDir', (folder) => {
      if (folder === projectDir) return;
      void follow([...followed].filter((path) => path === folder || path.startsWith(folder + sep)));
    });
    // Asked for at once: `ready` comes only once.
    return { root, deep, rootReady: untilReady(root), deepReady: untilReady(deep) };
  }

  const opened = open();
  let added: Promise<unknown> = Promise.resolve();

  /** What is not there is added last: the watcher would count it twice, and be ready before it has seen the rest. */
  async function follow(paths: readonly string[]): Promise<void> {
    const watchers = await opened;
    if (watchers === undefined) return;
    const there = new Set(paths.filter((path) => existsSync(path)));
    if (there.size > 0) {
      watchers.deep.add([...there]);
      await watchers.deepReady;
    }
    if (!isClosed) watchers.deep.add(paths.filter((path) => !there.has(path)));
  }

  async function untilFollowed(): Promise<void> {
    const watchers = await opened;
    await Promise.all([added, watchers?.rootReady]);
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
      await Promise.all([watchers?.root.close(), watchers?.deep.close()]);
    },
  };

  /** The watcher of the project's own folder sees it. */
  function isDirectFile(path: string): boolean {
    return dirname(path) === projectDir && basename(path).includes('.');
  }
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
