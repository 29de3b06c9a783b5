import { expect, test } from 'vitest';
import { idleOrTooOld } from './deadlines.ts';

const minute = 60_000;

test.for([
  { why: 'just opened', lastActiveAtMs: 0, nowMs: 0, isDue: false },
  { why: 'T034 not yet idle', lastActiveAtMs: 0, nowMs: 10 * minute - 1, isDue: false },
  { why: 'T034 idle', lastActiveAtMs: 0, nowMs: 10 * minute, isDue: true },
  { why: 'T035 active nine minutes ago', lastActiveAtMs: 9 * minute, nowMs: 18 * minute, isDue: false },
  { why: 'idle later', lastActiveAtMs: 9 * minute, nowMs: 19 * minute, isDue: true },
  { why: 'T037 not yet too old', lastActiveAtMs: 119 * minute, nowMs: 120 * minute - 1, isDue: false },
  { why: 'T037 too old, though active', lastActiveAtMs: 120 * minute, nowMs: 120 * minute, isDue: true },
  { why: 'a clock that went back', lastActiveAtMs: minute, nowMs: 0, isDue: false },
])('$why → $isDue', ({ lastActiveAtMs, nowMs, isDue }) => {
  expect(idleOrTooOld({ connectedAtMs: 0, lastActiveAtMs }, nowMs)).toBe(isDue);
});
