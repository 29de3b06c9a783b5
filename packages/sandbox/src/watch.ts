import { basename, join, relative, resolve, sep } from 'node:path';
import type { Executor, RunnableFunction } from '@furrow/executor';
import type { Gateway } from '@furrow/gateway';
import { describeProblems, loadApp, type App } from '@furrow/manifest';
import { isUserError } from '@furrow/protocol';
import { appRoutes } from './app-functions.ts';
import type { SandboxEvent } from './sandbox-event.ts';

export interface WatchOptions {
  readonly projectDir: string;
  readonly app: App;
  /** Absolute paths of the manifest and of what else was looked for. */
  readonly manifestFiles: readonly string[];
  readonly executor: Executor;
  readonly gateway: Gateway;
  functionsOf(app: App): Promise<readonly RunnableFunction[]>;
  readonly onEvent: (event: SandboxEvent) => void;
  readonly now: () => number;
  /** When the app was read, milliseconds since 1970. What is saved after it counts, though the watcher starts later. */
  readonly readAtMs: number;
}

export interface Watcher {
  /** Resolves when saved files are seen. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

const ignoredFolders = new Set(['node_modules', '.git', '.furrow']);
/** Saves that come together, as editors and git make them, are one change. */
const quietMs = 20;

/** Follows the project's files: a save takes effect on the next event, and no connection notices. */
export function openWatcher(options: WatchOptions): Watcher {
  const { projectDir, executor, gateway, onEvent, now } = options;
  let app = options.app;
  let manifestFiles = new Set(options.manifestFiles);
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let working = Promise.resolve();
  let isClosed = false;

  function saved(file: string): void {
    changed.add(resolve(projectDir, file));
    clearTimeout(timer);
    timer = setTimeout(() => {
      const files = [...changed];
      changed.clear();
      working = working.then(() => apply(files));
    }, quietMs);
  }

  async function apply(files: readonly string[]): Promise<void> {
    if (isClosed) return;
    const isManifest = files.find((file) => manifestFiles.has(file));
    if (isManifest !== undefined) await applyManifest(isManifest);
    const environment = files.find((file) => file === join(projectDir, '.env'));
    if (environment !== undefined) {
      await executor.setFunctions(await options.functionsOf(app));
      onEvent({ type: 'environmentChanged', atMs: now(), file: '.env' });
    }
    const reports = (await executor.update(files)).filter(
      (report) => report.hasChanged || report.failure !== undefined,
    );
    if (reports.length === 0) return;
    onEvent({
      type: 'built',
      atMs: now(),
      files: files.map((file) => relative(projectDir, file).replaceAll(sep, '/')),
      reports,
      connections: gateway.connectionCount,
    });
  }

  async function applyManifest(file: string): Promise<void> {
    const loaded = await loadApp(projectDir).catch((error: unknown) => {
      // The manifest is gone for the moment; editors that replace files do this.
      if (!isUserError(error)) throw error;
      onEvent({ type: 'manifestBroken', atMs: now(), description: error.message });
      return undefined;
    });
    if (loaded === undefined) return;
    manifestFiles = new Set([...manifestFiles, ...loaded.files]);
    if (!loaded.ok) {
      onEvent({ type: 'manifestBroken', atMs: now(), description: describeProblems(loaded.problems) });
      return;
    }
    const before = new Set(app.functions.map(({ label }) => label));
    const after = new Set(loaded.app.functions.map(({ label }) => label));
    app = loaded.app;
    await executor.setFunctions(await options.functionsOf(app));
    gateway.setRoutes(appRoutes(app, projectDir));
    onEvent({
      type: 'manifestChanged',
      atMs: now(),
      file: basename(file),
      added: [...after].filter((label) => !before.has(label)),
      removed: [...before].filter((label) => !after.has(label)),
      warnings: loaded.problems,
      connections: gateway.connectionCount,
    });
  }

  async function start(): Promise<() => Promise<void>> {
    // Loaded late: the first request should not wait for it.
    const { watch } = await import('chokidar');
    const watcher = watch(projectDir, {
      alwaysStat: true,
      ignored: (path) =>
        relative(projectDir, path)
          .split(sep)
          .some((part) => ignoredFolders.has(part)),
    });
    let isReady = false;
    watcher.on('add', (file, stats) => {
      if (isReady || (stats?.mtimeMs ?? 0) >= options.readAtMs) saved(file);
    });
    for (const type of ['change', 'unlink'] as const) watcher.on(type, saved);
    await new Promise<void>((done) => watcher.once('ready', done));
    isReady = true;
    return () => watcher.close();
  }

  const started = start();
  return {
    ready: started.then(() => undefined),
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await (
        await started
      )();
      await working;
    },
  };
}
