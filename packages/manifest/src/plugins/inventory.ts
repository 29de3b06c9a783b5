import { isAbsolute, join } from 'node:path';
import type { App, FunctionDefinition, StaticSettings, Table } from '../app.ts';
import type { ArcData, ArcValue } from './arc-data.ts';
import { functionConfig, inventoryLambda, type Members, type ProjectFacts } from './inventory-lambda.ts';
import { inventoryIndexes, inventoryTable } from './inventory-tables.ts';

/** An app in the shape of Architect's inventory, as far as plugins use it. What it lacks is `null`, as there. */
export interface Inventory {
  readonly inv: Members;
  /** `get.http('get /')` */
  readonly get: Readonly<Record<string, (name?: string) => unknown>>;
}

const kinds = ['http', 'ws', 'events', 'queues', 'scheduled', 'tables-streams', 'customLambdas'] as const;
const lambdaPragmas = ['events', 'http', 'queues', 'scheduled', 'tables-streams', 'ws'];
const otherPragmas = ['app', 'aws', 'cdn', 'plugins', 'proxy', 'shared', 'static', 'tables', 'tables-indexes', 'views'];

/** The inventory that hooks get, frozen. */
export function createInventory(app: App, facts: ProjectFacts): Inventory {
  const byKind = new Map<string, readonly Members[]>(
    kinds.map((kind) => [
      kind,
      app.functions.filter((each) => isListed(each, kind)).map((each) => inventoryLambda(each, app, facts)),
    ]),
  );
  const lambdas = [...byKind.values()].flat();
  const folders = [...new Set(lambdas.map(({ src }) => String(src)))].toSorted();
  const inv: Members = {
    _arc: {
      version: 'Unknown',
      defaultFunctionConfig: functionConfig(undefined),
      pragmas: {
        all: [...otherPragmas, ...lambdaPragmas].toSorted(),
        lambdas: lambdaPragmas,
        reserved: ['customLambdas'],
        retired: [],
      },
      deployStage: facts.stage ?? null,
    },
    _project: project(app, facts),
    app: app.name,
    aws: {
      ...namedNull(['apigateway', 'concurrency', 'layers', 'memory', 'policies', 'runtime', 'timeout']),
      ...awsSettings(facts.arc),
      bucket: app.bucket ?? null,
      profile: app.profile ?? null,
      region: app.region ?? 'us-west-2',
    },
    cdn: null,
    proxy: null,
    plugins: facts.plugins.length === 0 ? null : Object.fromEntries(facts.plugins.map((name) => [name, {}])),
    ...Object.fromEntries([...byKind].map(([kind, list]) => [kind, list.length === 0 ? null : list])),
    shared: sharedOf('shared', app.sharedFolder, lambdas, facts),
    views: sharedOf('views', app.viewsFolder, lambdas, facts),
    static: app.static.isServed ? staticOf(app.static) : null,
    tables: orNull(app.tables.map((table) => inventoryTable(table, hasStream(app, table)))),
    'tables-indexes': orNull(app.tables.flatMap(inventoryIndexes)),
    lambdaSrcDirs: orNull(folders),
    lambdasBySrcDir:
      folders.length === 0
        ? null
        : Object.fromEntries(folders.map((folder) => [folder, oneOrAll(lambdas.filter(({ src }) => src === folder))])),
  };
  return { inv: frozen(inv), get: getters(inv) };
}

/** The authorizer is a function of ours that Architect does not know. */
function isListed({ name, kind }: FunctionDefinition, wanted: string): boolean {
  return kind === wanted && name !== 'ws/authorizer';
}

function project(app: App, facts: ProjectFacts): Members {
  const { projectDir, arc, raw, preferences, runtimes } = facts;
  const build = [...runtimes.values()]
    .map(({ fields }) => fields['build'])
    .find((folder) => typeof folder === 'string');
  const config = functionConfig(undefined);
  const hasVariables = Object.values(app.variables).some((variables) => Object.keys(variables).length > 0);
  return {
    type: 'aws',
    cwd: projectDir,
    src: join(projectDir, 'src'),
    build: build === undefined ? null : join(projectDir, build),
    manifest: join(projectDir, app.file),
    preferences: preferences?.data ?? null,
    localPreferences: preferences?.data ?? null,
    localPreferencesFile: preferences === undefined ? null : join(projectDir, preferences.file),
    globalPreferences: null,
    globalPreferencesFile: null,
    defaultFunctionConfig: { ...config, ...pick(awsSettings(arc), Object.keys(config)) },
    rootHandler: rootHandler(app),
    env: {
      local: localVariables(app, preferences?.data['env']),
      plugins: hasVariables ? app.variables : null,
      aws: null,
    },
    customRuntimes:
      runtimes.size === 0
        ? null
        : {
            runtimes: [...runtimes.keys()],
            ...Object.fromEntries([...runtimes].map(([name, { fields }]) => [name, fields])),
          },
    arc,
    raw,
  };
}

/** The route that answers `/`. */
function rootHandler({ http = [] }: App): string {
  const found = ['get /', 'any /', 'get /*', 'any /*'].find((name) => http.some((route) => routeName(route) === name));
  return found ?? 'arcStaticAssetProxy';
}

function routeName({ method, path }: { readonly method: string; readonly path: string }): string {
  return `${method} ${path}`;
}

/** What `@aws` says, as it is written. */
function awsSettings({ aws = [] }: ArcData): Members {
  const entries = aws.flatMap((item): (readonly [string, unknown])[] => {
    if (!Array.isArray(item)) return isMembers(item) ? Object.entries(item) : [];
    const [name, ...values]: readonly ArcValue[] = item;
    return typeof name !== 'string' || values.length === 0 ? [] : [[name, oneOrAll(values)]];
  });
  return Object.fromEntries(entries);
}

function pick(members: Members, names: readonly string[]): Members {
  return Object.fromEntries(Object.entries(members).filter(([name]) => names.includes(name)));
}

/** The variables of preferences, with those of plugins; `null` for a stage without any. */
function localVariables({ variables }: App, said: unknown): Members | null {
  const ofPreferences = isMembers(said) ? said : {};
  const stages = Object.entries(variables).map(([stage, ofPlugins]) => {
    const own = ofPreferences[stage];
    const all = { ...ofPlugins, ...(isMembers(own) && own) };
    return [stage, Object.keys(all).length === 0 ? null : all] as const;
  });
  return stages.some(([, all]) => all !== null) ? Object.fromEntries(stages) : null;
}

function sharedOf(
  name: 'shared' | 'views',
  folder: string,
  lambdas: readonly Members[],
  facts: ProjectFacts,
): Members | null {
  const src = isAbsolute(folder) ? folder : join(facts.projectDir, folder);
  if (lambdas.length === 0 || !facts.isThere(src)) return null;
  const given = lambdas.filter(({ config }) => isMembers(config) && config[name] === true);
  return { src, [name]: [...new Set(given.map((each) => each['src']))] };
}

function staticOf(settings: StaticSettings): Members {
  const { compression, fingerprint, folder, ignore, prefix, prune, spa, staging, production } = settings;
  return {
    compression: compression ?? false,
    fingerprint,
    folder,
    ignore,
    prefix: prefix ?? null,
    prune,
    spa,
    staging: staging ?? null,
    production: production ?? null,
  };
}

function hasStream({ tablesStreams }: App, { name }: Table): true | null {
  return tablesStreams.some(({ tableName }) => tableName === name) ? true : null;
}

function getters(inv: Members): Inventory['get'] {
  return Object.fromEntries(
    Object.entries(inv).map(([pragma, value]) => [pragma, (name?: string) => lookUp(pragma, value, name)]),
  );
}

/** One thing of a pragma by its name; several of indexes, whose names are their tables'. */
function lookUp(pragma: string, value: unknown, name: string | undefined): unknown {
  if (value === null) return null;
  if (!Array.isArray(value))
    return isMembers(value) && name !== undefined ? value[name] : name === undefined ? value : undefined;
  const list: readonly unknown[] = value;
  const found = list.filter((item) => item === name || (isMembers(item) && item['name'] === name));
  if (pragma === 'tables-indexes') return found.length === 0 ? undefined : found;
  return found[0];
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function orNull<T>(list: readonly T[]): readonly T[] | null {
  return list.length === 0 ? null : list;
}

function oneOrAll<T>(list: readonly T[]): T | readonly T[] | undefined {
  return list.length === 1 ? list[0] : list;
}

function namedNull(names: readonly string[]): Members {
  return Object.fromEntries(names.map((name) => [name, null]));
}

/** A copy that nobody can change, as Architect hands it out: what a plugin writes must not change the app. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
}
