import { describe, expect, test } from 'vitest';
import { createTokenBucket } from './token-bucket.ts';

const startMs = 1_708_326_702_116;

describe('E27 a throttle', () => {
  test.for([
    { why: 'lets the burst through', rate: 1, burst: 3, atMs: [0, 0, 0, 0], taken: [true, true, true, false] },
    {
      why: 'then so many a second',
      rate: 2,
      burst: 2,
      atMs: [0, 0, 499, 500, 999, 1000],
      taken: [true, true, false, true, false, true],
    },
    {
      why: 'never saves more than the burst',
      rate: 10,
      burst: 1,
      atMs: [0, 60_000, 60_000],
      taken: [true, true, false],
    },
    {
      why: 'fills up again',
      rate: 1,
      burst: 2,
      atMs: [0, 0, 2000, 2000, 2000],
      taken: [true, true, true, true, false],
    },
    { why: 'counts halves', rate: 0.5, burst: 1, atMs: [0, 1999, 2000], taken: [true, false, true] },
    { why: 'A33 of 0 lets nothing through', rate: 0, burst: 5, atMs: [0, 3_600_000], taken: [false, false] },
    { why: 'with a burst of 0 neither', rate: 5, burst: 0, atMs: [0, 3_600_000], taken: [false, false] },
    { why: 'takes a clock that goes back', rate: 1, burst: 1, atMs: [0, -5000, -4000], taken: [true, false, true] },
  ])('$why', ({ rate, burst, atMs, taken }) => {
    const take = createTokenBucket({ ratePerSecond: rate, burst });
    expect(atMs.map((ms) => take(startMs + ms))).toEqual(taken);
  });

  test('E27 lets a burst and then its rate through, over ten seconds', () => {
    const take = createTokenBucket({ ratePerSecond: 5, burst: 20 });
    const asked = Array.from({ length: 10_001 }, (_, ms) => take(startMs + ms));
    expect(asked.filter(Boolean)).toHaveLength(20 + 5 * 10);
  });
});
