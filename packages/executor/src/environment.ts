import { createHash } from 'node:crypto';

/** What the shell knows of the app when handlers start. */
export interface EnvironmentFacts {
  readonly appName: string;
  /** `testing`, `staging`, `production`. */
  readonly stage: string;
  readonly stackName: string;
  /** `ws://localhost:3333/testing`. */
  readonly webSocketUrl: string;
  /** `http://localhost:3333`. */
  readonly httpUrl: string;
  readonly region: string;
  /** Where a local `@connections` and SSM answer; absent on AWS. */
  readonly local?:
    | {
        readonly managementUrl: string;
        readonly ssmUrl: string;
        readonly port: number;
        readonly projectDir: string;
        readonly staticDir: string;
        /** Where DynamoDB answers; `undefined` when the app has no tables. */
        readonly dynamoDbUrl?: string | undefined;
        /** Where SNS, SQS and what Architect's library asks in their place answer; `undefined` without events and queues. */
        readonly messages?: { readonly port: number; readonly snsUrl: string; readonly sqsUrl: string } | undefined;
      }
    | undefined;
  /** The app's own variables, from `.env`. They never override what Lambda reserves or what is set for the app. */
  readonly own: Readonly<Record<string, string>>;
  /** The developer's AWS keys or profile, or the made-up ones. */
  readonly credentials: Readonly<Record<string, string>>;
  /** What the operating system needs: PATH, HOME, SystemRoot. */
  readonly system: Readonly<Record<string, string>>;
}

export interface FunctionEnvironment {
  readonly name: string;
  readonly memoryMegabytes: number;
  readonly runtime: string;
  readonly handler: string;
  /** How many events run beside each other in it. @default 1 */
  readonly environmentConcurrency?: number;
  readonly hasOwnVariables: boolean;
}

/** The version of Architect's sandbox that its library looks for; it compares the first digit as text, so never 10. */
const architectVersion = '9.0.0';

/** Variables that Lambda does not let an app set (fact H13); in `.env` they have no effect here either. */
const reserved: ReadonlySet<string> = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
  'AWS_LAMBDA_MAX_CONCURRENCY',
  'AWS_LAMBDA_METADATA_API',
  'AWS_LAMBDA_METADATA_TOKEN',
]);

/** Whether Lambda keeps a variable for itself, so that no function may set it. */
export function isReservedVariable(name: string): boolean {
  return reserved.has(name);
}

const ours: ReadonlySet<string> = new Set([
  'ARC_APP_NAME',
  'ARC_ENV',
  'ARC_HTTP_URL',
  'ARC_ROLE',
  'ARC_SANDBOX',
  'ARC_STACK_NAME',
  'ARC_STATIC_BUCKET',
  'ARC_WSS_URL',
  'AWS_CLOUDFORMATION',
]);

/**
 * Whether a variable says where and as what a function runs, so that no app may set it. Others of ours
 * (`ARC_SESSION_TABLE_NAME`, `NODE_OPTIONS`) are what a function gets when its app says nothing.
 */
export function isOurVariable(name: string): boolean {
  return ours.has(name);
}

/** What Lambda sets where the app does not (fact H14). */
const defaults = {
  LANG: 'en_US.UTF-8',
  TZ: ':UTC',
  AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
  AWS_XRAY_DAEMON_ADDRESS: '169.254.100.1:2000',
};

/** The variables that a handler sees, Lambda's (facts H13, H14) and Architect's. */
export function handlerEnvironment(
  facts: EnvironmentFacts,
  target: FunctionEnvironment,
): Readonly<Record<string, string>> {
  const functionName = awsFunctionName(facts.stackName, target.name);
  return {
    ...facts.system,
    ...defaults,
    ...(target.hasOwnVariables && withoutReserved(facts.own)),
    ...facts.credentials,
    AWS_REGION: facts.region,
    AWS_DEFAULT_REGION: facts.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${target.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(target.memoryMegabytes),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${functionName}`,
    _HANDLER: target.handler,
    // Lambda sets it only where there may be several.
    ...((target.environmentConcurrency ?? 1) > 1 && {
      AWS_LAMBDA_MAX_CONCURRENCY: String(target.environmentConcurrency),
    }),
    ARC_APP_NAME: facts.appName,
    ARC_ENV: facts.stage,
    ARC_STACK_NAME: facts.stackName,
    AWS_CLOUDFORMATION: facts.stackName,
    ARC_SESSION_TABLE_NAME: facts.own['ARC_SESSION_TABLE_NAME'] ?? 'jwe',
    ARC_WSS_URL: facts.webSocketUrl,
    ARC_HTTP_URL: facts.httpUrl,
    ...(facts.local && { ...localVariables(facts.local), ARC_APP_SECRET: localSecret(facts, target) }),
  };
}

/**
 * What sessions are encrypted with: the app's own secret where the function has it on AWS, too. Else one that stays the same,
 * so that sessions outlive a sandbox, and differs from that of other apps, whose cookies browsers send to every port.
 */
function localSecret({ appName, local, own }: EnvironmentFacts, { hasOwnVariables }: FunctionEnvironment): string {
  const made = createHash('sha256').update(`${appName}\n${local?.projectDir}`).digest('hex').slice(0, 32);
  return (hasOwnVariables && own['ARC_APP_SECRET']) || made;
}

function withoutReserved(own: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(own).filter(([name]) => !reserved.has(name)));
}

function localVariables(local: NonNullable<EnvironmentFacts['local']>): Record<string, string> {
  const { port, projectDir, staticDir, dynamoDbUrl, messages } = local;
  const tables = dynamoDbUrl === undefined ? {} : { tables: portOf(dynamoDbUrl) };
  return {
    ARC_STATIC_BUCKET: staticDir,
    ARC_ROLE: 'SandboxRole',
    ARC_SANDBOX: JSON.stringify({
      apiType: 'http',
      cwd: projectDir,
      ports: { http: port, _arc: port, ...tables, ...(messages && { events: messages.port, queues: messages.port }) },
      staticPath: staticDir,
      version: architectVersion,
    }),
    AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: local.managementUrl,
    AWS_ENDPOINT_URL_SSM: local.ssmUrl,
    ...(dynamoDbUrl !== undefined && { AWS_ENDPOINT_URL_DYNAMODB: dynamoDbUrl }),
    ...(messages && { AWS_ENDPOINT_URL_SNS: messages.snsUrl, AWS_ENDPOINT_URL_SQS: messages.sqsUrl }),
    AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE: '1',
  };
}

/** The port of a URL: all that Architect's library is told of where something is on this machine. */
export function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  const usual = protocol === 'https:' ? 443 : 80;
  return port === '' ? usual : Number(port);
}

/** The name of a function as `context.functionName` gives it: `TestappTesting-ws-default`. */
export function awsFunctionName(stackName: string, name: string): string {
  return `${stackName}-${name.replaceAll(/[^a-zA-Z0-9]+/g, '-')}`;
}
