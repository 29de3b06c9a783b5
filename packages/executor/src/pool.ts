import { availableParallelism } from 'node:os';
import type { FunctionFailure, Outcome } from '@furrow/protocol';
import { eagerEnvironments, shouldGrow } from './growth.ts';
import type { EventText, HandlerProcess } from './handler-process.ts';
import { exitFailure } from './process-failure.ts';

export type Started =
  | { readonly type: 'ready'; readonly process: HandlerProcess }
  | { readonly type: 'failed'; readonly failure: FunctionFailure };

export interface PoolOptions {
  readonly timeoutMs: number;
  readonly maxEnvironments: number;
  /** Events that may run or wait at once; those beyond it are throttled. `undefined` is unthrottled. */
  readonly reservedConcurrency?: number | undefined;
  /** Starts a process and loads the function; the failure is what the event gets. */
  startEnvironment(onExit: () => void): Promise<Started>;
}

/** The execution environments of one version of one function; each runs one event at a time. */
export interface Pool {
  invoke(event: EventText): Promise<Outcome>;
  /** A connection has ended. */
  gone(connectionId: string): void;
  /**
   * Takes no more events; resolves when those that run have ended, or `graceMs` have passed, and all processes are gone.
   * A second call can only shorten the wait.
   */
  drain(graceMs: number): Promise<void>;
  /** Events that wait for an environment, taken out so that another pool can run them. */
  takeWaiting(): readonly Waiting[];
  put(waiting: readonly Waiting[]): void;
}

export interface Waiting {
  readonly event: EventText;
  readonly resolve: (outcome: Outcome) => void;
  /** It was given to an environment that ended before it began. */
  readonly isSecondTry?: boolean;
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

const eager = eagerEnvironments(availableParallelism());
/** A quick answer comes within this time. */
const awakeMs = 0.15;

const goingAway: Outcome = { type: 'refused', reason: 'The function is going away.' };
const throttled: Outcome = { type: 'refused', reason: 'Rate Exceeded.' };

export function openPool(options: PoolOptions): Pool {
  const { maxEnvironments, reservedConcurrency = Number.POSITIVE_INFINITY } = options;
  const environments = new Set<HandlerProcess>();
  /** With the time at which its event began. */
  const running = new Map<HandlerProcess, number>();
  /** Connections that have ended while events waited. */
  const ended = new Set<string | undefined>();
  const idle: Idle[] = [];
  const waiting: Waiting[] = [];
  let starting = 0;
  let eventMs = 0;
  let timer: NodeJS.Timeout | undefined;
  let draining: Promise<void> | undefined;
  /** Ends the wait for running events. */
  let stopWaiting: (() => void) | undefined;
  const waitedEnough = new Promise<void>((resolve) => (stopWaiting = resolve));

  async function run(process: HandlerProcess, item: Waiting): Promise<void> {
    const startedAt = performance.now();
    running.set(process, startedAt);
    const answer = process.invoke(item.event, options.timeoutMs);
    if (running.size === 1 && waiting.length === 0) stayAwake(() => running.size === 1 && running.has(process));
    const outcome = await answer;
    running.delete(process);
    eventMs += averageWeight * (performance.now() - startedAt - eventMs);
    if (outcome === undefined) tryAgain(item);
    else item.resolve(outcome);
    release(process);
  }

  /** Once: a function whose environments all end before they begin would go on for ever. */
  function tryAgain({ event: { event }, resolve, isSecondTry }: Waiting): void {
    if (isSecondTry === true) resolve({ type: 'failed', failure: exitFailure(undefined, undefined) });
    else if (draining !== undefined) resolve(goingAway);
    else waiting.unshift({ event: { event }, resolve, isSecondTry: true });
  }

  function release(process: HandlerProcess): void {
    const next = process.isUsable ? takeNext() : undefined;
    if (next !== undefined) void run(process, next);
    else if (draining !== undefined) void process.end(endGraceMs);
    else if (process.isUsable) idle.push({ process, sinceMs: performance.now() });
    else grow();
    if (running.size === 0 && draining !== undefined) stopWaiting?.();
  }

  /** What its connection's end means for an event that has not begun: all that it sends has to be confirmed. */
  function takeNext(): Waiting | undefined {
    const next = waiting.shift();
    if (next === undefined || ended.size === 0) return next;
    const { event, openConnectionId } = next.event;
    const hasEnded = ended.has(openConnectionId);
    if (waiting.length === 0) ended.clear();
    return hasEnded ? { ...next, event: { event } } : next;
  }

  async function start(): Promise<void> {
    starting += 1;
    let process: HandlerProcess | undefined;
    const result = await options.startEnvironment(() => {
      if (process !== undefined) forget(process);
    });
    starting -= 1;
    if (result.type === 'failed') {
      // Lambda answers one event with the failure of an init; the next event tries again.
      waiting.shift()?.resolve({ type: 'failed', failure: result.failure });
      grow();
      return;
    }
    process = result.process;
    if (process.isUsable) environments.add(process);
    release(process);
  }

  function forget(process: HandlerProcess): void {
    environments.delete(process);
    const index = idle.findIndex((item) => item.process === process);
    if (index !== -1) idle.splice(index, 1);
    grow();
  }

  /** Starts another environment when events wait and it is worth it, and looks again soon. */
  function grow(): void {
    if (waiting.length === 0 || draining !== undefined) return;
    const youngestAt = Math.max(...running.values());
    const load = {
      waiting: waiting.length,
      ready: environments.size,
      starting,
      maxEnvironments,
      eagerEnvironments: eager,
      eventMs,
      youngestRunningMs: running.size === 0 ? 0 : performance.now() - youngestAt,
    };
    if (shouldGrow(load)) void start();
    timer ??= setTimeout(() => {
      timer = undefined;
      grow();
    }, growthCheckMs);
  }

  function accept(item: Waiting): void {
    if (running.size + waiting.length >= reservedConcurrency) {
      item.resolve(throttled);
      return;
    }
    // The last one used: its code and caches are warm, and the others may grow idle.
    let free = idle.pop();
    while (free !== undefined && !free.process.isUsable) free = idle.pop();
    if (free !== undefined) void run(free.process, item);
    else if (draining !== undefined) item.resolve(goingAway);
    else if (waiting.length >= maxWaiting) item.resolve(throttled);
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

  async function endAll(): Promise<void> {
    clearTimeout(timer);
    clearInterval(reaper);
    for (const { resolve } of waiting.splice(0)) resolve(goingAway);
    for (const { process } of idle.splice(0)) void process.end(endGraceMs);
    if (running.size > 0) await waitedEnough;
    await Promise.all(Array.from(environments, (process) => process.end(running.has(process) ? 0 : endGraceMs)));
  }

  return {
    invoke: (event) => new Promise((resolve) => accept({ event, resolve })),
    gone(connectionId) {
      if (waiting.length > 0) ended.add(connectionId);
      for (const process of running.keys()) process.gone(connectionId);
    },
    put: (items) => items.forEach(accept),
    takeWaiting() {
      const taken: Waiting[] = [];
      for (let next = takeNext(); next !== undefined; next = takeNext()) taken.push(next);
      return taken;
    },
    async drain(graceMs) {
      const deadline = setTimeout(() => stopWaiting?.(), graceMs);
      draining ??= endAll();
      await draining;
      clearTimeout(deadline);
    },
  };
}

/**
 * Keeps the event loop turning for a moment instead of letting the process sleep.
 *
 * The answer to a lone, quick event comes sooner than a sleeping core wakes up: an echo takes a third less time. With
 * several events on the way nothing sleeps anyway, and the core is of more use to the handlers.
 */
function stayAwake(isNeeded: () => boolean): void {
  const untilMs = performance.now() + awakeMs;
  const turn = () => {
    if (isNeeded() && performance.now() < untilMs) setImmediate(turn);
  };
  setImmediate(turn);
}
