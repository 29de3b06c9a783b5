import { join, resolve } from 'node:path';
import type { App, FunctionDefinition } from '../app.ts';
import { defaultSettings } from '../default-settings.ts';
import type { ArcData } from './arc-data.ts';
import type { PluginRuntime } from './runtimes.ts';

export type Members = Readonly<Record<string, unknown>>;

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
  readonly preferences: { readonly file: string; readonly data: Members } | undefined;
  readonly plugins: readonly string[];
  readonly runtimes: ReadonlyMap<string, PluginRuntime>;
  /** Whether a folder, an absolute path, is there. */
  readonly isThere: (folder: string) => boolean;
  /** The file of a folder that holds the handler; `undefined` when there is none. */
  readonly handlerFile: (folder: string, handler: string) => string | undefined;
}

/** A function in the shape of Architect's inventory. */
export function inventoryLambda(definition: FunctionDefinition, app: App, facts: ProjectFacts): Members {
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

const rateParts = ['value', 'interval'];
const cronParts = ['minutes', 'hours', 'dayOfMonth', 'month', 'dayOfWeek', 'year'];

/** A schedule with its words by name; numbers are numbers. */
function partsOf(expression: string, names: readonly string[]): Members {
  const words = expression.split(' ').map((word) => (Number.isNaN(Number(word)) ? word : Number(word)));
  return { expression, ...Object.fromEntries(names.map((name, index) => [name, words[index]])) };
}

const nothing = (): Members => ({});

/** What only functions of one pragma have. */
const ofItsKind: Readonly<Record<FunctionDefinition['kind'], (name: string, app: App) => Members>> = {
  http(name, { http = [] }) {
    const route = http.find(({ functionName }) => functionName === name);
    return { method: route?.method, path: route?.path };
  },
  ws: (name) => ({ route: name.slice('ws/'.length) }),
  events: nothing,
  queues: nothing,
  scheduled(name, { scheduled }) {
    const said = scheduled.find(({ functionName }) => functionName === name)?.expression ?? '';
    const [form, expression = ''] = said.slice(0, -1).split('(');
    return {
      rate: form === 'rate' ? partsOf(expression, rateParts) : null,
      cron: form === 'cron' ? partsOf(expression, cronParts) : null,
    };
  },
  'tables-streams': (name, { tablesStreams }) => ({
    table: tablesStreams.find(({ functionName }) => functionName === name)?.tableName,
  }),
  customLambdas: nothing,
};

/** Settings in Architect's words; without a function, those that one gets which says nothing. */
export function functionConfig(definition: FunctionDefinition | undefined): Members {
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
    ...(kind === 'http' && settings.views && { views: true }),
    ...(kind === 'queues' && { fifo: settings.fifo }),
  };
}
