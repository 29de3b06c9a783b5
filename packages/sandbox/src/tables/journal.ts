import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errors } from '../errors.ts';

/** One change of a key. */
export type Entry = readonly ['put', key: string, value: unknown] | readonly ['del', key: string];

/** The changes of a database in a file, one a line, so that it can be made again. */
export interface Journal {
  /** Returns when it is written, as far as the operating system goes. */
  append(entries: readonly Entry[]): void;
  close(): Promise<void>;
}

const journalFile = 'items.jsonl';
const lockFile = 'lock';

/**
 * Opens the journal in a folder, which is made where it is missing.
 *
 * The file is written anew with what the database holds, so that it does not grow with every start. A last line that was cut
 * off, by a machine that lost its power, is left out.
 *
 * @throws {TABLES_DATA_DAMAGED} when another line is none.
 */
export async function openJournal(
  folder: string,
): Promise<{ readonly journal: Journal; readonly contents: ReadonlyMap<string, unknown> }> {
  await mkdir(folder, { recursive: true });
  await lock(join(folder, lockFile));
  const file = join(folder, journalFile);
  const contents = await renew(file).catch(async (error: unknown) => {
    await rm(join(folder, lockFile), { force: true });
    throw error;
  });
  const handle = openSync(file, 'a');
  const journal: Journal = {
    append: (entries) => void writeSync(handle, entries.map(line).join('')),
    async close() {
      closeSync(handle);
      await rm(join(folder, lockFile), { force: true });
    },
  };
  return { journal, contents };
}

async function renew(file: string): Promise<ReadonlyMap<string, unknown>> {
  const contents = replay(await readFile(file, 'utf8').catch(whenMissing), file);
  const fresh = `${file}.new`;
  await writeFile(fresh, [...contents].map(([key, value]) => line(['put', key, value])).join(''));
  await rename(fresh, file);
  return contents;
}

/** What the journal in a file leads to. @throws {TABLES_DATA_DAMAGED} when a line other than the last is none. */
export function replay(text: string, file: string): ReadonlyMap<string, unknown> {
  const contents = new Map<string, unknown>();
  const lines = text.split('\n');
  // Behind the last line end there is nothing, or what was cut off.
  for (const [index, each] of lines.slice(0, -1).entries()) {
    const [deed, key, value] = readLine(each, (cause) => errors.tablesDataDamaged(file, index + 1, cause));
    if (deed === 'put') contents.set(key, value);
    else contents.delete(key);
  }
  return contents;
}

function readLine(text: string, damaged: (cause: unknown) => Error): Entry {
  let entry: unknown;
  try {
    entry = JSON.parse(text);
  } catch (error) {
    throw damaged(error);
  }
  if (!isEntry(entry)) throw damaged(new Error(`It is ${text.slice(0, 40)}; expected a change of an item.`));
  return entry;
}

function isEntry(value: unknown): value is Entry {
  if (!Array.isArray(value) || typeof value[1] !== 'string') return false;
  return (value[0] === 'put' && value.length === 3) || (value[0] === 'del' && value.length === 2);
}

function line(entry: Entry): string {
  return `${JSON.stringify(entry)}\n`;
}

/** Takes the folder for this process, from one that has ended too. Rejects while another has it. */
async function lock(file: string): Promise<void> {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' });
  } catch (error) {
    const owner = Number(await readFile(file, 'utf8').catch(() => ''));
    if (isRunning(owner)) throw new Error(`Process ${owner} uses it.`, { cause: error });
    await rm(file, { force: true });
    await lock(file);
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It runs, and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function whenMissing(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
  throw error;
}
