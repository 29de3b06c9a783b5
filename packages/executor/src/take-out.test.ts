import { expect, test } from 'vitest';
import { takeOut } from './take-out.ts';

test.for([
  ['a', ['b', 'c']],
  ['b', ['a', 'c']],
  ['c', ['a', 'b']],
] as const)('%s is taken out, and the others keep their order', ([item, left]) => {
  const list = ['a', 'b', 'c'];
  expect(takeOut(list, item)).toBe(true);
  expect(list).toEqual(left);
  expect(takeOut(list, item)).toBe(false);
  expect(list).toEqual(left);
});
