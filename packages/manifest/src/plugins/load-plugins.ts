import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Report } from '../report.ts';
import type { Item, Place } from '../tree.ts';
import { oneValue, readSettings } from '../values.ts';
import { pluginFaults } from './errors.ts';
import { commandHooks, isObject, setHooks, type FoundHook } from './hooks.ts';
import { moduleEntry } from './module-entry.ts';
import { beginPlugin } from './running.ts';
import { unparsedLine } from './unparsed-line.ts';

/** A plugin that was loaded. */
export interface LoadedPlugin {
  readonly name: string;
  /** Absolute. */
  readonly file: string;
  readonly hooks: readonly FoundHook[];
}

interface Declared {
  readonly name: string;
  readonly at: Place;
  /** The path that `src` names. */
  readonly src: string | undefined;
}

/** One of them makes a plugin; hooks in them that nobody here calls are passed over, as in Architect. */
const hookGroups = ['set', 'deploy', 'sandbox', 'create', 'hydrate'];

/**
 * Loads what `@plugins` names, in its order: a file of `src/plugins`, what `src` says, or a package.
 *
 * This runs the plugins' own code. What is missing, fails or holds no hook goes to `report`.
 */
export async function loadPlugins(
  items: readonly Item[],
  { projectDir, report }: { readonly projectDir: string; readonly report: Report },
): Promise<readonly LoadedPlugin[]> {
  const plugins: LoadedPlugin[] = [];
  const names = new Map<string, number>();
  for (const item of items) {
    const declared = readItem(item, report);
    const earlier = names.get(declared.name);
    if (earlier !== undefined) report.add(pluginFaults.pluginTwice(declared.at, declared.name, earlier));
    names.set(declared.name, declared.at.line);
    // One after the other, as they were written: their code runs, and may count on the order.
    // oxlint-disable-next-line no-await-in-loop
    const plugin = earlier === undefined ? await loadPlugin(declared, projectDir, report) : undefined;
    if (plugin !== undefined) plugins.push(plugin);
  }
  return plugins;
}

function readItem(item: Item, report: Report): Declared {
  const [{ text, at }, extra] = item.words;
  if (extra !== undefined) report.add(pluginFaults.pluginLine(extra.at, extra.text));
  const src = readSettings(item.children, { known: ['src'], owner: `"${text}"`, report }).get('src');
  return { name: text, at, src: src === undefined ? undefined : oneValue(src, report)?.text };
}

async function loadPlugin(declared: Declared, projectDir: string, report: Report): Promise<LoadedPlugin | undefined> {
  const { name, at } = declared;
  const { file, looked } = findFile(declared, projectDir);
  if (file === undefined) {
    report.add(pluginFaults.pluginMissing(at, name, looked));
    return undefined;
  }
  const end = beginPlugin({ plugin: name, hook: 'Code', file });
  try {
    const hooks = hooksOf(await importPlugin(file), { name, file, at, report });
    return { name, file, hooks };
  } catch (error) {
    const line = error instanceof SyntaxError ? await unparsedLine(file) : undefined;
    report.add(pluginFaults.pluginFailed(at, { name, what: `could not be loaded from ${file}`, error, line }));
    return undefined;
  } finally {
    end();
  }
}

const endings = ['.js', '.cjs', '.mjs', '/index.js', '/index.cjs', '/index.mjs'];

/** The file of a plugin, and what was looked for. `@` may be left out before a scope, because it begins a pragma. */
function findFile({ name, src }: Declared, projectDir: string) {
  const own = src === undefined ? `src/plugins/${name}` : src;
  const paths = ['', ...endings].map((ending) => `${own}${ending}`);
  const file = paths.map((path) => resolve(projectDir, path)).find((path) => isFile(path));
  const looked = src === undefined ? [`${own}.js`, `${own}.mjs`, `${own}/index.js`] : [own];
  if (file !== undefined) return { file, looked };
  const folder = resolve(projectDir, own);
  const names = src === undefined ? [folder, name, `@${name}`] : [folder];
  const resolved = names.map((each) => resolveFrom(projectDir, each) ?? moduleEntry(projectDir, each));
  const found = resolved.find((each) => each !== undefined);
  return { file: found, looked: src === undefined ? [...looked, `the package "${name}"`] : looked };
}

function isFile(path: string): boolean {
  return /\.[cm]?js$/.test(path) && existsSync(path);
}

function resolveFrom(projectDir: string, name: string): string | undefined {
  try {
    const found = createRequire(join(projectDir, 'app.js')).resolve(name);
    return isAbsolute(found) ? found : undefined;
  } catch {
    // Not there by this name; the caller says what was looked for.
    return undefined;
  }
}

/** What a module exports: of CommonJS `module.exports`, else the default export, else all of them. */
async function importPlugin(file: string): Promise<unknown> {
  const module: unknown = await import(pathToFileURL(file).href);
  const exported = isObject(module) && module['default'] !== undefined ? module['default'] : module;
  const isCompiled = isObject(exported) && exported['__esModule'] === true && exported['default'] !== undefined;
  return isCompiled ? exported['default'] : exported;
}

function hooksOf(
  plugin: unknown,
  {
    name,
    file,
    at,
    report,
  }: { readonly name: string; readonly file: string; readonly at: Place; readonly report: Report },
): readonly FoundHook[] {
  const known = [...setHooks.map((hook) => `set.${hook}`), ...commandHooks];
  const groups = isObject(plugin) ? plugin : {};
  const hooks = known.flatMap((hook) => {
    const [group = '', ...rest] = hook.split('.');
    const methods = groups[group];
    const given = isObject(methods) ? methods[rest.join('.')] : undefined;
    const functions: readonly unknown[] =
      given === undefined || given === null ? [] : Array.isArray(given) ? given : [given];
    return functions.flatMap((call) => {
      // Without a length: faults that meet at one place are all said.
      if (isFunction(call)) return [{ plugin: name, name: hook, file, at: { ...at, length: 0 }, call }];
      report.add(pluginFaults.pluginHook(at, { name, hook, why: 'is not a function' }));
      return [];
    });
  });
  if (!hookGroups.some((group) => isObject(groups[group]))) report.add(pluginFaults.pluginEmpty(at, name, file));
  if (hasSetProxy(groups)) report.add(pluginFaults.pluginProxy(at, name));
  return hooks;
}

function hasSetProxy(groups: Readonly<Record<string, unknown>>): boolean {
  const { set } = groups;
  return isObject(set) && set['proxy'] !== undefined;
}

function isFunction(value: unknown): value is (input: unknown) => unknown {
  return typeof value === 'function';
}
