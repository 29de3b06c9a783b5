import type { Table, TableIndex, TableKey } from '@furrow/manifest';
import { ref } from './intrinsics.ts';
import { tableKey } from './logical-ids.ts';
import { parameter } from './parameter.ts';
import { describePart, mergeResources, type Resources } from './parts.ts';
import type { Value } from './template.ts';
import { idOf, type Context } from './units.ts';

/** The tables of the app, paid for by use, and where `arc.tables` finds each. */
export function tables({ app, ids }: Context): Resources {
  return mergeResources(
    app.tables.map((table) => {
      const id = idOf(ids, tableKey(table.name));
      const Metadata = describePart({ part: 'table', name: table.name, label: table.name });
      return {
        [`${id}Table`]: { Type: 'AWS::DynamoDB::Table', Properties: propertiesOf(table), Metadata },
        [`${id}Param`]: { ...parameter(`tables/${table.name}`, ref(`${id}Table`)), Metadata },
      };
    }),
  );
}

function propertiesOf(table: Table): Readonly<Record<string, Value>> {
  const { ttl, pointInTimeRecovery, encryption, indexes } = table;
  return {
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: keySchema(table),
    AttributeDefinitions: attributesOf([table, ...indexes]),
    ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes.map(indexOf) }),
    ...(ttl !== undefined && { TimeToLiveSpecification: { AttributeName: ttl, Enabled: true } }),
    ...(pointInTimeRecovery && { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }),
    ...(encryption !== undefined && { SSESpecification: encryptionOf(encryption) }),
  };
}

function indexOf(index: TableIndex): Value {
  const { name, projection } = index;
  return { IndexName: name, KeySchema: keySchema(index), Projection: projectionOf(projection) };
}

function projectionOf(projection: TableIndex['projection']): Value {
  if (projection === 'all') return { ProjectionType: 'ALL' };
  if (projection === 'keys') return { ProjectionType: 'KEYS_ONLY' };
  return { ProjectionType: 'INCLUDE', NonKeyAttributes: projection };
}

function encryptionOf(encryption: string): Value {
  const key = encryption === 'managed' ? {} : { SSEType: 'KMS', KMSMasterKeyId: encryption };
  return { SSEEnabled: true, ...key };
}

type Keyed = Pick<Table, 'partitionKey' | 'sortKey'>;

function keySchema({ partitionKey, sortKey }: Keyed): Value {
  const sort = sortKey === undefined ? [] : [{ AttributeName: sortKey.name, KeyType: 'RANGE' }];
  return [{ AttributeName: partitionKey.name, KeyType: 'HASH' }, ...sort];
}

/** Each attribute once; the manifest has seen to it that their types agree. */
function attributesOf(keyed: readonly Keyed[]): Value {
  const keys = keyed.flatMap(({ partitionKey, sortKey }) => [
    partitionKey,
    ...(sortKey === undefined ? [] : [sortKey]),
  ]);
  const types = new Map(keys.map(({ name, type }: TableKey) => [name, type.charAt(0)]));
  return [...types].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }));
}
