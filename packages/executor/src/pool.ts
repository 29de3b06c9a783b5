import type { FunctionFailure, Outcome } from '@furrow/protocol';
import { shouldGrow } from './growth.ts';
import type { EventText, HandlerProcess } from './handler-process.ts';

export type Started =
  | { readonly type: 'ready'; readonly process: HandlerProcess }
  | { readonly type: 'failed'; readonly failure: FunctionFailure };

export interface PoolOptions {
  readonly timeoutMs: number;
  readonly maxEnvironments: number;
  /** Starts a process and loads the function; the failure is what the event gets. */
  startEnvironment(onExit: () => void): Promise<Started>;
}

/** The execution environments of one version of one function; each runs one event at a time. */
export interface Pool {
  invoke(event: EventText): Promise<Outcome>;
  /** A connection has ended. */
  gone(connectionId: string): void;
  /** Takes no more events; resolves when those that run have ended, or `graceMs` have passed, and all processes are gone. */
  drain(graceMs: number): Promise<void>;
  /** Events that wait for an environment, taken out so that another pool can run them. */
  takeWaiting(): readonly Waiting[];
  put(waiting: readonly Waiting[]): void;
}

export interface Waiting {
  readonly event: EventText;
  readonly resolve: (outcome: Outcome) => void;
}

interface Idle {
  readonly process: HandlerProcess;
  readonly sinceMs: number;
}

/** Events beyond this many are throttled, as Lambda does past its concurrency. */
const maxWaiting = 10_000;
/** How often a pool with waiting events looks whether it should grow. */
const growthCheckMs = 10;
/** Longest wait for an idle process to end by itself. */
const endGraceMs = 500;
/** An environment that had nothing to do for so long is let go. */
const idleLifeMs = 5 * 60_000;
const reapEveryMs = 30_000;
/** Weight of the newest event in the average duration. */
const averageWeight = 0.05;

export function openPool(options: PoolOptions): Pool {
  const environments = new Set<HandlerProcess>();
  /** With the time at which its event began. */
  const running = new Map<HandlerProcess, number>();
  const idle: Idle[] = [];
  let waiting: Waiting[] = [];
  let starting = 0;
  let eventMs = 0;
  let isDraining = false;
  let onCalm: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;

  function run(process: HandlerProcess, { event, resolve }: Waiting): void {
    const startedAt = performance.now();
    running.set(process, startedAt);
    void process.invoke(event, options.timeoutMs).then((outcome) => {
      running.delete(process);
      eventMs += averageWeight * (performance.now() - startedAt - eventMs);
      resolve(outcome);
      release(process);
    });
  }

  function release(process: HandlerProcess): void {
    const next = process.hasExited ? undefined : waiting.shift();
    if (next !== undefined) run(process, next);
    else if (!process.hasExited && !isDraining) idle.push({ process, sinceMs: performance.now() });
    if (running.size === 0) onCalm?.();
  }

  function start(): void {
    starting += 1;
    let process: HandlerProcess | undefined;
    const onExit = () => {
      if (process !== undefined) forget(process);
    };
    void options.startEnvironment(onExit).then((result) => {
      starting -= 1;
      if (result.type === 'failed') {
        // Lambda answers one event with the failure of an init; the next event tries again.
        waiting.shift()?.resolve({ type: 'failed', failure: result.failure });
        grow();
        return;
      }
      process = result.process;
      if (isDraining) {
        void process.end(0);
        return;
      }
      if (!process.hasExited) environments.add(process);
      release(process);
    });
  }

  function forget(process: HandlerProcess): void {
    environments.delete(process);
    const index = idle.findIndex((item) => item.process === process);
    if (index !== -1) idle.splice(index, 1);
    grow();
  }

  /** Starts another environment when events wait and it is worth it, and looks again soon. */
  function grow(): void {
    if (waiting.length === 0 || isDraining) return;
    const youngestAt = Math.max(...running.values());
    const load = {
      waiting: waiting.length,
      ready: environments.size,
      starting,
      maxEnvironments: options.maxEnvironments,
      eventMs,
      youngestRunningMs: running.size === 0 ? 0 : performance.now() - youngestAt,
    };
    if (shouldGrow(load)) start();
    timer ??= setTimeout(() => {
      timer = undefined;
      grow();
    }, growthCheckMs);
  }

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

  const reaper = setInterval(() => {
    const before = performance.now() - idleLifeMs;
    while (idle[0] !== undefined && idle[0].sinceMs < before) void idle.shift()?.process.end(endGraceMs);
  }, reapEveryMs);
  reaper.unref();

  return {
    invoke: (event) => new Promise((resolve) => accept({ event, resolve })),
    gone(connectionId) {
      for (const process of running.keys()) process.gone(connectionId);
    },
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
      if (running.size > 0) {
        await new Promise<void>((resolve) => {
          const deadline = setTimeout(resolve, graceMs);
          onCalm = () => {
            clearTimeout(deadline);
            resolve();
          };
        });
      }
      await Promise.all([...environments].map((process) => process.end(running.size > 0 ? 0 : endGraceMs)));
    },
  };
}
