import { tableSchema, type Table, type TableIndex } from '@furrow/manifest';
import { expect, test } from 'vitest';
import { indexChange } from './index-change.ts';

const owner = { name: 'owner', type: 'String' } as const;
const at = { name: 'at', type: 'Number' } as const;
const byOwner: TableIndex = { name: 'by-owner', partitionKey: owner, sortKey: undefined, projection: 'all' };
const byTime: TableIndex = { name: 'by-time', partitionKey: at, sortKey: owner, projection: ['a', 'b'] };

function tableWith(...indexes: readonly TableIndex[]): Table {
  return {
    name: 'rooms',
    partitionKey: { name: 'id', type: 'String' },
    sortKey: undefined,
    ttl: undefined,
    pointInTimeRecovery: false,
    encryption: undefined,
    indexes,
  };
}

test.for<{ why: string; is: TableIndex[]; wanted: TableIndex[]; added: string[]; removed: string[] }>([
  { why: 'nothing', is: [], wanted: [], added: [], removed: [] },
  { why: 'the same in another order', is: [byOwner, byTime], wanted: [byTime, byOwner], added: [], removed: [] },
  {
    why: 'the same attributes in another order',
    is: [byTime],
    wanted: [{ ...byTime, projection: ['b', 'a'] }],
    added: [],
    removed: [],
  },
  { why: 'a new one', is: [byOwner], wanted: [byOwner, byTime], added: ['by-time'], removed: [] },
  { why: 'one less', is: [byOwner, byTime], wanted: [byTime], added: [], removed: ['by-owner'] },
  {
    why: 'another sort key',
    is: [byOwner],
    wanted: [{ ...byOwner, sortKey: at }],
    added: ['by-owner'],
    removed: ['by-owner'],
  },
  {
    why: 'another type',
    is: [byOwner],
    wanted: [{ ...byOwner, partitionKey: { name: 'owner', type: 'Number' } }],
    added: ['by-owner'],
    removed: ['by-owner'],
  },
  {
    why: 'another projection',
    is: [byOwner],
    wanted: [{ ...byOwner, projection: 'keys' }],
    added: ['by-owner'],
    removed: ['by-owner'],
  },
])('$why', ({ is, wanted, added, removed }) => {
  const description = { ...tableSchema(tableWith(...is)), TableStatus: 'ACTIVE' };
  expect(indexChange(description, tableSchema(tableWith(...wanted)))).toEqual({ added, removed });
});
