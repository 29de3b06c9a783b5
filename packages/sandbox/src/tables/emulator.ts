import { promisify } from 'node:util';
import type { TableSchema } from '@furrow/manifest';
import { loadDynalite, type Dynalite, type KeptIndex, type KeptTable, type Operation, type Store } from './dynalite.ts';
import { unreadable } from './aws-json.ts';
import { guardedStore, type Write } from './guarded-store.ts';
import { faultOfExpression, faultOfItem } from './item-faults.ts';
import { keepIn } from './keep-in.ts';
import { done, isMembers, refused, type Members, type Outcome, type Refusal } from './outcome.ts';
import type { IndexChange } from './update-table.ts';

export interface EmulatorOptions {
  /** Where items are kept; `undefined` is memory. */
  readonly path: string | undefined;
  readonly region: string;
  /** Told of a mistake of the emulator itself; the call is answered all the same. */
  readonly onMistake: (operation: string, error: unknown) => void;
}

/** The operations that the emulator has, and what others can be made of. Nothing that it is given makes it throw. */
export interface Emulator {
  /** `undefined`: there is no such operation. `onWrite` is told of each item that is written. */
  run(operation: string, input: Members, onWrite?: (write: Write) => void): Promise<Outcome> | undefined;
  /** Whether a write would be refused, as far as that can be known before it is done; writes nothing. */
  check(operation: string, input: Members): Promise<Check>;
  /** The item that a write is about. */
  locate(tableName: string, holder: Holder): Promise<Located | undefined>;
  /** What is wrong with the input of an operation, whatever there is in the database. */
  findFault(operation: string, input: Members): Refusal | undefined;
  /** Gives a table these indexes; the `added` are filled, the `removed` emptied. Nothing else may run meanwhile. */
  setIndexes(tableName: string, schema: TableSchema, change: IndexChange): Promise<void>;
  close(): Promise<void>;
}

/** The input of a write: `Put` has an item, all others a key. */
type Holder = { readonly Key?: unknown; readonly Item?: unknown };

export type Check =
  | { readonly type: 'passed' }
  /** The input is none, whatever there is in the table. */
  | { readonly type: 'invalid'; readonly outcome: Refusal }
  /** It does not suit the table, or the condition is not met. */
  | { readonly type: 'failed'; readonly outcome: Refusal };

export interface Located {
  /** The same for the same item of the same table, and for no other. */
  readonly id: string;
  readonly key: Members;
  /** `undefined` when there is none. */
  readonly item: Members | undefined;
}

/** Opens the emulator. Rejects with what the database says when its folder cannot be used. */
export async function openEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { path, onMistake } = options;
  const dynalite = loadDynalite();
  const store = dynalite.database.create({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  await store.db.open();
  const journal = path === undefined ? undefined : await keepIn(path, store.db);
  store.tableDb.awsRegion = options.region;
  store.tableDb.awsAccountId = '123456789012';
  const getTable = promisify((name: string, callback: (error: unknown, table?: KeptTable) => void) =>
    store.getTable(name, callback),
  );

  function refusalOf(name: string, error: unknown): Refusal {
    if (isRefusal(error)) return { type: 'refused', statusCode: error.statusCode, body: error.body };
    onMistake(name, error);
    return refused('InternalServerError', 'The sandbox’s DynamoDB made a mistake.');
  }

  function run(name: string, input: Members, onWrite: (write: Write) => void = nothing): Promise<Outcome> | undefined {
    const operation = dynalite.operation(name);
    if (operation === undefined) return undefined;
    return new Promise((resolve) => {
      const fail = (error: unknown) => resolve(refusalOf(name, error));
      try {
        operation.act(
          guardedStore(store, { fail, onWrite }),
          validated(dynalite, store, operation, input),
          (error, value) => {
            if (isThere(error)) fail(error);
            else resolve(done(value ?? {}));
          },
        );
      } catch (error) {
        fail(error);
      }
    });
  }

  async function locate(tableName: string, { Key, Item }: Holder): Promise<Located | undefined> {
    const holder = Key ?? Item;
    if (!isMembers(holder)) return undefined;
    // A table that is not there has no items.
    const table = await getTable(tableName).catch(() => {});
    if (table === undefined) return undefined;
    const key = Object.fromEntries(table.KeySchema.map(({ AttributeName: name }) => [name, holder[name]]));
    if (isThere(dynalite.database.validateKey(key, table))) return undefined;
    const id = dynalite.database.createKey(key, table);
    const database = store.getItemDb(tableName);
    const item = await promisify<string, Members | undefined>(database.get.bind(database))(id).catch(whenMissing);
    return { id: `${tableName}/${id}`, key, item };
  }

  async function check(name: string, input: Members): Promise<Check> {
    const operation = dynalite.operation(name);
    if (operation === undefined) throw new Error(`There is no ${name}.`);
    try {
      const checked = validated(dynalite, store, operation, input);
      const table = await getTable(String(checked['TableName']));
      if (table === undefined) throw new Error('A table was neither found nor missed.');
      const { Item: item, Key: key, _updates: updates } = checked;
      const invalid = isMembers(item) ? faultOfItem(item, table) : faultOfExpression(updates, table);
      if (invalid !== undefined) return { type: 'invalid', outcome: refused('ValidationException', invalid) };
      const fault = isMembers(item)
        ? dynalite.database.validateItem(item, table)
        : dynalite.database.validateKey(isMembers(key) ? key : {}, table);
      if (isThere(fault)) return { type: 'failed', outcome: refusalOf(name, fault) };
      const located = await locate(table.TableName, checked);
      const failure = dynalite.database.checkConditional(checked, located?.item);
      return isThere(failure) ? { type: 'failed', outcome: refusalOf(name, failure) } : { type: 'passed' };
    } catch (error) {
      return { type: 'invalid', outcome: refusalOf(name, error) };
    }
  }

  function findFault(name: string, input: Members): Refusal | undefined {
    const operation = dynalite.operation(name);
    if (operation === undefined) throw new Error(`There is no ${name}.`);
    try {
      validated(dynalite, store, operation, structuredClone(input));
      return undefined;
    } catch (error) {
      return refusalOf(name, error);
    }
  }

  async function setIndexes(tableName: string, schema: TableSchema, { added, removed }: IndexChange): Promise<void> {
    const table = await getTable(tableName);
    if (table === undefined) return;
    const remove = promisify(store.deleteIndexDb.bind(store));
    for (const name of removed) await remove('Global', tableName, name);
    const indexes = schema.GlobalSecondaryIndexes?.map((index) => keptIndex(table, index));
    const { GlobalSecondaryIndexes: _, ...rest } = table;
    const changed: KeptTable = {
      ...rest,
      AttributeDefinitions: schema.AttributeDefinitions,
      ...(indexes !== undefined && { GlobalSecondaryIndexes: indexes }),
    };
    await fill(changed, indexes?.filter(({ IndexName }) => added.includes(IndexName)) ?? []);
    const { tableDb } = store;
    await promisify<string, Members>(tableDb.put.bind(tableDb))(tableName, changed);
  }

  async function fill(table: KeptTable, indexes: readonly KeptIndex[]): Promise<void> {
    const items = store.getItemDb(table.TableName);
    for await (const item of items.createValueStream({})) {
      for (const index of indexes) {
        if (!fits(item, index, table)) continue;
        const database = store.getIndexDb('Global', table.TableName, index.IndexName);
        const put = promisify<string, Members>(database.put.bind(database));
        for (const entry of dynalite.database.getIndexActions([index], undefined, item, table).puts) {
          await put(entry.key, entry.item);
        }
      }
    }
  }

  async function close(): Promise<void> {
    await store.db.close();
    await journal?.close();
  }

  return { run, check, locate, findFault, setIndexes, close };
}

/** The input as the operation takes it. Throws AWS's refusal. */
function validated(dynalite: Dynalite, store: Store, { validation }: Operation, input: Members): Members {
  try {
    const checked = dynalite.validations.checkTypes({ ...input }, validation.types);
    dynalite.validations.checkValidations(checked, validation.types, validation.custom, store);
    return checked;
  } catch (error) {
    // What the checks stumble over is no input either: a null for a value, lists within lists without end.
    const { statusCode, body } = isRefusal(error) ? error : unreadable;
    throw Object.assign(new Error('It is refused.', { cause: error }), { statusCode, body });
  }
}

/** An index as the emulator keeps it. */
function keptIndex(table: KeptTable, index: NonNullable<TableSchema['GlobalSecondaryIndexes']>[number]): KeptIndex {
  const known = table.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === index.IndexName);
  return {
    ...known,
    ...index,
    IndexArn: `${String(table['TableArn'])}/index/${index.IndexName}`,
    IndexSizeBytes: 0,
    ItemCount: 0,
    IndexStatus: 'ACTIVE',
    ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0, NumberOfDecreasesToday: 0 },
  };
}

/** Whether an item has what an index is made of; DynamoDB leaves out items whose attributes have another type. */
function fits(item: Members, index: KeptIndex, table: KeptTable): boolean {
  return index.KeySchema.every(({ AttributeName: name }) => {
    const type = table.AttributeDefinitions.find((one) => one.AttributeName === name)?.AttributeType ?? '';
    const value = item[name];
    return isMembers(value) && value[type] !== undefined;
  });
}

function isRefusal(error: unknown): error is { readonly statusCode: number; readonly body: Members } {
  return isMembers(error) && typeof error['statusCode'] === 'number' && isMembers(error['body']);
}

function nothing(): void {}

function isThere(error: unknown): boolean {
  return error !== null && error !== undefined;
}

function whenMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'LEVEL_NOT_FOUND') return undefined;
  throw error;
}
