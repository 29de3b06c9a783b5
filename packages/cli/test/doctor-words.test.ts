import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const read = (file: string) => readFile(join(root, file), 'utf8');

/** The names in the first column of the tables of a page. */
async function firstColumn(page: string): Promise<readonly string[]> {
  const rows = (await read(page)).matchAll(/^\| ((?:`[^`]+`(?:, )?)+) \|/gm);
  return [...rows].flatMap(({ 1: cell = '' }) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''));
}

test('docs/guide/from-architect.md has a row for each finding, and no other', async () => {
  const folder = 'packages/cli/src/doctor';
  const names = await readdir(join(root, folder), { recursive: true });
  const sources = names.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  const texts = await Promise.all(sources.map((name) => read(`${folder}/${name}`)));
  const codes = texts.flatMap((text) => [...text.matchAll(/code: '([A-Z_]+)'/g)].map((match) => match[1] ?? ''));
  const documented = await firstColumn('docs/guide/from-architect.md');
  expect(codes.length).toBeGreaterThan(8);
  expect(documented.toSorted()).toEqual([...new Set(codes)].toSorted());
});

test('docs/reference/pragmas.md has a row for each pragma and each setting', async () => {
  const pragmas = await read('packages/manifest/src/pragmas.ts');
  const lists = [...pragmas.matchAll(/^const of\w+ = \[([^\]]*)\]|^const notRun = \[([^\]]*)\]/gm)];
  const names = lists.flatMap((match) =>
    [...(match[1] ?? match[2] ?? '').matchAll(/'([\w-]+)'/g)].map((each) => each[1]),
  );
  const settings = await read('packages/manifest/src/settings.ts');
  const readers = [...settings.matchAll(/Readers<[^;]*?> = \{(.*?)\n\};/gs)].map((match) => match[1] ?? '');
  const keys = readers.flatMap((text) => [...text.matchAll(/^ {2}'?([\w-]+)'?[:,]/gm)].map((match) => match[1]));
  expect(names.length).toBeGreaterThan(20);
  expect(keys.length).toBeGreaterThan(20);
  const rows = await firstColumn('docs/reference/pragmas.md');
  const wanted = [...names.filter((name) => name !== 'arc').map((name) => `@${name}`), ...keys];
  expect(wanted.filter((name) => !rows.includes(`${name}`))).toEqual([]);
});
