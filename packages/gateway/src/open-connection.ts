import type { CloseStatus, ConnectionFacts } from '@furrow/protocol';
import type { Connection } from './connections.ts';
import type { Socket, SocketListener } from './server/web-socket.ts';

/** What is done for every connection. */
export interface ConnectionEvents {
  /** Calls `onHandled` once, when nothing runs for the message any more. */
  message(connection: Connection, body: string, onHandled: () => void): void;
  ping(connection: Connection): void;
  violation(connection: Connection, code: number, why: string): void;
  closed(connection: Connection, status: CloseStatus): void;
}

/** A class, because with thousands of them open closures would cost each half a kilobyte. */
export class OpenConnection implements Connection, SocketListener {
  facts: ConnectionFacts;
  readonly socket: Socket;
  lastActiveAtMs: number;
  unconfirmedEvents = 0;
  readonly #events: ConnectionEvents;

  constructor(facts: ConnectionFacts, socket: Socket, nowMs: number, events: ConnectionEvents) {
    this.facts = facts;
    this.socket = socket;
    this.lastActiveAtMs = nowMs;
    this.#events = events;
  }

  onMessage(body: string, onHandled: () => void): void {
    this.#events.message(this, body, onHandled);
  }

  onPing(): void {
    this.#events.ping(this);
  }

  onViolation(code: number, why: string): void {
    this.#events.violation(this, code, why);
  }

  onClosed(status: CloseStatus): void {
    this.#events.closed(this, status);
  }
}
