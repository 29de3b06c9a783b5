import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withoutMark } from './lines.ts';
import { parseArc } from './parse.ts';
import { readVariables, type PreferenceFault, type Say } from './preference-variables.ts';
import { createReport } from './report.ts';
import type { Item, Pragma } from './tree.ts';

/** What `@sandbox` of the preferences says; `undefined` is nothing. */
export interface SandboxPreferences {
  /** Whether items are kept when the sandbox ends. */
  readonly persist: boolean | undefined;
  /** The URL of a DynamoDB of others, or `true` for one on this machine. */
  readonly externalDb: string | true | undefined;
  /** The port of the latter. */
  readonly tablesPort: number | undefined;
  /** The port of everything else. */
  readonly httpPort: number | undefined;
  /** The file with items that tables begin with, relative to the project. */
  readonly seedData: string | undefined;
  /** Whether pages load themselves again when the app changes. */
  readonly livereload: boolean | undefined;
}

/** What one file says, or all of them together. */
export interface Preferences {
  readonly sandbox: SandboxPreferences;
  /** The variables of `@env testing`; `undefined` when it is not there. */
  readonly variables: Readonly<Record<string, string>> | undefined;
  /** The names below `staging` and `production` of `@env`: what AWS had when they were written there. */
  readonly deployedNames: Readonly<Record<'staging' | 'production', readonly string[]>>;
  /** What has no effect, and why. */
  readonly faults: readonly PreferenceFault[];
}

/** Names of a file of preferences, in the order in which the first found wins. */
export const preferenceFiles = ['preferences.arc', 'prefs.arc', '.preferences.arc', '.prefs.arc'] as const;

/**
 * Reads the preferences of a project over those in the developer's home folder; both may be without.
 *
 * A setting of `@sandbox` and the whole of `@env testing` are taken from the project where it has them, as Architect does.
 */
export async function loadPreferences(projectDir: string, homeDir: string): Promise<Preferences> {
  const [own, general] = await Promise.all([readFirst(projectDir, ''), readFirst(homeDir, '~/')]);
  if (projectDir === homeDir) return own;
  return {
    sandbox: {
      persist: own.sandbox.persist ?? general.sandbox.persist,
      externalDb: own.sandbox.externalDb ?? general.sandbox.externalDb,
      tablesPort: own.sandbox.tablesPort ?? general.sandbox.tablesPort,
      httpPort: own.sandbox.httpPort ?? general.sandbox.httpPort,
      seedData: own.sandbox.seedData ?? general.sandbox.seedData,
      livereload: own.sandbox.livereload ?? general.sandbox.livereload,
    },
    variables: own.variables ?? general.variables,
    deployedNames: own.deployedNames,
    faults: [...own.faults, ...general.faults],
  };
}

async function readFirst(folder: string, shownAs: string): Promise<Preferences> {
  const texts = await Promise.all(
    // A file that is not there says nothing.
    preferenceFiles.map((name) => readFile(join(folder, name), 'utf8').catch(() => {})),
  );
  const index = texts.findIndex((text) => text !== undefined);
  return readPreferences(texts[index] ?? '', `${shownAs}${preferenceFiles[index] ?? preferenceFiles[0]}`);
}

const maxShown = 5;

/** Reads the text of a file of preferences. What is no value of a preference is left out. */
export function readPreferences(text: string, file: string): Preferences {
  const faults: PreferenceFault[] = [];
  const say: Say = ({ line }, message) => faults.push({ file, line, message });
  const report = createReport();
  const pragmas = text.trim() === '' ? [] : parseArc(withoutMark(text), report);
  for (const { at, message } of report.faults.slice(0, maxShown)) say(at, message);
  for (const pragma of pragmas) if (!known.has(pragma.name)) say(pragma.at, `"@${pragma.name}" has no effect here.`);
  const { testing, staging, production } = readVariables(itemsOf(pragmas, 'env'), say);
  return {
    sandbox: readSandbox(itemsOf(pragmas, 'sandbox'), say),
    variables: testing,
    deployedNames: { staging: Object.keys(staging ?? {}), production: Object.keys(production ?? {}) },
    faults,
  };
}

/** `@create` is for commands that Furrow does not have; nobody waits for it in a sandbox. */
const known = new Set(['sandbox', 'env', 'create']);

type Value = string | number | boolean | undefined;

/** The settings that have a value, and what that has to be. */
const settings: Readonly<Record<string, { readonly expected: string; readonly fits: (value: Value) => boolean }>> = {
  persist: { expected: 'true or false', fits: (value) => typeof value === 'boolean' },
  livereload: { expected: 'true or false', fits: (value) => typeof value === 'boolean' },
  'external-db': {
    expected: 'a URL, true or false',
    fits: (value) => typeof value === 'string' || typeof value === 'boolean',
  },
  'seed-data': { expected: 'the name of a file', fits: (value) => typeof value === 'string' },
};

function readSandbox(items: readonly Item[], say: Say): SandboxPreferences {
  const ports = items.find(({ words }) => words[0].text === 'ports')?.children ?? [];
  sayUnread(items, ports, say);
  const externalDb = valueOf(items, 'external-db');
  const persist = valueOf(items, 'persist');
  const seedData = valueOf(items, 'seed-data');
  const livereload = valueOf(items, 'livereload');
  return {
    persist: typeof persist === 'boolean' ? persist : undefined,
    externalDb: typeof externalDb === 'string' || externalDb === true ? externalDb : undefined,
    tablesPort: portOf(ports, 'tables'),
    httpPort: portOf(ports, 'http'),
    seedData: typeof seedData === 'string' ? seedData : undefined,
    livereload: typeof livereload === 'boolean' ? livereload : undefined,
  };
}

function sayUnread(items: readonly Item[], ports: readonly Item[], say: Say): void {
  for (const { words } of items) {
    const [{ text, at }, value] = words;
    if (text === 'ports') continue;
    const setting = Object.hasOwn(settings, text) ? settings[text] : undefined;
    if (setting === undefined) say(at, `"${text}" of @sandbox has no effect here.`);
    else if (!setting.fits(value?.value)) {
      const is = value === undefined ? 'has no value' : `is "${value.text}"`;
      say(at, `"${text}" of @sandbox is left out: it ${is}; expected ${setting.expected}.`);
    }
  }
  for (const { words } of ports) {
    const [{ text, at }] = words;
    if (!['http', 'tables'].includes(text)) {
      say(at, `The port of "${text}" has no effect here: all but tables are at one port.`);
    } else if (portOf(ports, text) === undefined)
      say(at, `The port of "${text}" is left out: it is no number from 1 to 65535.`);
  }
}

function portOf(ports: readonly Item[], name: string): number | undefined {
  const port = valueOf(ports, name);
  return typeof port === 'number' && Number.isInteger(port) && port >= 1 && port <= 65_535 ? port : undefined;
}

function itemsOf(pragmas: readonly Pragma[], wanted: string): readonly Item[] {
  return pragmas.filter(({ name }) => name === wanted).flatMap(({ items }) => items);
}

function valueOf(items: readonly Item[], name: string): Value {
  return items.find(({ words }) => words[0].text === name)?.words[1]?.value;
}
