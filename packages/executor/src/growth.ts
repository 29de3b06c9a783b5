/** What a pool knows when an event has to wait. */
export interface Load {
  readonly waiting: number;
  /** Environments that can take events. */
  readonly ready: number;
  readonly starting: number;
  readonly maxEnvironments: number;
  /** Environments that start as soon as events wait for them. */
  readonly eagerEnvironments: number;
  /** How long an event takes, on average and lately; 0 when none has ended yet. */
  readonly eventMs: number;
  /** Whether it is so short that events are handed over ahead. */
  readonly isQuick: boolean;
  /** How long the youngest running event has been running: all others have been at it for longer. */
  readonly youngestRunningMs: number;
}

/** An event that runs for so long does not just wait for a core: on a busy machine the quickest takes some milliseconds. */
export const slowMs = 25;
/** Where handlers are known to be quick and none ends, the machine may have other things to do: for up to 45 ms, as measured. */
const stallMs = 50;
/** A wait that is not worth a process: about what one costs to start. */
const worthwhileWaitMs = 50;

/**
 * Whether to start another environment. Pure.
 *
 * Lambda would start one for each event that finds none free. Here they cost memory and a core that handlers need, so past
 * the first few one starts only when the expected wait is longer than its start takes.
 */
export function shouldGrow(load: Load): boolean {
  const total = load.ready + load.starting;
  if (total >= load.maxEnvironments || load.starting >= load.waiting) return false;
  if (total < load.eagerEnvironments) return load.starting < 2;
  // A start keeps the cores busy, so what is seen meanwhile says little about the handlers.
  if (load.starting > 0) return false;
  const stuckMs = load.isQuick ? stallMs : slowMs;
  const eventMs = load.youngestRunningMs < stuckMs ? load.eventMs : Math.max(load.eventMs, load.youngestRunningMs);
  return (load.waiting * eventMs) / total > worthwhileWaitMs;
}

/** An event that takes no longer than this in its environment is quick: others may be handed over behind it. */
const quickMs = 1;
/** Past these nothing is won: no environment waits for its next event any more. */
const mostAhead = 32;

/**
 * How many events an environment may hold beside the one that it runs, so that it need not wait for the next one. Pure.
 *
 * @param eventMs as in `Load`.
 */
export function aheadOf(eventMs: number): number {
  return eventMs === 0 ? 0 : Math.min(mostAhead, Math.floor(quickMs / eventMs));
}

/** What is seen of an environment that an event might be handed to. */
interface Queue {
  readonly eventCount: number;
  readonly isUsable: boolean;
  readonly mayQueue: boolean;
  readonly runningSinceMs: number;
}

/** The environment with the fewest events, of those whose running event is still quick and that hold no more. Pure. */
export function leastQueued<Place extends Queue>(
  places: Iterable<Place>,
  most: number,
  nowMs: number,
): Place | undefined {
  let best: Place | undefined;
  if (most === 0) return best;
  for (const place of places) {
    if (place.eventCount > most || !place.isUsable || !place.mayQueue) continue;
    if (nowMs - place.runningSinceMs > quickMs) continue;
    if (best === undefined || place.eventCount < best.eventCount) best = place;
  }
  return best;
}

/**
 * How many environments are worth a start before anything is known of the handlers: one for each core, and at least two,
 * so that overlapping events meet different ones, as on Lambda. Measured: on two cores four are a fifth slower than two.
 */
export function eagerEnvironments(cores: number): number {
  return Math.min(8, Math.max(2, cores));
}
