import {
  limits,
  maxUnconfirmedBytes,
  type ConnectionFacts,
  type ManagementAnswer,
  type ManagementRequest,
  closeCodes,
  type CloseStatus,
} from '@furrow/protocol';
import { checkManagementRequest } from './core/management.ts';
import type { Socket } from './server/web-socket.ts';

export interface Connection {
  /** Replaced when the stage's variables change. */
  facts: ConnectionFacts;
  readonly socket: Socket;
  lastActiveAtMs: number;
  /** Events of it that run and may send to it without asking. */
  unconfirmedEvents: number;
}

/** The open connections of this node. */
export interface Connections {
  add(connection: Connection): void;
  /** The connection has ended, and its id is gone. */
  remove(connection: Connection): void;
  /** Sends, closes or describes; the sender of a message and `@connections` both come here. */
  readonly manage: (request: ManagementRequest) => ManagementAnswer;
  /** Starts the close handshake of every connection; all ids are gone from now on. */
  closeAll(status: CloseStatus): void;
  /** Cuts off every connection that has not ended, those that were closed one by one included. */
  readonly terminateAll: () => void;
  all(): Iterable<Connection>;
  readonly count: number;
}

/** What a client that does not read may leave waiting before its senders are told (fact D19). */
export const maxBufferedBytes = 1024 * 1024;
/** Of one connection: what they send is buffered and nothing of it dropped, also when the client reads none of it. */
const mostUnconfirmedEvents = Math.floor(maxBufferedBytes / maxUnconfirmedBytes) - 1;

/** Whether another event of a connection may send to it without asking. */
export function takesUnconfirmed({ socket, unconfirmedEvents }: Connection): boolean {
  return unconfirmedEvents < mostUnconfirmedEvents && socket.bufferedBytes() === 0;
}

const gone: ManagementAnswer = { type: 'refused', refusal: 'gone' };
const slow: ManagementAnswer = { type: 'refused', refusal: 'slow' };
const done: ManagementAnswer = { type: 'done' };

/** @param onGone told of each connection that takes nothing more, once. */
export function createConnections(now: () => number, onGone: (connectionId: string) => void): Connections {
  const open = new Map<string, Connection>();
  const unended = new Set<Connection>();

  function send(connection: Connection, data: Buffer): ManagementAnswer {
    if (connection.socket.bufferedBytes() > maxBufferedBytes) return slow;
    connection.lastActiveAtMs = now();
    connection.socket.sendText(data);
    return done;
  }

  function forget({ facts }: Connection): void {
    if (open.delete(facts.connectionId)) onGone(facts.connectionId);
  }

  function info({ facts, lastActiveAtMs }: Connection): ManagementAnswer {
    const { sourceIp, userAgent, connectedAtMs } = facts;
    return {
      type: 'info',
      info: {
        connectedAt: new Date(connectedAtMs).toISOString(),
        identity: userAgent === undefined ? { sourceIp } : { sourceIp, userAgent },
        lastActiveAt: new Date(lastActiveAtMs).toISOString(),
      },
    };
  }

  function close(connection: Connection): ManagementAnswer {
    forget(connection);
    connection.socket.close(closeCodes.deleted);
    return done;
  }

  return {
    add(connection) {
      open.set(connection.facts.connectionId, connection);
      unended.add(connection);
    },
    remove(connection) {
      forget(connection);
      unended.delete(connection);
    },
    manage(request) {
      const connection = open.get(request.connectionId);
      const refusal = checkManagementRequest(request, limits.maxMessageBytes);
      if (refusal !== undefined) return refusal;
      // Its id is gone as soon as either side has begun to close, however long the client takes over it.
      if (connection?.socket.isOpen() !== true) return gone;
      if (request.type === 'send') return send(connection, request.data);
      return request.type === 'info' ? info(connection) : close(connection);
    },
    closeAll(status) {
      for (const connection of unended) {
        forget(connection);
        connection.socket.close(status);
      }
    },
    terminateAll() {
      for (const { socket } of unended) socket.terminate();
    },
    all: () => open.values(),
    get count() {
      return open.size;
    },
  };
}
