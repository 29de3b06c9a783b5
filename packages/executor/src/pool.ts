import type { FunctionFailure, Outcome } from '@furrow/protocol';
import type { HandlerProcess } from './handler-process.ts';

export interface PoolOptions {
  readonly timeoutMs: number;
  readonly maxEnvironments: number;
  /** Starts a process and loads the function; the failure is what the event gets. */
  startEnvironment(onExit: () => void): Promise<
    { readonly type: 'ready'; readonly process: HandlerProcess } | { readonly type: 'failed'; readonly failure: FunctionFailure }
  >;
}

/** The execution environments of one version of one function. */
export interface Pool {
  invoke(event: string): Promise<Outcome>;
  /** Takes no more events; resolves when those that run have ended, or `graceMs` have passed, and all processes are gone. */
  drain(graceMs: number): Promise<void>;
  /** Events that wait for an environment, taken out so that another pool can run them. */
  takeWaiting(): readonly Waiting[];
  put(waiting: readonly Waiting[]): void;
}

export interface Waiting {
  readonly event: string;
  readonly sinceMs: number;
  readonly resolve: (outcome: Outcome) => void;
}

/** Environments that start as soon as an event has to wait. More come only when waiting lasts. */
const eagerEnvironments = 4;
/** An event that has waited this long shows that the handlers are slow, not merely busy. */
const patienceMs = 10;
/** Events beyond this many are throttled, as Lambda does past its concurrency. */
const maxWaiting = 10_000;
/** Longest wait for an idle process to end by itself. */
const endGraceMs = 500;
/** An environment that had nothing to do for so long is let go. */
const idleLifeMs = 5 * 60_000;

interface Idle {
  readonly process: HandlerProcess;
  readonly sinceMs: number;
}

export function openPool(options: PoolOptions): Pool {
  const environments = new Set<HandlerProcess>();
  const idle: Idle[] = [];
  let waiting: Waiting[] = [];
  let starting = 0;
  let busy = 0;
  let isDraining = false;
  let onIdle: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;

  function run(process: HandlerProcess, { event, resolve }: Waiting): void {
    busy += 1;
    void process.invoke(event, options.timeoutMs).then((outcome) => {
      busy -= 1;
      resolve(outcome);
      release(process);
    });
  }

  function release(process: HandlerProcess): void {
    const next = process.hasExited ? undefined : waiting.shift();
    if (next !== undefined) run(process, next);
    else if (!process.hasExited && !isDraining) idle.push({ process, sinceMs: Date.now() });
    if (busy === 0) onIdle?.();
  }

  function start(): void {
    starting += 1;
    let started: HandlerProcess | undefined;
    const onExit = () => {
      if (started === undefined) return;
      environments.delete(started);
      const index = idle.findIndex(({ process }) => process === started);
      if (index !== -1) idle.splice(index, 1);
      grow();
    };
    void options.startEnvironment(onExit).then((result) => {
      starting -= 1;
      if (result.type === 'failed') {
        // Lambda answers one event with the failure of an init; the next event tries again.
        waiting.shift()?.resolve({ type: 'failed', failure: result.failure });
        grow();
        return;
      }
      started = result.process;
      if (isDraining) {
        void started.end(0);
        return;
      }
      if (!started.hasExited) environments.add(started);
      release(started);
    });
  }

  /** Starts another environment when events wait and the rules above allow it. */
  function grow(): void {
    if (waiting.length === 0 || isDraining) return;
    const total = environments.size + starting;
    const [oldest] = waiting;
    const isSlow = oldest !== undefined && Date.now() - oldest.sinceMs >= patienceMs;
    const mayStart = total < Math.min(eagerEnvironments, options.maxEnvironments) || (isSlow && starting < 2);
    if (mayStart && total < options.maxEnvironments && starting < waiting.length) start();
    timer ??= setTimeout(() => {
      timer = undefined;
      grow();
    }, patienceMs);
  }

  const reaper = setInterval(() => {
    const now = Date.now();
    while (idle[0] !== undefined && now - idle[0].sinceMs > idleLifeMs) void idle.shift()?.process.end(endGraceMs);
  }, 30_000);
  reaper.unref();

  function accept(item: Waiting): void {
    // The last one used: its code and caches are warm, and the others may grow idle.
    const free = idle.pop();
    if (free !== undefined) run(free.process, item);
    else if (waiting.length >= maxWaiting) item.resolve({ type: 'refused', reason: 'Rate Exceeded.' });
    else {
      waiting.push(item);
      grow();
    }
  }

  return {
    invoke: (event) => new Promise((resolve) => accept({ event, sinceMs: Date.now(), resolve })),
    put: (items) => items.forEach(accept),
    takeWaiting() {
      const taken = waiting;
      waiting = [];
      return taken;
    },
    async drain(graceMs) {
      isDraining = true;
      clearTimeout(timer);
      clearInterval(reaper);
      for (const { resolve } of waiting.splice(0)) resolve({ type: 'refused', reason: 'The function is going away.' });
      if (busy > 0) {
        await new Promise<void>((resolve) => {
          const deadline = setTimeout(resolve, graceMs);
          onIdle = () => {
            clearTimeout(deadline);
            resolve();
          };
        });
      }
      await Promise.all([...environments].map((process) => process.end(busy > 0 ? 0 : endGraceMs)));
    },
  };
}
