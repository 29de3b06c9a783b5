import type { Item, Place, Word } from '../tree.ts';
import type { SetHook } from './hooks.ts';

/** One object that a hook returned, and whose it is. */
export interface Given {
  readonly plugin: string;
  /** `set.http` */
  readonly hook: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly at: Place;
}

/** What becomes of a folder that a plugin names: relative to the project, also outside of it. */
export type RelativeFolder = (folder: string) => string;

/** Hooks whose results are lines of a pragma. */
export type LineHook = Exclude<SetHook, 'env' | 'runtimes' | 'shared' | 'views' | 'static'>;

/**
 * The lines of `@http`, `@tables` and others that a result stands for; a text when it lacks what such a line needs.
 *
 * They are read as if they stood in the manifest, so all that is checked there is checked of plugins too.
 */
export function givenItem(hook: LineHook, given: Given, relativeFolder: RelativeFolder): Item | string {
  const { at } = given;
  const fields = textFields(given.fields);
  const lacking = (needed[hook] ?? ['name', 'src']).find((name) => fields(name) === undefined);
  if (lacking !== undefined) return `gave an object without "${lacking}"`;
  const src = fields('src');
  const source: readonly Item[] =
    src === undefined ? [] : [{ words: [wordOf('src', at), folderWord(relativeFolder(src), at)], children: [] }];
  const name = fields('name');
  if (hook === 'http') return itemOf(at, [fields('method')?.toLowerCase(), fields('path')], source);
  if (hook === 'tables') return itemOf(at, [name], tableLines(given));
  if (hook === 'tables-indexes') return itemOf(at, [name], indexLines(given));
  if (hook === 'tables-streams') return itemOf(at, [name], [itemOf(at, ['table', fields('table')], []), ...source]);
  if (hook !== 'scheduled') return itemOf(at, [name], source);
  const expression = expressionOf(fields('rate'), fields('cron'));
  return expression === undefined ? 'gave an object without "rate" and "cron"' : itemOf(at, [name, expression], source);
}

function expressionOf(rate: string | undefined, cron: string | undefined): string | undefined {
  if (rate !== undefined) return `rate(${rate})`;
  return cron === undefined ? undefined : `cron(${cron})`;
}

const needed: Readonly<Partial<Record<LineHook, readonly string[]>>> = {
  http: ['method', 'path', 'src'],
  tables: ['name', 'partitionKey'],
  'tables-indexes': ['name', 'partitionKey'],
  'tables-streams': ['name', 'src', 'table'],
};

function tableLines(given: Given): Item[] {
  const { fields, at } = given;
  const ttl = fields['ttl'];
  const recovery = fields['PointInTimeRecovery'] ?? fields['pitr'] ?? fields['PITR'];
  return [
    ...keyLines(given),
    ...(typeof ttl === 'string' && ttl !== '' ? [itemOf(at, [ttl, 'TTL'], [])] : []),
    ...settingLines({ stream: fields['stream'], encrypt: fields['encrypt'], PointInTimeRecovery: recovery }, at),
  ];
}

const projections: Readonly<Record<string, string>> = { ALL: 'all', KEYS_ONLY: 'keys' };

function indexLines(given: Given): Item[] {
  const { indexName, projectionType, projectionAttributes } = given.fields;
  const named = typeof projectionType === 'string' ? projections[projectionType.toUpperCase()] : undefined;
  const projection = named ?? projectionAttributes;
  return [...keyLines(given), ...settingLines({ name: indexName, projection }, given.at)];
}

function keyLines({ fields, at }: Given): Item[] {
  const text = textFields(fields);
  const keys = [
    { name: text('partitionKey'), type: text('partitionKeyType'), mark: '*' },
    { name: text('sortKey'), type: text('sortKeyType'), mark: '**' },
  ];
  return keys.flatMap(({ name, type = 'string', mark }) =>
    name === undefined
      ? []
      : [itemOf(at, [name, mark + type.charAt(0).toUpperCase() + type.slice(1).toLowerCase()], [])],
  );
}

/** A line for each setting that says something; a list is several values. */
export function settingLines(settings: Readonly<Record<string, unknown>>, at: Place): Item[] {
  return Object.entries(settings).flatMap(([key, value]) => {
    const values = (Array.isArray(value) ? [...value] : [value]).filter(isValue);
    return values.length === 0
      ? []
      : [{ words: [wordOf(key, at), ...values.map((each) => wordOf(each, at))], children: [] }];
  });
}

function isValue(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** A word that names a folder which may lie outside of the project, where packages are installed. */
export function folderWord(folder: string, at: Place): Word {
  return { ...wordOf(folder, at), isAnyFolder: true };
}

function wordOf(value: string | number | boolean, at: Place): Word {
  return { text: String(value), value, at };
}

function itemOf(at: Place, words: readonly (string | undefined)[], children: readonly Item[]): Item {
  const [first = '', ...rest] = words.filter((word) => word !== undefined);
  return { words: [wordOf(first, at), ...rest.map((word) => wordOf(word, at))], children };
}

/** Members that are texts and not empty. */
function textFields(fields: Readonly<Record<string, unknown>>): (name: string) => string | undefined {
  return (name) => {
    const value = fields[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
}
