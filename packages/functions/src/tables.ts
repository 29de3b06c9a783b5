import { settle, type Callback } from './callback.ts';
import { atCallSite, captureCallSite } from './errors.ts';
import type { Services } from './services.ts';
import { streamHandlers, type StreamHandlers } from './stream-handlers.ts';
import type { AnyTables, ArcDB, TablesOptions } from './tables/table-types.ts';

/** The tables of the app, and the handlers of their streams as older versions of Architect made them. */
export interface ArcTables extends StreamHandlers {
  /**
   * Gives all tables that are declared in `app.arc`.
   *
   * A call without options gives what the first call made, options included.
   *
   * @throws {TABLES_MISSING} when the app has none.
   * @throws {STACK_NAME_MISSING} when neither `ARC_STACK_NAME` nor `AWS_CLOUDFORMATION` is set.
   * @throws {ServiceError} when SSM, which knows the full names of tables, refuses.
   */
  <Tables = AnyTables>(options?: TablesOptions): Promise<ArcDB<Tables>>;
  <Tables = AnyTables>(callback: Callback<ArcDB<Tables>>): undefined;
  <Tables = AnyTables>(options: TablesOptions | undefined, callback: Callback<ArcDB<Tables>>): undefined;
}

type Opened = ArcDB;

/** Makes `arc.tables`, which remembers the tables of a stack. */
export function createTables(services: () => Promise<Services>): ArcTables {
  let first: { readonly services: Services; readonly db: Opened } | undefined;

  async function open(options: TablesOptions | undefined): Promise<Opened> {
    const [found, { openTables }] = await Promise.all([services(), import('./tables/open-tables.ts')]);
    if (first?.services === found && options === undefined) return first.db;
    const db = openTables(found, options ?? {});
    if (first?.services !== found) first = { services: found, db };
    return db;
  }

  function tables<Tables>(options?: TablesOptions): Promise<ArcDB<Tables>>;
  function tables<Tables>(callback: Callback<ArcDB<Tables>>): undefined;
  function tables<Tables>(options: TablesOptions | undefined, callback: Callback<ArcDB<Tables>>): undefined;
  // The overloads say which tables.
  /* oxlint-disable typescript/no-explicit-any */
  function tables(options?: TablesOptions | Callback<any>, callback?: Callback<any>): Promise<any> | undefined {
    /* oxlint-enable typescript/no-explicit-any */
    const [given, done] = typeof options === 'function' ? [undefined, options] : [options, callback];
    const site = captureCallSite(tables);
    const result = open(given).catch((error: unknown) => {
      throw atCallSite(error, site);
    });
    return settle(result, done);
  }
  return Object.assign(tables, streamHandlers);
}
