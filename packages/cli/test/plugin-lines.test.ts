import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { ensureBuilt, repository } from '../../../test/support/built.ts';
import { openTemporaryFolder } from '../../../test/support/temporary-folder.ts';

const bin = join(repository, 'packages', 'cli', 'bin', 'arc.js');

beforeAll(ensureBuilt, 60_000);

/** What `arc doctor` prints, in a process of its own: here, modules would be loaded by the tests' loader. */
async function diagnose(cwd: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [bin, 'doctor'], { cwd }, (_failed, output, errors) => resolve(output + errors));
  });
}

test.for([
  { file: 'own.js', text: 'module.exports = {\n  set: {\n', place: 'own.js:3' },
  { file: 'own.js', text: `\nconst x = require('nowhere');`, place: 'own.js:2:11' },
  { file: 'own.js', text: `\nrequire('./broken.json');`, place: 'own.js:2:1' },
  { file: 'own.mjs', text: `\nimport { nothing } from 'node:fs';`, place: 'own.mjs:2' },
  { file: 'own.mjs', text: `\nthrow new Error('no licence');`, place: 'own.mjs:2:7' },
  { file: 'own.mjs', text: `\nexport default { a b };`, place: 'own.mjs:2' },
  // Node does not say the line.
  { file: 'own.mjs', text: `\nimport 'nowhere';`, place: undefined },
  { file: 'own.mjs', text: `\nimport './broken.mjs';`, place: undefined },
])('a plugin that cannot be loaded is said with its own line, if any: $file $text', async ({ file, text, place }) => {
  await using folder = await openTemporaryFolder({
    'app.arc': '@app\nplugged\n@plugins\nown\n',
    [`src/plugins/${file}`]: text,
    'src/plugins/broken.json': '{',
    'src/plugins/broken.mjs': 'a b',
  });
  const said = await diagnose(folder.path);
  expect(said).toContain(`could not be loaded from ${folder.path}/src/plugins/${file}`);
  const [, where] = / \(((?:file:)?\/[^()\s]+:\d+)\)$/m.exec(said) ?? [];
  expect(where?.replace('file://', '')).toBe(place === undefined ? undefined : `${folder.path}/src/plugins/${place}`);
});
