import type { Outcome } from '@furrow/protocol';
import type { EventText } from './handover.ts';

export interface Waiting {
  readonly event: EventText;
  readonly resolve: (outcome: Outcome) => void;
  /** The connection that it came from. @default that of the event */
  readonly connectionId?: string | undefined;
  /** It was given to an environment that ended before it began. */
  readonly isSecondTry?: boolean;
}

/** An event with its place among those of its function. */
export interface Arrived extends Waiting {
  readonly arrival: number;
}

/** Events that wait for an environment, in the order in which they came. */
export interface WaitingEvents {
  /** What has come now, with its place. */
  arrived(item: Waiting): Arrived;
  add(item: Arrived): void;
  readonly first: Arrived | undefined;
  /** The first of them, which waits no longer. */
  next(): Arrived | undefined;
  /** All of them, which wait no longer. */
  takeAll(): readonly Arrived[];
  /** A connection has ended: all that an event of it sends has to be confirmed. */
  gone(connectionId: string): void;
  readonly count: number;
}

export function createWaitingEvents(): WaitingEvents {
  let waiting: Arrived[] = [];
  let arrivals = 0;

  return {
    arrived(item) {
      arrivals += 1;
      return { connectionId: item.event.openConnectionId, ...item, arrival: arrivals };
    },
    add(item) {
      // Nearly all are the last; what an environment gives back is older than most.
      const last = waiting.at(-1);
      const before =
        last === undefined || last.arrival < item.arrival
          ? -1
          : waiting.findIndex(({ arrival }) => arrival > item.arrival);
      if (before === -1) waiting.push(item);
      else waiting.splice(before, 0, item);
    },
    get first() {
      return waiting[0];
    },
    next: () => waiting.shift(),
    takeAll: () => waiting.splice(0),
    gone(connectionId) {
      if (waiting.every(({ event }) => event.openConnectionId !== connectionId)) return;
      waiting = waiting.map((item) =>
        item.event.openConnectionId === connectionId ? { ...item, event: { event: item.event.event } } : item,
      );
    },
    get count() {
      return waiting.length;
    },
  };
}
