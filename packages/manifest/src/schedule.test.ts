import { describe, expect, test } from 'vitest';
import { parseSchedule } from './schedule.ts';

const everyDay = { of: 'month', rules: Array.from({ length: 31 }, (_, index) => index + 1) };

describe('a rate', () => {
  test.for([
    ['rate(1 minute)', 60_000],
    ['rate(5 minutes)', 300_000],
    ['rate(1 hour)', 3_600_000],
    ['rate(2 days)', 172_800_000],
  ] as const)('%s', ([text, everyMs]) => {
    expect(parseSchedule(text)).toEqual({ type: 'rate', everyMs });
  });

  test.for([
    'rate(0 days)',
    'rate(1 days)',
    'rate(2 day)',
    'rate(1.5 hours)',
    'rate(-1 days)',
    'rate(day)',
    'rate(1 week)',
  ])('%s is none', (text) => {
    expect(parseSchedule(text)).toMatchObject({ type: 'invalid' });
  });
});

describe('a cron expression', () => {
  test.for([
    ['0 10 * * ? *', { minutes: [0], hours: [10], months: Array.from({ length: 12 }, (_, index) => index + 1) }],
    ['0/15 * * * ? *', { minutes: [0, 15, 30, 45] }],
    ['*/20 8-10 * * ? *', { minutes: [0, 20, 40], hours: [8, 9, 10] }],
    ['50-5/10 22-1 * * ? *', { minutes: [0, 50], hours: [0, 1, 22, 23] }],
    ['5,1,5 0 * * ? *', { minutes: [1, 5] }],
    ['0 0 1 JAN,jul ? 2030-2032', { months: [1, 7], years: [2030, 2031, 2032] }],
    ['0 0 L * ? *', { days: { of: 'month', rules: [{ day: 'last', isNearestWorkday: false }] } }],
    ['0 0 LW * ? *', { days: { of: 'month', rules: [{ day: 'last', isNearestWorkday: true }] } }],
    ['0 0 15W * ? *', { days: { of: 'month', rules: [{ day: 15, isNearestWorkday: true }] } }],
    ['0 0 ? * 2#1 *', { days: { of: 'week', rules: [{ day: 2, which: 1 }] } }],
    ['0 0 ? * FRIL *', { days: { of: 'week', rules: [{ day: 6, which: 'last' }] } }],
    ['0 0 ? * L *', { days: { of: 'week', rules: [{ day: 7, which: 'every' }] } }],
    ['0 0 ? * FRI-MON *', { days: { of: 'week', rules: [1, 2, 6, 7].map((day) => ({ day, which: 'every' })) } }],
  ] as const)('%s', ([fields, expected]) => {
    expect(parseSchedule(`cron(${fields})`)).toMatchObject({ type: 'cron', ...expected });
  });

  test('every day', () => {
    const { rules } = everyDay;
    expect(parseSchedule('cron(0 0 * * ? *)')).toMatchObject({
      days: { of: 'month', rules: rules.map((day) => ({ day, isNearestWorkday: false })) },
    });
  });

  test.for([
    ['0 10 * * ?', /5 fields of the six/],
    ['0 10 * * * *', /must have "\?"/],
    ['0 10 ? * ? *', /must have "\?"/],
    ['60 10 * * ? *', /"60" as its minutes/],
    ['0 24 * * ? *', /"24" as its hours/],
    ['0 0 32 * ? *', /"32" as its day of month/],
    ['0 0 0 * ? *', /as its day of month/],
    ['0 0 32W * ? *', /as its day of month/],
    ['0 0 * 13 ? *', /as its month/],
    ['0 0 ? * 8 *', /as its day of week/],
    ['0 0 ? * 2/2 *', /as its day of week/],
    ['0 0 ? * 2#6 *', /as its day of week/],
    ['0 0 * * ? 1969', /as its year/],
    ['0 0 * * ? 2032-2030', /as its year/],
    ['*/0 0 * * ? *', /as its minutes/],
    [', 0 * * ? *', /as its minutes/],
    ['*-5 0 * * ? *', /as its minutes/],
    ['? 0 * * ? *', /as its minutes/],
  ] as const)('%s is none', ([fields, why]) => {
    expect(parseSchedule(`cron(${fields})`)).toMatchObject({ type: 'invalid', why: expect.stringMatching(why) });
  });
});

test.for(['', 'rate', 'daily', 'rate(1 day', 'at(2030-01-01T00:00:00)', 'rate(1 day) rate(1 day)'])(
  '"%s" is neither',
  (text) => {
    expect(parseSchedule(text)).toMatchObject({ type: 'invalid', why: expect.stringContaining('neither') });
  },
);

test('what is longer than EventBridge takes', () => {
  const text = `cron(${'0,'.repeat(130)}0 0 * * ? *)`;
  expect(parseSchedule(text)).toMatchObject({ type: 'invalid', why: `has ${text.length} characters` });
});
