import { limits } from '@furrow/protocol';
import { expect, test } from 'vitest';
import { checkEveryMs, idleOrTooOld } from './deadlines.ts';

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
  expect(idleOrTooOld({ connectedAtMs: 0, lastActiveAtMs }, limits, nowMs)).toBe(isDue);
});

test.for([
  { idleTimeoutMs: 5000, connectionLifetimeMs: 9000, nowMs: 4999, isDue: false },
  { idleTimeoutMs: 5000, connectionLifetimeMs: 9000, nowMs: 5000, isDue: true },
  { idleTimeoutMs: 9000, connectionLifetimeMs: 5000, nowMs: 5000, isDue: true },
])('limits of its own: $idleTimeoutMs, $connectionLifetimeMs after $nowMs → $isDue', ({ nowMs, isDue, ...own }) => {
  expect(idleOrTooOld({ connectedAtMs: 0, lastActiveAtMs: 0 }, own, nowMs)).toBe(isDue);
});

test.for([
  { idleTimeoutMs: limits.idleTimeoutMs, connectionLifetimeMs: limits.connectionLifetimeMs, everyMs: 1000 },
  { idleTimeoutMs: 5000, connectionLifetimeMs: 60_000, everyMs: 500 },
  { idleTimeoutMs: 60_000, connectionLifetimeMs: 2000, everyMs: 200 },
  { idleTimeoutMs: 1, connectionLifetimeMs: 1, everyMs: 1 },
])('$idleTimeoutMs and $connectionLifetimeMs are looked at every $everyMs ms', ({ everyMs, ...own }) => {
  expect(checkEveryMs(own)).toBe(everyMs);
});
