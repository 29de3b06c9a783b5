import { expect, test } from 'vitest';
import { applyChange, findChange, type Json } from './template-change.ts';

const after = (before: Json, changed: Json, third: Json) => {
  const change = findChange(before, changed);
  return change === undefined ? third : applyChange(third, change);
};

test.for<{ why: string; before: Json; changed: Json; third: Json; result: Json }>([
  { why: 'nothing', before: { a: 1 }, changed: { a: 1 }, third: { a: 2 }, result: { a: 2 } },
  { why: 'a new member', before: { a: 1 }, changed: { a: 1, b: [2] }, third: { a: 3 }, result: { a: 3, b: [2] } },
  {
    why: 'another value',
    before: { a: 1, b: 1 },
    changed: { a: 2, b: 1 },
    third: { a: 3, b: 4 },
    result: { a: 2, b: 4 },
  },
  { why: 'one that is gone', before: { a: 1, b: 1 }, changed: { b: 1 }, third: { a: 3, b: 4 }, result: { b: 4 } },
  {
    why: 'what is appended',
    before: { a: [1] },
    changed: { a: [1, 2] },
    third: { a: [0, 5] },
    result: { a: [0, 5, 2] },
  },
  { why: 'another list', before: { a: [1, 2] }, changed: { a: [2] }, third: { a: [1, 3] }, result: { a: [2] } },
  {
    why: 'deep',
    before: { a: { b: { c: 1 } } },
    changed: { a: { b: { c: 1, d: 2 } } },
    third: { a: { b: {} } },
    result: { a: { b: { d: 2 } } },
  },
  {
    why: 'a member of what is not there',
    before: { a: { b: 1 } },
    changed: { a: { b: 2 } },
    third: {},
    result: { a: { b: 2 } },
  },
  { why: 'a list where a text is', before: 'x', changed: ['x'], third: 'y', result: ['x'] },
])('$why is done to another value', ({ before, changed, third, result }) => {
  expect(after(before, changed, third)).toEqual(result);
});
