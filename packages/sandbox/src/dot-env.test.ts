import { expect, test } from 'vitest';
import { parseDotEnv } from './dot-env.ts';

test.for<{ why: string; text: string; variables: Record<string, string>; faults: string[] }>([
  { why: 'nothing', text: '', variables: {}, faults: [] },
  { why: 'names and values', text: 'A=1\nB="two # 2"\n# C=3\n', variables: { A: '1', B: 'two # 2' }, faults: [] },
  { why: 'a line without =', text: 'not valid\nA=1\n', variables: { A: '1' }, faults: ['not valid'] },
  { why: 'a name that is none', text: '1A=1\nB=2\n', variables: { B: '2' }, faults: ['1A'] },
  { why: 'an empty value', text: 'A=\n', variables: { A: '' }, faults: [] },
])('$why', ({ text, variables, faults }) => {
  expect(parseDotEnv(text)).toEqual({ variables, faults });
});
