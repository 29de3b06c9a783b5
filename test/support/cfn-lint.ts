import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'vitest';

const cfnLint = process.env['CFN_LINT_PATH'] ?? join(import.meta.dirname, '../../.cache/aws/venv/bin/cfn-lint');

/** What cfn-lint says of templates. Where there is none the test is skipped, and the reason printed. */
export async function lintTemplates(
  context: Pick<TestContext, 'skip'>,
  files: readonly string[],
): Promise<{ readonly isClean: boolean; readonly output: string }> {
  if (!existsSync(cfnLint)) {
    const reason = 'there is no cfn-lint in .cache/aws/venv, and CFN_LINT_PATH names none';
    process.stderr.write(`skipped, ${reason}\n`);
    return context.skip(reason);
  }
  return new Promise((resolve) => {
    execFile(cfnLint, ['-r', 'us-west-2', '--', ...files], (error, stdout, stderr) =>
      resolve({ isClean: error === null, output: stdout + stderr }),
    );
  });
}
