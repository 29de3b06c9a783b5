import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lintTemplates } from './support/cfn-lint.ts';
import { openTemporaryFolder } from './support/temporary-folder.ts';

const snapshots = join(import.meta.dirname, '../packages/deploy/src/template/snapshots');

test('cfn-lint has nothing to say about any template', { timeout: 120_000 }, async (context) => {
  const files = readdirSync(snapshots).map((name) => join(snapshots, name));
  expect(files.length).toBeGreaterThan(10);
  expect(await lintTemplates(context, files)).toEqual({ isClean: true, output: '' });
});

test('cfn-lint speaks up about a wrong one', { timeout: 60_000 }, async (context) => {
  await using folder = await openTemporaryFolder({
    'wrong.template': '{"Resources":{"A":{"Type":"AWS::S3::Bucket","Properties":{"Nme":"x"}}}}',
  });
  const { isClean, output } = await lintTemplates(context, [join(folder.path, 'wrong.template')]);
  expect(isClean).toBe(false);
  expect(output).toContain('Nme');
});
