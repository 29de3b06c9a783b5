import { promisify } from 'node:util';
import type { BatchOperation, WholeDatabase } from './dynalite.ts';
import { openJournal, type Entry, type Journal } from './journal.ts';

/** Fills a database with what the journal in a folder has, and writes down there whatever it is given from then on. */
export async function keepIn(folder: string, database: WholeDatabase): Promise<Journal> {
  const { journal, contents } = await openJournal(folder);
  const { put, del, batch } = database;
  const kept = [...contents].map(([key, value]): BatchOperation => ({ type: 'put', key, value }));
  await promisify(batch.bind(database))(kept);
  /** Writes it down before whoever asked is told that it was done. */
  const noting = (entries: readonly Entry[], callback: (error: unknown) => void) => (error: unknown) => {
    callback(error ?? failureOf(() => journal.append(entries)));
  };
  Object.assign(database, {
    put: (key: string, value: unknown, callback: (error: unknown) => void) =>
      put.call(database, key, value, noting([['put', key, value]], callback)),
    del: (key: string, callback: (error: unknown) => void) => del.call(database, key, noting([['del', key]], callback)),
    batch: (operations: readonly BatchOperation[], callback: (error: unknown) => void) =>
      batch.call(database, operations, noting(operations.map(entryOf), callback)),
  });
  return journal;
}

/** What it throws: a full disk must not end the process. */
function failureOf(work: () => void): unknown {
  try {
    work();
    return null;
  } catch (error) {
    return error;
  }
}

function entryOf(operation: BatchOperation): Entry {
  return operation.type === 'put' ? ['put', operation.key, operation.value] : ['del', operation.key];
}
