import { routeSelectionExpression } from '@furrow/protocol';
import type { App, FunctionSettings, StaticSettings, Table } from './app.ts';
import { faults, quote } from './errors.ts';
import { readHttp, type HttpDraft } from './http.ts';
import { selectPragmas } from './pragmas.ts';
import type { Report } from './report.ts';
import { checkFolders } from './routes.ts';
import { defaultAppSettings, defaultSettings, readAppAws, readFunctionConfig, type AppSettings } from './settings.ts';
import { readStatic } from './static.ts';
import { readTables } from './tables.ts';
import type { Pragma } from './tree.ts';
import { readWs, type WsDraft } from './ws.ts';

const maxNameLength = 100;

/** A manifest that was read, before the config files of its functions are. */
export interface Draft {
  readonly name: string;
  readonly ws: readonly WsDraft[] | undefined;
  readonly http: readonly HttpDraft[] | undefined;
  readonly static: StaticSettings;
  readonly tables: readonly Table[];
  readonly app: Partial<AppSettings>;
  /** What `@aws` says for every function. */
  readonly settings: Partial<FunctionSettings>;
}

/** Reads the pragmas of a manifest. What is wrong goes to `report`; what is right is in the draft all the same. */
export function interpretPragmas(pragmas: readonly Pragma[], report: Report): Draft {
  const selected = selectPragmas(pragmas, 'manifest', report);
  for (const name of ['app', 'aws', 'http', 'indexes', 'tables', 'tables-indexes', 'ws'])
    checkOff(selected.get(name), report);

  const ws = selected.get('ws');
  const http = selected.get('http');
  const aws = selected.get('aws');
  const settings = aws === undefined ? { app: {}, functions: {} } : readAppAws(aws, report);
  const draft = {
    name: readAppName(selected.get('app'), report),
    ws: ws === undefined ? undefined : readWs(ws, report),
    http: http === undefined ? undefined : readHttp(http, report),
    static: readStatic(selected.get('static'), http !== undefined, report),
    tables: readTables(
      selected.get('tables'),
      [selected.get('tables-indexes'), selected.get('indexes')].filter((pragma) => pragma !== undefined),
      report,
    ),
    app: settings.app,
    settings: settings.functions,
  };
  checkFolders([...(draft.ws ?? []), ...(draft.http ?? [])], report);
  return draft;
}

/** Reads the pragmas of one function's config file, which goes on from what the manifest says. */
export function interpretConfig(
  pragmas: readonly Pragma[],
  { app, settings }: Pick<Draft, 'app' | 'settings'>,
  report: Report,
): Partial<FunctionSettings> {
  const selected = selectPragmas(pragmas, 'function', report);
  for (const pragma of selected.values()) checkOff(pragma, report);
  return readFunctionConfig(selected, report, { region: app.region, inherited: settings });
}

/** The finished app: each function gets the defaults, then `@aws`, then its own config by its folder. */
export function createApp(draft: Draft, file: string, configs: ReadonlyMap<string, Partial<FunctionSettings>>): App {
  const { name, ws, http, app } = draft;
  return {
    name,
    file,
    ws: ws?.map(({ routeKey, name: functionName }) => ({ routeKey, functionName })),
    routeSelectionExpression,
    authorizer: undefined,
    stageVariables: {},
    http: http?.map(({ method, path, name: functionName }) => ({ method, path, functionName })),
    static: draft.static,
    region: app.region,
    profile: app.profile,
    bucket: app.bucket,
    autoDeploy: app.autoDeploy ?? defaultAppSettings.autoDeploy,
    tables: draft.tables,
    functions: [...(ws ?? []), ...(http ?? [])].map((each) => ({
      name: each.name,
      kind: each.kind,
      label: each.label,
      sourceDir: each.sourceDir,
      settings: {
        ...defaultSettings,
        views: each.viewsByDefault,
        ...draft.settings,
        ...configs.get(each.sourceDir),
      },
    })),
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
