import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type {
  Clock,
  FunctionFailure,
  GatewayEvent,
  ManagementAnswer,
  ManagementRequest,
  Outcome,
} from '@furrow/protocol';
import { openExecutor, type BuildReport, type Executor, type RunnableFunction } from '../src/index.ts';

/** Paths relative to the project (`../` is a folder of the test's own), and what the files hold. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** One function of a test: its folder is `src/{name}` unless it says otherwise. */
export type TestFunction = Partial<RunnableFunction> & { readonly name: string };

export interface ProjectOptions {
  readonly files: Files;
  /** @default one function, `ws/default` */
  readonly functions?: readonly TestFunction[];
  /** @default everything is done */
  readonly manage?: (request: ManagementRequest) => ManagementAnswer | Promise<ManagementAnswer>;
  readonly isStrict?: boolean;
  readonly clock?: Clock;
}

/** What a handler sent, with its text. */
export interface Sent {
  readonly type: ManagementRequest['type'];
  readonly connectionId: string;
  readonly text: string;
}

export interface Project extends AsyncDisposable {
  readonly dir: string;
  readonly executor: Executor;
  /** Everything that `onEvent` got. */
  readonly events: readonly GatewayEvent[];
  /** Everything that `manage` got. */
  readonly sent: readonly Sent[];
  /** What functions have printed so far, with a mark for the stream. */
  output(functionName?: string): string;
  readonly stray: () => readonly FunctionFailure[];
  /** What was said of work that handlers left behind: `ws/default setTimeout src/ws/default/index.js:2`. */
  readonly left: () => readonly string[];
  invoke(event?: unknown, options?: { readonly name?: string; readonly openConnectionId?: string }): Promise<Outcome>;
  /** Writes files, and tells the executor. */
  save(files: Files): Promise<readonly BuildReport[]>;
  path(name: string): string;
  target(options: TestFunction): RunnableFunction;
}

/** A project in a temporary folder, and an executor that runs it and records what reaches the outside. */
export async function openProject({ files, functions, manage, ...options }: ProjectOptions): Promise<Project> {
  const around = await mkdtemp(join(tmpdir(), 'furrow-executor-'));
  const dir = join(around, 'project');
  const path = (name: string) => join(dir, name);
  await write(dir, files);
  const events: GatewayEvent[] = [];
  const sent: Sent[] = [];
  const target = (one: TestFunction): RunnableFunction => ({
    kind: one.name.startsWith('http/') ? 'http' : 'ws',
    label: one.name,
    sourceDir: path(`src/${one.name}`),
    handler: 'index.handler',
    timeoutMs: 5000,
    memoryMegabytes: 1152,
    maxEnvironments: 10,
    env: {},
    ...one,
  });
  const executor = await openExecutor({
    ...options,
    projectDir: dir,
    functions: (functions ?? [{ name: 'ws/default' }]).map(target),
    processEnv: { PATH: process.env['PATH'] ?? '' },
    manage(request) {
      const { type, connectionId } = request;
      sent.push({ type, connectionId, text: request.type === 'send' ? request.data.toString('utf8') : '' });
      return manage?.(request) ?? { type: 'done' };
    },
    onEvent: (event) => events.push(event),
  });
  return {
    dir,
    executor,
    events,
    sent,
    path,
    target,
    output: (functionName) =>
      events
        .filter((event) => event.type === 'output')
        .filter((event) => functionName === undefined || event.functionName === functionName)
        .map(({ stream, text }) => (stream === 'stderr' ? `!${text}` : text))
        .join(''),
    stray: () => events.filter((event) => event.type === 'stray').map(({ failure }) => failure),
    left: () =>
      events
        .filter((event) => event.type === 'leftBehind')
        .map(({ functionName, work, place }) => `${functionName} ${work} ${place}`),
    invoke: (event = {}, { name = 'ws/default', openConnectionId } = {}) =>
      executor.invoke({
        functionName: name,
        event: JSON.stringify(event),
        openConnectionId,
        takesUnconfirmed: openConnectionId !== undefined,
      }),
    async save(changed) {
      await write(dir, changed);
      return executor.update(Object.keys(changed).map(path));
    },
    async [Symbol.asyncDispose]() {
      await executor.close(0);
      await rm(around, { recursive: true, force: true });
    },
  };
}

async function write(dir: string, files: Files): Promise<void> {
  await Promise.all(
    Object.entries(files).map(async ([name, content]) => {
      await mkdir(dirname(join(dir, name)), { recursive: true });
      await writeFile(join(dir, name), content);
    }),
  );
}

/** The outcome of a handler that returned. */
export function returned(value: unknown): Outcome {
  return { type: 'returned', value };
}

/** Whether the process is still there. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The value that a handler returned. */
export function valueOf(outcome: Outcome): unknown {
  if (outcome.type !== 'returned') throw new Error(`Expected a result, got ${JSON.stringify(outcome)}.`);
  return outcome.value;
}

/** What handlers of these tests tell of their environment. */
export interface Seen {
  readonly pid: number;
  /** The events that the process has had. */
  readonly count: number;
  readonly word?: unknown;
}

/** The environment that an event ran in, as its handler returned it. */
export function seenIn(outcome: Outcome): Seen {
  const seen: Seen = JSON.parse(JSON.stringify(valueOf(outcome)));
  return seen;
}

/** The failure that an event ended with. */
export function failureOf(outcome: Outcome): FunctionFailure {
  if (outcome.type !== 'failed') throw new Error(`Expected a failure, got ${JSON.stringify(outcome)}.`);
  return outcome.failure;
}
