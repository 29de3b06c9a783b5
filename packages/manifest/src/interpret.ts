import type { App, FunctionSettings, StaticSettings, Table } from './app.ts';
import { checkIdentitySources } from './authorizer.ts';
import { readBackground, type BackgroundDraft } from './background.ts';
import { defaultHandler } from './default-handler.ts';
import { defaultAppSettings, defaultRouteSettings, defaultSettings } from './default-settings.ts';
import { faults, quote } from './errors.ts';
import { readEvents } from './events.ts';
import { noAdditions, type Additions } from './plugins/additions.ts';
import { givenSettings, runsAs, type GivenFunction } from './plugins/given-settings.ts';
import type { PluginRuntime } from './plugins/runtimes.ts';
import { readHttp, type HttpDraft } from './http.ts';
import { selectPragmas } from './pragmas.ts';
import { checkBatches, queueOf, readQueues, type QueueDraft } from './queues.ts';
import type { Report } from './report.ts';
import { checkFolders, type DraftFunction } from './routes.ts';
import { readScheduled, type ScheduledDraft } from './scheduled.ts';
import { readAppAws, readFunctionConfig, type AppSettings } from './settings.ts';
import { givenTo, readShared, type SharedDraft } from './shared.ts';
import { readStageVariables } from './stage-variables.ts';
import { readStatic } from './static.ts';
import { readTablesStreams, type TableStreamDraft } from './tables-streams.ts';
import { readTables } from './tables.ts';
import type { Pragma } from './tree.ts';
import { readWs, type WsDrafts } from './ws.ts';

const maxNameLength = 100;

/** A manifest that was read, before the config files of its functions are. */
export interface Draft {
  readonly name: string;
  readonly ws: WsDrafts | undefined;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly http: readonly HttpDraft[] | undefined;
  readonly static: StaticSettings;
  readonly tables: readonly Table[];
  readonly events: readonly BackgroundDraft[];
  readonly queues: readonly QueueDraft[];
  readonly scheduled: readonly ScheduledDraft[];
  readonly tablesStreams: readonly TableStreamDraft[];
  readonly customLambdas: readonly BackgroundDraft[];
  readonly shared: SharedDraft;
  readonly views: SharedDraft;
  readonly app: Partial<AppSettings>;
  /** What `@aws` says for every function. */
  readonly settings: Partial<FunctionSettings>;
  /** The functions that plugins bring, by name. */
  readonly given: ReadonlyMap<string, GivenFunction>;
  readonly runtimes: ReadonlyMap<string, PluginRuntime>;
  readonly variables: App['variables'];
}

/** Reads the pragmas of a manifest. What is wrong goes to `report`; what is right is in the draft all the same. */
export function interpretPragmas(
  manifest: readonly Pragma[],
  report: Report,
  additions: Additions = noAdditions(manifest),
): Draft {
  const { runtimes } = additions;
  const selected = selectPragmas(additions.pragmas, 'manifest', report);
  for (const [name, pragma] of selected) if (name !== 'static') checkOff(pragma, report);

  const ws = selected.get('ws');
  const http = selected.get('http');
  const aws = selected.get('aws');
  const settings = aws === undefined ? { app: {}, functions: {} } : readAppAws(aws, report, [...runtimes.keys()]);
  const stageVariables = selected.get('stage-variables');
  const draft = {
    name: readAppName(selected.get('app'), report),
    ws: ws === undefined ? undefined : readWs(ws, report),
    stageVariables: stageVariables === undefined ? {} : readStageVariables(stageVariables, report),
    http: http === undefined ? undefined : readHttp(http, report),
    static: readStatic(selected.get('static'), http !== undefined, report),
    tables: readTables(
      selected.get('tables'),
      [selected.get('tables-indexes'), selected.get('indexes')].filter((pragma) => pragma !== undefined),
      report,
    ),
    events: readEvents(selected.get('events'), report),
    queues: readQueues(selected.get('queues'), report),
    scheduled: readScheduled(selected.get('scheduled'), report),
    tablesStreams: readTablesStreams(
      { tables: selected.get('tables'), streams: joined(selected.get('tables-streams'), selected.get('streams')) },
      report,
    ),
    customLambdas: readCustomLambdas(additions.customLambdas, report),
    app: settings.app,
    settings: settings.functions,
    runtimes,
    variables: additions.variables,
  };
  checkStageVariables(stageVariables, draft.ws, report);
  const functions = draftFunctions(draft);
  checkFolders(functions, report);
  return {
    ...draft,
    shared: readShared('shared', selected.get('shared'), { functions, report }),
    views: readShared('views', selected.get('views'), { functions, report }),
    given: givenSettings(functions, { configs: additions.configs, draft, report }),
  };
}

/** Functions that only plugins declare, each in a folder of its own choice. */
function readCustomLambdas(pragma: Pragma | undefined, report: Report): readonly BackgroundDraft[] {
  if (pragma === undefined) return [];
  const rules = { kind: 'customLambdas', noun: 'function', known: [] } as const;
  return readBackground(pragma, rules, report).map(({ draft }) => draft);
}

/** A pragma that has two names, and may be there by both. */
function joined(pragma: Pragma | undefined, other: Pragma | undefined): Pragma | undefined {
  if (pragma === undefined || other === undefined) return pragma ?? other;
  return { ...pragma, items: [...pragma.items, ...other.items] };
}

/** Variables that nobody could see, and those that an authorizer asks for and nobody has. */
function checkStageVariables(pragma: Pragma | undefined, ws: WsDrafts | undefined, report: Report): void {
  if (pragma !== undefined && ws === undefined) report.add(faults.stageVariablesUnused(pragma.at));
  if (ws?.authorizer === undefined) return;
  const named = (pragma?.items ?? []).map(({ words }) => words[0].text);
  checkIdentitySources(ws.authorizer, named, report);
}

type Functions = Pick<Draft, 'ws' | 'http' | 'events' | 'queues' | 'scheduled' | 'tablesStreams' | 'customLambdas'>;

/** Every function of a draft: the authorizer, lifecycle handlers, custom routes, HTTP, then what runs in the background. */
export function draftFunctions({ ws, http, ...background }: Functions): readonly DraftFunction[] {
  const { events, queues, scheduled, tablesStreams, customLambdas } = background;
  const authorizer = ws?.authorizer === undefined ? [] : [ws.authorizer];
  const called = [...events, ...queues, ...scheduled, ...tablesStreams, ...customLambdas];
  return [...authorizer, ...(ws?.routes ?? []), ...(http ?? []), ...called];
}

/** Reads the pragmas of the config file in a folder, which goes on from what the manifest says. */
export function interpretConfig(
  pragmas: readonly Pragma[],
  { draft, sourceDir }: { readonly draft: Draft; readonly sourceDir: string },
  report: Report,
): Partial<FunctionSettings> {
  const selected = selectPragmas(pragmas, 'function', report);
  for (const pragma of selected.values()) checkOff(pragma, report);
  const owners = draftFunctions(draft).filter((each) => each.sourceDir === sourceDir);
  const runtimes = [...draft.runtimes.keys()];
  return readFunctionConfig(selected, report, {
    region: draft.app.region,
    inherited: draft.settings,
    owners,
    runtimes,
  });
}

/** Says what is wrong of queues once the config files of their functions were read. */
export function checkQueues(
  draft: Draft,
  configs: ReadonlyMap<string, Partial<FunctionSettings>>,
  report: Report,
): void {
  for (const queue of draft.queues) {
    checkBatches(queue, queueOf(queue, settingsOf(queue, saidOf(queue, draft, configs))), report);
  }
}

/** What is known of the folders of functions, by the folders. */
export interface FolderFacts {
  /** What their config files say. */
  readonly configs: ReadonlyMap<string, Partial<FunctionSettings>>;
  /** The files that they hold. */
  readonly names: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The finished app: each function gets the defaults, then `@aws`, then its own config by its folder. */
export function createApp(draft: Draft, file: string, { configs, names }: FolderFacts): App {
  const { name, ws, http, app } = draft;
  const own = (each: DraftFunction) => {
    const settings = settingsOf(each, saidOf(each, draft, configs), names.get(each.sourceDir));
    return { ...settings, ...givenTo(draft, each.name, settings) };
  };
  return {
    name,
    file,
    ws: ws?.routes.map(({ routeKey, name: functionName }) => ({ routeKey, functionName })),
    routeSelectionExpression: app.routeSelectionExpression ?? defaultAppSettings.routeSelectionExpression,
    authorizer: ws?.authorizer && {
      functionName: ws.authorizer.name,
      identitySources: ws.authorizer.identitySources.map(({ text }) => text),
    },
    stageVariables: draft.stageVariables,
    routeThrottle: {
      throttlingRateLimit: draft.settings.throttlingRateLimit,
      throttlingBurstLimit: draft.settings.throttlingBurstLimit,
    },
    http: http?.map(({ method, path, name: functionName }) => ({ method, path, functionName })),
    static: draft.static,
    sharedFolder: draft.shared.folder,
    viewsFolder: draft.views.folder,
    region: app.region,
    profile: app.profile,
    bucket: app.bucket,
    domain: app.domain,
    certificate: app.certificate,
    autoDeploy: app.autoDeploy ?? defaultAppSettings.autoDeploy,
    tables: draft.tables,
    events: draft.events.map((each) => ({ name: each.ownName, functionName: each.name })),
    queues: draft.queues.map((each) => queueOf(each, own(each))),
    scheduled: draft.scheduled.map(({ ownName, name: functionName, expression }) => ({
      name: ownName,
      functionName,
      expression,
    })),
    tablesStreams: draft.tablesStreams.map(({ ownName, name: functionName, tableName }) => ({
      name: ownName,
      functionName,
      tableName,
    })),
    customLambdas: draft.customLambdas.map((each) => ({ name: each.ownName, functionName: each.name })),
    variables: draft.variables,
    functions: draftFunctions(draft).map((each) => {
      const plugin = draft.given.get(each.name)?.plugin;
      return {
        name: each.name,
        kind: each.kind,
        label: each.label,
        ...runsAs(each, own(each), draft.runtimes),
        ...(plugin !== undefined && { plugin }),
      };
    }),
  };
}

/** What is said of a function: for all, by the plugin that brings it, then in its own folder. */
function saidOf(
  { name, sourceDir }: DraftFunction,
  draft: Draft,
  configs: ReadonlyMap<string, Partial<FunctionSettings>>,
): Partial<FunctionSettings> {
  return { ...draft.settings, ...draft.given.get(name)?.settings, ...configs.get(sourceDir) };
}

/** Settings of routes are told to those functions only for which they mean something. */
function settingsOf(
  { routeSettings, viewsByDefault, fifoByDefault = false }: DraftFunction,
  said: Partial<FunctionSettings>,
  names: ReadonlySet<string> = new Set(),
): FunctionSettings {
  const handler = defaultHandler(said.runtime ?? defaultSettings.runtime, names);
  const unused = Object.entries(defaultRouteSettings).filter(([name]) => !routeSettings.some((own) => own === name));
  return {
    ...defaultSettings,
    handler,
    views: viewsByDefault,
    fifo: fifoByDefault,
    ...said,
    ...Object.fromEntries(unused),
  };
}

/** Whether a text may be the name of an app. */
export function isAppName(text: string): boolean {
  return text.length <= maxNameLength && /^[a-z][a-zA-Z0-9_-]*$/.test(text);
}

function readAppName(pragma: Pragma | undefined, report: Report): string {
  const items = pragma?.items ?? [];
  const [first] = items;
  if (first === undefined) {
    report.add(faults.appMissing(pragma?.at ?? { line: 1, column: 1, length: 0 }));
    return '';
  }
  const [{ text, at }, ...rest] = first.words;
  const [other] = [...rest, ...[...first.children, ...items.slice(1)].map(({ words }) => words[0])];
  if (other !== undefined) report.add(faults.appName(other.at, `${quote(other.text)} is a second name.`));
  if (text.length > maxNameLength) {
    report.add(faults.appName(at, `The name has ${text.length} characters; ${maxNameLength} are the most.`));
  } else if (!isAppName(text)) report.add(faults.appName(at, `${quote(text)} is not a name for an app.`));
  return text;
}

/** `false` switches `@static` off, in JSON and YAML too. For the others it would mean nothing. */
function checkOff(pragma: Pragma | undefined, report: Report): void {
  if (pragma?.isOff !== true) return;
  report.add(
    faults.dataShape(pragma.at, `"${pragma.name}" is false.`, `Remove "${pragma.name}", or say what it holds.`),
  );
}
