import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from '../app.ts';
import { createApp, draftFunctions, interpretPragmas } from '../interpret.ts';
import { withoutMark } from '../lines.ts';
import { parseArc } from '../parse.ts';
import { preferenceFiles } from '../preferences.ts';
import { createReport, type Report } from '../report.ts';
import type { Pragma } from '../tree.ts';
import type { Additions } from './additions.ts';
import { applyPlugins } from './apply-plugins.ts';
import { arcData, settingsOf } from './arc-data.ts';
import { pluginErrors } from './errors.ts';
import { commandHooks, type AppPlugins, type FoundHook, type PluginHook } from './hooks.ts';
import type { ProjectFacts } from './inventory-lambda.ts';
import { createInventory, type Inventory } from './inventory.ts';
import { loadPlugins, type LoadedPlugin } from './load-plugins.ts';
import { beginPlugin } from './running.ts';

/** The plugins of a manifest, and what they made of it. */
export interface UsedPlugins {
  readonly additions: Additions;
  /** What commands call, for the finished app. */
  appPlugins(app: App): AppPlugins;
}

export interface PluginsTask {
  /** Absolute. */
  readonly projectDir: string;
  /** The manifest's, relative to the project. */
  readonly file: string;
  readonly text: string;
  /** `staging` or `production`; `undefined` when it is not deployed. */
  readonly stage: string | undefined;
}

/** TypeScript is built here: what this plugin would do when an app starts or is deployed is done already. */
const builtIn = new Set(['architect/plugin-typescript', '@architect/plugin-typescript']);

/** Loads the plugins of a manifest and lets them change it, before anything else looks at it. */
export async function usePlugins(pragmas: readonly Pragma[], task: PluginsTask, report: Report): Promise<UsedPlugins> {
  const items = pragmas.filter(({ name }) => name === 'plugins').flatMap((pragma) => pragma.items);
  const plugins = await loadPlugins(items, { projectDir: task.projectDir, report });
  const hooks = plugins.flatMap((plugin) => plugin.hooks);
  const arc = arcData(pragmas);
  const factsOf = (runtimes: ProjectFacts['runtimes']) => projectFacts({ ...task, arc, plugins, runtimes });
  // What is wrong of it is said once, when plugins have added what they bring.
  const own = interpretPragmas(pragmas, createReport());
  const ownApp = createApp(own, task.file, { configs: new Map(), names: new Map() });
  const inventory = createInventory(ownApp, factsOf(new Map()));
  const additions = applyPlugins(pragmas, {
    hooks,
    projectDir: task.projectDir,
    declared: declaredBy(pragmas, ownApp, draftFunctions(own)),
    input: () => ({ arc, inventory }),
    report,
  });
  return {
    additions,
    appPlugins: (app) =>
      createAppPlugins(plugins, { arc, inventory: createInventory(app, factsOf(additions.runtimes)) }),
  };
}

/** What the manifest declares itself. Handlers of `@ws` are there without a line, and may come from a plugin then. */
function declaredBy(
  pragmas: readonly Pragma[],
  app: App,
  functions: readonly { readonly name: string; readonly kind: string; readonly label: string }[],
): ReadonlySet<string> {
  const written = pragmas.filter(({ name }) => name === 'ws').flatMap(({ items }) => items);
  const ws = new Set(written.map(({ words }) => `ws/${words[0].text.replace(/^\$/, '')}`));
  const names = functions
    .map(({ name, kind, label }) => (kind === 'http' ? `http ${label}` : name))
    .filter((name) => !name.startsWith('ws/') || ws.has(name));
  return new Set([...names, ...app.tables.map(({ name }) => `table ${name}`)]);
}

function projectFacts({
  projectDir,
  text,
  stage,
  arc,
  plugins,
  runtimes,
}: PluginsTask & Pick<ProjectFacts, 'arc' | 'runtimes'> & { readonly plugins: readonly LoadedPlugin[] }): ProjectFacts {
  return {
    projectDir,
    arc,
    raw: text,
    stage,
    preferences: readPreferences(projectDir),
    plugins: plugins.map(({ name }) => name),
    runtimes,
    isThere: existsSync,
    handlerFile,
  };
}

const noStages = { testing: null, staging: null, production: null };

/** Read once more and not from what the app knows: plugins look for settings of their own. */
function readPreferences(projectDir: string): ProjectFacts['preferences'] {
  const file = preferenceFiles.find((name) => existsSync(join(projectDir, name)));
  if (file === undefined) return undefined;
  const pragmas = parseArc(withoutMark(readFileSync(join(projectDir, file), 'utf8')), createReport());
  const said = pragmas.map(({ name, items }) => [name, settingsOf(items)] as const);
  const data = Object.fromEntries(said.map(([name, all]) => [name, name === 'env' ? { ...noStages, ...all } : all]));
  return { file, data };
}

const endings = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.tsx', '.py', '.rb'];

function handlerFile(folder: string, handler: string): string | undefined {
  const base = join(folder, handler.slice(0, handler.lastIndexOf('.')));
  return endings.map((ending) => base + ending).find((file) => existsSync(file));
}

function createAppPlugins(
  plugins: readonly LoadedPlugin[],
  given: { readonly arc: unknown; readonly inventory: Inventory },
): AppPlugins {
  const called = plugins.filter(({ name }) => !builtIn.has(name)).flatMap(({ hooks }) => hooks);
  const byName = new Map(
    commandHooks.map((name) => [
      name,
      called.filter((hook) => hook.name === name).map((hook) => commandHook(hook, name, given)),
    ]),
  );
  return {
    names: plugins.map(({ name }) => name),
    files: plugins.map(({ file }) => file),
    hooks: (name) => byName.get(name) ?? [],
  };
}

function commandHook(hook: FoundHook, name: PluginHook['name'], common: Readonly<Record<string, unknown>>): PluginHook {
  const { plugin, file, call } = hook;
  const is = { plugin, hook: name, file };
  return {
    plugin,
    name,
    async run(given) {
      const end = beginPlugin(is);
      try {
        return await call({ ...common, ...given });
      } catch (error) {
        throw pluginErrors.pluginFailed(is, error);
      } finally {
        end();
      }
    },
    refuse: (why) => pluginErrors.pluginHook(is, why),
  };
}
