import { setTimeout as pause } from 'node:timers/promises';
import { tableSchema, type Table, type TableSchema } from '@furrow/manifest';
import { errors } from '../errors.ts';
import type { Database } from './database.ts';
import { indexChange } from './index-change.ts';
import { isMembers, listOf, refusalMessage, refusalName, type Members } from './outcome.ts';
import { creationOf, type IndexChange } from './update-table.ts';

/** A table of the app, and what it is called in the database. */
export interface NamedTable {
  readonly table: Table;
  readonly physicalName: string;
}

/** What was done, in the names of the manifest. */
export interface TablesChange {
  /** Tables that were not there. */
  readonly made: readonly string[];
  /** Indexes that tables got, as `rooms by-user`. */
  readonly indexed: readonly string[];
  /** Indexes that tables no longer have. */
  readonly dropped: readonly string[];
}

/** Longest time in which a table has to become active; one of another machine may take some seconds. */
const activeWithinMs = 60_000;

/**
 * Makes what is not there, and gives tables the indexes that the manifest says. Whatever else is in the database stays.
 *
 * @throws {TABLES_FAILED} when the database refuses it.
 */
export async function makeTables(database: Database, tables: readonly NamedTable[]): Promise<TablesChange> {
  const changes = await Promise.all(tables.map((one) => makeTable(database, one)));
  return {
    made: changes.flatMap(({ made }) => made),
    indexed: changes.flatMap(({ indexed }) => indexed),
    dropped: changes.flatMap(({ dropped }) => dropped),
  };
}

async function makeTable(database: Database, { table, physicalName }: NamedTable): Promise<TablesChange> {
  const schema = tableSchema(table);
  const description = await describe(database, physicalName);
  const change = description === undefined ? { added: [], removed: [] } : indexChange(description, schema);
  if (description === undefined) await create(database, physicalName, schema);
  else await changeIndexes(database, physicalName, { schema, change });
  if (table.ttl !== undefined) await setTimeToLive(database, physicalName, table.ttl);
  const named = (index: string) => `${table.name} ${index}`;
  return {
    made: description === undefined ? [table.name] : [],
    indexed: change.added.map(named),
    dropped: change.removed.filter((name) => !change.added.includes(name)).map(named),
  };
}

async function create(database: Database, TableName: string, schema: TableSchema): Promise<void> {
  await ask(database, 'CreateTable', { TableName, BillingMode: 'PAY_PER_REQUEST', ...schema });
  await whenActive(database, TableName);
}

/** One after the other, which is how DynamoDB takes it. */
async function changeIndexes(
  database: Database,
  TableName: string,
  { schema, change }: { readonly schema: TableSchema; readonly change: IndexChange },
): Promise<void> {
  const removals = change.removed.map((IndexName) => ({ GlobalSecondaryIndexUpdates: [{ Delete: { IndexName } }] }));
  const indexes = schema.GlobalSecondaryIndexes?.filter(({ IndexName }) => change.added.includes(IndexName)) ?? [];
  for (const update of [...removals, ...indexes.map((index) => creationOf(index, schema))]) {
    await ask(database, 'UpdateTable', { TableName, ...update });
    await whenActive(database, TableName);
  }
}

/** Resolves when the table and its indexes can be used. */
async function whenActive(database: Database, TableName: string): Promise<void> {
  const untilMs = Date.now() + activeWithinMs;
  for (let waitMs = 1; Date.now() < untilMs; waitMs = Math.min(waitMs * 2, 500)) {
    const { TableStatus: status, GlobalSecondaryIndexes: indexes } = (await describe(database, TableName)) ?? {};
    const states = listOf(indexes)
      .filter(isMembers)
      .map(({ IndexStatus: state }) => state);
    if ([status, ...states].every((state) => state === 'ACTIVE')) return;
    await pause(waitMs);
  }
  throw errors.tablesFailed(`${TableName} did not become active.`);
}

/** As DynamoDB describes it; `undefined` when it is not there. */
async function describe(database: Database, TableName: string): Promise<Members | undefined> {
  const outcome = await database.call('DescribeTable', { TableName });
  if (refusalName(outcome) === 'ResourceNotFoundException') return undefined;
  if (outcome.type === 'refused') throw errors.tablesFailed(`DescribeTable: ${refusalMessage(outcome.body)}`);
  const { Table: table } = outcome.value;
  return isMembers(table) ? table : undefined;
}

async function setTimeToLive(database: Database, TableName: string, AttributeName: string): Promise<void> {
  const { TimeToLiveDescription: current } = await ask(database, 'DescribeTimeToLive', { TableName });
  if (isMembers(current) && current['AttributeName'] === AttributeName) return;
  const on = { AttributeName, Enabled: true };
  if (isMembers(current) && typeof current['AttributeName'] === 'string') {
    const off = { AttributeName: current['AttributeName'], Enabled: false };
    await ask(database, 'UpdateTimeToLive', { TableName, TimeToLiveSpecification: off });
  }
  await ask(database, 'UpdateTimeToLive', { TableName, TimeToLiveSpecification: on });
}

async function ask(database: Database, operation: string, input: Members): Promise<Members> {
  const outcome = await database.call(operation, input);
  if (outcome.type === 'done') return outcome.value;
  throw errors.tablesFailed(`${operation} ${String(input['TableName'])}: ${refusalMessage(outcome.body)}`);
}
