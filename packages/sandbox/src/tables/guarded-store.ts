import type { Database, Release, Store } from './dynalite.ts';

/** The store as one call sees it: what the emulator throws in an answer of the database ends this call, not the process. */
export function guardedStore(store: Store, fail: (error: unknown) => void): Store {
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
    getItemDb: (table) => database(store.getItemDb(table)),
    getIndexDb: (kind, table, index) => database(store.getIndexDb(kind, table, index)),
    getTable: (...parameters) => store.getTable(...parameters.map((one) => (isWork(one) ? guard(one) : one))),
  };
}

function isWork(value: unknown): value is (...parameters: unknown[]) => void {
  return typeof value === 'function';
}
