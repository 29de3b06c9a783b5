import { existsSync } from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import type { BuildReport, Executor, RunnableFunction } from '@furrow/executor';
import type { Gateway } from '@furrow/gateway';
import { describeProblems, loadApp, type App } from '@furrow/manifest';
import { isUserError } from '@furrow/protocol';
import { appRoutes } from './app-functions.ts';
import { openFiles } from './files.ts';
import { gatherSaves } from './gather-saves.ts';
import { parametersFile } from './parameters.ts';
import type { SandboxPlugins, SavedFile } from './plugins.ts';
import type { SandboxEvent } from './sandbox-event.ts';

export interface WatchOptions {
  readonly projectDir: string;
  readonly app: App;
  /** Absolute paths of the manifest and of what else was looked for. */
  readonly manifestFiles: readonly string[];
  /** Absolute paths of what variables of the app are read from. */
  readonly environmentFiles: readonly string[];
  readonly executor: Executor;
  readonly gateway: Gateway;
  /** Whether pages load themselves again when they may look another way. */
  readonly reloadsPages: boolean;
  readonly plugins: SandboxPlugins;
  functionsOf(app: App): Promise<readonly RunnableFunction[]>;
  /** Makes the tables that the manifest says. */
  readonly followTables: (app: App) => Promise<void>;
  /** Takes the topics, queues and schedules that the manifest says. */
  readonly followMessages: (app: App) => Promise<void>;
  /** Reads the parameters of the app's own anew. */
  readParameters(): Promise<void>;
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

/** What the manifest says of them, to be compared. */
function saidOfMessages({ events, queues, scheduled }: App): string {
  return JSON.stringify([events, queues, scheduled]);
}

/** Follows the project's files: a save takes effect on the next event, and no connection notices. */
export function openWatcher(options: WatchOptions): Watcher {
  const { projectDir, executor, gateway, onEvent, now } = options;
  let app = options.app;
  let manifestFiles = new Set(options.manifestFiles);
  let working = Promise.resolve();
  let isClosed = false;
  /** What was last said of a function that fails. */
  const told = new Map<string, string | undefined>();

  const saves = gatherSaves((files) => {
    working = working.then(() => apply(files));
  });
  const saved = (file: string, event: SavedFile['event']) => saves.add(resolve(projectDir, file), event);

  async function apply(savedFiles: readonly SavedFile[]): Promise<void> {
    if (isClosed) return;
    const files = savedFiles.map(({ file }) => file);
    const isManifest = files.find((file) => manifestFiles.has(file));
    if (isManifest !== undefined) await applyManifest(isManifest);
    const environment = files.find((file) => options.environmentFiles.includes(file));
    if (environment !== undefined) {
      await executor.setFunctions(await options.functionsOf(app));
      onEvent({ type: 'environmentChanged', atMs: now(), file: basename(environment) });
    }
    if (files.includes(join(projectDir, parametersFile))) {
      await options.readParameters();
      // Libraries read parameters once in a process.
      executor.restart();
      onEvent({ type: 'environmentChanged', atMs: now(), file: parametersFile });
    }
    const names = files.map((file) => relative(projectDir, file).replaceAll(sep, '/'));
    const reports = (await executor.update(files)).filter((report) => isNews(report, names));
    follow();
    options.plugins.saved(savedFiles);
    if (changesPages(files, reports)) gateway.reloadPages();
    if (reports.length === 0) return;
    onEvent({
      type: 'built',
      atMs: now(),
      files: names,
      reports,
      connections: gateway.connectionCount,
    });
  }

  /** Whether pages may look another way: their files, their functions or what these are given have changed. */
  function changesPages(files: readonly string[], reports: readonly BuildReport[]): boolean {
    const settings = [...manifestFiles, ...options.environmentFiles, join(projectDir, parametersFile)];
    const folder = staticFolder(app) + sep;
    return (
      files.some((file) => settings.includes(file) || file.startsWith(folder)) ||
      reports.some(({ functionName, isServing, hasChanged }) => {
        return functionName.startsWith('http/') && isServing && hasChanged;
      })
    );
  }

  function staticFolder({ static: { folder } }: App): string {
    return resolve(projectDir, folder);
  }

  /** A function that fails stays in view when its own files are saved, and is silent when others are. */
  function isNews({ functionName, failure, problems, hasChanged }: BuildReport, files: readonly string[]): boolean {
    const known = told.get(functionName);
    told.set(functionName, failure?.errorMessage);
    if (failure === undefined) return hasChanged;
    return known !== failure.errorMessage || problems.some(({ file = '' }) => files.includes(file));
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
    const afterRestart = [
      ...(loaded.app.name === app.name ? [] : ['@app']),
      ...(loaded.app.profile === app.profile ? [] : ['@aws profile']),
      ...(loaded.app.region === app.region ? [] : ['@aws region']),
      ...(options.plugins.isSame(loaded.plugins) ? [] : ['hooks of new @plugins']),
    ];
    const before = app;
    const labels = new Set(app.functions.map(({ label }) => label));
    const after = new Set(loaded.app.functions.map(({ label }) => label));
    // The stack's name, its parameters and the apiId came from the name that the sandbox was started with, and signatures
    // are for its region.
    app = { ...loaded.app, name: app.name, region: app.region };
    options.plugins.follow(app, loaded.plugins);
    await applyTables(before);
    await applyMessages(before);
    await executor.setFunctions(await options.functionsOf(app));
    gateway.setRoutes(appRoutes(app, projectDir));
    onEvent({
      type: 'manifestChanged',
      atMs: now(),
      file: basename(file),
      added: [...after].filter((label) => !labels.has(label)),
      removed: [...labels].filter((label) => !after.has(label)),
      warnings: loaded.problems,
      afterRestart,
      connections: gateway.connectionCount,
    });
  }

  async function applyTables(before: App): Promise<void> {
    if (partsOf(before) === partsOf(app)) return;
    try {
      await options.followTables(app);
    } catch (error) {
      if (!isUserError(error)) throw error;
      onEvent({ type: 'manifestBroken', atMs: now(), description: error.message });
    }
    await options.readParameters();
    // Libraries read parameters once in a process.
    executor.restart();
  }

  async function applyMessages(before: App): Promise<void> {
    if (saidOfMessages(before) === saidOfMessages(app)) return;
    await options.followMessages(app);
    await options.readParameters();
    // Libraries read parameters once in a process.
    executor.restart();
  }

  const files = openFiles({ projectDir, readAtMs: options.readAtMs, onSaved: saved, onTrouble });

  function onTrouble(message: string): void {
    onEvent({ type: 'watchTrouble', atMs: now(), message });
  }

  /** Folders of functions and what they share, and files that went into builds from elsewhere. */
  function follow(): void {
    const folders = app.functions.map(({ sourceDir }) => resolve(projectDir, sourceDir));
    const shared = [app.sharedFolder, app.viewsFolder].map((folder) => resolve(projectDir, folder));
    // Those in the developer's home; what is not there would be waited for by watching all of it.
    const environment = options.environmentFiles.filter((file) => existsSync(file));
    if (options.plugins.isWatching) files.add([projectDir]);
    if (options.reloadsPages && app.static.isServed) files.add([staticFolder(app)]);
    files.add([join(projectDir, 'src'), ...shared, ...folders, ...environment, ...executor.inputs()]);
  }

  const ready = executor.ready.then(() => {
    follow();
    return files.ready;
  });
  return {
    ready,
    async close() {
      isClosed = true;
      saves.stop();
      await files.close();
      await working;
    },
  };
}

/** What tables and their streams are made of, as one text. */
function partsOf({ tables, tablesStreams }: App): string {
  return JSON.stringify([tables, tablesStreams]);
}
