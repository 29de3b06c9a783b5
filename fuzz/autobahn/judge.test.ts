import { describe, expect, test } from 'vitest';
import { describeVerdict, judge, type CaseReport } from './judge.ts';

const expected = [{ cases: ['1.2.1'], closeCode: 1003, reason: 'binary is refused' }];
const ok: CaseReport = { behavior: 'OK', behaviorClose: 'OK', remoteCloseCode: 1000 };
const refused: CaseReport = { behavior: 'FAILED', behaviorClose: 'FAILED', remoteCloseCode: 1003 };

describe('a report', () => {
  test.for<{ why: string; report: Record<string, CaseReport>; problems: string[] }>([
    { why: 'all as expected', report: { '1.1.1': ok, '1.2.1': refused }, problems: [] },
    {
      why: 'within the standard, or not judged',
      report: { '1.1.1': { ...ok, behavior: 'NON-STRICT', behaviorClose: 'INFORMATIONAL' }, '1.2.1': refused },
      problems: [],
    },
    {
      why: 'another failure',
      report: { '1.1.1': refused, '1.2.1': refused },
      problems: ['1.1.1 fails: FAILED, close code 1003.'],
    },
    {
      why: 'a failure of the close alone',
      report: { '1.1.1': { ...ok, behaviorClose: 'UNCLEAN', remoteCloseCode: null }, '1.2.1': refused },
      problems: ['1.1.1 fails: OK, closing UNCLEAN, close code null.'],
    },
    {
      why: 'one that is listed and passes',
      report: { '1.1.1': ok, '1.2.1': ok },
      problems: ['1.2.1 is listed as failing and passes.'],
    },
    {
      why: 'another close code',
      report: { '1.1.1': ok, '1.2.1': { ...refused, remoteCloseCode: 1002 } },
      problems: ['1.2.1 was closed with 1002; expected 1003 (binary is refused).'],
    },
    {
      why: 'cases that did not run',
      report: { '1.1.1': ok },
      problems: ['Listed cases did not run: 1.2.1.', '1 cases ran; expected 2.'],
    },
  ])('$why', ({ report, problems }) => {
    expect(judge(report, expected, 2).problems).toEqual(problems);
  });
});

test('a verdict as text', () => {
  const verdict = judge({ '1.1.1': ok, '1.1.2': refused, '1.2.1': refused }, expected, 3);
  expect(describeVerdict(verdict, expected).split('\n')).toEqual([
    '| outcome | cases |',
    '| --- | --- |',
    '| OK | 1 |',
    '| FAILED | 2 |',
    '',
    "Failed by API Gateway's own rules: 1. Failed otherwise: 1.",
    '',
    '| cases | close code | rule |',
    '| --- | --- | --- |',
    '| 1.2.1 | 1003 | binary is refused |',
    '',
    '1.1.2 fails: FAILED, close code 1003.',
  ]);
});
