import { afterAll, describe, test } from 'vitest';
import { rows } from './rows.ts';
import { openRunner } from './run.ts';
import { sandboxTarget } from './targets/sandbox.ts';

const tested = rows.filter((row) => !('leftOut' in row));

describe('the sandbox', () => {
  const runner = openRunner(sandboxTarget);
  afterAll(() => runner[Symbol.asyncDispose]());

  // One at a time: rows move the clock of the stage that they share.
  test.sequential.for(tested)('$id $rule', { timeout: 70_000 }, async (row) => {
    const outcome = await runner.run(row);
    if (outcome.type === 'failed') throw outcome.error;
    if (outcome.type === 'skipped') throw new Error(`It was skipped: ${outcome.reason}.`);
  });
});
