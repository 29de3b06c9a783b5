import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GatewayEvent, Invocation, Outcome } from '@furrow/protocol';
import { bootstrapFile } from './bootstrap-file.ts';
import { openBuild, type BuildReport, type FunctionBuild } from './build.ts';
import type { RunnableFunction } from './function.ts';
import { startHandlerProcess, type HandlerProcess, type Manage } from './handler-process.ts';
import { openPool, type Pool, type PoolOptions } from './pool.ts';

export interface ExecutorOptions {
  /** Absolute path; builds are written to `.furrow/build` below it. */
  readonly projectDir: string;
  readonly functions: readonly RunnableFunction[];
  /** What every handler process sees from its start: PATH, HOME, TZ. */
  readonly processEnv: Readonly<Record<string, string>>;
  /** Answers `arc.ws.send`, `close` and `info`. */
  readonly manage: Manage;
  /** What handlers print, and failures outside of events. It MUST return at once. */
  readonly onEvent: (event: GatewayEvent) => void;
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
  /** Replaces the list of functions; those that stay the same keep their environments. */
  setFunctions(functions: readonly RunnableFunction[]): Promise<readonly BuildReport[]>;
  /** Lets running events end, up to `graceMs`, then ends all processes. Safe to call twice. @default 5000 */
  close(graceMs?: number): Promise<void>;
}

interface Slot {
  readonly target: RunnableFunction;
  readonly build: FunctionBuild;
  built: Promise<BuildReport>;
  pool: Pool | undefined;
}

export async function openExecutor(options: ExecutorOptions): Promise<Executor> {
  const { projectDir } = options;
  await mkdir(join(projectDir, '.furrow'), { recursive: true });
  // Builds are CommonJS unless they end in .mjs, whatever the project's own package.json says.
  await writeFile(join(projectDir, '.furrow', 'package.json'), '{ "type": "commonjs" }\n');
  const bootstrap = await bootstrapFile(projectDir);
  const slots = new Map<string, Slot>();
  const draining = new Set<Promise<void>>();
  let spare: Started | undefined;
  let isClosed = false;

  interface Started {
    readonly process: HandlerProcess;
    /** Whose output it is, once the process belongs to a function. */
    assign(functionName: string, onExit: () => void): void;
  }

  function startProcess(): Started {
    let functionName = '';
    let onExit = () => {};
    const process = startHandlerProcess({
      bootstrapFile: bootstrap,
      env: options.processEnv,
      manage: options.manage,
      onOutput: (stream, text) => options.onEvent({ type: 'output', atMs: Date.now(), functionName, stream, text }),
      onStray: (failure) => options.onEvent({ type: 'stray', atMs: Date.now(), functionName, failure }),
      onExit: () => onExit(),
    });
    return {
      process,
      assign(name, exit) {
        functionName = name;
        onExit = exit;
      },
    };
  }

  /** A process that has the runtime loaded already, so that a cold start costs only the handler's own load. */
  function takeSpare(): Started {
    const taken = spare !== undefined && !spare.process.hasExited ? spare : startProcess();
    spare = undefined;
    setTimeout(keepSpare, 50).unref();
    return taken;
  }

  function keepSpare(): void {
    if (!isClosed) spare ??= startProcess();
  }

  function startEnvironment({ target, build }: Slot): PoolOptions['startEnvironment'] {
    return async (onExit) => {
      const entry = build.entry();
      if (entry === undefined) return { type: 'failed', failure: build.failure() };
      const { process, assign } = takeSpare();
      assign(target.name, onExit);
      const logStream = logStreamName(new Date());
      const failure = await process.load({
        entry,
        cwd: build.outDir,
        env: { ...target.env, LAMBDA_TASK_ROOT: build.outDir, AWS_LAMBDA_LOG_STREAM_NAME: logStream },
        facts: {
          functionName: target.env['AWS_LAMBDA_FUNCTION_NAME'] ?? target.name,
          memoryMegabytes: target.memoryMegabytes,
          logStreamName: logStream,
          functionArn: functionArn(target),
        },
      });
      if (failure === undefined) return { type: 'ready', process };
      void process.end(0);
      return { type: 'failed', failure };
    };
  }

  function openSlotPool(slot: Slot): Pool {
    return openPool({
      timeoutMs: slot.target.timeoutMs,
      maxEnvironments: slot.target.maxEnvironments,
      startEnvironment: startEnvironment(slot),
    });
  }

  function retire(pool: Pool, graceMs: number): void {
    const drained = pool.drain(graceMs).finally(() => draining.delete(drained));
    draining.add(drained);
  }

  /** The next event runs the new build; events that wait move over, events that run end where they are. */
  function replacePool(slot: Slot): void {
    const old = slot.pool;
    slot.pool = openSlotPool(slot);
    if (old === undefined) return;
    slot.pool.put(old.takeWaiting());
    retire(old, slot.target.timeoutMs);
  }

  function addSlot(target: RunnableFunction): Slot {
    const build = openBuild(target, projectDir);
    const slot: Slot = { target, build, built: build.run(), pool: undefined };
    slot.pool = openSlotPool(slot);
    slots.set(target.name, slot);
    return slot;
  }

  async function rebuild(slot: Slot): Promise<BuildReport> {
    slot.built = slot.build.run();
    const report = await slot.built;
    if (report.hasChanged) replacePool(slot);
    return report;
  }

  for (const target of options.functions) addSlot(target);
  const ready = Promise.all([...slots.values()].map((slot) => slot.built));
  keepSpare();

  const close = async (graceMs = 5000): Promise<void> => {
    if (isClosed) return;
    isClosed = true;
    for (const { pool } of slots.values()) if (pool !== undefined) retire(pool, graceMs);
    await Promise.all([...draining, spare?.process.end(0)]);
    await Promise.allSettled([...slots.values()].map((slot) => slot.built));
  };

  return {
    ready,
    async invoke(invocation) {
      const { functionName } = invocation;
      const slot = slots.get(functionName);
      if (slot === undefined || isClosed) return { type: 'refused', reason: `There is no function ${functionName}.` };
      if (slot.build.entry() === undefined) await slot.built;
      return (slot.pool as Pool).invoke(invocation);
    },
    gone(connectionId) {
      for (const { pool } of slots.values()) pool?.gone(connectionId);
    },
    async update(files) {
      const touched = [...slots.values()].filter(({ build }) => files.some((file) => build.isTouchedBy(file)));
      return Promise.all(touched.map(rebuild));
    },
    async setFunctions(functions) {
      const wanted = new Map(functions.map((target) => [target.name, target]));
      for (const [name, slot] of slots) {
        if (sameFunction(slot.target, wanted.get(name))) continue;
        slots.delete(name);
        if (slot.pool !== undefined) retire(slot.pool, slot.target.timeoutMs);
      }
      return Promise.all(functions.filter(({ name }) => !slots.has(name)).map((target) => addSlot(target).built));
    },
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}

function sameFunction(a: RunnableFunction, b: RunnableFunction | undefined): boolean {
  return b !== undefined && JSON.stringify(a) === JSON.stringify(b);
}

/** `2026/11/23/[$LATEST]` and 32 hexadecimal digits (fact H12). */
function logStreamName(now: Date): string {
  return `${now.toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${randomBytes(16).toString('hex')}`;
}

function functionArn({ name, env }: RunnableFunction): string {
  const functionName = env['AWS_LAMBDA_FUNCTION_NAME'] ?? name;
  return `arn:aws:lambda:${env['AWS_REGION'] ?? 'us-west-2'}:123456789012:function:${functionName}`;
}
