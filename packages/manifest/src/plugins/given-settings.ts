import type { FunctionDefinition, FunctionSettings } from '../app.ts';
import type { Report } from '../report.ts';
import type { DraftFunction } from '../routes.ts';
import { readFunctionConfig, settingNames } from '../settings.ts';
import type { Item, Pragma } from '../tree.ts';
import type { Additions } from './additions.ts';
import { settingLines, type Given } from './given-items.ts';
import { isObject } from './hooks.ts';
import type { PluginRuntime } from './runtimes.ts';

/** A function that a plugin brings. */
export interface GivenFunction {
  readonly plugin: string;
  readonly settings: Partial<FunctionSettings>;
}

interface Context {
  readonly configs: Additions['configs'];
  readonly draft: {
    readonly app: { readonly region?: string };
    readonly settings: Partial<FunctionSettings>;
    readonly runtimes: ReadonlyMap<string, PluginRuntime>;
  };
  readonly report: Report;
}

/** The functions that plugins bring, by name, with what `config` says of them. Settings that nobody knows are left out. */
export function givenSettings(
  functions: readonly DraftFunction[],
  { configs, draft, report }: Context,
): ReadonlyMap<string, GivenFunction> {
  const told = once(report);
  const found = functions.flatMap((each) => {
    const given = configs.get(each.kind === 'http' ? `http ${each.label}` : each.name);
    if (given === undefined) return [];
    const settings = readFunctionConfig(configPragmas(given), told, {
      region: draft.app.region,
      inherited: draft.settings,
      owners: [each],
      runtimes: [...draft.runtimes.keys()],
    });
    return [[each.name, { plugin: given.plugin, settings }] as const];
  });
  return new Map(found);
}

/** Says the same of several functions of a plugin only once: there is one place for all of them. */
function once(report: Report): Report {
  const said = new Set<string>();
  return {
    ...report,
    add(fault) {
      const key = `${fault.at.line} ${fault.message}`;
      if (!said.has(key)) report.add(fault);
      said.add(key);
    },
  };
}

/** `config` of a result as a config file has it. */
function configPragmas({ fields: { config }, at }: Given): ReadonlyMap<string, Pragma> {
  const entries = isObject(config) ? Object.entries(config) : [];
  const linesOf = (known: readonly string[]): readonly Item[] =>
    settingLines(Object.fromEntries(entries.filter(([name]) => known.includes(name))), at);
  const pragmas = [
    { name: 'aws', items: linesOf(settingNames.function) },
    { name: 'arc', items: linesOf(settingNames.config) },
  ];
  return new Map(pragmas.map(({ name, items }) => [name, { name, items, at, isOff: false }]));
}

/** Where a function runs from, and on what: a runtime of a plugin stands for one of Lambda, often in a folder of builds. */
export function runsAs(
  { sourceDir, hasOwnFolder }: DraftFunction,
  settings: FunctionSettings,
  runtimes: ReadonlyMap<string, PluginRuntime>,
): Pick<FunctionDefinition, 'sourceDir' | 'settings' | 'authored'> {
  const runtime = runtimes.get(settings.runtime);
  if (runtime === undefined) return { sourceDir, settings };
  const { baseRuntime, buildFolder: folder, isBuiltHere } = runtime;
  const buildFolder = folder === undefined ? undefined : builtFolder(folder, sourceDir, hasOwnFolder);
  const authored = { sourceDir, runtime: settings.runtime, buildFolder };
  if (buildFolder === undefined || isBuiltHere) {
    return { sourceDir, settings: { ...settings, runtime: baseRuntime }, authored };
  }
  // Shared code is in the build already.
  return {
    sourceDir: buildFolder,
    settings: { ...settings, runtime: baseRuntime, shared: false, views: false },
    authored,
  };
}

/** As Architect has it: `.build/http/get-index` for `src/http/get-index`, and a folder of one's own below it as a whole. */
function builtFolder(buildFolder: string, sourceDir: string, hasOwnFolder: boolean): string {
  return `${buildFolder}/${hasOwnFolder ? sourceDir : sourceDir.replace(/^src\//, '')}`;
}
