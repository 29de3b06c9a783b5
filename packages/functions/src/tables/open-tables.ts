import { errors } from '../errors.ts';
import type { Services } from '../services.ts';
import { createClients, type Clients } from './clients.ts';
import { readItems, readPages } from './dynamo.ts';
import { createMethod } from './method.ts';
import type { AnyTables, ArcDB, ArcTable, TablesOptions } from './table-types.ts';

/**
 * The tables that the parameters of a stack name; asks DynamoDB nothing yet.
 *
 * @throws {TABLES_MISSING} when they name none.
 */
export function openTables({ tables: found }: Services, options: TablesOptions): ArcDB {
  if (typeof found !== 'object') throw errors.tablesMissing();
  const entries = Object.entries(found).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const names = Object.fromEntries(entries);
  const clients = createClients(options);
  const name = (table: string) => names[table];
  const db = {
    ...Object.fromEntries(entries.map(([table, fullName]) => [table, createTable(fullName, clients)])),
    reflect: async () => names,
    name,
    _name: name,
  };
  // What is not enumerable does not count as a table.
  const hidden = { _client: clients.client, _doc: clients.document, _db: clients.plain };
  Object.entries(hidden).forEach(([member, value]) => Object.defineProperty(db, member, { value }));
  // TypeScript cannot say that all members are tables but for these.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return db as unknown as ArcDB;
}

/** The methods of one table, which DynamoDB knows by this name. */
function createTable(TableName: string, { ask, askPaginated }: Clients): ArcTable<AnyTables[string]> {
  return {
    get: createMethod(async (Key: object) => (await ask('GetItem', { TableName, Key }))['Item']),
    put: createMethod(async (Item: object) => {
      await ask('PutItem', { TableName, Item });
      return Item;
    }),
    delete: createMethod((Key: object) => ask('DeleteItem', { TableName, Key })),
    update: createMethod((params: object) => ask('UpdateItem', { ...params, TableName })),
    query: createMethod((params: object) => askPaginated('Query', { ...params, TableName })),
    scan: createMethod((params: object) => askPaginated('Scan', { ...params, TableName })),
    scanAll: createMethod((params: object) =>
      readItems(readPages((page) => ask('Scan', page), { ...params, TableName })),
    ),
  };
}
