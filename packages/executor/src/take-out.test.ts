import { expect, test } from 'vitest';
import { takeOut } from './take-out.ts';

test.for([
  ['a', ['b', 'c']],
  ['b', ['a', 'c']],
  ['c', ['a', 'b']],
] as const)('%s is taken out, and the others keep their order', ([item, left]) => {
  const list = ['a', 'b', 'c'];
  takeOut(list, item);
  expect(list).toEqual(left);
  // No other goes in place of what is not there.
  takeOut(list, item);
  expect(list).toEqual(left);
});
