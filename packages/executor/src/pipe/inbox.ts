import { noTicket, type ReceivedEvent } from './event-frame.ts';
import type { Tickets } from './tickets.ts';

/** The events that a process was given and has not begun, in their order. */
export interface Inbox {
  put(event: ReceivedEvent): void;
  /** Those from this ticket on are run elsewhere. */
  dropFrom(ticket: number): void;
  /** A connection has ended: events of it know. */
  gone(connectionId: string): void;
  /** The next event that this process has to run. */
  next(): ReceivedEvent | undefined;
  readonly isEmpty: boolean;
}

export function createInbox(tickets: Tickets): Inbox {
  let waiting: ReceivedEvent[] = [];
  /** The last ticket that was drawn here. */
  let drawn = -1;

  /** Whether it is for this process to run; its ticket may also have been drawn elsewhere. */
  function isOurs({ ticket }: ReceivedEvent): boolean {
    if (ticket === noTicket) return true;
    if (drawn < ticket) drawn = tickets.draw(ticket) ?? noTicket;
    return drawn === ticket;
  }

  return {
    put(event) {
      waiting.push(event);
    },
    dropFrom(first) {
      waiting = waiting.filter(({ ticket }) => ticket === noTicket || ticket < first);
    },
    gone(connectionId) {
      waiting = waiting.map((event) =>
        event.openConnectionId === connectionId ? { ...event, openConnectionId: '' } : event,
      );
    },
    next() {
      for (let event = waiting.shift(); event !== undefined; event = waiting.shift()) {
        if (isOurs(event)) return event;
      }
      return undefined;
    },
    get isEmpty() {
      return waiting.length === 0;
    },
  };
}
