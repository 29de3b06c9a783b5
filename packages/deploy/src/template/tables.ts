import { tableSchema, type Table } from '@furrow/manifest';
import { ref } from './intrinsics.ts';
import { tableKey } from './logical-ids.ts';
import { parameter } from './parameter.ts';
import { describePart, mergeResources, type Resources } from './parts.ts';
import type { Value } from './template.ts';
import { idOf, type Context } from './units.ts';

/** The tables of the app, paid for by use, and where `arc.tables` finds each. */
export function tables(context: Context): Resources {
  const { app, ids } = context;
  const streamed = new Set(app.tablesStreams.map(({ tableName }) => tableName));
  return mergeResources(
    app.tables.map((table) => {
      const id = idOf(ids, tableKey(table.name));
      const Metadata = describePart({ part: 'table', name: table.name, label: table.name });
      return {
        [tableId(context, table.name)]: {
          Type: 'AWS::DynamoDB::Table',
          Properties: { ...propertiesOf(table), ...(streamed.has(table.name) && stream) },
          Metadata,
        },
        [`${id}Param`]: { ...parameter(`tables/${table.name}`, ref(tableId(context, table.name))), Metadata },
      };
    }),
  );
}

/** The logical id of a table. */
export function tableId({ ids }: Context, tableName: string): string {
  return `${idOf(ids, tableKey(tableName))}Table`;
}

/** What a function is given of a change: the item as it was and as it is. */
const stream = { StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' } };

function propertiesOf(table: Table): Readonly<Record<string, Value>> {
  const { ttl, pointInTimeRecovery, encryption } = table;
  return {
    BillingMode: 'PAY_PER_REQUEST',
    ...tableSchema(table),
    ...(ttl !== undefined && { TimeToLiveSpecification: { AttributeName: ttl, Enabled: true } }),
    ...(pointInTimeRecovery && { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }),
    ...(encryption !== undefined && { SSESpecification: encryptionOf(encryption) }),
  };
}

function encryptionOf(encryption: string): Value {
  const key = encryption === 'managed' ? {} : { SSEType: 'KMS', KMSMasterKeyId: encryption };
  return { SSEEnabled: true, ...key };
}
