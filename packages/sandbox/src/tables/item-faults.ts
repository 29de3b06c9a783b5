import type { KeptIndex, KeptTable } from './dynalite.ts';
import { isMembers, listOf, type Members } from './outcome.ts';

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html (read 2026-11): the leaf counts. */
const maxLevels = 32;

const tooDeep =
  'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit';

/** What the emulator takes in an item that is put, and DynamoDB does not, in its words. */
export function faultOfItem(item: Members, table: KeptTable): string | undefined {
  if (Object.values(item).some(isTooDeep)) return tooDeep;
  const empty = indexKeysOf(table).find(({ name }) => emptiness(item[name]) !== undefined);
  if (empty === undefined) return undefined;
  const { name, index } = empty;
  return `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty ${emptiness(item[name])} value. IndexName: ${index.IndexName}, IndexKey: ${name}`;
}

/** The same of an item that was updated. What it had before, from a time without that index, may stay. */
export function faultOfUpdate(before: Members | undefined, after: Members, table: KeptTable): string | undefined {
  const isDeeper = Object.entries(after).some(([name, value]) => isTooDeep(value) && !isTooDeep(before?.[name]));
  if (isDeeper) return tooDeep;
  const empty = indexKeysOf(table)
    .filter(({ name }) => emptiness(before?.[name]) === undefined)
    .map(({ name }) => emptiness(after[name]))
    .find((kind) => kind !== undefined);
  return empty && emptyUpdate(empty);
}

/** The same of an update expression, as far as it says so whatever there is in the table. */
export function faultOfExpression(updates: unknown, table: KeptTable): string | undefined {
  const names = new Set(indexKeysOf(table).map(({ name }) => name));
  const empty = listOf(isMembers(updates) ? updates['sections'] : undefined)
    .filter(isMembers)
    .filter(({ type, path }) => type === 'set' && isListOfOne(path) && names.has(String(path[0])))
    .map(({ val }) => emptiness(val))
    .find((kind) => kind !== undefined);
  return empty && emptyUpdate(empty);
}

function emptyUpdate(kind: string): string {
  return `One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty ${kind} value.`;
}

/** DynamoDB names the first index of the alphabet. */
function indexKeysOf(table: KeptTable): readonly { readonly name: string; readonly index: KeptIndex }[] {
  return (table.GlobalSecondaryIndexes ?? [])
    .toSorted((a, b) => (a.IndexName < b.IndexName ? -1 : 1))
    .flatMap((index) => index.KeySchema.map(({ AttributeName: name }) => ({ name, index })));
}

function emptiness(value: unknown): 'string' | 'binary' | undefined {
  if (!isMembers(value)) return undefined;
  if (value['S'] === '') return 'string';
  return value['B'] === '' ? 'binary' : undefined;
}

function isTooDeep(value: unknown): boolean {
  return isDeeperThan(value, maxLevels);
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (!isMembers(value)) return false;
  if (levels === 0) return true;
  const { M: map, L: list } = value;
  return [...(isMembers(map) ? Object.values(map) : []), ...listOf(list)].some((one) => isDeeperThan(one, levels - 1));
}

function isListOfOne(value: unknown): value is readonly [unknown] {
  return Array.isArray(value) && value.length === 1;
}
