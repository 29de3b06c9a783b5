import { awsFunctionName } from '@furrow/executor';
import type { App, FunctionDefinition } from '@furrow/manifest';
import { hashOf, isCanonical, type LogicalIds } from './logical-ids.ts';
import { staticFunctionName, type FunctionCode, type TemplateInput } from './template.ts';

/** What a function is on AWS, as far as the template is concerned. */
export interface Unit {
  /** `ws/join`; the built-in one that serves files is `static`. */
  readonly name: string;
  readonly label: string;
  readonly kind: FunctionDefinition['kind'] | 'static';
  /** `JoinWS`, `GetIndexHTTP`, `LikesEvent`: what the ids of its resources begin with. */
  readonly baseId: string;
  /** For `substitute`: `/aws/lambda/${AWS::StackName}-ws-join`. */
  readonly logGroupName: string;
  readonly code: FunctionCode;
  readonly settings: UnitSettings;
}

export type UnitSettings = Omit<
  FunctionDefinition['settings'],
  | 'handler'
  | 'command'
  | 'environment-concurrency'
  | 'shared'
  | 'views'
  | 'external'
  | 'routeResponse'
  | 'throttlingRateLimit'
  | 'throttlingBurstLimit'
  | 'fifo'
>;

/** What is decided once and said in many resources. */
export interface Context extends TemplateInput {
  readonly units: readonly Unit[];
  readonly ids: LogicalIds;
  readonly hasWebSocket: boolean;
  /** Whether there is an HTTP API: for routes, or for files. */
  readonly hasHttp: boolean;
  /** Whether the routes of the HTTP API stand in an OpenAPI text. */
  readonly hasOpenApi: boolean;
}

/** Small, because it waits for S3 most of the time; 256 MB still get a fair part of a CPU. */
const staticSettings: UnitSettings = {
  timeout: 10,
  memory: 256,
  runtime: 'nodejs24.x',
  architecture: 'arm64',
  storage: 512,
  concurrency: undefined,
  provisionedConcurrency: undefined,
  layers: [],
  policies: [],
  logRetention: 30,
  env: false,
};

/** As Architect has them. */
const idEndings: Readonly<Record<FunctionDefinition['kind'], string>> = {
  ws: 'WS',
  http: 'HTTP',
  events: 'Event',
  queues: 'Queue',
  scheduled: 'Scheduled',
  'tables-streams': 'TableStream',
  customLambdas: 'Custom',
};

/** Everything that runs: the functions of the app, in its order, then the one that serves files. */
export function listUnits({ app, code }: Pick<TemplateInput, 'app' | 'code'>, ids: LogicalIds): readonly Unit[] {
  const own = app.functions.map((each) => ({
    name: each.name,
    label: each.label,
    kind: each.kind,
    baseId: `${idOf(ids, each.name)}${idEndings[each.kind]}`,
    logGroupName: logGroupName(each.name),
    code: codeOf(code, each.name),
    settings: each.settings,
  }));
  return app.static.isServed ? [...own, staticUnit(code)] : own;
}

function staticUnit(code: TemplateInput['code']): Unit {
  return {
    name: staticFunctionName,
    label: 'static files',
    kind: 'static',
    baseId: 'StaticHTTP',
    logGroupName: logGroupName(staticFunctionName),
    code: codeOf(code, staticFunctionName),
    settings: staticSettings,
  };
}

/** The id of a function or table, without its ending. */
export function idOf(ids: LogicalIds, name: string): string {
  return known(ids.get(name), `logical id of ${name}`);
}

/** The name of the sandbox's log group, as far as no other function could have it too. */
function logGroupName(name: string): string {
  const suffix = name === staticFunctionName || isCanonical(name) ? '' : `-${hashOf(name)}`;
  return `/aws/lambda/${awsFunctionName('${AWS::StackName}', name)}${suffix}`;
}

function codeOf(code: TemplateInput['code'], name: string): FunctionCode {
  return known(code.get(name), `code of ${name}`);
}

/** The function that a route invokes. */
export function unitOf({ units }: Pick<Context, 'units'>, functionName: string): Unit {
  return known(
    units.find(({ name }) => name === functionName),
    `function ${functionName}`,
  );
}

/** What the app says of a function. */
export function definitionOf({ app }: Pick<Context, 'app'>, functionName: string): FunctionDefinition {
  return known(
    app.functions.find(({ name }) => name === functionName),
    `function ${functionName}`,
  );
}

/** What must be there: the manifest and the package see to it. */
function known<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new Error(`There is no ${what}`);
  return found;
}

/** Whether an app has anything that HTTP requests are for. */
export function servesHttp(app: App): boolean {
  return (app.http ?? []).length > 0 || app.static.isServed;
}
