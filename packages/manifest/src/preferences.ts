import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withoutMark } from './lines.ts';
import { parseArc } from './parse.ts';
import { createReport } from './report.ts';
import type { Item } from './tree.ts';

/** What `@sandbox` of a project's preferences says of its tables; `undefined` is nothing. */
export interface SandboxPreferences {
  /** Whether items are kept when the sandbox ends. */
  readonly persist: boolean | undefined;
  /** The URL of a DynamoDB of others, or `true` for one on this machine. */
  readonly externalDb: string | true | undefined;
  /** The port of the latter. */
  readonly tablesPort: number | undefined;
  /** The file with items that tables begin with, relative to the project. */
  readonly seedData: string | undefined;
}

/** Where preferences are, in the order in which the first found wins. */
const preferenceFiles = ['preferences.arc', 'prefs.arc'] as const;

/** Reads a project's preferences; one without any has none. What is no value of a preference is left out. */
export async function loadSandboxPreferences(projectDir: string): Promise<SandboxPreferences> {
  const texts = await Promise.all(
    // A file that is not there says nothing.
    preferenceFiles.map((name) => readFile(join(projectDir, name), 'utf8').catch(() => {})),
  );
  return readSandboxPreferences(texts.find((text) => text !== undefined) ?? '');
}

/** Reads the text of `preferences.arc`. */
export function readSandboxPreferences(text: string): SandboxPreferences {
  const pragmas = parseArc(withoutMark(text), createReport());
  const items = pragmas.filter(({ name }) => name === 'sandbox').flatMap((pragma) => pragma.items);
  const externalDb = valueOf(items, 'external-db');
  const persist = valueOf(items, 'persist');
  const seedData = valueOf(items, 'seed-data');
  const port = valueOf(items.find(({ words }) => words[0].text === 'ports')?.children ?? [], 'tables');
  return {
    persist: typeof persist === 'boolean' ? persist : undefined,
    externalDb: typeof externalDb === 'string' || externalDb === true ? externalDb : undefined,
    tablesPort: typeof port === 'number' ? port : undefined,
    seedData: typeof seedData === 'string' ? seedData : undefined,
  };
}

function valueOf(items: readonly Item[], name: string): string | number | boolean | undefined {
  return items.find(({ words }) => words[0].text === name)?.words[1]?.value;
}
