import { createRequire } from 'node:module';
import { dynaliteOperations } from './dynalite-operations.ts';
import { faultOfItem, faultOfUpdate } from './item-faults.ts';
import type { Members } from './outcome.ts';

type Callback<Value> = (error: unknown, value?: Value) => void;
/** Unlocks, then goes on with `next`. */
export type Release = (next: () => void) => () => void;

/** Keys and values in their order. */
export interface Database {
  get(key: string, callback: Callback<Members>): void;
  put(key: string, value: Members, callback: Callback<void>): void;
  del(key: string, callback: Callback<void>): void;
  batch(operations: readonly object[], callback: Callback<void>): void;
  lock(key: string, work: (release: Release) => void): void;
  createValueStream(options: object): AsyncIterable<Members>;
}

/** Its members are asked for at each write, so that they can be replaced. */
export interface WholeDatabase {
  open(): Promise<void>;
  close(): Promise<void>;
  readonly put: (key: string, value: unknown, callback: Callback<void>) => void;
  readonly del: (key: string, callback: Callback<void>) => void;
  readonly batch: (operations: readonly BatchOperation[], callback: Callback<void>) => void;
}

export type BatchOperation =
  | { readonly type: 'put'; readonly key: string; readonly value: unknown }
  | { readonly type: 'del'; readonly key: string };

/** A table as it is kept: what `CreateTable` got, and more. */
export interface KeptTable extends Members {
  readonly TableName: string;
  readonly KeySchema: readonly { readonly AttributeName: string }[];
  readonly AttributeDefinitions: readonly { readonly AttributeName: string; readonly AttributeType: string }[];
  readonly GlobalSecondaryIndexes?: readonly KeptIndex[];
}

export interface KeptIndex extends Members {
  readonly IndexName: string;
  readonly KeySchema: readonly { readonly AttributeName: string }[];
}

/** What the operations work on. */
export interface Store {
  /** All keys and values, in memory. */
  readonly db: WholeDatabase;
  readonly tableDb: Database & { awsRegion: string; awsAccountId: string };
  getItemDb(table: string): Database;
  getIndexDb(kind: 'Global', table: string, index: string): Database;
  deleteIndexDb(kind: 'Global', table: string, index: string, callback: Callback<void>): void;
  /** Its last parameter is a callback that gets the table. */
  getTable(...parameters: readonly unknown[]): void;
}

interface DatabaseModule {
  create(options: object): Store;
  /** What is wrong, if anything; so do the next two. */
  checkConditional(input: Members, item: Members | undefined): unknown;
  validateKey(key: Members, table: KeptTable): unknown;
  validateItem(item: Members, table: KeptTable): unknown;
  validationError(message: string): unknown;
  createKey(item: Members, table: KeptTable): string;
  /** Called with a whole item before any of it is written. */
  updateIndexes(
    store: Store,
    table: KeptTable,
    before: Members | undefined,
    after: Members | null,
    callback: Callback<void>,
  ): void;
  getIndexActions(
    indexes: readonly KeptIndex[],
    before: undefined,
    item: Members,
    table: KeptTable,
  ): { readonly puts: readonly { readonly index: string; readonly key: string; readonly item: Members }[] };
}

const strictOnes = new WeakSet<DatabaseModule>();

/** Lets the operations refuse what DynamoDB refuses, too: they ask the module at each call. */
function makeStrict(database: DatabaseModule): DatabaseModule {
  if (strictOnes.has(database)) return database;
  strictOnes.add(database);
  const given = { ...database };
  const errorOf = (fault: string | undefined) => (fault === undefined ? undefined : given.validationError(fault));
  return Object.assign(database, {
    validateItem: (item, table) => given.validateItem(item, table) ?? errorOf(faultOfItem(item, table)),
    updateIndexes(store, table, before, after, callback) {
      const error = after === null ? undefined : errorOf(faultOfUpdate(before, after, table));
      if (error === undefined) given.updateIndexes(store, table, before, after, callback);
      else callback(error);
    },
  } satisfies Partial<DatabaseModule>);
}

interface Validations {
  /** Throws what has a `statusCode` and a `body`. */
  checkTypes(input: Members, types: object): Members;
  checkValidations(input: Members, types: object, custom: unknown, store: Store): void;
}

/** One operation: what its input has to be like, and the deed. */
export interface Operation {
  readonly validation: { readonly types: object; readonly custom?: unknown };
  readonly act: (store: Store, input: Members, callback: Callback<Members>) => void;
}

export interface Dynalite {
  readonly database: DatabaseModule;
  readonly validations: Validations;
  operation(name: string): Operation | undefined;
}

const offered: ReadonlySet<string> = new Set(dynaliteOperations);

/**
 * The parts of the emulator. Its server is left out: there, a mistake of its own would end the process.
 *
 * A published package has them in one file, built by `scripts/build-dynalite.mjs`. Takes some 40 ms.
 */
export function loadDynalite(): Dynalite {
  const load = createRequire(import.meta.url);
  const isSource = import.meta.url.endsWith('.ts');
  // The package has no types; those above are of the version that package.json names.
  const parts = isSource ? {} : load('../../dynalite.cjs');
  const part = (name: string) => (isSource ? load(`dynalite/${name}`) : parts[name]);
  const database = makeStrict(part('db'));
  const validations: Validations = part('validations');
  return {
    database,
    validations,
    operation(name) {
      if (!offered.has(name)) return undefined;
      const file = name.charAt(0).toLowerCase() + name.slice(1);
      return { validation: part(`validations/${file}`), act: part(`actions/${file}`) };
    },
  };
}
