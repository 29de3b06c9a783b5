import { randomUUID } from 'node:crypto';
import { eventText, type Clock, type FunctionFailure, type Invocation, type Outcome } from '@furrow/protocol';
import type { Batch } from './pipe/batch.ts';
import { toChild } from './pipe/codec.ts';
import { noTicket, writeEvent, writeMessage, type EventHead } from './pipe/event-frame.ts';
import type { KnownConnections } from './pipe/known-connections.ts';
import { drawMany, mostAhead, ticketCount } from './pipe/tickets.ts';
import { timeoutFailure } from './process-failure.ts';
import { takeOut } from './take-out.ts';

/** An event and the open connection it came from. */
export type EventText = Pick<Invocation, 'event' | 'openConnectionId' | 'takesUnconfirmed'>;

/** How an event ended in an environment. */
export type OnEnd = (outcome: Outcome | undefined) => void;

export interface HandoverOptions {
  readonly batch: Batch;
  readonly known: KnownConnections;
  readonly clock: Clock;
  /** Whether events run beside each other; else one after the other, in their order. */
  readonly isConcurrent: boolean;
  /** The open ticket file, which the process has open too. `undefined` when no event is handed over ahead. */
  readonly tickets: number | undefined;
  /** An event runs for longer than it may; comes before its outcome. */
  readonly onTimeout: () => void;
  /** No event runs any more. */
  readonly onIdle: () => void;
}

/** The events that one process has been given and has not answered. */
export interface Handover {
  /**
   * `onEnd` gets `undefined` when the event has not begun in this process and never will. `onBegin` comes where the event was
   * behind others and begins.
   */
  give(event: EventText, timeoutMs: number, onEnd: OnEnd, onBegin?: () => void): void;
  answered(sequence: number, outcome: Outcome): void;
  /** Takes back the events that have not begun, whatever the process is doing. */
  takeBack(): void;
  /** The process says that it begins none after this one. */
  endsAfter(sequence: number): void;
  /** The process is gone: the running events fail. */
  endAll(failure: (requestId: string | undefined) => FunctionFailure): void;
  /** Whether any event came from this connection. */
  has(connectionId: string): boolean;
  readonly count: number;
  /** When the running event began; of several the first. `performance.now()` */
  readonly runningSinceMs: number;
  /** Whether more events may be handed over behind the running one. */
  readonly mayQueue: boolean;
  /** Whether no ticket is left for that. */
  readonly isWorn: boolean;
}

interface Given {
  readonly sequence: number;
  readonly ticket: number;
  readonly requestId: string;
  readonly openConnectionId: string | undefined;
  readonly timeoutMs: number;
  callOff: () => void;
  readonly onEnd: OnEnd;
  readonly onBegin: (() => void) | undefined;
}

/** What is taken back may draw some that no event has. */
const mostTickets = ticketCount - 4 * mostAhead;
const notYet = (): void => {};

export function createHandover(options: HandoverOptions): Handover {
  const { batch, known, clock, isConcurrent, tickets, ...told } = options;
  /** In the order of their sequence numbers. */
  const given: Given[] = [];
  let sequences = 0;
  let nextTicket = 0;
  let runningSinceMs = 0;

  /** All are gone from the list before anybody hears of one. */
  function settle(events: readonly Given[], outcome: (event: Given) => Outcome | undefined): void {
    for (const event of events) {
      event.callOff();
      takeOut(given, event);
    }
    for (const event of events) event.onEnd(outcome(event));
    if (given.length === 0) told.onIdle();
  }

  /** A process that has other events can wait for one more. */
  function write(head: EventHead, { event, openConnectionId, takesUnconfirmed = false }: EventText): void {
    const canWait = given.length > 0;
    // Of a connection that has ended nobody would say when it can be forgotten.
    if (typeof event === 'string' || openConnectionId === undefined) {
      const text = eventText(event);
      const unconfirmed = takesUnconfirmed ? openConnectionId : undefined;
      batch.push(toChild.invoke, (frame) => writeEvent(frame, head, unconfirmed ?? '', text), canWait);
      return;
    }
    const { connection, message } = event;
    known.tell(connection);
    const from = { connectionId: openConnectionId, takesUnconfirmed };
    batch.push(toChild.message, (frame) => writeMessage(frame, head, from, message), canWait);
  }

  function begins(event: Given): void {
    runningSinceMs = performance.now();
    event.onBegin?.();
    event.callOff = clock.after(event.timeoutMs, () => setImmediate(timedOut, event));
  }

  /** After a look at the pipe: a busy executor may not have read the answer yet, and another event may run by now. */
  function timedOut(event: Given): void {
    if (!given.includes(event)) return;
    takeBack();
    // Its process has begun the next one: the answer of this one has left it and is on its way.
    if (!isConcurrent && given.includes(event) && given.length > 1) return;
    told.onTimeout();
    // It had not begun.
    if (!given.includes(event)) return;
    settle([event], ({ requestId, timeoutMs }) => ({ type: 'failed', failure: timeoutFailure(requestId, timeoutMs) }));
  }

  /** The last first, so that whoever puts them before others keeps their order. */
  function letGo(events: readonly Given[]): void {
    settle(events.toReversed(), () => undefined);
  }

  /** The first may not have begun either: its process draws its ticket a moment after it has said how the last one ended. */
  function takeBack(): void {
    const ticketed = given.filter(({ ticket }) => ticket !== noTicket);
    const lowest = ticketed[0]?.ticket;
    if (tickets === undefined || lowest === undefined) return;
    const drawn = drawMany(tickets, lowest, ticketed.length);
    if (drawn === undefined) return;
    nextTicket = Math.max(nextTicket, drawn + ticketed.length);
    const ours = ticketed.filter(({ ticket }) => ticket >= drawn);
    const [firstOfOurs] = ours;
    if (firstOfOurs === undefined) return;
    batch.push(toChild.takenBack, (frame) => frame.uint32(firstOfOurs.ticket));
    letGo(ours);
  }

  return {
    give(event, timeoutMs, onEnd, onBegin) {
      const { openConnectionId } = event;
      sequences += 1;
      const isFirst = given.length === 0;
      const isQueued = !isFirst && !isConcurrent;
      const requestId = randomUUID();
      const ticket = isQueued ? nextTicket : noTicket;
      if (isQueued) nextTicket += 1;
      const sequence = sequences;
      write({ sequence, ticket, timeoutMs, requestId }, event);
      const one = { sequence, ticket, requestId, openConnectionId, timeoutMs, callOff: notYet, onEnd, onBegin };
      given.push(one);
      if (!isQueued) begins(one);
    },
    answered(sequence, outcome) {
      const event = given.find((one) => one.sequence === sequence);
      if (event === undefined) return;
      // Where they run one after the other, the one behind it begins.
      const next = isConcurrent ? undefined : given[1];
      if (next !== undefined) begins(next);
      settle([event], () => outcome);
    },
    takeBack,
    endsAfter(sequence) {
      letGo(given.filter((event) => event.sequence > sequence));
    },
    endAll(failure) {
      takeBack();
      settle([...given], ({ requestId }) => ({ type: 'failed', failure: failure(requestId) }));
    },
    has: (connectionId) => given.some((event) => event.openConnectionId === connectionId),
    get count() {
      return given.length;
    },
    get runningSinceMs() {
      return runningSinceMs;
    },
    get mayQueue() {
      return tickets !== undefined && given.length < mostAhead && nextTicket < mostTickets;
    },
    get isWorn() {
      return nextTicket >= mostTickets;
    },
  };
}
