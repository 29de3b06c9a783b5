import type { Table, TableIndex, TableKey } from '../app.ts';

/** A table in Architect's words. */
export function inventoryTable({ name, ttl, encryption, pointInTimeRecovery, ...keys }: Table, stream: true | null) {
  return {
    name,
    ...keysOf(keys),
    stream,
    ttl: ttl ?? null,
    encrypt: encryption === 'managed' ? true : (encryption ?? null),
    pitr: pointInTimeRecovery ? true : null,
  };
}

/** The indexes of a table; what they are called is the table's name, as in `@tables-indexes`. */
export function inventoryIndexes({ name, indexes }: Table) {
  return indexes.map((index) => ({ name, ...keysOf(index), indexName: index.name, ...projectionOf(index) }));
}

function keysOf({
  partitionKey,
  sortKey,
}: {
  readonly partitionKey: TableKey;
  readonly sortKey: TableKey | undefined;
}) {
  return {
    partitionKey: partitionKey.name,
    partitionKeyType: partitionKey.type,
    sortKey: sortKey?.name ?? null,
    sortKeyType: sortKey?.type ?? null,
  };
}

function projectionOf({ projection }: TableIndex) {
  if (typeof projection !== 'string') return { projectionType: 'INCLUDE', projectionAttributes: projection };
  return { projectionType: projection === 'all' ? 'ALL' : 'KEYS_ONLY', projectionAttributes: null };
}
