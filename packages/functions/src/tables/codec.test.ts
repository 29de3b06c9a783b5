import { describe, expect, test } from 'vitest';
import { converter } from '../vendor/util-dynamodb.ts';
import { documentCodec, encodeJson, itemCodec, plainCodec } from './codec.ts';

const { encode, decode } = itemCodec(converter, {});

describe('bytes travel as Base64', () => {
  const bytes = new Uint8Array([0, 97, 98, 0]).subarray(1, 3);

  test.for([
    { why: 'a Buffer', value: Buffer.from('ab') },
    { why: 'a part of an array', value: bytes },
    { why: 'an ArrayBuffer', value: new Uint8Array([97, 98]).buffer },
    { why: 'a DataView', value: new DataView(bytes.buffer, 1, 2) },
  ])('$why', ({ value }) => {
    expect(encodeJson({ Item: encode({ a: value, b: [value] }, 'Item') as object })).toBe(
      '{"Item":{"a":{"B":"YWI="},"b":{"L":[{"B":"YWI="}]}}}',
    );
  });

  test('and back, at any depth', () => {
    const attributes = { a: { B: 'YWI=' }, b: { M: { c: { L: [{ BS: ['YWI='] }] } } }, d: { S: 'YWI=' } };
    const read = Uint8Array.from([97, 98]);
    expect(decode(attributes, 'Item')).toEqual({ a: read, b: { c: [new Set([read])] }, d: 'YWI=' });
    expect(plainCodec.decode(attributes, 'Item')).toEqual({
      a: { B: read },
      b: { M: { c: { L: [{ BS: [read] }] } } },
      d: { S: 'YWI=' },
    });
  });
});

describe('a cursor', () => {
  const raw = { id: { S: 'a' }, at: { N: '1' } };

  test('is taken in both forms', () => {
    expect(encode(raw, 'ExclusiveStartKey')).toEqual(raw);
    expect(encode({ id: 'a', at: 1 }, 'ExclusiveStartKey')).toEqual(raw);
    expect(encode({ id: new Uint8Array([1]) }, 'ExclusiveStartKey')).toEqual({ id: { B: new Uint8Array([1]) } });
  });

  test('is given as DynamoDB has it, and as plain values by the document client', () => {
    expect(decode(raw, 'LastEvaluatedKey')).toBe(raw);
    expect(documentCodec(converter, {}).decode(raw, 'LastEvaluatedKey')).toEqual({ id: 'a', at: 1 });
  });
});

describe('what is no item', () => {
  test.for([
    { why: 'a text', value: 'id', said: 'Expected Key to be an object' },
    { why: 'null', value: null, said: 'got null' },
    { why: 'a list', value: ['id'], said: 'got an array' },
    { why: 'a set', value: new Set(['id']), said: 'got an object (Set)' },
    { why: 'bytes', value: Buffer.from('id'), said: 'got an object (Uint8Array)' },
    { why: 'undefined deep inside', value: { a: [undefined] }, said: 'Key.a cannot be stored: Pass options.remove' },
    { why: 'a date inside', value: { a: new Date(0) }, said: 'awsjsonMarshall' },
    { why: 'no number', value: { a: NaN }, said: 'Special numeric value NaN is not allowed. Options go to arc.tables' },
    { why: 'an empty set', value: { a: new Set() }, said: 'or options.convertEmptyValues=true. Options go to' },
  ])('$why', ({ value, said }) => {
    expect(() => encode(value, 'Key')).toThrow(
      expect.objectContaining({ name: 'TypeError', code: 'ITEM_INVALID', message: expect.stringContaining(said) }),
    );
  });

  test.for([
    { why: 'a Map', value: new Map([['id', 'a']]) },
    {
      why: 'an instance of a class',
      value: new (class {
        readonly id = 'a';
      })(),
    },
    { why: 'an object without a prototype', value: Object.assign(Object.create(null), { id: 'a' }) },
    { why: 'one with undefined and a function', value: { id: 'a', b: undefined, c: () => 1 } },
  ])('$why is one', ({ value }) => {
    expect(encode(value, 'Item')).toEqual({ id: { S: 'a' } });
  });
});

test('options', () => {
  const awsjsonMarshall = { removeUndefinedValues: true, convertEmptyValues: true };
  const codec = itemCodec(converter, { awsjsonMarshall, awsjsonUnmarshall: { wrapNumbers: (digits) => `#${digits}` } });
  expect(codec.encode({ a: [undefined], b: '' }, 'Item')).toEqual({ a: { L: [] }, b: { NULL: true } });
  expect(codec.decode({ a: { N: '1' } }, 'Item')).toEqual({ a: '#1' });
});

test('parameters of a statement are single values', () => {
  expect(encode('a', 'Parameters')).toEqual({ S: 'a' });
  expect(encode({ a: 1 }, 'Parameters')).toEqual({ M: { a: { N: '1' } } });
});
