import type { LocalService } from '@furrow/gateway';
import type { App, Table } from '@furrow/manifest';
import type { Clock, Credentials, Invoke } from '@furrow/protocol';
import type { SandboxEvent } from '../sandbox-event.ts';
import type { Database } from './database.ts';
import type { NamedTable } from './make-tables.ts';
import { refused } from './outcome.ts';
import { physicalName } from './physical-name.ts';
import type { TablesPlace } from './place.ts';
import { createStreams } from './streams.ts';
import { answerOf, operationOf, parseInput, unreadable } from './aws-json.ts';

export interface LocalTablesOptions {
  readonly stackName: string;
  readonly region: string;
  /** Absolute path of the folder that holds the manifest. */
  readonly projectDir: string;
  readonly place: TablesPlace;
  /** The file of items to begin with, where preferences name one. */
  readonly seedFile: string | undefined;
  /** What a database of others is asked with. */
  readonly credentials: Credentials;
  readonly invoke: Invoke;
  readonly onEvent: (event: SandboxEvent) => void;
  readonly clock: Clock;
}

/** The tables of an app, in a database that is opened when the app has its first. */
export interface LocalTables {
  /** Answers for DynamoDB; `undefined` when another service is asked, or the app never had a table. */
  readonly service: LocalService;
  /** Where handlers reach the database; `undefined`: by the sandbox itself. */
  readonly url: string | undefined;
  /** The tables' names in the database, by their names in the manifest. */
  readonly names: ReadonlyMap<string, string>;
  /**
   * Makes the tables that the manifest says, and brings their changes to the functions that it names.
   *
   * @throws {TABLES_FAILED} when the database refuses it.
   * @throws {TABLES_DATA_UNUSABLE} when the folder for items cannot be used.
   * @throws {EXTERNAL_DB_UNREACHABLE} when the database of others does not answer.
   * @throws {SEED_UNREADABLE} when the file of items to begin with cannot be read.
   */
  readonly follow: (app: Pick<App, 'tables' | 'tablesStreams'>) => Promise<void>;
  /** Gives functions no more changes; resolves when those that run have ended, or after `graceMs`. */
  endStreams(graceMs: number): Promise<void>;
  close(): Promise<void>;
}

export function createLocalTables(options: LocalTablesOptions): LocalTables {
  const { stackName, region, place, onEvent, clock } = options;
  let names: ReadonlyMap<string, string> = new Map();
  let database: Promise<Database> | undefined;
  const streams = createStreams({ region, accountId: '123456789012', invoke: options.invoke, clock, onRun: onEvent });
  /** Resolves when the tables are made; requests wait for it. */
  let made: Promise<void> = Promise.resolve();

  async function open(): Promise<Database> {
    if (place.type === 'external') {
      const { createRemoteDatabase } = await import('./remote-database.ts');
      return createRemoteDatabase({ url: place.url, region, credentials: options.credentials, clock });
    }
    const { openLocalDatabase } = await import('./local-database.ts');
    const onMistake = (operation: string, error: unknown) =>
      onEvent({ type: 'notice', atMs: clock.now(), text: `DynamoDB failed inside of ${operation}: ${String(error)}` });
    const path = place.type === 'folder' ? place.path : undefined;
    return openLocalDatabase({ path, region, clock, onMistake, onWrite: streams.record });
  }

  async function make(opened: Promise<Database>, tables: readonly Table[], isFirst: boolean): Promise<void> {
    const { makeTables } = await import('./make-tables.ts');
    const named = tables.map((table) => ({ table, physicalName: physicalName(stackName, table) }));
    const ready = await opened;
    const change = await makeTables(ready, named);
    const isNews = Object.values(change).some((list) => list.length > 0);
    // In memory, every start makes them all.
    if (isNews && !(isFirst && place.type === 'memory')) {
      onEvent({ type: 'tablesChanged', atMs: clock.now(), ...change });
    }
    if (change.made.length > 0) await seed(ready, named, change.made);
  }

  async function seed(opened: Database, named: readonly NamedTable[], fresh: readonly string[]): Promise<void> {
    const { seedTables } = await import('./seed.ts');
    const isNew = ({ table }: NamedTable) => fresh.includes(table.name);
    const seeded = await seedTables(opened, {
      projectDir: options.projectDir,
      named: options.seedFile,
      tables: new Map(named.filter(isNew).map(({ table, physicalName: name }) => [table.name, name])),
      known: new Set(named.map(({ table }) => table.name)),
    });
    if (seeded !== undefined) onEvent({ type: 'seeded', atMs: clock.now(), ...seeded });
  }

  return {
    url: place.type === 'external' ? place.url : undefined,
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
    follow(app) {
      const { tables } = app;
      names = new Map(tables.map((table) => [table.name, physicalName(stackName, table)]));
      streams.follow(app, names);
      if (place.type === 'external' && app.tablesStreams.length > 0) {
        const text = 'Changes of tables in another DynamoDB run no functions of @tables-streams.';
        onEvent({ type: 'notice', atMs: clock.now(), text });
      }
      if (tables.length === 0 && database === undefined) return made;
      const isFirst = database === undefined;
      const opened = (database ??= open());
      // What failed before does not keep a better manifest from being followed.
      made = made.catch(() => {}).then(() => make(opened, tables, isFirst));
      // Whoever waits for it is told; nobody has to.
      made.catch(() => {});
      return made;
    },
    endStreams: (graceMs) => streams.close(graceMs),
    async close() {
      await made.catch(() => {});
      const opened = await database?.catch(() => {});
      await opened?.close();
    },
  };
}
