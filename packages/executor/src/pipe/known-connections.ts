import type { ConnectionFacts } from '@furrow/protocol';
import type { Batch } from './batch.ts';
import { toChild } from './codec.ts';

/** What a process knows of open connections, so that their messages need not say it again. */
export interface KnownConnections {
  /** Tells the process what it does not know yet. */
  tell(connection: ConnectionFacts): void;
  /** The connection has ended. Whether the process knew it. */
  forget(connectionId: string): boolean;
}

/** In JSON. With more than this the process forgets the one that it was told first: it is the handler's memory. */
export const mostKnownBytes = 4 * 1024 * 1024;

interface Known {
  readonly connection: ConnectionFacts;
  readonly bytes: number;
}

export function createKnownConnections(batch: Batch): KnownConnections {
  const known = new Map<string, Known>();
  let knownBytes = 0;

  function forget(connectionId: string): boolean {
    knownBytes -= known.get(connectionId)?.bytes ?? 0;
    return known.delete(connectionId);
  }

  /** The oldest first, until what is left is little enough; the newest stays. */
  function forgetOldest(): void {
    for (const connectionId of known.keys()) {
      if (knownBytes <= mostKnownBytes || known.size === 1) return;
      forget(connectionId);
      batch.push(toChild.forget, (frame) => frame.text(connectionId));
    }
  }

  return {
    tell(connection) {
      const { connectionId } = connection;
      // They change when the stage's variables do.
      if (known.get(connectionId)?.connection === connection) return;
      const text = JSON.stringify(connection);
      forget(connectionId);
      known.set(connectionId, { connection, bytes: text.length });
      knownBytes += text.length;
      forgetOldest();
      batch.push(toChild.connection, (frame) => frame.text(text));
    },
    forget,
  };
}
