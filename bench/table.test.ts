import { describe, expect, test } from 'vitest';
import { quantile, spread } from './statistics.ts';
import { beginMarker, describeResults, endMarker, placeFigures, show, type RowResult } from './table.ts';

test('quantiles and spread do not need sorted values', () => {
  expect(quantile([3, 1, 2], 0.5)).toBe(2);
  expect(quantile([3, 1, 2], 0.99)).toBe(3);
  expect(quantile([], 0.5)).toBeNaN();
  expect(spread([10, 9, 100])).toEqual({ median: 10, least: 9, most: 100 });
});

test.for([
  { value: 0.0304, unit: 'ms', text: '0.030 ms' },
  { value: 7.25, unit: 'ms', text: '7.25 ms' },
  { value: 73.26, unit: 'MB', text: '73.3 MB' },
  { value: 104_494.4, unit: 'messages/s', text: '104,494 messages/s' },
  { value: Number.NaN, unit: 'kB', text: '-' },
] as const)('$value is shown as $text', ({ value, unit, text }) => {
  expect(show(value, unit)).toBe(text);
});

const setting = {
  date: '2026-11-24',
  machine: 'A machine',
  cpus: 2,
  memoryGigabytes: 24,
  system: 'Linux 6',
  rounds: 3,
  versions: ['Node 20.20.2'],
};

const results: readonly RowResult[] = [
  {
    id: 'load',
    clientCpuShare: 0.5,
    durationMs: 1000,
    figures: [
      {
        what: 'echo',
        unit: 'messages/s',
        series: [
          { name: 'raw ws', values: [100, 200, 300] },
          { name: 'Furrow', values: [30, 20, 10] },
        ],
        bounds: [
          { subject: 'Furrow', against: 'raw ws', atLeast: 0.25 },
          { subject: 'Furrow', against: 'workerd', atLeast: 1.5 },
        ],
        missing: [{ name: 'workerd', why: 'no such\npackage' }],
      },
    ],
  },
  { id: 'reload', figures: [], failure: 'It did not start.', clientCpuShare: 0, durationMs: 1000 },
];

describe('the tables', () => {
  const text = describeResults(results, setting);

  test.for([
    {
      why: 'a bound that is not met',
      row: '| `load` echo | Furrow | 20.0 messages/s | raw ws: 200 messages/s | 0.10 | at least 0.25 | **no** |',
    },
    {
      why: 'a bound without its baseline',
      row: '| `load` echo | Furrow | - | workerd | - | at least 1.5 | not measured |',
    },
    { why: 'how busy the client was', row: 'The client needed at most this share of a core: `load` 50 %.' },
    { why: 'who is missing', row: '| `load` | workerd | no such package |' },
    { why: 'a row that failed', row: '| `reload` | all | It did not start. |' },
    { why: 'the spread', row: '| `load` echo | raw ws | 200 messages/s | 100 messages/s to 300 messages/s | 3 |' },
  ])('say $why', ({ row }) => {
    expect(text.split('\n')).toContain(row);
  });

  test('go between the markers of the page, again and again', () => {
    const page = `before\n\n${beginMarker}\n\nold\n\n${endMarker}\n\nafter\n`;
    const once = placeFigures(page, 'new');
    expect(once).toBe(`before\n\n${beginMarker}\n\nnew\n\n${endMarker}\n\nafter\n`);
    expect(placeFigures(once, 'new')).toBe(once);
  });
});
