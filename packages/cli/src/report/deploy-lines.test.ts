import { expect, test } from 'vitest';
import { describeDeployEvent, describeUrls } from './deploy-lines.ts';
import { createStyle } from './style.ts';

const style = createStyle({ isTerminal: false, env: {} });
const files = { type: 'files', put: 1, removed: 0, of: 3, extra: 0, skipped: [] } as const;

test.for([
  { event: files, lines: ['  static   1 of 3 files sent'] },
  { event: { ...files, removed: 2 }, lines: ['  static   1 of 3 files sent, 2 removed'] },
  {
    event: { ...files, extra: 1 },
    lines: ['  static   1 of 3 files sent; 1 there that is not here (--prune removes)'],
  },
  {
    event: { ...files, skipped: ['c:d.txt'] },
    lines: ['  static   1 of 3 files sent', '           1 file that no browser can ask for was left at home: c:d.txt'],
  },
  {
    event: { ...files, skipped: ['a:1', 'b\n2', 'c:3', 'd:4'] },
    lines: [
      '  static   1 of 3 files sent',
      '           4 files that no browser can ask for were left at home: a:1, b?2, c:3, ...',
    ],
  },
])('$event', ({ event, lines }) => expect(describeDeployEvent(event, style)).toEqual(lines));

test('the names of a domain stand below the URLs, with what they need', () => {
  const target = 'd-1.execute-api.us-west-2.amazonaws.com';
  const dns = [
    { name: 'a.example.com', target, zone: 'Z1' },
    { name: 'ws.a.example.com', target, zone: undefined },
  ];
  expect(describeUrls({ http: 'https://a.example.com', webSocket: undefined, dns })).toEqual([
    '  page     https://a.example.com',
    `  dns      a.example.com     CNAME ${target}, or an alias in Route 53 (zone Z1)`,
    `           ws.a.example.com  CNAME ${target}`,
  ]);
});
