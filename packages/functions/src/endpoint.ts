import type { Credentials } from '@furrow/protocol';
import { isRecord, parseObject } from './answer.ts';
import { errors } from './errors.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where requests go: `https://host:port`, and what stands before every path, without a slash at its end. */
export interface Endpoint {
  readonly origin: string;
  readonly basePath: string;
}

const managementVariable = 'AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI';

/**
 * Where `@connections` is: the variable that the AWS SDKs read for this service, else the web socket URL of the app.
 *
 * @throws {ENDPOINT_MISSING} when neither is set.
 * @throws {ENDPOINT_INVALID} when the one that counts is no URL.
 */
export function managementEndpoint(env: Environment): Endpoint {
  const variable = env[managementVariable] ? managementVariable : 'ARC_WSS_URL';
  const value = env[variable];
  if (!value) throw errors.endpointMissing();
  return parseEndpoint(variable, value);
}

/**
 * Where SSM is: `AWS_ENDPOINT_URL_SSM`, else the public endpoint of the region.
 *
 * @throws {ENDPOINT_INVALID} when `AWS_ENDPOINT_URL_SSM` is no URL.
 * @see https://docs.aws.amazon.com/general/latest/gr/ssm.html (read 2026-11)
 */
export function parametersEndpoint(env: Environment, region: string): Endpoint {
  const value = env['AWS_ENDPOINT_URL_SSM'];
  if (value) return parseEndpoint('AWS_ENDPOINT_URL_SSM', value);
  return { origin: `https://ssm.${region}.${domainOf(region)}`, basePath: '' };
}

/**
 * Where DynamoDB is: `AWS_ENDPOINT_URL_DYNAMODB`, else `AWS_ENDPOINT_URL`, else the port that `ARC_SANDBOX` names for tables,
 * else the public endpoint of the region.
 *
 * @throws {ENDPOINT_INVALID} when the variable that counts is no URL.
 * @see https://docs.aws.amazon.com/general/latest/gr/ddb.html (read 2026-11)
 */
export function tablesEndpoint(env: Environment, region: string): Endpoint {
  const variable = ['AWS_ENDPOINT_URL_DYNAMODB', 'AWS_ENDPOINT_URL'].find((name) => env[name]);
  if (variable !== undefined) return parseEndpoint(variable, env[variable] ?? '');
  const port = sandboxPort(env['ARC_SANDBOX']);
  if (port !== undefined) return { origin: `http://localhost:${port}`, basePath: '' };
  return { origin: `https://dynamodb.${region}.${domainOf(region)}`, basePath: '' };
}

function sandboxPort(sandbox = ''): number | undefined {
  const { ports } = parseObject(sandbox);
  const port = isRecord(ports) ? ports['tables'] : undefined;
  return typeof port === 'number' ? port : undefined;
}

/**
 * Where SNS or SQS is: `AWS_ENDPOINT_URL_SNS` or `AWS_ENDPOINT_URL_SQS`, else `AWS_ENDPOINT_URL`, else the public endpoint of
 * the region.
 *
 * @throws {ENDPOINT_INVALID} when the variable that counts is no URL.
 * @see https://docs.aws.amazon.com/general/latest/gr/sns.html (read 2026-11)
 */
export function messagesEndpoint(env: Environment, service: 'sns' | 'sqs', region: string): Endpoint {
  const variable = [`AWS_ENDPOINT_URL_${service.toUpperCase()}`, 'AWS_ENDPOINT_URL'].find((name) => env[name]);
  if (variable !== undefined) return parseEndpoint(variable, env[variable] ?? '');
  return { origin: `https://${service}.${region}.${domainOf(region)}`, basePath: '' };
}

function domainOf(region: string): string {
  if (region.startsWith('cn-')) return 'amazonaws.com.cn';
  return region.startsWith('eusc-') ? 'amazonaws.eu' : 'amazonaws.com';
}

function parseEndpoint(variable: string, value: string): Endpoint {
  const text = value.replace(/^ws(s?):/i, 'http$1:');
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) throw errors.endpointInvalid(variable, value);
  const { origin, pathname } = new URL(text);
  return { origin, basePath: pathname.replace(/\/+$/, '') };
}

/** Who signs, and for which region. */
export interface Signer {
  readonly credentials: Credentials;
  readonly region: string;
}

/**
 * The keys that Lambda gives to a function.
 *
 * @throws {CREDENTIALS_MISSING} with every variable that is not set.
 */
export function signer(env: Environment): Signer {
  const accessKeyId = env['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = env['AWS_SECRET_ACCESS_KEY'];
  const region = env['AWS_REGION'];
  if (!accessKeyId || !secretAccessKey || !region) {
    const names = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_REGION'];
    throw errors.credentialsMissing(names.filter((name) => !env[name]));
  }
  return { credentials: { accessKeyId, secretAccessKey, sessionToken: env['AWS_SESSION_TOKEN'] || undefined }, region };
}
