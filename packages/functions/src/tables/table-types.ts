import type { Callback } from '../callback.ts';

/** A value in DynamoDB's own form: `{ S: 'text' }`, `{ N: '1' }`, `{ M: { … } }`. */
export type AttributeValue = Readonly<Record<string, unknown>>;

/** How items become attribute values. */
export interface MarshallOptions {
  /** Leaves out members that are `undefined`; without it they are an error. @default false */
  readonly removeUndefinedValues?: boolean | undefined;
  /** Stores empty texts, bytes and sets as `null`. @default false */
  readonly convertEmptyValues?: boolean | undefined;
  /** Stores instances of classes as maps; without it they are an error. @default false */
  readonly convertClassInstanceToMap?: boolean | undefined;
  /** Takes numbers beyond what JavaScript can hold exactly; without it they are an error. @default false */
  readonly allowImpreciseNumbers?: boolean | undefined;
}

/** How attribute values become items. */
export interface UnmarshallOptions {
  /** Gives numbers as objects that keep all digits, or as what this function makes of their text. @default false */
  readonly wrapNumbers?: boolean | ((digits: string) => unknown) | undefined;
}

export interface TablesOptions {
  readonly awsjsonMarshall?: MarshallOptions | undefined;
  readonly awsjsonUnmarshall?: UnmarshallOptions | undefined;
  /** Has no effect: `_doc` and `_db` are always there. */
  readonly awsSdkClient?: boolean | undefined;
}

/** Which attributes are the key is not known here. */
type Key<Item> = Partial<Item>;

interface Expressions {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>> | undefined;
  readonly ReturnConsumedCapacity?: 'INDEXES' | 'TOTAL' | 'NONE' | undefined;
}

interface ReadParams extends Expressions {
  readonly IndexName?: string | undefined;
  readonly FilterExpression?: string | undefined;
  readonly ProjectionExpression?: string | undefined;
  readonly Select?: 'ALL_ATTRIBUTES' | 'ALL_PROJECTED_ATTRIBUTES' | 'COUNT' | 'SPECIFIC_ATTRIBUTES' | undefined;
  readonly ConsistentRead?: boolean | undefined;
  /** Items to look at for one page, before the filter. */
  readonly Limit?: number | undefined;
  /** The `LastEvaluatedKey` of the page before; plain values such as `{ id: 'a' }` are taken, too. */
  readonly ExclusiveStartKey?: Readonly<Record<string, unknown>> | undefined;
}

export interface QueryParams extends ReadParams {
  readonly KeyConditionExpression?: string | undefined;
  readonly ScanIndexForward?: boolean | undefined;
}

export interface ScanParams extends ReadParams {
  readonly Segment?: number | undefined;
  readonly TotalSegments?: number | undefined;
}

/** One page of a query or a scan. */
export interface Page<Item> {
  readonly Items: Item[];
  readonly Count: number;
  readonly ScannedCount: number;
  /** Where the next page begins, in DynamoDB's own form; absent after the last one. */
  readonly LastEvaluatedKey?: Readonly<Record<string, unknown>>;
  readonly ConsumedCapacity?: Readonly<Record<string, unknown>>;
}

/** `true` reads all pages into one, `iterator` gives them one after the other. */
interface Paginated<Kind> {
  readonly paginate: Kind;
}

type ReturnValues = 'NONE' | 'ALL_OLD' | 'UPDATED_OLD' | 'ALL_NEW' | 'UPDATED_NEW';

export interface UpdateParams<Item, Returned extends ReturnValues = ReturnValues> extends Expressions {
  readonly Key: Key<Item>;
  readonly UpdateExpression?: string | undefined;
  readonly ConditionExpression?: string | undefined;
  readonly ReturnValues?: Returned | undefined;
  readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD' | 'NONE' | undefined;
  readonly ReturnItemCollectionMetrics?: 'SIZE' | 'NONE' | undefined;
}

export interface UpdateOutput<Item, Returned extends ReturnValues = ReturnValues> {
  /** What `ReturnValues` asks for. */
  readonly Attributes?: Returned extends 'ALL_NEW' | 'ALL_OLD' ? Item : Partial<Item>;
  readonly ConsumedCapacity?: Readonly<Record<string, unknown>>;
  readonly ItemCollectionMetrics?: Readonly<Record<string, unknown>>;
}

/** One table. Its methods return promises, or take a callback. */
export interface ArcTable<Item = unknown> {
  /** The item with this key; `undefined` when there is none. */
  get(key: Key<Item>): Promise<Item | undefined>;
  get(key: Key<Item>, callback: Callback<Item>): undefined;

  /** Stores an item, in the place of one with the same key; gives back the very object. */
  put(item: Item): Promise<Item>;
  put(item: Item, callback: Callback<Item>): undefined;

  /** Removes the item with this key; it is no error when there is none. */
  delete(key: Key<Item>): Promise<object>;
  delete(key: Key<Item>, callback: Callback<object>): undefined;

  /** Changes attributes of one item, which comes to be when there is none. */
  update<Returned extends ReturnValues = 'NONE'>(
    params: UpdateParams<Item, Returned>,
  ): Promise<UpdateOutput<Item, Returned>>;
  update<Returned extends ReturnValues = 'NONE'>(
    params: UpdateParams<Item, Returned>,
    callback: Callback<UpdateOutput<Item, Returned>>,
  ): undefined;

  /** One page, of 1 MB at most, of the items that share a partition key. */
  query(params: QueryParams & Paginated<'iterator'>): Promise<AsyncGenerator<Page<Item>>>;
  query(params: QueryParams & Paginated<true>): Promise<Pick<Page<Item>, 'Items'>>;
  query(params: QueryParams): Promise<Page<Item>>;
  query(params: QueryParams, callback: Callback<Page<Item>>): undefined;

  /** One page, of 1 MB at most, of all items. */
  scan(params: ScanParams & Paginated<'iterator'>): Promise<AsyncGenerator<Page<Item>>>;
  scan(params: ScanParams & Paginated<true>): Promise<Pick<Page<Item>, 'Items'>>;
  scan(params?: ScanParams): Promise<Page<Item>>;
  scan(params: ScanParams, callback: Callback<Page<Item>>): undefined;
  scan(callback: Callback<Page<Item>>): undefined;

  /** All items, page after page. */
  scanAll(params?: ScanParams): Promise<Item[]>;
  scanAll(params: ScanParams, callback: Callback<Item[]>): undefined;
  scanAll(callback: Callback<Item[]>): undefined;
}

/** Calls of DynamoDB that are named here; any other of its API can be called as well. */
type Operation =
  | 'BatchExecuteStatement'
  | 'BatchGetItem'
  | 'BatchWriteItem'
  | 'CreateTable'
  | 'DeleteItem'
  | 'DeleteTable'
  | 'DescribeTable'
  | 'DescribeTimeToLive'
  | 'ExecuteStatement'
  | 'ExecuteTransaction'
  | 'GetItem'
  | 'ListTables'
  | 'PutItem'
  | 'Query'
  | 'Scan'
  | 'TransactGetItems'
  | 'TransactWriteItems'
  | 'UpdateItem'
  | 'UpdateTable'
  | 'UpdateTimeToLive';

// What a call takes and gives is DynamoDB's matter, and its answers are read without checks.
/* oxlint-disable typescript/no-explicit-any */

/** Every call of DynamoDB under its own name. Items and keys are plain objects. */
export type TablesClient = {
  readonly [operation in Operation]: (input: object) => Promise<any>;
};

/** A call that has begun: the promise, and itself again for code of the AWS SDK 2. */
export interface SdkRequest extends Promise<any> {
  promise(): Promise<any>;
}

/** Returns a request; with a callback, nothing. */
export interface SdkMethod {
  (params: object): SdkRequest;
  (params: object, callback: Callback<any>): undefined;
}

/** What code written for the document client of the AWS SDK calls. Items, keys and cursors are plain objects. */
export interface DocumentClient {
  readonly get: SdkMethod;
  readonly put: SdkMethod;
  readonly delete: SdkMethod;
  readonly update: SdkMethod;
  readonly query: SdkMethod;
  readonly scan: SdkMethod;
  readonly batchGet: SdkMethod;
  readonly batchWrite: SdkMethod;
  readonly transactGet: SdkMethod;
  readonly transactWrite: SdkMethod;
  readonly executeStatement: SdkMethod;
  readonly batchExecuteStatement: SdkMethod;
  readonly executeTransaction: SdkMethod;
  /** A set, as the AWS SDK 2 wants it made. */
  createSet(values: readonly unknown[]): Set<unknown>;
  /** @throws {COMMANDS_NOT_OFFERED} always: a command needs a client of the SDK. */
  send(command: object): never;
}

/** What code written for the plain client of the AWS SDK calls: values are in DynamoDB's own form. */
export type PlainClient = { readonly [operation in Uncapitalize<Operation>]: SdkMethod } & Pick<DocumentClient, 'send'>;

/** Permissive: any table, any item. */
export type AnyTables = Record<string, any>;
/* oxlint-enable typescript/no-explicit-any */

/** All tables of the app, each under its name in `app.arc`. */
export type ArcDB<Tables = AnyTables> = {
  readonly [name in keyof Tables]: ArcTable<Tables[name]>;
} & {
  /** The full name of a table, as DynamoDB knows it. */
  name(table: keyof Tables): string;
  /** The same as `name`. */
  _name(table: keyof Tables): string;
  /** The full names of all tables. */
  reflect(): Promise<{ readonly [name in keyof Tables]: string }>;
  readonly _client: TablesClient;
  readonly _doc: DocumentClient;
  readonly _db: PlainClient;
};
