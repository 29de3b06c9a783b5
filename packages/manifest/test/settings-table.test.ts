import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { interpretManifest } from '../src/manifest.ts';
import { settingNames } from '../src/settings.ts';

const reference = await readFile(new URL('../../../docs/reference/manifest.md', import.meta.url), 'utf8');
const [, section = ''] = reference.split('\n## Settings\n');
const [text = ''] = section.split('\n## ');
const rows = [...text.matchAll(/^\| `([\w-]+)` \| ([a-z, ]+) \| (.+) \| (.+) \|$/gm)].map(
  ([, key = '', where = '', , fallback = '']) => ({ key, where: where.split(', '), fallback }),
);

/** Where a key may stand, as the table says it. */
function placesOf(key: string): readonly string[] {
  if (settingNames.shared.includes(key)) return ['app', 'config'];
  return (['app', 'function', 'config'] as const).filter((place) => settingNames[place].includes(key));
}

test('every setting has a row, and every row is a setting, in its place', () => {
  const known = [...settingNames.app, ...settingNames.function, ...settingNames.config];
  expect(rows.map(({ key }) => key).toSorted()).toEqual(known.toSorted());
  for (const { key, where } of rows) expect(where, key).toEqual(placesOf(key));
});

/** The app, with a setting that is said or left out. */
async function appWith(key: string, value?: string) {
  const said = value === undefined ? '' : `${key} ${value}\n`;
  const isConfig = settingNames.config.includes(key);
  const read = await interpretManifest({
    file: 'app.arc',
    text: `@app\nx\n@ws\n@http\nget /\npost /\nany /any\n@aws\n${isConfig ? '' : said}`,
    configs: ['ws/connect', 'http/get-index', 'http/any-any'].map((folder) => ({
      sourceDir: `src/${folder}`,
      file: `src/${folder}/config.arc`,
      text: `@arc\n${isConfig ? said : ''}`,
    })),
  });
  expect(read.problems).toEqual([]);
  return read;
}

const withDefault = rows.filter(({ key, fallback }) => fallback !== 'none' && key !== 'views');

test.for(withDefault)('$key: to say the default, $fallback, changes nothing', async ({ key, fallback }) => {
  expect(await appWith(key, fallback.replaceAll('`', ''))).toEqual(await appWith(key));
});

test.for(rows.filter(({ fallback }) => fallback === 'none'))('$key is not set by default', async ({ key }) => {
  const read = await appWith(key);
  const holders: readonly object[] = read.ok ? [read.app, ...read.app.functions.map(({ settings }) => settings)] : [];
  const values = holders.filter((holder) => Object.hasOwn(holder, key)).map((holder) => Reflect.get(holder, key));
  expect(values.length).toBeGreaterThan(0);
  for (const value of values) expect([undefined, []]).toContainEqual(value);
});

test('views: the default is what the row says', async () => {
  expect(rows.find(({ key }) => key === 'views')?.fallback).toBe('`true` for `get` and `any`');
  const read = await appWith('views');
  const given = read.ok ? read.app.functions.filter(({ settings }) => settings.views).map(({ label }) => label) : [];
  expect(given).toEqual(['get /', 'any /any']);
});
