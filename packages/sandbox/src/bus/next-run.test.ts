import { parseSchedule } from '@furrow/manifest';
import { expect, test } from 'vitest';
import { nextRunMs } from './next-run.ts';

function next(expression: string, after: string): string | undefined {
  const schedule = parseSchedule(expression);
  if (schedule.type === 'invalid') throw new Error(schedule.why);
  const atMs = nextRunMs(schedule, Date.parse(after));
  return atMs === undefined ? undefined : new Date(atMs).toISOString().replace(':00.000Z', '');
}

// 2026-11-28 is a Saturday.
test.for([
  ['rate(5 minutes)', '2026-11-28T10:00:00Z', '2026-11-28T10:05'],
  ['rate(1 day)', '2026-11-28T10:00:00Z', '2026-11-29T10:00'],
  ['cron(0 0 * * ? *)', '2026-11-28T10:00:00Z', '2026-11-29T00:00'],
  ['cron(0 0 * * ? *)', '2026-11-29T00:00:00Z', '2026-11-30T00:00'],
  ['cron(30 10 * * ? *)', '2026-11-28T10:29:59Z', '2026-11-28T10:30'],
  ['cron(0/15 8-17 ? * MON-FRI *)', '2026-11-28T10:00:00Z', '2026-11-30T08:00'],
  ['cron(0/15 8-17 ? * MON-FRI *)', '2026-11-30T17:45:00Z', '2026-12-01T08:00'],
  ['cron(0 15 ? * FRI *)', '2026-11-28T10:00:00Z', '2026-12-04T15:00'],
  ['cron(0 8 ? * 2#1 *)', '2026-11-28T10:00:00Z', '2026-12-07T08:00'],
  ['cron(0 8 ? * 6L *)', '2026-11-28T10:00:00Z', '2026-12-25T08:00'],
  ['cron(0 8 L * ? *)', '2026-11-28T10:00:00Z', '2026-11-30T08:00'],
  ['cron(0 8 LW * ? *)', '2026-05-01T10:00:00Z', '2026-05-29T08:00'],
  ['cron(0 8 1W * ? *)', '2026-08-03T08:00:00Z', '2026-09-01T08:00'],
  // 1 August 2026 is a Saturday: the nearest workday of the month is the third.
  ['cron(0 8 1W * ? *)', '2026-07-31T00:00:00Z', '2026-08-03T08:00'],
  // 15 November 2026 is a Sunday.
  ['cron(0 8 15W * ? *)', '2026-11-01T00:00:00Z', '2026-11-16T08:00'],
  ['cron(0 0 29 FEB ? *)', '2026-11-28T10:00:00Z', '2028-02-29T00:00'],
  ['cron(0 0 31 * ? *)', '2026-11-28T10:00:00Z', '2026-12-31T00:00'],
  ['cron(0 0 1 JAN ? 2027)', '2026-11-28T10:00:00Z', '2027-01-01T00:00'],
  ['cron(0 0 1 JAN ? 2020)', '2026-11-28T10:00:00Z', undefined],
  ['cron(0 0 30 FEB ? *)', '2026-11-28T10:00:00Z', undefined],
] as const)('%s after %s: %s', ([expression, after, expected]) => {
  expect(next(expression, after)).toBe(expected);
});
