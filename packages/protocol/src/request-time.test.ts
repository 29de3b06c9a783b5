import { describe, expect, test } from 'vitest';
import { requestTime } from './request-time.ts';

describe('T057, T058', () => {
  test.for([
    { atMs: 0, text: '01/Jan/1970:00:00:00 +0000' },
    { atMs: 999, text: '01/Jan/1970:00:00:00 +0000' },
    { atMs: 1000, text: '01/Jan/1970:00:00:01 +0000' },
    { atMs: 1_708_326_702_118, text: '19/Feb/2024:07:11:42 +0000' },
    { atMs: 1_708_327_306_016, text: '19/Feb/2024:07:21:46 +0000' },
    { atMs: Date.UTC(2024, 1, 29, 23, 59, 59, 999), text: '29/Feb/2024:23:59:59 +0000' },
    { atMs: Date.UTC(2026, 11, 31, 23, 59, 59), text: '31/Dec/2026:23:59:59 +0000' },
    { atMs: Date.UTC(2027, 0, 1), text: '01/Jan/2027:00:00:00 +0000' },
  ])('$atMs is $text', ({ atMs, text }) => {
    expect(requestTime(atMs)).toBe(text);
    expect(text).toMatch(/^\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2} \+0000$/);
  });
});

test('every month by its English name', () => {
  const months = Array.from({ length: 12 }, (_, month) => requestTime(Date.UTC(2026, month, 1)).slice(3, 6));
  expect(months.join(' ')).toBe('Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec');
});

test('a second is not kept longer than it lasts', () => {
  const second = Date.UTC(2026, 10, 23, 12);
  const texts = [second, second + 1, second + 999, second + 1000, second - 1, second].map(requestTime);
  expect(texts.map((text) => text.slice(12, 20))).toEqual([
    '12:00:00',
    '12:00:00',
    '12:00:00',
    '12:00:01',
    '11:59:59',
    '12:00:00',
  ]);
});
