/** Where events wait that were handed over early, by the connection that they came from. */
export interface QueuedConnections<Place> {
  /** Where an event of the connection waits; whatever comes after it has to go behind it, or to wait. */
  placeOf(connectionId: string | undefined): Place | undefined;
  /** An event waits there. The result is called when it does no longer, once or more often. */
  add(connectionId: string, place: Place): () => void;
}

interface Queued<Place> {
  place: Place | undefined;
  count: number;
}

/** How many connections of which nothing waits are kept. */
const mostEmpty = 256;

/**
 * Keeps the events of a connection in their order, though each may be handed to another environment.
 *
 * Connections of which nothing waits stay, and are left out when there are many: for the reason, see `takeOut`.
 */
export function createQueuedConnections<Place>(): QueuedConnections<Place> {
  let queued = new Map<string, Queued<Place>>();
  let empty = 0;

  function enter(connectionId: string): Queued<Place> {
    const found = queued.get(connectionId);
    if (found !== undefined) {
      if (found.count === 0) empty -= 1;
      return found;
    }
    const own = { place: undefined, count: 0 };
    queued.set(connectionId, own);
    return own;
  }

  function keepEmpty(own: Queued<Place>): void {
    own.place = undefined;
    empty += 1;
    if (empty <= mostEmpty || empty <= queued.size / 2) return;
    queued = new Map([...queued].filter(([, { count }]) => count > 0));
    empty = 0;
  }

  return {
    placeOf: (connectionId) => (connectionId === undefined ? undefined : queued.get(connectionId)?.place),
    add(connectionId, place) {
      const own = enter(connectionId);
      if (own.count === 0) own.place = place;
      own.count += 1;
      let hasLeft = false;
      return () => {
        if (hasLeft) return;
        hasLeft = true;
        own.count -= 1;
        if (own.count === 0) keepEmpty(own);
      };
    },
  };
}
