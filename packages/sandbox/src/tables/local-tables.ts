import type { LocalService } from '@furrow/gateway';
import type { Table } from '@furrow/manifest';
import type { Clock } from '@furrow/protocol';
import type { SandboxEvent } from '../sandbox-event.ts';
import type { Database } from './database.ts';
import { refused } from './outcome.ts';
import { physicalName } from './physical-name.ts';
import { answerOf, operationOf, parseInput, unreadable } from './aws-json.ts';

export interface LocalTablesOptions {
  readonly stackName: string;
  readonly region: string;
  /** Absolute path of the folder that items are kept in; `undefined` is memory. */
  readonly dataDir: string | undefined;
  readonly onEvent: (event: SandboxEvent) => void;
  readonly clock: Clock;
}

/** The tables of an app, in a database that is opened when the app has its first. */
export interface LocalTables {
  /** Answers for DynamoDB; `undefined` when another service is asked, or the app never had a table. */
  readonly service: LocalService;
  /** The tables' names in the database, by their names in the manifest. */
  readonly names: ReadonlyMap<string, string>;
  /**
   * Makes the tables that the manifest says.
   *
   * @throws {TABLES_FAILED} when the database refuses it.
   */
  readonly follow: (tables: readonly Table[]) => Promise<void>;
  close(): Promise<void>;
}

export function createLocalTables(options: LocalTablesOptions): LocalTables {
  const { stackName, dataDir, onEvent, clock } = options;
  let names: ReadonlyMap<string, string> = new Map();
  let database: Promise<Database> | undefined;
  /** Resolves when the tables are made; requests wait for it. */
  let made: Promise<void> = Promise.resolve();

  async function open(): Promise<Database> {
    const { openLocalDatabase } = await import('./local-database.ts');
    const onMistake = (operation: string, error: unknown) =>
      onEvent({ type: 'notice', atMs: clock.now(), text: `DynamoDB failed inside of ${operation}: ${String(error)}` });
    return openLocalDatabase({ path: dataDir, region: options.region, clock, onMistake });
  }

  async function make(opened: Promise<Database>, tables: readonly Table[], isFirst: boolean): Promise<void> {
    const { makeTables } = await import('./make-tables.ts');
    const named = tables.map((table) => ({ table, physicalName: physicalName(stackName, table) }));
    const change = await makeTables(await opened, named);
    const isNews = Object.values(change).some((list) => list.length > 0);
    // In memory, every start makes them all.
    if (isNews && !(isFirst && dataDir === undefined)) {
      onEvent({ type: 'tablesChanged', atMs: clock.now(), ...change });
    }
  }

  return {
    service(request) {
      const operation = operationOf(request);
      const opened = database;
      if (operation === undefined || opened === undefined) return undefined;
      const input = parseInput(request.body);
      if (input === undefined) return answerOf(unreadable);
      const call = made.then(async () => answerOf(await (await opened).call(operation, input)));
      return call.catch(() => answerOf(refused('InternalServerError', 'The tables could not be made.')));
    },
    get names() {
      return names;
    },
    follow(tables) {
      names = new Map(tables.map((table) => [table.name, physicalName(stackName, table)]));
      if (tables.length === 0 && database === undefined) return made;
      const isFirst = database === undefined;
      const opened = (database ??= open());
      // What failed before does not keep a better manifest from being followed.
      made = made.catch(() => {}).then(() => make(opened, tables, isFirst));
      // Whoever waits for it is told; nobody has to.
      made.catch(() => {});
      return made;
    },
    async close() {
      await made.catch(() => {});
      const opened = await database?.catch(() => {});
      await opened?.close();
    },
  };
}
