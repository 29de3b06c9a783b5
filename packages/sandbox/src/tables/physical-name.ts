import { createHash } from 'node:crypto';
import { logicalId, tableSchema, type Table } from '@furrow/manifest';

/** Of what DynamoDB takes (255 characters), what the stack's and the table's names may fill. */
const maxPart = 110;
const suffixLength = 13;

/**
 * What the table is called in the database, as CloudFormation would call it: `TestappTesting-RoomsTable-1A2B3C4D5E6F7`.
 *
 * It comes from the keys too. A table that gets other keys has another name, as on AWS, and the items that it had stay where
 * they are.
 */
export function physicalName(stackName: string, table: Table): string {
  const { KeySchema, AttributeDefinitions } = tableSchema({ ...table, indexes: [] });
  const all = JSON.stringify([stackName, table.name, KeySchema, AttributeDefinitions]);
  const digest = createHash('sha256').update(all).digest('hex');
  const suffix = BigInt(`0x${digest}`).toString(36).slice(-suffixLength).toUpperCase();
  return `${stackName.slice(0, maxPart)}-${logicalId(table.name).slice(0, maxPart)}Table-${suffix}`;
}
