import { expect, test } from 'vitest';
import { describeDeployEvent } from './deploy-lines.ts';
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
