import { expect, test } from 'vitest';
import { describeBytes, describeClock, describeCount, describeDuration } from './units.ts';

test.for([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1 kB'],
  [18_400, '18 kB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [3_440_000, '3.4 MB'],
  [61_000_000, '61 MB'],
] as const)('%d bytes are %s', ([bytes, text]) => expect(describeBytes(bytes)).toBe(text));

test.for([
  [-5, '0:00'],
  [9_999, '0:09'],
  [31_000, '0:31'],
  [751_000, '12:31'],
] as const)('%d ms on the clock are %s', ([ms, text]) => expect(describeClock(ms)).toBe(text));

test.for([
  [420, '0.4 s'],
  [9_940, '9.9 s'],
  [38_400, '38 s'],
  [125_000, '2 min 5 s'],
] as const)('%d ms last %s', ([ms, text]) => expect(describeDuration(ms)).toBe(text));

test('counts', () => {
  expect([0, 1, 2].map((count) => describeCount(count, 'file'))).toEqual(['0 files', '1 file', '2 files']);
});
