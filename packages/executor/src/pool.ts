import { availableParallelism } from 'node:os';
import type { FunctionFailure, Outcome } from '@furrow/protocol';
import { aheadOf, eagerEnvironments, leastQueued, shouldGrow, slowMs, type Load } from './growth.ts';
import type { HandlerProcess } from './handler-process.ts';
import type { EventText } from './handover.ts';
import { exitFailure } from './process-failure.ts';
import { createQueuedConnections } from './queued-connections.ts';
import { stayAwake } from './stay-awake.ts';
import { takeOut } from './take-out.ts';
import { createWaitingEvents, type Arrived, type Waiting } from './waiting-events.ts';

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
  const waiting = createWaitingEvents();
  const queued = createQueuedConnections<HandlerProcess>();
  let running = 0;
  let starting = 0;
  let eventMs = 0;
  let timer: NodeJS.Timeout | undefined;
  let draining: Promise<void> | undefined;
  /** Ends the wait for running events. */
  let stopWaiting: (() => void) | undefined;
  const waitedEnough = new Promise<void>((resolve) => (stopWaiting = resolve));

  function run(process: HandlerProcess, item: Arrived): void {
    running += 1;
    const isAhead = process.eventCount > 0;
    const isQueued = isAhead && environmentConcurrency === 1 && item.connectionId !== undefined;
    const leaves = isQueued ? queued.add(item.connectionId, process) : undefined;
    const ends = (outcome: Outcome | undefined) => {
      leaves?.();
      running -= 1;
      if (outcome === undefined) tryAgain(item, isAhead || process.isUsable);
      else {
        const { lastEventMs = eventMs } = process;
        eventMs += averageWeight * (lastEventMs - eventMs);
        item.resolve(outcome);
      }
      release(process);
    };
    process.invoke(item.event, options.timeoutMs, ends, leaves);
    if (running === 1 && waiting.count === 0) stayAwake(() => running === 1 && process.eventCount === 1);
  }

  /**
   * An event that has not begun goes to another environment.
   *
   * Once where it was the first in its turn: a function whose environments all end before they begin would go on for ever.
   */
  function tryAgain(item: Arrived, isFree: boolean): void {
    const { event, isSecondTry = false } = item;
    if (isSecondTry && !isFree) item.resolve({ type: 'failed', failure: exitFailure(undefined, undefined) });
    else if (draining !== undefined) item.resolve(goingAway);
    else {
      waiting.add({ ...item, event: { event: event.event }, isSecondTry: isSecondTry || !isFree });
    }
  }

  /** An environment may have room again: for events that wait, or for none. */
  function release(process: HandlerProcess): void {
    while (process.isUsable && hasRoom(process) && maySucceedIn(process)) {
      const next = waiting.next();
      if (next === undefined) break;
      run(process, next);
    }
    if (process.eventCount === 0) rest(process);
    else if (waiting.count > 0 && !process.isUsable) grow();
    if (running === 0 && draining !== undefined) stopWaiting?.();
  }

  /** Gives events that wait to the environments that have room. */
  function dispatch(): void {
    for (let { first } = waiting; first !== undefined; { first } = waiting) {
      const process = findRoom(first);
      if (process === undefined) return;
      waiting.next();
      run(process, first);
    }
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

  async function start(): Promise<void> {
    starting += 1;
    let process: HandlerProcess | undefined;
    const result = await options.startEnvironment(() => {
      if (process !== undefined) forget(process);
    });
    starting -= 1;
    if (result.type === 'failed') {
      // Lambda answers one event with the failure of an init; the next event tries again.
      waiting.next()?.resolve({ type: 'failed', failure: result.failure });
      grow();
      return;
    }
    process = result.process;
    if (process.isUsable) environments.set(process, performance.now());
    release(process);
  }

  function forget(process: HandlerProcess): void {
    environments.delete(process);
    takeOut(idle, process);
    grow();
  }

  /** Starts another environment when events wait and it is worth it, and looks again soon. */
  function grow(): void {
    if (draining !== undefined) return;
    takeBackFromSlow();
    dispatch();
    if (waiting.count === 0 && !hasQueued()) return;
    if (shouldGrow(load())) void start();
    timer ??= setTimeout(() => {
      timer = undefined;
      grow();
    }, growthCheckMs);
  }

  /** Whether any event is behind another one of its environment. */
  function hasQueued(): boolean {
    for (const { eventCount } of environments.keys()) if (eventCount > environmentConcurrency) return true;
    return false;
  }

  function load(): Load {
    let begun = 0;
    let youngestAt = 0;
    let ready = 0;
    for (const process of environments.keys()) {
      if (process.isUsable) ready += 1;
      if (process.eventCount === 0) continue;
      begun += Math.min(process.eventCount, environmentConcurrency);
      youngestAt = Math.max(youngestAt, process.runningSinceMs);
    }
    return {
      waiting: waiting.count + running - begun,
      ready,
      starting,
      maxEnvironments,
      eagerEnvironments: environmentConcurrency > 1 ? 1 : eager,
      eventMs: eventMs / environmentConcurrency,
      isQuick: environmentConcurrency === 1 && aheadOf(eventMs) > 0,
      youngestRunningMs: youngestAt === 0 ? 0 : performance.now() - youngestAt,
    };
  }

  function takeBackFromSlow(): void {
    if (environmentConcurrency > 1) return;
    // Of handlers that are quick no longer nothing is handed over, and nothing stays so.
    const before = performance.now() - (aheadOf(eventMs) > 0 ? slowMs : 0);
    for (const process of environments.keys()) {
      if (process.eventCount > 1 && process.runningSinceMs < before) process.takeBack();
    }
  }

  /** Whether the first event that waits begins after those of its connection when it is given to this environment. */
  function maySucceedIn(process: HandlerProcess): boolean {
    const place = queued.placeOf(waiting.first?.connectionId);
    return place === undefined || place === process;
  }

  /** An environment that the event may be given to: one that has room, or one that soon will. */
  function findRoom({ connectionId }: Arrived): HandlerProcess | undefined {
    if (environmentConcurrency > 1) return firstWithRoom();
    const own = queued.placeOf(connectionId);
    if (own !== undefined) return own.isUsable && own.mayQueue && aheadOf(eventMs) > 0 ? own : undefined;
    // The last one used: its code and caches are warm, and the others may grow idle.
    let free = idle.pop();
    while (free !== undefined && !free.isUsable) free = idle.pop();
    return free ?? leastQueued(environments.keys(), aheadOf(eventMs), performance.now());
  }

  function firstWithRoom(): HandlerProcess | undefined {
    for (const process of environments.keys()) if (process.isUsable && hasRoom(process)) return process;
    return undefined;
  }

  function accept(item: Arrived): void {
    if (running + waiting.count >= reservedConcurrency) {
      item.resolve(throttled);
      return;
    }
    const process = waiting.count === 0 ? findRoom(item) : undefined;
    if (process !== undefined) {
      run(process, item);
      if (process.eventCount > environmentConcurrency && timer === undefined) grow();
    } else if (draining !== undefined) item.resolve(goingAway);
    else if (waiting.count >= maxWaiting) item.resolve(throttled);
    else {
      waiting.add(item);
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
    for (const { resolve } of waiting.takeAll()) resolve(goingAway);
    for (const process of environments.keys()) if (process.eventCount === 0) void process.end(endGraceMs);
    if (running > 0) await waitedEnough;
    await Promise.all(
      Array.from(environments.keys(), (process) => process.end(process.eventCount > 0 ? 0 : endGraceMs)),
    );
  }

  return {
    invoke: (event) => new Promise((resolve) => accept(waiting.arrived({ event, resolve }))),
    gone(connectionId) {
      waiting.gone(connectionId);
      for (const process of environments.keys()) process.gone(connectionId);
    },
    put: (items) => items.forEach((item) => accept(waiting.arrived(item))),
    takeWaiting() {
      for (const process of environments.keys()) process.takeBack();
      return waiting.takeAll();
    },
    async drain(graceMs) {
      const deadline = setTimeout(() => stopWaiting?.(), graceMs);
      draining ??= endAll();
      await draining;
      clearTimeout(deadline);
    },
  };
}
