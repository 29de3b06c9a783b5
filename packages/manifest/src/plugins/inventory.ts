import { isAbsolute, join, resolve } from 'node:path';
import type { App, FunctionDefinition, StaticSettings, Table } from '../app.ts';
import { defaultSettings } from '../settings.ts';
import type { ArcData, ArcValue } from './arc-data.ts';
import { inventoryIndexes, inventoryTable } from './inventory-tables.ts';
import type { PluginRuntime } from './runtimes.ts';

/** What is known of a project beside its app. */
export interface ProjectFacts {
  /** Absolute. */
  readonly projectDir: string;
  readonly arc: ArcData;
  /** The text of the manifest. */
  readonly raw: string;
  /** Where it is deployed to; nowhere in the sandbox. */
  readonly stage: string | undefined;
  /** What the project's preferences say, by pragma, and their file. */
  readonly preferences: { readonly file: string; readonly data: Readonly<Record<string, ArcValue>> } | undefined;
  readonly plugins: readonly string[];
  readonly runtimes: ReadonlyMap<string, PluginRuntime>;
  /** Whether a folder, an absolute path, is there. */
  readonly isThere: (folder: string) => boolean;
  /** The file of a folder that holds the handler; `undefined` when there is none. */
  readonly handlerFile: (folder: string, handler: string) => string | undefined;
}

type Members = Readonly<Record<string, unknown>>;

/** An app in the shape of Architect's inventory, as far as plugins use it. What it lacks is `null`, as there. */
export interface Inventory {
  readonly inv: Members;
  /** `get.http('get /')` */
  readonly get: Readonly<Record<string, (name?: string) => unknown>>;
}

const kinds = ['http', 'ws', 'events', 'queues', 'scheduled', 'tables-streams', 'customLambdas'] as const;
const otherPragmas = ['app', 'aws', 'cdn', 'plugins', 'proxy', 'shared', 'static', 'tables', 'tables-indexes', 'views'];

/** The inventory that hooks get, frozen. */
export function createInventory(app: App, facts: ProjectFacts): Inventory {
  const byKind = new Map<string, readonly Members[]>(
    kinds.map((kind) => [
      kind,
      app.functions.filter((each) => isListed(each, kind)).map((each) => lambda(each, app, facts)),
    ]),
  );
  const lambdas = [...byKind.values()].flat();
  const folders = [...new Set(lambdas.map(({ src }) => String(src)))].toSorted();
  const inv: Members = {
    _arc: {
      version: 'Unknown',
      defaultFunctionConfig: functionConfig(undefined),
      pragmas: {
        all: [...otherPragmas, ...kinds.slice(0, -1)],
        lambdas: kinds.slice(0, -1),
        reserved: [],
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
    defaultFunctionConfig: functionConfig(undefined),
    rootHandler: rootHandler(app),
    env: { local: preferences?.data['env'] ?? null, plugins: hasVariables ? app.variables : null, aws: null },
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

function lambda(definition: FunctionDefinition, app: App, facts: ProjectFacts): Members {
  const { kind, name, label, plugin } = definition;
  return {
    name: kind === 'http' || kind === 'ws' ? label : name.slice(kind.length + 1),
    config: functionConfig(definition),
    ...placesOf(definition, facts),
    configFile: null,
    pragma: kind === 'customLambdas' ? null : kind,
    ...ofItsKind[kind](name, app),
    ...(plugin !== undefined && { _plugin: plugin }),
  };
}

/** Where a function is, and its handler: of one that a plugin builds, where that is to be. */
function placesOf({ settings, sourceDir, authored }: FunctionDefinition, facts: ProjectFacts): Members {
  const src = resolve(facts.projectDir, authored?.sourceDir ?? sourceDir);
  const [file = 'index', handlerMethod = 'handler'] = settings.handler.split('.');
  if (authored?.buildFolder === undefined) {
    const handlerFile = facts.handlerFile(src, settings.handler) ?? join(src, `${file}.mjs`);
    return { src, handlerFile, handlerMethod };
  }
  const runtime = facts.runtimes.get(authored.runtime);
  const build = resolve(facts.projectDir, authored.buildFolder);
  const isProgram = runtime?.type === 'compiled';
  return { src, build, handlerFile: builtHandler(build, runtime), handlerMethod: isProgram ? null : handlerMethod };
}

function builtHandler(build: string, runtime: PluginRuntime | undefined): string {
  const { handlerFile, buildSubpath } = runtime?.fields ?? {};
  const file = typeof handlerFile === 'string' ? handlerFile : undefined;
  if (runtime?.type !== 'compiled') return join(build, file ?? 'index.js');
  return join(build, typeof buildSubpath === 'string' ? buildSubpath : '', file ?? 'bootstrap');
}

const nothing = (): Members => ({});

/** What only functions of one pragma have. */
const ofItsKind: Readonly<Record<FunctionDefinition['kind'], (name: string, app: App) => Members>> = {
  http(name, { http = [] }) {
    const route = http.find(({ functionName }) => functionName === name);
    return { method: route?.method, path: route?.path };
  },
  ws: (name, { ws = [] }) => ({ route: ws.find(({ functionName }) => functionName === name)?.routeKey }),
  events: nothing,
  queues: nothing,
  scheduled(name, { scheduled }) {
    const said = scheduled.find(({ functionName }) => functionName === name)?.expression ?? '';
    const [form, expression = ''] = said.slice(0, -1).split('(');
    return { rate: form === 'rate' ? { expression } : null, cron: form === 'cron' ? { expression } : null };
  },
  'tables-streams': (name, { tablesStreams }) => ({
    table: tablesStreams.find(({ functionName }) => functionName === name)?.tableName,
  }),
  customLambdas: nothing,
};

/** Settings in Architect's words. */
function functionConfig(definition: FunctionDefinition | undefined): Members {
  const {
    settings = { ...defaultSettings, handler: 'index.handler', views: false },
    kind,
    authored,
  } = definition ?? {};
  const { timeout, memory, architecture, handler, storage, concurrency, layers, policies, shared, env } = settings;
  return {
    timeout,
    memory,
    runtime: authored?.runtime ?? settings.runtime,
    architecture,
    handler,
    state: 'n/a',
    concurrency: concurrency ?? 'unthrottled',
    storage,
    layers,
    policies,
    shared,
    env,
    ...(kind === 'http' && { views: settings.views }),
    ...(kind === 'queues' && { fifo: settings.fifo }),
  };
}

/** What `@aws` says, as it is written. */
function awsSettings({ aws = [] }: ArcData): Members {
  return Object.fromEntries(
    aws.flatMap((item) => (Array.isArray(item) && item.length > 1 ? [[String(item[0]), oneOrAll(item.slice(1))]] : [])),
  );
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
