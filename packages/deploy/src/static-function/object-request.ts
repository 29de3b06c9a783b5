import { presignedQuery, sha256, signedHeaders, type Credentials } from '@furrow/protocol';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the static folder's objects are, and who reads them. */
export interface ObjectStore {
  /** `https://bucket.s3.us-west-2.amazonaws.com`, without a slash at its end. */
  readonly origin: string;
  /** What stands before the key: `/`, or `/bucket/`. */
  readonly pathPrefix: string;
  readonly region: string;
  readonly credentials: Credentials;
}

/** How long whoever has the address of a large file can begin to load it. */
const expiresSeconds = 15 * 60;

/**
 * The store that a function's environment describes: an endpoint of its own, where one is set, else S3 in the region.
 * `undefined` when something that is needed is not set. Pure.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html (read 2026-11)
 */
export function objectStore(env: Environment): ObjectStore | undefined {
  const { ARC_STATIC_BUCKET: bucket, AWS_REGION: region } = env;
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (!bucket || !region || !accessKeyId || !secretAccessKey) return undefined;
  const credentials = { accessKeyId, secretAccessKey, sessionToken: env['AWS_SESSION_TOKEN'] || undefined };
  const endpoint = env['AWS_ENDPOINT_URL_S3'] || env['AWS_ENDPOINT_URL'];
  if (!endpoint) {
    const host = `s3.${region}.${suffixOf(region)}`;
    // The certificate of S3 is for one name before its own, and not for several.
    if (bucket.includes('.')) return { origin: `https://${host}`, pathPrefix: `/${bucket}/`, region, credentials };
    return { origin: `https://${bucket}.${host}`, pathPrefix: '/', region, credentials };
  }
  if (!URL.canParse(endpoint)) return undefined;
  const { origin, pathname } = new URL(endpoint);
  return { origin, pathPrefix: `${pathname.replace(/\/+$/, '')}/${bucket}/`, region, credentials };
}

/** @see https://github.com/boto/botocore/blob/develop/botocore/data/partitions.json (read 2026-11) */
const suffixes: readonly (readonly [string, string])[] = [
  ['cn-', 'amazonaws.com.cn'],
  ['eusc-', 'amazonaws.eu'],
  ['us-isob-', 'sc2s.sgov.gov'],
  ['us-isof-', 'csp.hci.ic.gov'],
  ['us-iso-', 'c2s.ic.gov'],
  ['eu-isoe-', 'cloud.adc-e.uk'],
];

function suffixOf(region: string): string {
  return suffixes.find(([start]) => region.startsWith(start))?.[1] ?? 'amazonaws.com';
}

/** A signed request for an object. Pure. */
export function objectRequest(
  { origin, pathPrefix, region, credentials }: ObjectStore,
  { method, key, headers, atMs }: ObjectQuestion,
): { readonly url: string; readonly headers: Readonly<Record<string, string>> } {
  const path = pathPrefix + escapeKey(key);
  const sent = { ...headers, 'x-amz-content-sha256': sha256('') };
  const request = { method, path, query: '', headers: { ...sent, host: hostOf(origin) }, body: Buffer.alloc(0) };
  const added = signedHeaders(request, { credentials, region, service: 's3', atMs });
  // Not signed: whatever carries the request may change it.
  return { url: origin + path, headers: { ...sent, ...added, 'accept-encoding': 'identity' } };
}

export interface ObjectQuestion {
  readonly method: 'GET' | 'HEAD';
  readonly key: string;
  /** Conditions and ranges; lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly atMs: number;
}

/** An address that anybody may load an object from, for a quarter of an hour. Pure. */
export function objectAddress({ origin, pathPrefix, region, credentials }: ObjectStore, key: string, atMs: number) {
  const path = pathPrefix + escapeKey(key);
  const request = { method: 'GET', path, query: '', headers: { host: hostOf(origin) } };
  return `${origin}${path}?${presignedQuery(request, { credentials, region, service: 's3', atMs, expiresSeconds })}`;
}

function hostOf(origin: string): string {
  return new URL(origin).host;
}

/** As S3 wants it signed: everything but unreserved characters and slashes. */
function escapeKey(key: string): string {
  return encodeURIComponent(key)
    .replaceAll('%2F', '/')
    .replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
