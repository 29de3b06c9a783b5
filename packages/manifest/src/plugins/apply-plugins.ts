import { existsSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import type { Report } from '../report.ts';
import type { Item, Pragma } from '../tree.ts';
import type { Additions } from './additions.ts';
import { pluginFaults } from './errors.ts';
import { folderWord, givenItem, settingLines, type Given, type LineHook } from './given-items.ts';
import { setHooks, type FoundHook, type SetHook } from './hooks.ts';
import { runSetHooks } from './run-set-hooks.ts';
import { readRuntimes } from './runtimes.ts';
import { readVariables } from './variables.ts';

interface Applying {
  readonly hooks: readonly FoundHook[];
  readonly projectDir: string;
  /** What the manifest declares itself: `ws/join`, `http get /`, `table rooms`. */
  readonly declared: ReadonlySet<string>;
  /** What a hook is called with. */
  readonly input: () => unknown;
  readonly report: Report;
}

const otherHooks: readonly string[] = ['env', 'runtimes', 'shared', 'views', 'static'];

function isLineHook(name: SetHook): name is LineHook {
  return !otherHooks.includes(name);
}

/** Calls every `set` hook and adds what they give to what the manifest says, which wins where both say something. */
export function applyPlugins(pragmas: readonly Pragma[], task: Applying): Additions {
  const { report } = task;
  const run = (name: SetHook) => runSetHooks(task.hooks, name, task);
  const variables = readVariables(run('env'), report);
  const runtimes = readRuntimes(run('runtimes'), report);
  const added = new Map<string, Item[]>();
  const configs = new Map<string, Given>();
  for (const hook of setHooks.filter(isLineHook)) {
    for (const given of run(hook)) {
      const key = keyOf(hook, given.fields);
      if (task.declared.has(key) && given.fields['required'] !== true) continue;
      const item = givenItem(hook, given, (folder) => relativeTo(task.projectDir, folder));
      if (typeof item === 'string') {
        report.add(pluginFaults.pluginHook(given.at, { name: given.plugin, hook: given.hook, why: item }));
        continue;
      }
      added.set(hook, [...(added.get(hook) ?? []), item]);
      configs.set(key, given);
    }
  }
  for (const name of ['shared', 'views'] as const) added.set(name, sharedItems(run(name), name, pragmas, task));
  added.set('static', staticItems(run('static'), pragmas, task.projectDir));
  const customLambdas = added.get('customLambdas');
  added.delete('customLambdas');
  return {
    pragmas: mergePragmas(pragmas, added),
    customLambdas: customLambdas && pragmaOf('customLambdas', customLambdas),
    configs,
    runtimes,
    variables,
  };
}

/** What a line is known by: `http get /`, `ws/join`, `table rooms`. */
function keyOf(hook: LineHook, fields: Readonly<Record<string, unknown>>): string {
  const { name, method, path } = fields;
  if (hook === 'http') return `http ${String(method).toLowerCase()} ${String(path)}`;
  if (hook === 'tables') return `table ${String(name)}`;
  if (hook === 'ws') return `ws/${String(name).replace(/^\$/, '')}`;
  return hook === 'tables-indexes' ? '' : `${hook}/${String(name)}`;
}

/** A folder as it stands in an app: from the project, with `/`. */
function relativeTo(projectDir: string, folder: string): string {
  return relative(projectDir, resolve(projectDir, folder)).replaceAll(sep, '/');
}

/** The folder of the last plugin that names one which is there, unless the manifest names its own. */
function sharedItems(
  given: readonly Given[],
  name: 'shared' | 'views',
  pragmas: readonly Pragma[],
  { projectDir }: Applying,
): Item[] {
  const isSaid = pragmas.some((each) => each.name === name && each.items.some(({ words }) => words[0].text === 'src'));
  const named = given.filter(({ fields: { src, required } }) => {
    return typeof src === 'string' && (required === true || existsSync(resolve(projectDir, src)));
  });
  const last = named.at(-1);
  if (isSaid || last === undefined) return [];
  const { src } = last.fields;
  const [item] = settingLines({ src: '' }, last.at);
  const folder = folderWord(relativeTo(projectDir, String(src)), last.at);
  return item === undefined ? [] : [{ words: [item.words[0], folder], children: [] }];
}

const staticSettings = ['compression', 'fingerprint', 'folder', 'ignore', 'prefix', 'prune', 'spa'];

/** Settings that the manifest does not say itself. Of several plugins the last one counts. */
function staticItems(given: readonly Given[], pragmas: readonly Pragma[], projectDir: string): Item[] {
  const said = pragmas.filter(({ name }) => name === 'static').flatMap(({ items }) => items);
  const names = new Set(said.map(({ words }) => words[0].text));
  const settings = new Map<string, Given>();
  for (const each of given) {
    for (const name of staticSettings) {
      if (each.fields[name] !== undefined && each.fields[name] !== null && !names.has(name)) settings.set(name, each);
    }
  }
  return [...settings].flatMap(([name, { fields, at }]) => {
    const value = fields[name];
    const isFolder = name === 'folder' && typeof value === 'string';
    return settingLines({ [name]: isFolder ? relativeTo(projectDir, value) : value }, at);
  });
}

/** Adds lines to the pragmas that have them, and makes those that are not there. */
function mergePragmas(pragmas: readonly Pragma[], added: ReadonlyMap<string, readonly Item[]>): readonly Pragma[] {
  const names = new Set(pragmas.map(({ name }) => name));
  const grown = pragmas.map((pragma, index) => {
    const isFirst = pragmas.findIndex(({ name }) => name === pragma.name) === index;
    const items = added.get(pragma.name) ?? [];
    return isFirst && items.length > 0 ? { ...pragma, items: [...pragma.items, ...items] } : pragma;
  });
  const made = [...added].flatMap(([name, items]) =>
    names.has(name) || items.length === 0 ? [] : [pragmaOf(name, items)],
  );
  return [...grown, ...made];
}

function pragmaOf(name: string, items: readonly Item[]): Pragma {
  const at = items[0]?.words[0].at ?? { line: 1, column: 1, length: 0 };
  return { name, at, items, isOff: false };
}
