import type { Table, TableIndex, TableKey } from './app.ts';

type Keyed = Pick<Table, 'partitionKey' | 'sortKey'>;

// Types and not interfaces: CloudFormation's values are any records.
type KeyElement = {
  readonly AttributeName: string;
  readonly KeyType: 'HASH' | 'RANGE';
};

/** A global secondary index as DynamoDB and CloudFormation take it. */
export type IndexSchema = {
  readonly IndexName: string;
  readonly KeySchema: readonly KeyElement[];
  readonly Projection: { readonly ProjectionType: string; readonly NonKeyAttributes?: readonly string[] };
};

/** Keys and indexes of a table as DynamoDB and CloudFormation take them. */
export type TableSchema = {
  readonly KeySchema: readonly KeyElement[];
  /** Each attribute once; the manifest has seen to it that their types agree. */
  readonly AttributeDefinitions: readonly { readonly AttributeName: string; readonly AttributeType: string }[];
  readonly GlobalSecondaryIndexes?: readonly IndexSchema[];
};

/** Keys and indexes of a table as DynamoDB and CloudFormation take them. */
export function tableSchema(table: Table): TableSchema {
  const { indexes } = table;
  const types = new Map([table, ...indexes].flatMap(keysOf).map(({ name, type }) => [name, type.charAt(0)]));
  return {
    KeySchema: keySchema(table),
    AttributeDefinitions: [...types].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
    ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes.map(indexOf) }),
  };
}

function indexOf(index: TableIndex): IndexSchema {
  return { IndexName: index.name, KeySchema: keySchema(index), Projection: projectionOf(index.projection) };
}

function projectionOf(projection: TableIndex['projection']): IndexSchema['Projection'] {
  if (projection === 'all') return { ProjectionType: 'ALL' };
  if (projection === 'keys') return { ProjectionType: 'KEYS_ONLY' };
  return { ProjectionType: 'INCLUDE', NonKeyAttributes: projection };
}

function keySchema(keyed: Keyed): readonly KeyElement[] {
  return keysOf(keyed).map(({ name }, index) => ({ AttributeName: name, KeyType: index === 0 ? 'HASH' : 'RANGE' }));
}

function keysOf({ partitionKey, sortKey }: Keyed): readonly TableKey[] {
  return sortKey === undefined ? [partitionKey] : [partitionKey, sortKey];
}
