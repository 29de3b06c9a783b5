import { availableParallelism } from 'node:os';
import type { FunctionFailure, Outcome } from '@furrow/protocol';
import { aheadOf, eagerEnvironments, quickMs, shouldGrow, slowMs, type Load } from './growth.ts';
import type { HandlerProcess } from './handler-process.ts';
import type { EventText } from './handover.ts';
import { exitFailure } from './process-failure.ts';
import { stayAwake } from './stay-awake.ts';

export type Started =
  | { readonly type: 'ready'; readonly process: HandlerProcess }
  | { readonly type: 'failed'; readonly failure: FunctionFailure };

export interface PoolOptions {
  readonly timeoutMs: number;
  readonly maxEnvironments: number;
  /** Events that may run or wait at once; those beyond it are throttled. `undefined` is unthrottled. */
  readonly reservedConcurrency?: number | undefined;
  /** How many events run beside each other in one environment. @default 1 */
  readonly environmentConcurrency?: number | undefined;
  /** Starts a process and loads the function; the failure is what the event gets. */
  startEnvironment(onExit: () => void): Promise<Started>;
}

/** The execution environments of one version of one function. */
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

const goingAway: Outcome = { type: 'refused', reason: 'The function is going away.' };
const throttled: Outcome = { type: 'refused', reason: 'Rate Exceeded.' };

export function openPool(options: PoolOptions): Pool {
  const { maxEnvironments, reservedConcurrency = Number.POSITIVE_INFINITY, environmentConcurrency = 1 } = options;
  /** With the time since which it has had nothing to do. */
  const environments = new Map<HandlerProcess, number>();
  /** Those that have nothing to do; the last one used is the last. */
  const idle: HandlerProcess[] = [];
  /** Connections that have ended while events waited. */
  const ended = new Set<string | undefined>();
  const waiting: Waiting[] = [];
  let running = 0;
  let starting = 0;
  let eventMs = 0;
  let timer: NodeJS.Timeout | undefined;
  let draining: Promise<void> | undefined;
  /** Ends the wait for running events. */
  let stopWaiting: (() => void) | undefined;
  const waitedEnough = new Promise<void>((resolve) => (stopWaiting = resolve));

  function run(process: HandlerProcess, item: Waiting): void {
    running += 1;
    const isAhead = process.eventCount > 0;
    process.invoke(item.event, options.timeoutMs, (outcome) => {
      running -= 1;
      if (outcome === undefined) tryAgain(item, isAhead || process.isUsable);
      else {
        const { lastEventMs = eventMs } = process;
        eventMs += averageWeight * (lastEventMs - eventMs);
        item.resolve(outcome);
      }
      release(process);
    });
    if (running === 1 && waiting.length === 0) stayAwake(() => running === 1 && process.eventCount === 1);
  }

  /**
   * An event that has not begun goes to another environment.
   *
   * Once where it was the first in its turn: a function whose environments all end before they begin would go on for ever.
   */
  function tryAgain({ event: { event }, resolve, isSecondTry = false }: Waiting, isFree: boolean): void {
    if (isSecondTry && !isFree) resolve({ type: 'failed', failure: exitFailure(undefined, undefined) });
    else if (draining !== undefined) resolve(goingAway);
    else waiting.unshift({ event: { event }, resolve, isSecondTry: isSecondTry || !isFree });
  }

  /** An environment may have room again: for events that wait, or for none. */
  function release(process: HandlerProcess): void {
    while (process.isUsable && hasRoom(process)) {
      const next = takeNext();
      if (next === undefined) break;
      run(process, next);
    }
    if (process.eventCount === 0) rest(process);
    else if (waiting.length > 0 && !process.isUsable) grow();
    if (running === 0 && draining !== undefined) stopWaiting?.();
  }

  /** It has nothing to do. */
  function rest(process: HandlerProcess): void {
    if (draining !== undefined) void process.end(endGraceMs);
    else if (!process.isUsable) grow();
    else if (process.isWorn) void process.end(endGraceMs);
    else {
      environments.set(process, performance.now());
      if (!idle.includes(process)) idle.push(process);
    }
  }

  function hasRoom(process: HandlerProcess): boolean {
    return environmentConcurrency > 1 ? process.eventCount < environmentConcurrency : process.eventCount === 0;
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
    if (process.isUsable) environments.set(process, performance.now());
    release(process);
  }

  function forget(process: HandlerProcess): void {
    environments.delete(process);
    const index = idle.indexOf(process);
    if (index !== -1) idle.splice(index, 1);
    grow();
  }

  /** Starts another environment when events wait and it is worth it, and looks again soon. */
  function grow(): void {
    if (draining !== undefined) return;
    takeBackFromSlow();
    const isMoreThanRun = waiting.length > 0 || running > environments.size * environmentConcurrency;
    if (!isMoreThanRun) return;
    if (shouldGrow(load())) void start();
    timer ??= setTimeout(() => {
      timer = undefined;
      grow();
    }, growthCheckMs);
  }

  function load(): Load {
    let begun = 0;
    let youngestAt = 0;
    for (const process of environments.keys()) {
      if (process.eventCount === 0) continue;
      begun += Math.min(process.eventCount, environmentConcurrency);
      youngestAt = Math.max(youngestAt, process.runningSinceMs);
    }
    return {
      waiting: waiting.length + running - begun,
      ready: environments.size,
      starting,
      maxEnvironments,
      eagerEnvironments: environmentConcurrency > 1 ? 1 : eager,
      eventMs: eventMs / environmentConcurrency,
      youngestRunningMs: youngestAt === 0 ? 0 : performance.now() - youngestAt,
    };
  }

  function takeBackFromSlow(): void {
    if (environmentConcurrency > 1) return;
    const before = performance.now() - slowMs;
    for (const process of environments.keys()) {
      if (process.eventCount > 1 && process.runningSinceMs < before) process.takeBack();
    }
  }

  /** An environment that the event may be given to: one that has room, or one that soon will. */
  function findRoom(): HandlerProcess | undefined {
    if (environmentConcurrency > 1) return firstWithRoom();
    // The last one used: its code and caches are warm, and the others may grow idle.
    let free = idle.pop();
    while (free !== undefined && !free.isUsable) free = idle.pop();
    return free ?? leastQueued();
  }

  function firstWithRoom(): HandlerProcess | undefined {
    for (const process of environments.keys()) if (process.isUsable && hasRoom(process)) return process;
    return undefined;
  }

  /** Quick events are handed over before their turn, so that no environment waits for its next one. */
  function leastQueued(): HandlerProcess | undefined {
    const mostAhead = aheadOf(eventMs);
    if (mostAhead === 0) return undefined;
    const now = performance.now();
    let best: HandlerProcess | undefined;
    let least = mostAhead + 1;
    for (const process of environments.keys()) {
      if (process.eventCount >= least || !process.isUsable || !process.mayQueue) continue;
      if (now - process.runningSinceMs > quickMs) continue;
      best = process;
      least = process.eventCount;
    }
    return best;
  }

  function accept(item: Waiting): void {
    if (running + waiting.length >= reservedConcurrency) {
      item.resolve(throttled);
      return;
    }
    const process = waiting.length === 0 ? findRoom() : undefined;
    if (process !== undefined) {
      run(process, item);
      if (process.eventCount > environmentConcurrency && timer === undefined) grow();
    } else if (draining !== undefined) item.resolve(goingAway);
    else if (waiting.length >= maxWaiting) item.resolve(throttled);
    else {
      waiting.push(item);
      grow();
    }
  }

  const reaper = setInterval(() => {
    const before = performance.now() - idleLifeMs;
    for (const [process, restsSinceMs] of environments) {
      if (process.eventCount === 0 && restsSinceMs < before) void process.end(endGraceMs);
    }
  }, reapEveryMs);
  reaper.unref();

  async function endAll(): Promise<void> {
    clearTimeout(timer);
    clearInterval(reaper);
    for (const { resolve } of waiting.splice(0)) resolve(goingAway);
    for (const process of environments.keys()) if (process.eventCount === 0) void process.end(endGraceMs);
    if (running > 0) await waitedEnough;
    await Promise.all(
      Array.from(environments.keys(), (process) => process.end(process.eventCount > 0 ? 0 : endGraceMs)),
    );
  }

  return {
    invoke: (event) => new Promise((resolve) => accept({ event, resolve })),
    gone(connectionId) {
      if (waiting.length > 0) ended.add(connectionId);
      for (const process of environments.keys()) process.gone(connectionId);
    },
    put: (items) => items.forEach(accept),
    takeWaiting() {
      for (const process of environments.keys()) process.takeBack();
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
