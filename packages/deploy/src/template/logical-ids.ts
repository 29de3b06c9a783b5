import { createHash } from 'node:crypto';
import { logicalId, type App } from '@furrow/manifest';
import type { Adopted } from './template.ts';

/** The logical ids of an app, without their endings, by name: `ws/join`, `http/get-index`, `tables/rooms`. */
export type LogicalIds = ReadonlyMap<string, string>;

const hashDigits = 8;
/** CloudFormation takes 255 characters; our longest ending is below 40. */
const maxLength = 200;
/** Tables whose parameter would have the id of one that every app may have. */
const reservedTables = new Set(['StaticBucket', 'StaticFingerprint', 'WebsocketHttps', 'WebsocketWss']);

/**
 * Gives every function and table its logical id, which depends on its own name only: whatever is added or removed beside
 * it, the id stays. Ids that the deployed stack uses are kept, and beat both.
 *
 * @throws {Error} when two would share one, which is a bug.
 */
export function identify(app: App, adopted: Adopted['ids'] = new Map()): LogicalIds {
  const names = [...app.functions.map(({ name }) => name), ...app.tables.map(({ name }) => tableKey(name))];
  const kept = new Map([...adopted].filter(([name]) => names.includes(name)));
  const taken = new Set([...kept].map(([name, id]) => `${kindOf(name)} ${id}`));
  const ids = names.map((name) => {
    const natural = kept.get(name) ?? naturalId(name);
    const isTaken = !kept.has(name) && taken.has(`${kindOf(name)} ${natural}`);
    return [name, isTaken ? hashedId(name) : natural] as const;
  });
  const unique = new Set(ids.map(([name, id]) => `${kindOf(name)} ${id}`));
  if (unique.size < names.length) throw new Error(`Logical ids are not unique: ${ids.join(' ')}`);
  return new Map(ids);
}

/** What a table is called beside functions. */
export function tableKey(tableName: string): string {
  return `tables/${tableName}`;
}

/** What is asked of the names that give Architect's ids. Every other spelling gets a hash, because two may give one id. */
export function isCanonical(name: string): boolean {
  const [kind, own] = split(name);
  const parts = own.split('-');
  const isPlain = parts.every((part, index) =>
    // A parameter of a path is `000id`. Words do not hold zeros in a row, or `/a000b` and `/a/:b` would be one.
    /^[a-z][a-z0-9]*$/.test(kind === 'http' && index > 0 ? part.replace(/^000/, '') : part),
  );
  const isZeroFree = kind !== 'http' || parts.every((part) => part.lastIndexOf('000') <= 0);
  const id = logicalId(own);
  // What ends like a hash could be one.
  const isClear = !/[0-9a-f]{8}$/.test(id) && id.length <= maxLength;
  return isPlain && isZeroFree && isClear && !(kind === 'tables' && isReservedTable(id));
}

/** The parameter of a table must not have the id of another one. */
function isReservedTable(id: string): boolean {
  return reservedTables.has(id) || /(?:EventTopic|Queue)$/.test(id);
}

/** Digits that tell spellings apart which give one id. */
export function hashOf(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, hashDigits);
}

/**
 * The id of a parameter that carries a variable of the app: `API_KEY` is `ApiKeyVariable`. Pure, and unique: a name that
 * another could be taken for gets a hash.
 */
export function variableParameter(variableName: string): string {
  const id = logicalId(variableName.toLowerCase());
  const isPlain = /^[A-Z][A-Z0-9]*(?:_[A-Z][A-Z0-9]*)*$/.test(variableName) && !/[0-9a-f]{8}$/.test(id);
  return `${isPlain && id.length <= maxLength ? id : id.slice(0, maxLength) + hashOf(variableName)}Variable`;
}

function naturalId(name: string): string {
  return isCanonical(name) ? logicalId(split(name)[1]) : hashedId(name);
}

function hashedId(name: string): string {
  return logicalId(split(name)[1]).slice(0, maxLength) + hashOf(name);
}

/** Ids of another kind have other endings, so they cannot meet. */
function kindOf(name: string): string {
  return split(name)[0];
}

function split(name: string): readonly [kind: string, own: string] {
  const slash = name.indexOf('/');
  return [name.slice(0, slash), name.slice(slash + 1)];
}
