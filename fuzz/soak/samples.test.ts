import { describe, expect, test } from 'vitest';
import { describeSamples, growth, lowest, type Sample } from './samples.ts';

const megabyte = 1024 * 1024;
const sample: Sample = {
  atMs: 60_000,
  residentBytes: 100 * megabyte,
  usedBytes: 20 * megabyte,
  descriptors: 50,
  processes: 10,
  handles: 40,
};

describe('growth', () => {
  test.for<{ why: string; after: Partial<Sample>; found: string[] }>([
    { why: 'nothing', after: {}, found: [] },
    { why: 'a tenth', after: { residentBytes: 110 * megabyte, descriptors: 55, processes: 11 }, found: [] },
    { why: 'less', after: { residentBytes: megabyte, processes: 1 }, found: [] },
    { why: 'more', after: { descriptors: 56 }, found: ['descriptors grew from 50 to 56.'] },
    {
      why: 'more of two',
      after: { usedBytes: 22.5 * megabyte, handles: 80 },
      found: ['in use MB grew from 20 to 22.5.', 'handles grew from 40 to 80.'],
    },
  ])('$why', ({ after, found }) => {
    expect(growth(sample, { ...sample, ...after })).toEqual(found);
  });
});

test('the lowest of several', () => {
  const other = { ...sample, atMs: 70_000, usedBytes: megabyte, processes: 12, handles: 39 };
  expect(lowest([sample, other])).toEqual({ ...sample, atMs: 70_000, usedBytes: megabyte, handles: 39 });
});

test('samples as a table', () => {
  const counts = { messages: 7, connections: 3, saves: 1 };
  expect(
    describeSamples([
      { sample, counts, what: 'running' },
      { sample: { ...sample, atMs: 90_000 }, counts, what: 'at rest' },
    ]).split('\n'),
  ).toEqual([
    '| when | minute | messages | connections | saves | resident MB | in use MB | descriptors | processes | handles |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    '| running | 0.0 | 7 | 3 | 1 | 100 | 20 | 50 | 10 | 40 |',
    '| at rest | 0.5 | 7 | 3 | 1 | 100 | 20 | 50 | 10 | 40 |',
  ]);
});
