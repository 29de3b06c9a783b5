import type { Table } from '@furrow/manifest';
import { expect, test } from 'vitest';
import { physicalName } from './physical-name.ts';

const rooms: Table = {
  name: 'rooms',
  partitionKey: { name: 'id', type: 'String' },
  sortKey: undefined,
  ttl: undefined,
  pointInTimeRecovery: false,
  encryption: undefined,
  indexes: [],
};
const sortKey = { name: 'at', type: 'Number' } as const;
const name = physicalName('TestappTesting', rooms);

test('a table is called as CloudFormation would call it', () => {
  expect(name).toMatch(/^TestappTesting-RoomsTable-[0-9A-Z]{13}$/);
});

test.for<{ why: string; table: Table; stack?: string }>([
  { why: 'its settings', table: { ...rooms, ttl: 'expires', pointInTimeRecovery: true } },
  {
    why: 'its indexes',
    table: { ...rooms, indexes: [{ name: 'i', partitionKey: sortKey, sortKey: undefined, projection: 'all' }] },
  },
])('$why do not change its name', ({ table }) => {
  expect(physicalName('TestappTesting', table)).toBe(name);
});

test.for<{ why: string; table: Table; stack?: string }>([
  { why: 'a sort key', table: { ...rooms, sortKey } },
  { why: 'another partition key', table: { ...rooms, partitionKey: sortKey } },
  { why: 'another type', table: { ...rooms, partitionKey: { name: 'id', type: 'Number' } } },
  { why: 'a name that gives the same words', table: { ...rooms, name: 'Rooms' } },
  { why: 'another stack', table: rooms, stack: 'OtherTesting' },
])('$why does', ({ table, stack = 'TestappTesting' }) => {
  expect(physicalName(stack, table)).not.toBe(name);
});

test('the longest names give one that DynamoDB takes', () => {
  const long = physicalName('S'.repeat(128), { ...rooms, name: 'r'.repeat(255) });
  expect(long).toMatch(/^[a-zA-Z0-9_.-]{3,255}$/);
  expect(long).not.toBe(physicalName('S'.repeat(128), { ...rooms, name: 'r'.repeat(254) }));
});
