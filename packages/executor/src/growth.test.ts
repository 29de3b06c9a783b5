import { expect, test } from 'vitest';
import { eagerEnvironments, shouldGrow, type Load } from './growth.ts';

const calm: Load = {
  waiting: 1,
  ready: 4,
  starting: 0,
  maxEnvironments: 50,
  eagerEnvironments: 4,
  eventMs: 0.2,
  isQuick: true,
  youngestRunningMs: 0.1,
};

test.for<{ why: string; load: Partial<Load>; grows: boolean }>([
  { why: 'the first event', load: { ready: 0 }, grows: true },
  { why: 'a second event meets a second environment', load: { ready: 1 }, grows: true },
  { why: 'one that starts already will take the only waiting event', load: { ready: 0, starting: 1 }, grows: false },
  { why: 'two start already', load: { ready: 0, starting: 2, waiting: 9 }, grows: false },
  { why: 'one starts already, past the eager ones', load: { starting: 1, waiting: 9, eventMs: 500 }, grows: false },
  { why: 'many quick events wait, but not for long', load: { waiting: 200 }, grows: false },
  { why: 'slow events make one waiting event wait too long', load: { eventMs: 500 }, grows: true },
  {
    why: 'events that hang are seen before the first has ended',
    load: { eventMs: 0, youngestRunningMs: 900 },
    grows: true,
  },
  { why: 'quick handlers, and a machine that stood still', load: { waiting: 48, youngestRunningMs: 45 }, grows: false },
  { why: 'quick handlers that all have become slow', load: { waiting: 48, youngestRunningMs: 60 }, grows: true },
  {
    why: 'handlers that are not known to be quick',
    load: { waiting: 9, isQuick: false, youngestRunningMs: 45 },
    grows: true,
  },
  { why: 'the limit is reached', load: { eventMs: 500, maxEnvironments: 4 }, grows: false },
  { why: 'a limit below the eager ones', load: { ready: 1, maxEnvironments: 1 }, grows: false },
])('$why: $grows', ({ load, grows }) => {
  expect(shouldGrow({ ...calm, ...load })).toBe(grows);
});

test.for([
  [1, 2],
  [2, 2],
  [4, 4],
  [64, 8],
] as const)('with %d cores, %d environments start eagerly', ([cores, count]) => {
  expect(eagerEnvironments(cores)).toBe(count);
});
