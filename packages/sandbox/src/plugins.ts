import { stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { BuildReport, Executor } from '@furrow/executor';
import {
  serviceValues,
  type App,
  type AppPlugins,
  type CommandHook,
  type FunctionDefinition,
  type PluginHook,
} from '@furrow/manifest';
import { isUserError, type Clock, type Invoke, type Outcome } from '@furrow/protocol';
import type { Parameters } from './parameters.ts';
import type { SandboxEvent } from './sandbox-event.ts';

export interface SandboxPluginsOptions {
  /** Absolute. */
  readonly projectDir: string;
  readonly app: App;
  readonly plugins: AppPlugins;
  readonly stackName: string;
  /** Runs a handler also before others may. */
  readonly invoke: Invoke;
  /** What hooks find in the environment beside what is there. */
  readonly variables: () => Readonly<Record<string, string>>;
  /** Runs something in such an environment. @default the environment stays as it is */
  readonly withVariables?: WithVariables | undefined;
  /** It MUST return at once. */
  readonly onEvent: (event: SandboxEvent) => void;
  readonly clock: Clock;
}

/** Runs something while the process has variables beside its own. */
export type WithVariables = <Result>(
  variables: Readonly<Record<string, string>>,
  run: () => Promise<Result>,
) => Promise<Result>;

/** A file that was saved. */
export interface SavedFile {
  /** Absolute. */
  readonly file: string;
  readonly event: 'add' | 'update' | 'remove';
}

/** What plugins do beside the sandbox. */
export interface SandboxPlugins {
  /** Takes an app that was read anew. Hooks of plugins that it did not have run from the next start on. */
  follow(app: App, plugins: AppPlugins): void;
  /** What `deploy.services` gives, as parameters. @throws {PLUGIN_FAILED} {PLUGIN_HOOK} */
  services(): Promise<Parameters>;
  /** Runs every `sandbox.start`, then builds the functions whose code they have made; says how. @throws {PLUGIN_FAILED} */
  start(executor: Pick<Executor, 'update'>): Promise<readonly BuildReport[]>;
  /** Whether these plugins are those that the sandbox was started with. */
  isSame(current: AppPlugins): boolean;
  /**
   * Tells `sandbox.watcher`, one hook after the other. A file that was written while a hook ran is not told: the plugin wrote
   * it, and would go on for ever. A plugin that was saved itself is named in a notice.
   */
  saved(files: readonly SavedFile[]): void;
  /** Whether some plugin asks for saved files. */
  readonly isWatching: boolean;
  /** Resolves when every `sandbox.end` has ended, or the time is over; failures are said. */
  end(graceMs: number): Promise<void>;
}

/** Times of files lag behind by so much; saves that a hook is told of are older, see `watch.ts`. */
const tickMs = 15;

/** Milliseconds since 1970. */
interface Run {
  readonly fromMs: number;
  readonly toMs: number;
}

/** How long a hook may be silent before somebody is told whom they wait for. */
const slowMs = 5000;
/** How long after a hook what it has written may be seen. */
const rememberedMs = 10_000;

export function createSandboxPlugins({ stackName, onEvent, clock, ...options }: SandboxPluginsOptions): SandboxPlugins {
  let { app, plugins } = options;
  const { withVariables = asItIs } = options;
  let telling = Promise.resolve();
  /** When hooks ran lately. */
  let runs: readonly Run[] = [];
  const atStart = plugins.names.join(' ');

  const notice = (text: string) => onEvent({ type: 'notice', atMs: clock.now(), text });
  const invoke = (call: unknown) => invokeByName(call, app, options.invoke);

  async function run(hook: PluginHook, given: Readonly<Record<string, unknown>>): Promise<unknown> {
    const callOff = clock.after(slowMs, () => {
      const seconds = slowMs / 1000;
      notice(`The plugin "${hook.plugin}" has been in ${hook.name} for ${seconds} seconds; it is waited for.`);
    });
    try {
      return await hook.run(given);
    } finally {
      callOff();
    }
  }

  async function runAll(name: CommandHook, given: Readonly<Record<string, unknown>>): Promise<void> {
    const hooks = plugins.hooks(name);
    if (hooks.length === 0) return;
    const fromMs = Date.now();
    for (const hook of hooks) {
      // In the order of @plugins: one may need what another has made.
      // oxlint-disable-next-line no-await-in-loop
      await withVariables(options.variables(), () => run(hook, { invoke, ...given }));
    }
    const toMs = Date.now();
    runs = [...runs.filter((earlier) => earlier.toMs > toMs - rememberedMs), { fromMs, toMs }];
  }

  async function tell({ file, event }: SavedFile): Promise<void> {
    // The machine's time, and not the clock's: files have it.
    const writtenMs = (await stat(file).catch(() => undefined))?.ctimeMs;
    if (writtenMs !== undefined && runs.some(({ fromMs, toMs }) => fromMs - tickMs <= writtenMs && writtenMs <= toMs))
      return;
    await runAll('sandbox.watcher', { filename: file, event }).catch(sayFailure);
  }

  function sayFailure(error: unknown): void {
    if (!isUserError(error)) throw error;
    notice(`${error.message} ${error.fix}`);
  }

  async function tellAll(files: readonly SavedFile[]): Promise<void> {
    for (const file of files) {
      // oxlint-disable-next-line no-await-in-loop
      await tell(file);
    }
  }

  async function end(): Promise<void> {
    await runAll('sandbox.end', {}).catch(sayFailure);
  }

  return {
    follow(currentApp, current) {
      app = currentApp;
      plugins = current;
    },
    async services() {
      const found = new Map<string, string>();
      for (const hook of plugins.hooks('deploy.services')) {
        // oxlint-disable-next-line no-await-in-loop
        const given = await run(hook, { cloudformation: null, dryRun: false, stage: 'testing', stackName });
        for (const { name, value } of serviceValues(hook, given)) {
          found.set(`/${stackName}/${name}`, typeof value === 'string' ? value : JSON.stringify(value));
        }
      }
      return found;
    },
    async start(executor) {
      await runAll('sandbox.start', {});
      const built = builtByPlugins(app, options.projectDir);
      return built.length === 0 ? [] : executor.update(built);
    },
    isSame: (current) => current.names.join(' ') === atStart,
    saved(files) {
      const own = files.find(({ file }) => plugins.files.includes(file));
      if (own !== undefined) {
        const name = relative(options.projectDir, own.file).replaceAll(sep, '/');
        notice(`${name} was saved. A plugin takes effect when the sandbox is started again.`);
      }
      if (this.isWatching) telling = telling.then(() => tellAll(files));
    },
    get isWatching() {
      return plugins.hooks('sandbox.watcher').length > 0;
    },
    async end(graceMs) {
      if (plugins.hooks('sandbox.end').length === 0) return;
      let callOff: (() => void) | undefined;
      const late = new Promise<void>((resolve) => (callOff = clock.after(graceMs, resolve)));
      await Promise.race([end(), late]);
      callOff?.();
    },
  };
}

const asItIs: WithVariables = (_variables, run) => run();

/** A file of each function that plugins build. */
function builtByPlugins({ functions }: App, projectDir: string): readonly string[] {
  return functions
    .filter(({ authored, sourceDir }) => authored !== undefined && authored.sourceDir !== sourceDir)
    .map(({ sourceDir }) => join(projectDir, sourceDir, 'index.js'));
}

interface Call {
  readonly pragma: unknown;
  readonly name: unknown;
  readonly payload: unknown;
}

/** `invoke({ pragma: 'events', name: 'likes', payload })`: what the handler returns. Rejects with the handler's error. */
async function invokeByName(call: unknown, { functions }: App, invoke: Invoke): Promise<unknown> {
  const { pragma, name, payload } = readCall(call);
  const found = functions.find((each) => each.kind === pragma && nameOf(each) === name);
  if (found === undefined)
    throw new ReferenceError(`There is no function @${String(pragma)} ${String(name)} to invoke.`);
  return valueOf(await invoke({ functionName: found.name, event: JSON.stringify(payload) }));
}

function readCall(call: unknown): Call {
  const { pragma, name, payload }: Partial<Call> = typeof call === 'object' && call !== null ? call : {};
  for (const [key, value] of Object.entries({ pragma, name, payload })) {
    if (value === undefined || value === null) throw new ReferenceError(`invoke() was called without "${key}".`);
  }
  return { pragma, name, payload };
}

function nameOf({ kind, label, name }: FunctionDefinition): string {
  return kind === 'http' || kind === 'ws' ? label : name.slice(kind.length + 1);
}

function valueOf(outcome: Outcome): unknown {
  if (outcome.type === 'returned') return outcome.value;
  if (outcome.type === 'refused') throw new Error(outcome.reason);
  const { errorType, errorMessage, trace } = outcome.failure;
  throw Object.assign(new Error(errorMessage), { name: errorType, stack: trace.join('\n') });
}
