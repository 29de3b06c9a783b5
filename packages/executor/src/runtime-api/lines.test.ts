import { expect, test } from 'vitest';
import { createLineBatch } from './lines.ts';

test.for([
  { why: 'a line', pieces: ['a\n'], lines: ['a\n'] },
  { why: 'a line and its end', pieces: ['a', '\n'], lines: ['a\n'] },
  { why: 'several lines at once', pieces: ['a\nb\n'], lines: ['a\nb\n'] },
  { why: 'the start of another line', pieces: ['a\nb', 'c\n'], lines: ['a\n', 'bc\n'] },
  { why: 'nothing', pieces: [''], lines: [] },
  { why: 'a line without an end', pieces: ['a', 'b'], lines: ['ab'] },
])('$why', async ({ pieces, lines }) => {
  const got: string[] = [];
  const batch = createLineBatch((text) => got.push(text));
  for (const piece of pieces) batch.push(piece);
  await expect.poll(() => got).toEqual(lines);
  batch.flush();
  expect(got).toEqual(lines);
});

test('what waits is given out when it is asked for', () => {
  const got: string[] = [];
  const batch = createLineBatch((text) => got.push(text));
  batch.push('a');
  expect(got).toEqual([]);
  batch.flush();
  expect(got).toEqual(['a']);
});
