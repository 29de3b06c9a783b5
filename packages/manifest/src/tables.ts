import type { Table, TableIndex, TableKey } from './app.ts';
import { faults, quote } from './errors.ts';
import { checkName, readAttributes, type Attributes } from './table-attributes.ts';
import type { Report } from './report.ts';
import type { Item, Place, Pragma, Word } from './tree.ts';
import { oneOf, oneValue, trueOrFalse, type Reader, type Setting } from './values.ts';

const recoveryKeys = ['PointInTimeRecovery', 'PITR', 'pitr'];
/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html (read 2026-11) */
const maxIndexes = 20;

const encryption: Reader<string | undefined> = oneOf<string | undefined>(({ text }) => {
  if (text === 'true' || text === 'false') return { value: text === 'true' ? 'managed' : undefined };
  return /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(?:key|alias)\/\S+$/.test(text) ? { value: text } : undefined;
}, 'true, false or the ARN of a KMS key');

interface TableDraft {
  readonly at: Place;
  readonly table: Table;
}

interface IndexDraft {
  readonly at: Place;
  readonly tableName: string;
  readonly index: TableIndex;
}

/** Reads `@tables` and its indexes. A table with a fault is left out. */
export function readTables(
  pragma: Pragma | undefined,
  indexPragmas: readonly Pragma[],
  report: Report,
): readonly Table[] {
  const drafts = new Map<string, TableDraft>();
  const names = new Set<string>();
  for (const item of pragma?.items ?? []) {
    const [{ text, at }] = item.words;
    names.add(text);
    const draft = readTable(item, report);
    const earlier = drafts.get(text);
    if (earlier !== undefined) report.add(faults.tableTwice(at, text, earlier.at.line));
    else if (draft !== undefined) drafts.set(text, draft);
  }
  const indexes = indexPragmas
    .flatMap(({ items }) => items)
    .map((item) => readIndex(item, [...names], report))
    .filter((draft) => draft !== undefined);
  return [...drafts.values()].map(({ table }) => {
    const own = indexes.filter(({ tableName }) => tableName === table.name);
    checkIndexes(table, own, report);
    return { ...table, indexes: own.map(({ index }) => index) };
  });
}

function readTable(item: Item, report: Report): TableDraft | undefined {
  const [word] = item.words;
  const isName = checkLine(item, report) && checkName(word, 'a table', report);
  const attributes = readAttributes(item, ['stream', 'encrypt', ...recoveryKeys], report);
  const { settings, ttl } = attributes;
  const stream = settings.get('stream');
  // What it means is read with the streams.
  valueOf(trueOrFalse, stream, report);
  const recovery = recoveryKeys.map((key) => settings.get(key)).find((setting) => setting !== undefined);
  const table = {
    pointInTimeRecovery: valueOf(trueOrFalse, recovery, report) ?? false,
    encryption: valueOf(encryption, settings.get('encrypt'), report),
    ttl,
    indexes: [],
  };
  const keys = requireKeys(word, attributes, report);
  return keys === undefined || !isName ? undefined : { at: word.at, table: { name: word.text, ...keys, ...table } };
}

function readIndex(item: Item, tables: readonly string[], report: Report): IndexDraft | undefined {
  const [word] = item.words;
  const isLine = checkLine(item, report);
  const isKnown = tables.includes(word.text);
  if (isLine && !isKnown) report.add(faults.tableUnknown(word.at, word.text, tables));
  const attributes = readAttributes(item, ['name', 'projection'], report);
  const keys = requireKeys(word, attributes, report);
  if (keys === undefined) return undefined;
  const usual = [keys.partitionKey.name, ...(keys.sortKey === undefined ? [] : [keys.sortKey.name]), 'index'].join('-');
  const setting = attributes.settings.get('name');
  const name = setting === undefined ? { ...word, text: usual } : oneValue(setting, report);
  if (name === undefined || !checkName(name, 'an index', report) || !isLine || !isKnown) return undefined;
  const projection = readProjection(attributes.settings.get('projection'));
  return { at: word.at, tableName: word.text, index: { name: name.text, ...keys, projection } };
}

/** `all`, `keys`, or the attributes to copy. */
function readProjection(setting: Setting | undefined): TableIndex['projection'] {
  const words = setting?.values.map(({ text }) => text) ?? ['all'];
  const [only] = words;
  if (words.length === 1 && (only === 'all' || only === 'keys')) return only;
  return words;
}

/** A table or an index has its name on a line of its own, and what it is made of below. */
function checkLine({ words, children }: Item, report: Report): boolean {
  const [{ at, text }, extra] = words;
  if (extra !== undefined) {
    const why = `${quote(extra.text)} does not belong on the line of a table.`;
    report.add(faults.tableLine(extra.at, why, 'Write the name alone, and each key on a line below it, indented.'));
  } else if (children.length === 0) {
    const why = `${quote(text)} says nothing of its keys.`;
    report.add(faults.tableLine(at, why, 'Write "id *String" below it, indented.'));
  }
  return extra === undefined && children.length > 0;
}

function requireKeys(
  word: Word,
  { partitionKey, sortKey, hasLines }: Attributes,
  report: Report,
): { readonly partitionKey: TableKey; readonly sortKey: TableKey | undefined } | undefined {
  if (partitionKey !== undefined) return { partitionKey, sortKey };
  if (hasLines) {
    const why = `${quote(word.text)} has no partition key.`;
    report.add(faults.tableKey(word.at, why, 'Write "id *String" below it, or another key with one "*".'));
  }
  return undefined;
}

function checkIndexes(table: Table, indexes: readonly IndexDraft[], report: Report): void {
  const types = new Map(keysOf(table).map(({ name, type }) => [name, type]));
  const seen = new Map<string, IndexDraft>();
  for (const draft of indexes) {
    const { at, index } = draft;
    const earlier = seen.get(index.name);
    if (earlier === undefined) seen.set(index.name, draft);
    else report.add(faults.indexTwice(at, index.name, earlier.at.line));
    for (const { name, type } of keysOf(index)) {
      const other = types.get(name) ?? type;
      types.set(name, other);
      if (other === type) continue;
      const why = `${quote(name)} is ${type} here and ${other} above.`;
      report.add(faults.tableKey(at, why, 'An attribute has one type in a table and its indexes.'));
    }
  }
  const surplus = indexes[maxIndexes];
  if (surplus !== undefined) report.add(faults.indexesMany(surplus.at, table.name, maxIndexes));
}

function keysOf({ partitionKey, sortKey }: Pick<Table, 'partitionKey' | 'sortKey'>): readonly TableKey[] {
  return sortKey === undefined ? [partitionKey] : [partitionKey, sortKey];
}

function valueOf<T>(read: Reader<T>, setting: Setting | undefined, report: Report): T | undefined {
  return setting === undefined ? undefined : read(setting, { report, region: undefined })?.value;
}
