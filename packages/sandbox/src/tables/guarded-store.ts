import type { Database, Release, Store } from './dynalite.ts';
import type { Members } from './outcome.ts';

/** A change of an item. */
export interface Write {
  readonly tableName: string;
  /** `undefined`: it was not there. */
  readonly before: Members | undefined;
  /** `undefined`: it is there no longer. MUST be read before anything else happens: it is not a copy. */
  readonly after: Members | undefined;
}

interface Watching {
  readonly fail: (error: unknown) => void;
  /** Told of each item that was written. */
  readonly onWrite: (write: Write) => void;
}

/** The store as one call sees it: what the emulator throws in an answer of the database ends this call, not the process. */
export function guardedStore(store: Store, { fail, onWrite }: Watching): Store {
  const releases: Release[] = [];
  const stop = (error: unknown) => {
    for (const release of releases) release(() => {})();
    fail(error);
  };
  const guard =
    <Parameters extends unknown[]>(work: (...parameters: Parameters) => void) =>
    (...parameters: Parameters) => {
      try {
        work(...parameters);
      } catch (error) {
        stop(error);
      }
    };
  const database = <Kind extends Database>(inner: Kind): Kind => ({
    ...inner,
    get: (key, callback) => inner.get(key, guard(callback)),
    put: (key, value, callback) => inner.put(key, value, guard(callback)),
    del: (key, callback) => inner.del(key, guard(callback)),
    batch: (operations, callback) => inner.batch(operations, guard(callback)),
    lock: (key, work) =>
      inner.lock(
        key,
        guard((release: Release) => {
          releases.push(release);
          work(release);
        }),
      ),
  });
  return {
    ...store,
    tableDb: database(store.tableDb),
    getItemDb: (table) => database(reporting(store.getItemDb(table), table, onWrite)),
    getIndexDb: (kind, table, index) => database(store.getIndexDb(kind, table, index)),
    getTable: (...parameters) => store.getTable(...parameters.map((one) => (isWork(one) ? guard(one) : one))),
  };
}

/** The items of a table, whose writes are told with the item that was read before, under the same lock. */
function reporting(items: Database, tableName: string, onWrite: Watching['onWrite']): Database {
  let before: Members | undefined;
  return {
    ...items,
    get: (key, callback) =>
      items.get(key, (error, item) => {
        before = item;
        callback(error, item);
      }),
    put: (key, after, callback) => {
      const was = before;
      items.put(key, after, (error) => {
        if (error === null || error === undefined) onWrite({ tableName, before: was, after });
        callback(error);
      });
    },
    del: (key, callback) => {
      const was = before;
      items.del(key, (error) => {
        if (error === null || error === undefined) onWrite({ tableName, before: was, after: undefined });
        callback(error);
      });
    },
  };
}

function isWork(value: unknown): value is (...parameters: unknown[]) => void {
  return typeof value === 'function';
}
