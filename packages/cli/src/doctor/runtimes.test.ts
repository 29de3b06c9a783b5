import { expect, test } from 'vitest';
import type { Finding } from './finding.ts';
import { runtimeFindings } from './runtimes.ts';

const short = (findings: readonly Finding[]) =>
  findings.map(({ outcome, code, line, column, length }) => `${outcome} ${code} ${line}:${column}+${length}`);

const november = Date.UTC(2026, 10, 28);

test.for([
  { text: '@aws\nruntime nodejs18.x', finds: ['later RUNTIME_ENDING 2:9+10'] },
  { text: '@aws\nruntime nodejs18.x', nowMs: Date.UTC(2027, 1, 1), finds: ['on-aws RUNTIME_ENDED 2:9+10'] },
  { text: '@aws\nruntime nodejs12.x', finds: ['on-aws RUNTIME_ENDED 2:9+10'] },
  { text: '@aws\nruntime python3.9 # old', finds: ['later RUNTIME_ENDING 2:9+9'] },
  { text: '@aws\nruntime python3.7', finds: ['on-aws RUNTIME_ENDED 2:9+9'] },
  { text: '{"aws": {"runtime": "nodejs16.x"}}', finds: ['later RUNTIME_ENDING 1:22+10'] },
  { text: 'aws:\n  runtime: nodejs20.x\n', finds: ['later RUNTIME_ENDING 2:12+10'] },
  { text: '@aws\nruntime nodejs24.x', finds: [] },
  { text: '@aws\nruntime nodejs22.x', finds: [] },
  { text: '@aws\nruntime nodejs22.x', nowMs: Date.UTC(2027, 2, 1), finds: ['later RUNTIME_ENDING 2:9+10'] },
  { text: '@aws\nruntime node', finds: [] },
  { text: '@aws\n# runtime nodejs12.x', finds: [] },
  { text: '@aws\nruntime constructor', finds: [] },
])('$text', ({ text, nowMs = november, finds }) => {
  expect(short(runtimeFindings([{ file: 'app.arc', text }], nowMs))).toEqual(finds);
});

test('an ending names its days', () => {
  const [found] = runtimeFindings([{ file: 'app.arc', text: '@aws\nruntime nodejs18.x' }], november);
  expect(found).toMatchObject({
    severity: 'warning',
    message:
      'AWS ended nodejs18.x on 2025-09-01: no new function of it from 2027-02-01, no change of one from 2027-03-03.',
    fix: 'Write "runtime nodejs24.x".',
    text: 'runtime nodejs18.x',
  });
});
