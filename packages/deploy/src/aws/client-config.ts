export type Env = Readonly<Record<string, string | undefined>>;

/** What every client is opened with; the part of the SDK's own configuration that is used here. */
export interface ClientConfig {
  readonly region: string;
  readonly profile?: string;
  readonly credentials?: Credentials;
  readonly endpoint?: string;
  readonly retryMode: 'standard';
  readonly maxAttempts: number;
  readonly requestHandler: { readonly connectionTimeout: number; readonly socketTimeout: number };
  readonly userAgentAppId: string;
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const connectionTimeoutMs = 5000;
/** Of silence; a long upload is not silent. */
const socketTimeoutMs = 30_000;
const attempts = 5;

/** Which profile of the SDK's files is used, if any: what the environment says wins over the manifest. */
export function selectProfile(setting: string | undefined, env: Env): string | undefined {
  if (env['AWS_PROFILE']) return env['AWS_PROFILE'];
  const others = [
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  ];
  const hasOwn = keysOf(env) !== undefined || others.some((name) => env[name]);
  return hasOwn ? undefined : setting;
}

/** The region that was asked for by name; a profile may know another. */
export function selectRegion(setting: string | undefined, env: Env): string | undefined {
  return setting ?? (env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || undefined);
}

/**
 * The configuration of one service's client. Keys and endpoints of the environment are handed over, all else (files,
 * sign-ins, roles, containers, machines) is found by the SDK's own chain.
 *
 * @param service Its name as in `AWS_ENDPOINT_URL_CLOUDFORMATION`.
 */
export function clientConfig(
  facts: { readonly region: string; readonly profile: string | undefined; readonly env: Env; readonly appName: string },
  service: string,
): ClientConfig {
  const { region, profile, env, appName } = facts;
  const credentials = profile === undefined ? keysOf(env) : undefined;
  const endpoint = endpointOf(env, service);
  return {
    region,
    ...(profile === undefined ? {} : { profile }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(endpoint === undefined ? {} : { endpoint }),
    retryMode: 'standard',
    maxAttempts: Number(env['AWS_MAX_ATTEMPTS']) || attempts,
    requestHandler: { connectionTimeout: connectionTimeoutMs, socketTimeout: socketTimeoutMs },
    userAgentAppId: appName,
  };
}

function keysOf(env: Env): Credentials | undefined {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) return undefined;
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
  };
}

/** @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html (read 2026-11) */
function endpointOf(env: Env, service: string): string | undefined {
  if (env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] === 'true') return undefined;
  return env[`AWS_ENDPOINT_URL_${service}`] || env['AWS_ENDPOINT_URL'] || undefined;
}
