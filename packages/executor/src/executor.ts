import { randomBytes } from 'node:crypto';
import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { systemClock, type Clock, type GatewayEvent, type Invocation, type Outcome } from '@furrow/protocol';
import { bootstrapFile } from './bootstrap-file.ts';
import { openBuild, type BuildReport, type FunctionBuild } from './build.ts';
import { writeError } from './errors.ts';
import type { RunnableFunction } from './function.ts';
import { languageOf } from './language.ts';
import { nodeMajor, openNodeFinder } from './node-binary.ts';
import type { Manage } from './pipe/management.ts';
import type { Init } from './pipe/bootstrap.ts';
import { prepareTicketFile } from './pipe/tickets.ts';
import { openPool, type Pool, type PoolOptions, type Started } from './pool.ts';
import { openProcessSupply } from './process-supply.ts';
import { openRuntimeSupply, type RuntimeStarted } from './runtime-api/supply.ts';

export interface ExecutorOptions {
  /** Absolute path; builds are written to `.furrow/build` below it. */
  readonly projectDir: string;
  readonly functions: readonly RunnableFunction[];
  /** What every handler process sees from its start: PATH, HOME, TZ. */
  readonly processEnv: Readonly<Record<string, string>>;
  /** Where other versions of Node are looked for: the developer's environment. @default processEnv */
  readonly hostEnv?: Readonly<Record<string, string | undefined>>;
  /** Answers `arc.ws.send`, `close` and `info`. */
  readonly manage: Manage;
  /** What handlers print, and failures outside of events. It MUST return at once. */
  readonly onEvent: (event: GatewayEvent) => void;
  /** Whether handlers stand still between two events, as on Lambda, so that what they left waits. @default false */
  readonly isStrict?: boolean;
  /** Time-outs of handlers go by it. @default systemClock */
  readonly clock?: Clock;
}

export interface Executor extends AsyncDisposable {
  /** Runs one event; never rejects. A function that is still being built is waited for. */
  invoke(invocation: Invocation): Promise<Outcome>;
  /** A connection has ended: events of it that still run can send it nothing more. */
  gone(connectionId: string): void;
  /** Resolves when all functions have been built once. */
  readonly ready: Promise<readonly BuildReport[]>;
  /** Builds again what these files (absolute paths) touch. Running events end on the old code. */
  update(files: readonly string[]): Promise<readonly BuildReport[]>;
  /** Absolute paths of all files that went into the builds, packages of others left out. */
  inputs(): readonly string[];
  /** Replaces the list of functions; those that stay the same keep their environments. */
  setFunctions(functions: readonly RunnableFunction[]): Promise<readonly BuildReport[]>;
  /** From the next event on, all functions run in new processes. */
  restart(): void;
  /** Lets running events end, up to `graceMs`, then ends all processes. Safe to call twice. @default 5000 */
  close(graceMs?: number): Promise<void>;
}

interface Slot {
  readonly target: RunnableFunction;
  readonly build: FunctionBuild;
  pool: Pool;
}

/** Opens the executor; resolves as soon as it takes events. The builds of its functions go on: see `ready`. */
export async function openExecutor(options: ExecutorOptions): Promise<Executor> {
  const { projectDir, clock = systemClock, isStrict: isFrozen = false } = options;
  const bootstrap = await prepareFolder(projectDir);
  const realProjectDir = await realpath(projectDir);
  const supply = openProcessSupply({
    ...options,
    bootstrapFile: bootstrap,
    ticketFile: ticketFileOf(projectDir),
    env: options.processEnv,
    clock,
    isFrozen,
  });
  const runtimes = openRuntimeSupply({
    ...options,
    projectDir: realProjectDir,
    env: options.processEnv,
    clock,
    isFrozen,
  });
  const nodes = openNodeFinder({
    env: options.hostEnv ?? options.processEnv,
    version: process.version,
    onMissing: (text) => options.onEvent({ type: 'notice', atMs: clock.now(), text }),
  });
  const slots = new Map<string, Slot>();
  /** Pools whose last events still run. */
  const retired = new Set<Pool>();
  /** Resolves when no build of a function that was removed writes any more. */
  let oldBuilds: Promise<unknown> = Promise.resolve();
  let closing: Promise<void> | undefined;

  function startEnvironment(target: RunnableFunction, build: FunctionBuild): PoolOptions['startEnvironment'] {
    const told = new Set<string>();
    return async (onExit): Promise<Started> => {
      if (build.entry() === undefined) await build.settled();
      const entry = build.entry();
      if (entry === undefined || closing !== undefined) return { type: 'failed', failure: build.failure() };
      const major = nodeMajor(target.runtime);
      const nodeFile = major === undefined ? undefined : await nodes.find(major);
      if (closing !== undefined) return { type: 'failed', failure: build.failure() };
      const owner = { functionName: target.name, onExit, told, nodeFile };
      const started: RuntimeStarted =
        languageOf(target) === 'node'
          ? { type: 'started', process: supply.take(owner) }
          : await runtimes.start(target, build.outDir, onExit);
      if (started.type === 'failed') return started;
      const { process } = started;
      const failure = await process.load(initOf(target, entry, { realProjectDir, outDir: build.outDir }));
      if (failure === undefined) return { type: 'ready', process };
      void process.end(0);
      return { type: 'failed', failure };
    };
  }

  function openPoolOf(target: RunnableFunction, build: FunctionBuild): Pool {
    const { timeoutMs, maxEnvironments, reservedConcurrency, environmentConcurrency } = target;
    return openPool({
      timeoutMs,
      maxEnvironments,
      reservedConcurrency,
      // A program of another language asks for one event at a time.
      environmentConcurrency: languageOf(target) === 'node' ? environmentConcurrency : 1,
      startEnvironment: startEnvironment(target, build),
    });
  }

  async function retire(pool: Pool, graceMs: number): Promise<void> {
    retired.add(pool);
    await pool.drain(graceMs);
    retired.delete(pool);
  }

  /** The next event runs the new build; events that wait move over, events that run end where they are. */
  function replacePool(slot: Slot): void {
    const old = slot.pool;
    slot.pool = openPoolOf(slot.target, slot.build);
    slot.pool.put(old.takeWaiting());
    void retire(old, slot.target.timeoutMs);
  }

  /** Opens a slot and builds its function; `old` is the one it stands in for. */
  function addSlot(target: RunnableFunction, old?: Slot): Promise<BuildReport> {
    const build = openBuild(target, projectDir, old?.build.settled());
    const pool = openPoolOf(target, build);
    slots.set(target.name, { target, build, pool });
    const report = build.run();
    if (old !== undefined) pool.put(old.pool.takeWaiting());
    return report;
  }

  async function rebuild(slot: Slot): Promise<BuildReport> {
    const report = await slot.build.run();
    const isServing = slots.get(slot.target.name) === slot && closing === undefined;
    if (report.hasChanged && isServing) replacePool(slot);
    return report;
  }

  async function stop(graceMs: number): Promise<void> {
    const pools = [...Array.from(slots.values(), ({ pool }) => pool), ...retired];
    await Promise.all(pools.map((pool) => pool.drain(graceMs)));
    await Promise.all([supply.close(), runtimes.close()]);
    await Promise.all([oldBuilds, ...Array.from(slots.values(), ({ build }) => build.settled())]);
  }

  const ready = Promise.all(options.functions.map((target) => addSlot(target)));
  const close = (graceMs = 5000): Promise<void> => (closing ??= stop(graceMs));

  return {
    ready,
    invoke(invocation) {
      const { functionName } = invocation;
      const slot = slots.get(functionName);
      if (closing !== undefined) return refuse('No more events are taken: handlers are ending.');
      if (slot === undefined) return refuse(`There is no function ${functionName}.`);
      return slot.pool.invoke(invocation);
    },
    gone(connectionId) {
      for (const { pool } of slots.values()) pool.gone(connectionId);
      for (const pool of retired) pool.gone(connectionId);
    },
    async update(files) {
      if (closing !== undefined) return [];
      const touched = [...slots.values()].filter(({ build }) => files.some((file) => build.isTouchedBy(file)));
      return Promise.all(touched.map(rebuild));
    },
    inputs: () =>
      [...slots.values()]
        .flatMap(({ build }) => [...build.inputs()])
        .filter((file) => !file.includes(`${sep}node_modules${sep}`)),
    async setFunctions(functions) {
      if (closing !== undefined) return [];
      const wanted = new Map(functions.map((target) => [target.name, target]));
      const old = new Map([...slots].filter(([name, { target }]) => !sameFunction(target, wanted.get(name))));
      for (const name of old.keys()) slots.delete(name);
      const added = functions.filter(({ name }) => !slots.has(name));
      const reports = added.map((target) => addSlot(target, old.get(target.name)));
      for (const { pool, target } of old.values()) void retire(pool, target.timeoutMs);
      oldBuilds = Promise.all([oldBuilds, ...Array.from(old.values(), ({ build }) => build.settled())]);
      return Promise.all(reports);
    },
    restart() {
      if (closing === undefined) for (const slot of slots.values()) replacePool(slot);
    },
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}

async function refuse(reason: string): Promise<Outcome> {
  return { type: 'refused', reason };
}

function ticketFileOf(projectDir: string): string {
  return join(projectDir, '.furrow', 'tickets');
}

/** Makes `.furrow`; returns the file that handler processes start with. @throws {FOLDER_NOT_WRITABLE} */
async function prepareFolder(projectDir: string): Promise<string> {
  const folder = join(projectDir, '.furrow');
  try {
    await mkdir(folder, { recursive: true });
    // Builds are CommonJS unless they end in .mjs, whatever the project's own package.json says.
    await writeFile(join(folder, 'package.json'), '{ "type": "commonjs" }\n');
    await writeFile(join(folder, '.gitignore'), '*\n');
    await prepareTicketFile(ticketFileOf(projectDir));
    return await bootstrapFile(projectDir);
  } catch (error) {
    throw writeError(folder, error);
  }
}

function sameFunction(a: RunnableFunction, b: RunnableFunction | undefined): boolean {
  return b !== undefined && JSON.stringify(a) === JSON.stringify(b);
}

/** What a process needs to become an environment of a function. */
function initOf(
  target: RunnableFunction,
  entry: string,
  { realProjectDir, outDir }: { readonly realProjectDir: string; readonly outDir: string },
): Omit<Init, 'isFrozen'> {
  const { name, env, memoryMegabytes, sourceDir, environmentConcurrency = 1 } = target;
  const functionName = env['AWS_LAMBDA_FUNCTION_NAME'] ?? name;
  const logStreamName = createLogStreamName(new Date());
  return {
    entry,
    cwd: outDir,
    folders: { projectDir: realProjectDir, sourceDir },
    isConcurrent: environmentConcurrency > 1,
    env: { ...env, LAMBDA_TASK_ROOT: outDir, AWS_LAMBDA_LOG_STREAM_NAME: logStreamName },
    facts: {
      functionName,
      memoryMegabytes,
      logStreamName,
      functionArn: `arn:aws:lambda:${env['AWS_REGION'] ?? 'us-west-2'}:123456789012:function:${functionName}`,
    },
  };
}

/** `2026/11/23/[$LATEST]` and 32 hexadecimal digits (fact H12). */
function createLogStreamName(now: Date): string {
  return `${now.toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${randomBytes(16).toString('hex')}`;
}
