import type { ConnectionFacts } from '@furrow/protocol';
import type { Batch } from './batch.ts';
import { toChild } from './codec.ts';

/** What a process knows of connections, so that their messages need not say it again. */
export interface KnownConnections {
  /** Tells the process what it does not know yet. */
  tell(connection: ConnectionFacts): void;
  /** The connection has ended. Whether the process knew it. */
  forget(connectionId: string): boolean;
}

/** More than these, and the process forgets the one that it was told first. */
export const mostKnown = 16_384;

export function createKnownConnections(batch: Batch): KnownConnections {
  const known = new Map<string, ConnectionFacts>();

  function forgetFirst(): void {
    const [connectionId = ''] = known.keys();
    known.delete(connectionId);
    batch.push(toChild.forget, (frame) => frame.text(connectionId));
  }

  return {
    tell(connection) {
      const { connectionId } = connection;
      // They change when the stage's variables do.
      if (known.get(connectionId) === connection) return;
      if (known.size >= mostKnown && !known.has(connectionId)) forgetFirst();
      known.set(connectionId, connection);
      batch.push(toChild.connection, (frame) => frame.text(JSON.stringify(connection)));
    },
    forget: (connectionId) => known.delete(connectionId),
  };
}
