import type { Members, Outcome } from './outcome.ts';

/** A DynamoDB, of this process or elsewhere. */
export interface Database {
  /** Rejects only with a `UserError`, when the database is not there. */
  call(operation: string, input: Members): Promise<Outcome>;
  /** Leaves alone a database of others. */
  close(): Promise<void>;
}
