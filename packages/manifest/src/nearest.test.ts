import { describe, expect, test } from 'vitest';
import { nearest } from './nearest.ts';

const pragmas = ['app', 'aws', 'http', 'static', 'ws', 'tables', 'tables-indexes'];

describe('nearest', () => {
  test.for([
    { why: 'two letters swapped', word: 'htpp', found: 'http' },
    { why: 'a letter missing', word: 'stati', found: 'static' },
    { why: 'a letter too many', word: 'tabless', found: 'tables' },
    { why: 'a wrong letter', word: 'hptp', found: 'http' },
    { why: 'case does not count', word: 'WS', found: 'ws' },
    { why: 'the same word', word: 'ws', found: 'ws' },
    { why: 'the first of equals', word: 'as', found: 'aws' },
    { why: 'another length, too far', word: 'application', found: undefined },
    { why: 'another word', word: 'queue', found: undefined },
    { why: 'two mistakes in two letters', word: 'xy', found: undefined },
    { why: 'no word', word: '', found: undefined },
    { why: 'a very long word', word: 'h'.repeat(1_000_000), found: undefined },
  ])('$why', ({ word, found }) => {
    expect(nearest(word, pragmas)).toBe(found);
  });

  test('without candidates', () => {
    expect(nearest('ws', [])).toBeUndefined();
  });
});
