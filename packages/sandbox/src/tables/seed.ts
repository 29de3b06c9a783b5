import { readFile, stat } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { errors } from '../errors.ts';
import { attributes } from './attribute-value.ts';
import type { Database } from './database.ts';
import { isMembers, refusalMessage, type Members } from './outcome.ts';

/** Where items to begin with are, relative to the project, in the order in which the first found wins. */
const seedFiles = ['sandbox-seed.json', 'sandbox-seed.js'] as const;

/** What came of it. */
export interface Seeded {
  /** Its name. */
  readonly file: string;
  readonly items: number;
  /** What was left out, and why; one sentence each. */
  readonly faults: readonly string[];
}

/** An item for a table, and where it stands in the file: `rooms[0]`. */
export interface Seed {
  readonly at: string;
  readonly TableName: string;
  readonly Item: Members;
}

/**
 * Writes the items of the project's seed file into tables that were just made; `undefined` when there is none.
 *
 * @param named the file that the preferences name.
 * @param tables those that were made: their names in the database, by their names in the manifest.
 * @throws {SEED_UNREADABLE} when it is there and cannot be read, or when it is named and not there.
 */
export async function seedTables(
  database: Database,
  options: {
    readonly projectDir: string;
    readonly named: string | undefined;
    readonly tables: ReadonlyMap<string, string>;
    readonly known: ReadonlySet<string>;
  },
): Promise<Seeded | undefined> {
  const { projectDir, named } = options;
  const file = await findFile(projectDir, named === undefined ? seedFiles : [named]);
  if (file === undefined && named !== undefined) throw errors.seedUnreadable(resolve(projectDir, named));
  if (file === undefined) return undefined;
  const { seeds, faults } = readSeeds(await load(file), options);
  const failed: string[] = [];
  for (const { at, TableName, Item } of seeds) {
    const outcome = await database.call('PutItem', { TableName, Item });
    if (outcome.type === 'refused') failed.push(`${at}: ${refusalMessage(outcome.body)}`);
  }
  return { file: basename(file), items: seeds.length - failed.length, faults: [...faults, ...failed] };
}

/** The items of a seed file: `{ "rooms": [{ "id": "a" }] }`. Tables that were not just made are passed over. */
export function readSeeds(
  data: unknown,
  { tables, known }: { readonly tables: ReadonlyMap<string, string>; readonly known: ReadonlySet<string> },
): { readonly seeds: readonly Seed[]; readonly faults: readonly string[] } {
  if (!isMembers(data)) return { seeds: [], faults: ['It has to be an object with a list of items for each table.'] };
  const faults: string[] = [];
  const seeds: Seed[] = [];
  for (const [name, rows] of Object.entries(data)) {
    const TableName = tables.get(name);
    if (!known.has(name)) faults.push(`${name}: the app has no such table.`);
    else if (!Array.isArray(rows)) faults.push(`${name}: it has to be a list of items.`);
    else if (TableName !== undefined) {
      for (const [index, row] of rows.entries()) {
        const at = `${name}[${index}]`;
        const Item = itemOf(row);
        if (typeof Item === 'string') faults.push(`${at}: ${Item}`);
        else seeds.push({ at, TableName, Item });
      }
    }
  }
  return { seeds, faults };
}

/** The item, or what is wrong with it. */
function itemOf(row: unknown): Members | string {
  if (!isMembers(row)) return 'an item has to be an object.';
  try {
    return attributes(row);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function findFile(projectDir: string, names: readonly string[]): Promise<string | undefined> {
  const files = names.map((name) => resolve(projectDir, name));
  const found = await Promise.all(files.map((file) => stat(file).catch(() => {})));
  return files.find((_, index) => found[index]?.isFile() === true);
}

async function load(file: string): Promise<unknown> {
  try {
    if (extname(file) === '.json') {
      const data: unknown = JSON.parse(await readFile(file, 'utf8'));
      return data;
    }
    const module: unknown = await import(pathToFileURL(file).href);
    return isMembers(module) && 'default' in module ? module['default'] : module;
  } catch (error) {
    throw errors.seedUnreadable(file, error);
  }
}
