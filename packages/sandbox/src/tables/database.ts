import type { TableSchema } from '@furrow/manifest';
import type { Members, Outcome } from './outcome.ts';

/** A DynamoDB, of this process or elsewhere. */
export interface Database {
  /** MUST resolve for any operation and any input. */
  call(operation: string, input: Members): Promise<Outcome>;
  /** Gives a table the indexes of the schema, and keeps its items. */
  setIndexes(tableName: string, schema: TableSchema, change: IndexChange): Promise<void>;
  close(): Promise<void>;
}

/** Names of indexes. One that changes is in both. */
export interface IndexChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}
