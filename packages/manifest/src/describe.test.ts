import { describe, expect, test } from 'vitest';
import type { Problem } from './app.ts';
import { describeProblems } from './describe.ts';
import { interpretManifest } from './manifest.ts';

const problem: Problem = {
  severity: 'error',
  code: 'ROUTE_TWICE',
  file: 'app.arc',
  line: 5,
  column: 1,
  length: 4,
  message: '"join" is already a route (line 4).',
  fix: 'Remove one of them.',
  text: 'join',
};

describe('describeProblems', () => {
  test('a block with the line, a caret and the way out', async () => {
    const { problems } = await interpretManifest({ file: 'app.arc', text: '@app\nx\n@ws\njoin\njoin\n\n@htpp\n' });
    expect(`\n${describeProblems(problems)}\n`).toBe(`
app.arc has 1 problem and 1 warning

  app.arc:5:1   ROUTE_TWICE    "join" is already a route (line 4).
    5 | join
        ^^^^
    Fix: Remove one of them.
  app.arc:7:1   PRAGMA_UNKNOWN warning: "@htpp" is not a pragma.
    7 | @htpp
        ^^^^^
    Fix: Did you mean @http?
`);
  });

  test.for([
    { why: 'nothing', problems: [], head: '' },
    { why: 'one', problems: [problem], head: 'app.arc has 1 problem' },
    { why: 'two', problems: [problem, problem], head: 'app.arc has 2 problems' },
    { why: 'warnings', problems: [{ ...problem, severity: 'warning' as const }], head: 'app.arc has 1 warning' },
  ])('the head for $why', ({ problems, head }) => {
    expect(describeProblems(problems).split('\n')[0]).toBe(head);
  });

  test('a block for each file', () => {
    const text = describeProblems([problem, { ...problem, file: 'src/ws/join/config.arc' }]);
    expect(text.split('\n').filter((line) => line.includes(' has '))).toEqual([
      'app.arc has 1 problem',
      'src/ws/join/config.arc has 1 problem',
    ]);
  });

  test.for([
    {
      why: 'tabs and control characters take one column',
      text: '\tjo\u001b[2Jin',
      column: 4,
      lines: ['    5 |  jo?[2Jin', '           ^^^^'],
    },
    {
      why: 'a long line is cut after',
      text: 'x'.repeat(300),
      column: 3,
      lines: [`    5 | ${'x'.repeat(100)}...`, '          ^^^^'],
    },
    {
      why: 'a long line is cut before',
      text: `${'x'.repeat(300)}join`,
      column: 301,
      lines: [`    5 | ...${'x'.repeat(40)}join`, `${' '.repeat(51)}^^^^`],
    },
    { why: 'an empty line', text: '', column: 1, lines: ['    5 |', '        ^^^^'] },
  ])('$why', ({ text, column, lines }) => {
    expect(
      describeProblems([{ ...problem, text, column }])
        .split('\n')
        .slice(3, 5),
    ).toEqual(lines);
  });
});
