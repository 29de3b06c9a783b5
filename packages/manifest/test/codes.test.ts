import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8');
const codePattern = /\b[A-Z]+_[A-Z_]+\b/g;

async function thrownOrReported(): Promise<readonly string[]> {
  const source = (await read('../src/errors.ts')) + (await read('../src/plugins/errors.ts'));
  return [...new Set([...source.matchAll(/'([A-Z]+_[A-Z_]+)'/g)].map(([, code]) => code ?? ''))].toSorted();
}

test('the reference lists every code, and no other', async () => {
  const [, table = ''] = (await read('../../../docs/reference/manifest.md')).split('## Problems');
  const listed = [...table.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, code]) => code);
  expect(listed).toEqual(await thrownOrReported());
});

test('a test produces every code', async () => {
  const files = [
    ...(await readdir(new URL('../src', import.meta.url))).map((name) => `../src/${name}`),
    './load.test.ts',
    './plugins.test.ts',
  ];
  const tests = await Promise.all(files.filter((name) => name.endsWith('.test.ts')).map(read));
  const produced = new Set(tests.flatMap((text) => text.match(codePattern) ?? []));
  expect((await thrownOrReported()).filter((code) => !produced.has(code))).toEqual([]);
});

test('the reference names every pragma that is known', async () => {
  const reference = await read('../../../docs/reference/manifest.md');
  const sources = await Promise.all(['../src/pragmas.ts', '../src/static.ts'].map(read));
  const lists = sources.flatMap((source) => [...source.matchAll(/^const \w+ = \[([^\]]*)\];$/gm)]);
  const names = lists.flatMap(([, list = '']) => [...list.matchAll(/'([a-z-]+)'/g)].map(([, name]) => name));
  expect(names).toEqual(expect.arrayContaining(['tables-indexes', 'queues', 'sandbox-startup', 'streams']));
  expect(names.filter((name) => !reference.includes(`\`@${name}\``) && !reference.includes(`\`${name}\``))).toEqual([]);
});
