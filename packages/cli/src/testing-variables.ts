import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { preferenceFiles, readPreferences } from '@furrow/manifest';
import { canHold, setVariable } from './env-file.ts';
import { errors } from './errors.ts';
import { homeFolder } from './home-folder.ts';
import { setPreference } from './preference-file.ts';
import type { World } from './world.ts';

export interface VariableChange {
  readonly name: string;
  /** `undefined` removes it. */
  readonly value: string | undefined;
}

/**
 * Changes what the sandbox reads: `.env` where it is there, else `@env testing` of the project's preferences where that is
 * there, because a `.env` would take its place as a whole; else a new `.env`. Returns what there is to say of it.
 *
 * @throws {ENV_FILE_QUOTES} for values that no such file can hold, when all others are in it.
 * @throws {ENV_FILE_UNWRITABLE} {PREFERENCES_UNCHANGED}
 */
export async function changeTestingVariables(
  { cwd, env }: Pick<World, 'cwd' | 'env'>,
  changes: readonly VariableChange[],
): Promise<{ readonly file: string; readonly hidden: string | undefined }> {
  const text = await read(join(cwd, '.env'));
  if (text !== undefined) return changeEnvFile(cwd, text, changes);
  const own = await preferencesOf(cwd);
  if (own !== undefined) return changePreferences(cwd, own, changes);
  const isAdding = changes.some(({ value }) => value !== undefined);
  const general = isAdding ? await preferencesOf(homeFolder({ env })) : undefined;
  const changed = await changeEnvFile(cwd, undefined, changes);
  return { ...changed, hidden: general === undefined ? undefined : `~/${general.name}` };
}

/** The names of what the sandbox reads: of `.env`, else of `@env testing` of the project's preferences, else of the home folder's. */
export async function testingNames({ cwd, env }: Pick<World, 'cwd' | 'env'>): Promise<readonly string[]> {
  const text = await read(join(cwd, '.env'));
  if (text !== undefined) return Object.keys(parseEnv(text));
  const preferences = (await preferencesOf(cwd)) ?? (await preferencesOf(homeFolder({ env })));
  if (preferences === undefined) return [];
  return Object.keys(readPreferences(preferences.text, preferences.name).variables ?? {});
}

/** The first file of preferences, if it has `@env testing`. */
async function preferencesOf(folder: string): Promise<{ readonly name: string; readonly text: string } | undefined> {
  for (const name of preferenceFiles) {
    // oxlint-disable-next-line no-await-in-loop -- the first that is there counts
    const text = await read(join(folder, name));
    if (text === undefined) continue;
    return readPreferences(text, name).variables === undefined ? undefined : { name, text };
  }
  return undefined;
}

async function changePreferences(
  cwd: string,
  { name: file, text }: { readonly name: string; readonly text: string },
  changes: readonly VariableChange[],
) {
  const left: string[] = [];
  let after = text;
  for (const { name, value } of changes) {
    const changed = setPreference(after, name, value);
    if (changed === undefined) left.push(name);
    else after = changed;
  }
  if (after !== text) await writePrivately(join(cwd, file), after, false);
  if (left.length > 0) throw errors.preferencesUnchanged(file, left);
  return { file, hidden: undefined };
}

async function changeEnvFile(cwd: string, before: string | undefined, changes: readonly VariableChange[]) {
  const left = changes.filter(({ value }) => value !== undefined && !canHold(value));
  const after = changes
    .filter((change) => !left.includes(change))
    .reduce((text, { name, value }) => setVariable(text, name, value), before ?? '');
  if (after !== (before ?? '')) await writePrivately(join(cwd, '.env'), after, before === undefined);
  if (left.length > 0) throw errors.envFileQuotes(left.map(({ name }) => name));
  return { file: '.env', hidden: undefined };
}

async function read(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw errors.envFileUnwritable(file, error);
  }
}

/** Only the person who runs the app may read it, from before the secrets are in it. */
async function writePrivately(file: string, text: string, isNew: boolean): Promise<void> {
  try {
    // Windows knows no such rights.
    if (!isNew && process.platform !== 'win32') await chmod(file, 0o600);
    await writeFile(file, text, { mode: 0o600 });
  } catch (error) {
    throw errors.envFileUnwritable(file, error);
  }
}
