/** Where events wait that were handed over early, by the connection that they came from. */
export interface QueuedConnections<Place> {
  /** Where an event of the connection waits; whatever comes after it has to go behind it, or to wait. */
  placeOf(connectionId: string | undefined): Place | undefined;
  /** An event waits there. The result is called when it does no longer, once or more often. */
  add(connectionId: string, place: Place): () => void;
}

/** Keeps the events of a connection in their order, though each may be handed to another environment. */
export function createQueuedConnections<Place>(): QueuedConnections<Place> {
  const queued = new Map<string, { readonly place: Place; count: number }>();
  return {
    placeOf: (connectionId) => (connectionId === undefined ? undefined : queued.get(connectionId)?.place),
    add(connectionId, place) {
      const own = queued.get(connectionId) ?? { place, count: 0 };
      own.count += 1;
      queued.set(connectionId, own);
      let hasLeft = false;
      return () => {
        if (hasLeft) return;
        hasLeft = true;
        own.count -= 1;
        if (own.count === 0) queued.delete(connectionId);
      };
    },
  };
}
