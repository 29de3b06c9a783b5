import { randomBytes } from 'node:crypto';
import type { Credentials } from '@furrow/protocol';

type Env = Readonly<Record<string, string | undefined>>;

export interface LocalCredentials {
  /** What handlers see. */
  readonly variables: Readonly<Record<string, string>>;
  /** What the sandbox itself asks a database of others with: the same keys, or any where they are not in variables. */
  readonly own: Credentials;
  /** The secret of a key that handlers were given; `undefined` for any other key. */
  readonly secretOf: (accessKeyId: string) => string | undefined;
}

/** Any of these means that the AWS SDK will find keys by itself. */
const sources = [
  'AWS_ACCESS_KEY_ID',
  'AWS_PROFILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
];

/**
 * The developer's own AWS keys or profile as they are, because handlers may call other services; made-up keys where there
 * are none, so that an SDK has something to sign with.
 *
 * @param profiles the text of the developer's AWS configuration files, where there are any.
 */
export function localCredentials(
  env: Env,
  options: { profiles: string; profile?: string | undefined },
): LocalCredentials {
  const own = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[0].startsWith('AWS_') && entry[1] !== undefined,
  );
  const isConfigured = sources.some((name) => env[name]) || hasKeys(options.profiles);
  const profile: Record<string, string> =
    options.profile === undefined || env['AWS_PROFILE'] ? {} : { AWS_PROFILE: options.profile };
  const made = isConfigured ? profile : madeUpKeys();
  const variables: Record<string, string> = { ...Object.fromEntries(own), ...made };
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = variables;
  const isWhole = accessKeyId !== undefined && secretAccessKey !== undefined;
  return {
    variables,
    own: isWhole
      ? { accessKeyId, secretAccessKey, sessionToken: variables['AWS_SESSION_TOKEN'] }
      : { accessKeyId: 'local', secretAccessKey: 'local' },
    secretOf: (id) => (id === variables['AWS_ACCESS_KEY_ID'] ? variables['AWS_SECRET_ACCESS_KEY'] : undefined),
  };
}

/** Whether a configuration says where keys come from, and not merely a region. */
function hasKeys(profiles: string): boolean {
  return /^\s*(?:aws_access_key_id|credential_process|credential_source|source_profile|sso_session|sso_start_url|role_arn)\s*=/m.test(
    profiles,
  );
}

function madeUpKeys(): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: `AKIAFURROW${randomBytes(5).toString('hex').toUpperCase()}`,
    AWS_SECRET_ACCESS_KEY: randomBytes(30).toString('base64url'),
  };
}
