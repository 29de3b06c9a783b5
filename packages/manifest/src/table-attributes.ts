import type { TableKey } from './app.ts';
import { faults, quote } from './errors.ts';
import { nearest } from './nearest.ts';
import type { Report } from './report.ts';
import type { Item, Word } from './tree.ts';
import { readSettings, type Setting } from './values.ts';

/** What stands below the name of a table or an index. */
export interface Attributes {
  readonly partitionKey: TableKey | undefined;
  readonly sortKey: TableKey | undefined;
  readonly ttl: string | undefined;
  readonly settings: ReadonlyMap<string, Setting>;
  /** Whether there is anything at all. */
  readonly hasLines: boolean;
}

type Role = 'partitionKey' | 'sortKey' | 'ttl';

const roles: Readonly<Record<Role, string>> = {
  partitionKey: 'partition key',
  sortKey: 'sort key',
  ttl: 'attribute for TTL',
};
const types: readonly TableKey['type'][] = ['String', 'Number', 'Binary'];
const maxName = 255;

/** Reads the lines below a table or an index: keys (`id *String`), `expires TTL`, and settings. */
export function readAttributes(item: Item, known: readonly string[], report: Report): Attributes {
  const found: Partial<Record<Role, { readonly word: Word; readonly type: TableKey['type'] }>> = {};
  const others: Item[] = [];
  for (const child of item.children) {
    const [word, value] = child.words;
    const role = known.includes(word.text) ? undefined : roleOf(value?.text ?? '');
    if (role === undefined) {
      if (!isNote(child, known)) others.push(child);
    } else {
      const earlier = found[role.role];
      if (earlier !== undefined) {
        const why = `${quote(word.text)} would be a second ${roles[role.role]} (line ${earlier.word.at.line}).`;
        report.add(faults.tableKey(word.at, why, 'Keep one of them.'));
      } else if (checkAttribute(child, report)) found[role.role] = { word, type: typeOf(role.type, value, report) };
    }
  }
  const settings = readSettings(others, { known, owner: quote(item.words[0].text), report });
  checkSettings(settings, report);
  return {
    partitionKey: keyOf(found.partitionKey),
    sortKey: keyOf(found.sortKey),
    ttl: found.ttl?.word.text,
    settings,
    hasLines: item.children.length > 0,
  };
}

/** `false` after a fault: what DynamoDB takes as the name of a table or an index. */
export function checkName({ text, at }: Word, what: string, report: Report): boolean {
  if (/^[a-zA-Z0-9_.-]{3,255}$/.test(text)) return true;
  const why =
    text.length < 3 || text.length > maxName
      ? `${quote(text)} has ${text.length} characters.`
      : `${quote(text)} is not a name for ${what}.`;
  report.add(faults.tableName(at, why));
  return false;
}

/** What a value says of its attribute: `*String`, `**Number`, `TTL`. `undefined`: it is none of these. */
function roleOf(value: string): { readonly role: Role; readonly type: string } | undefined {
  if (value === 'TTL' || value === 'ttl') return { role: 'ttl', type: 'Number' };
  const [, stars, type = ''] = /^(\*{1,2})([^*]*)$/.exec(value) ?? [];
  if (stars === undefined) return undefined;
  return { role: stars === '*' ? 'partitionKey' : 'sortKey', type };
}

/**
 * `email String`: an attribute that is no key, which people write down for each other. DynamoDB is not told of it. What
 * looks like a setting with a slip in it is none.
 */
function isNote({ words, children }: Item, known: readonly string[]): boolean {
  const [word, value, extra] = words;
  if (known.includes(word.text) || value === undefined || extra !== undefined || children.length > 0) return false;
  return (
    /^(?!True$|False$)[A-Z]\w*$/.test(value.text) ||
    (typeof value.value === 'string' && nearest(word.text, known) === undefined)
  );
}

/** Any letter case, as Architect has it; nothing is String. */
function typeOf(text: string, value: Word | undefined, report: Report): TableKey['type'] {
  const type = types.find((known) => known.toLowerCase() === text.toLowerCase());
  if (type === undefined && text !== '' && value !== undefined) {
    const why = `${quote(text)} is not a type of a key.`;
    report.add(faults.tableKey(value.at, why, `The types are ${types.join(', ')}.`));
  }
  return type ?? 'String';
}

function checkAttribute({ words, children }: Item, report: Report): boolean {
  const [word, , extra = children[0]?.words[0]] = words;
  if (extra !== undefined) {
    const why = `${quote(extra.text)} does not belong on the line of an attribute.`;
    report.add(faults.tableLine(extra.at, why, 'Write its name and what it is, such as "id *String".'));
  }
  if (word.text !== '' && word.text.length <= maxName && !/\p{C}/u.test(word.text)) return extra === undefined;
  report.add(faults.tableKey(word.at, 'This is not the name of an attribute.', `Use 1 to ${maxName} characters.`));
  return false;
}

function checkSettings(settings: ReadonlyMap<string, Setting>, report: Report): void {
  for (const { key, values } of settings.values()) {
    if (values.length > 0) continue;
    report.add(faults.settingValue(key.at, `"${key.text}" has no value.`, `Write one after "${key.text}".`));
  }
}

function keyOf(found: { readonly word: Word; readonly type: TableKey['type'] } | undefined): TableKey | undefined {
  return found && { name: found.word.text, type: found.type };
}
