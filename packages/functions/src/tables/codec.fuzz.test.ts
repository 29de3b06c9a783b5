import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzzRuns } from '../../../../test/support/fuzz-runs.ts';
import { converter } from '../vendor/util-dynamodb.ts';
import { documentCodec, encodeJson, itemCodec, plainCodec } from './codec.ts';
import { changeValues } from './operations.ts';

const bytes = fc.uint8Array({ maxLength: 20 });
const number = fc.oneof(
  fc.integer(),
  // There is one zero in DynamoDB.
  fc.double({ noNaN: true, min: -1e15, max: 1e15 }).map((value) => value + 0),
  fc.bigInt({ min: 2n ** 60n, max: 2n ** 100n }),
);
const set = fc.oneof(
  fc.uniqueArray(fc.string(), { minLength: 1 }),
  fc.uniqueArray(fc.integer(), { minLength: 1 }),
  fc.array(bytes, { minLength: 1, maxLength: 1 }),
);
const name = fc.string().filter((text) => text !== '__proto__');
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    number,
    bytes,
    set.map((members) => new Set<unknown>(members)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));
const item = fc.dictionary(name, value, { maxKeys: 5, noNullPrototype: true });

/** Writes an item as it travels. */
function sent(items: object, { encode } = itemCodec(converter, {})): string {
  return encodeJson(changeValues('PutItem', 'input', { Item: items }, encode));
}

test('an item comes back as it was', () => {
  fc.assert(
    fc.property(item, (items) => {
      const { decode } = documentCodec(converter, {});
      expect(changeValues('GetItem', 'output', JSON.parse(sent(items)), decode)).toEqual({ Item: items });
    }),
    fuzzRuns(300),
  );
});

test('what is read in the plain form can be written as it is', () => {
  fc.assert(
    fc.property(item, (items) => {
      const first = sent(items);
      const { Item = {} }: { Item?: object } = changeValues('GetItem', 'output', JSON.parse(first), plainCodec.decode);
      expect(sent(Item, plainCodec)).toBe(first);
    }),
    fuzzRuns(300),
  );
});
