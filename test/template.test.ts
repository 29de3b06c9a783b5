import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type TestContext } from 'vitest';
import { openTemporaryFolder } from './support/temporary-folder.ts';

const root = join(import.meta.dirname, '..');
const cfnLint = process.env['CFN_LINT_PATH'] ?? join(root, '.cache/aws/venv/bin/cfn-lint');
const snapshots = join(root, 'packages/deploy/src/template/snapshots');

/** What cfn-lint says of templates. Where there is none the test is skipped, and the reason printed. */
async function lint(
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

test('cfn-lint has nothing to say about any template', { timeout: 120_000 }, async (context) => {
  const files = readdirSync(snapshots).map((name) => join(snapshots, name));
  expect(files.length).toBeGreaterThan(10);
  expect(await lint(context, files)).toEqual({ isClean: true, output: '' });
});

test('cfn-lint speaks up about a wrong one', { timeout: 60_000 }, async (context) => {
  await using folder = await openTemporaryFolder({
    'wrong.template': '{"Resources":{"A":{"Type":"AWS::S3::Bucket","Properties":{"Nme":"x"}}}}',
  });
  const { isClean, output } = await lint(context, [join(folder.path, 'wrong.template')]);
  expect(isClean).toBe(false);
  expect(output).toContain('Nme');
});
