import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runArc } from './support/arc.ts';
import { lintTemplates } from './support/cfn-lint.ts';
import { copyExample } from './support/example.ts';

const examples = join(import.meta.dirname, '../examples');

test.for(readdirSync(examples))(
  'cfn-lint has nothing to say about the package of examples/%s',
  { timeout: 120_000 },
  async (example, context) => {
    await using folder = await copyExample(example);
    expect(await runArc(['package'], { cwd: folder.path })).toMatchObject({ exitCode: 0, errors: '' });
    const template = join(folder.path, '.furrow/package/template.json');
    expect(await lintTemplates(context, [template])).toEqual({ isClean: true, output: '' });
  },
);

const withoutIndent = (text: string) => text.replaceAll(/^ +/gm, '');

test('what docs/guide/connections.md shows is what examples/rooms does', () => {
  const guide = readFileSync(join(examples, '../docs/guide/connections.md'), 'utf8');
  const blocks = [...guide.matchAll(/^```\w+\n(.+?)^```/gms)].map(([, block = '']) => withoutIndent(block));
  const files = readdirSync(join(examples, 'rooms'), { recursive: true, encoding: 'utf8' });
  const sources = files.filter((file) => /^(?:app\.arc|(?:src|public)\b.*js)$/.test(file));
  const code = withoutIndent(sources.map((file) => readFileSync(join(examples, 'rooms', file), 'utf8')).join('\n'));
  expect(blocks.length).toBeGreaterThan(4);
  expect(blocks.filter((block) => !code.includes(block))).toEqual([]);
});
