import { expect, test } from 'vitest';
import { readSeeds } from './seed.ts';

const tables = new Map([['rooms', 'App-rooms']]);
const known = new Set(['rooms', 'kept']);

test('each item is for its table', () => {
  const data = { rooms: [{ id: 'a' }, { id: 'b', at: 1 }], kept: [{ id: 'c' }] };
  expect(readSeeds(data, { tables, known })).toEqual({
    seeds: [
      { at: 'rooms[0]', TableName: 'App-rooms', Item: { id: { S: 'a' } } },
      { at: 'rooms[1]', TableName: 'App-rooms', Item: { id: { S: 'b' }, at: { N: '1' } } },
    ],
    faults: [],
  });
});

test('everything has its form in DynamoDB', () => {
  const item = {
    text: 't',
    empty: '',
    number: 1.5,
    big: 12_345_678_901_234_567_890n,
    yes: true,
    none: null,
    left: undefined,
    bytes: new Uint8Array([1, 2]),
    list: ['a', 1],
    map: { a: { b: 1 } },
    texts: new Set(['a', 'b']),
    numbers: new Set([1, 2n]),
    blobs: new Set([Buffer.from('a')]),
  };
  expect(readSeeds({ rooms: [item] }, { tables, known }).seeds[0]?.Item).toEqual({
    text: { S: 't' },
    empty: { S: '' },
    number: { N: '1.5' },
    big: { N: '12345678901234567890' },
    yes: { BOOL: true },
    none: { NULL: true },
    bytes: { B: 'AQI=' },
    list: { L: [{ S: 'a' }, { N: '1' }] },
    map: { M: { a: { M: { b: { N: '1' } } } } },
    texts: { SS: ['a', 'b'] },
    numbers: { NS: ['1', '2'] },
    blobs: { BS: ['YQ=='] },
  });
});

test.for<{ data: unknown; fault: string }>([
  { data: [], fault: 'It has to be an object with a list of items for each table.' },
  { data: { rooms: {} }, fault: 'rooms: it has to be a list of items.' },
  { data: { users: [] }, fault: 'users: the app has no such table.' },
  { data: { rooms: ['a'] }, fault: 'rooms[0]: an item has to be an object.' },
  { data: { rooms: [{ id: new Date(0) }] }, fault: 'rooms[0]: DynamoDB has no value like 1970-01-01T00:00:00.000Z.' },
  { data: { rooms: [{ id: Number.NaN }] }, fault: 'rooms[0]: DynamoDB has no value like NaN.' },
  {
    data: { rooms: [{ id: new Set(['a', 1]) }] },
    fault: 'rooms[0]: A set of DynamoDB has texts, numbers or bytes, at least one, and all of one type.',
  },
])('$fault', ({ data, fault }) => {
  expect(readSeeds(data, { tables, known })).toEqual({ seeds: [], faults: [fault] });
});
