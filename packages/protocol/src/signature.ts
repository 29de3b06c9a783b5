import { crypto } from './crypto.ts';

/** A request as SigV4 sees it. `path` is as received, escapes untouched, without the query. */
export interface SignableRequest {
  readonly method: string;
  readonly path: string;
  /** Raw, without `?`. */
  readonly query: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** `20261123/us-west-2/execute-api/aws4_request`, in parts. */
export interface CredentialScope {
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

const algorithm = 'AWS4-HMAC-SHA256';

/** Lower-case hexadecimal SHA-256. */
export function sha256(data: Buffer | string): string {
  return crypto().createHash('sha256').update(data).digest('hex');
}

/** Every byte of a text's UTF-8 as `%XX`. */
function escapeBytes(text: string): string {
  return Buffer.from(text).toString('hex').toUpperCase().replaceAll(/../g, '%$&');
}

/**
 * The path to sign: what was received, slashes collapsed, escaped once more (facts D4, D5), so `%3D` becomes `%253D`.
 *
 * Found by checking signatures of AWS SDK for JavaScript 2 and 3 and of botocore.
 */
export function canonicalPath(receivedPath: string): string {
  return receivedPath.replaceAll(/\/{2,}/g, '/').replaceAll(/[^A-Za-z0-9\-._~/]+/g, escapeBytes);
}

/** Sorted by name, then by value. A space is less than whatever an escaped name holds, so names compare as wholes. */
function canonicalQuery(query: string): string {
  const pairs = [...new URLSearchParams(`?${query.replaceAll('+', '%2B')}`)];
  return pairs
    .map(([name, value]) => `${escapeQuery(name)} ${escapeQuery(value)}`)
    .toSorted()
    .join('&')
    .replaceAll(' ', '=');
}

function escapeQuery(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9\-._~]+/g, escapeBytes);
}

/**
 * The canonical request of SigV4.
 *
 * @param options.path the canonical path. S3 alone signs the path as received.
 * @param options.payloadHash the header's where one was sent, else the body's (fact D6).
 */
export function canonicalRequest(
  request: SignableRequest,
  names: readonly string[],
  options: { readonly path?: string; readonly payloadHash?: string } = {},
): string {
  const { path = canonicalPath(request.path), payloadHash = request.headers['x-amz-content-sha256'] } = options;
  const headers = names.map((name) => `${name}:${headerText(request.headers, name)}\n`);
  return [
    request.method,
    path,
    canonicalQuery(request.query),
    headers.join(''),
    names.join(';'),
    payloadHash ?? sha256(request.body),
  ].join('\n');
}

/** A header as it is signed; a name such as `constructor`, which a client may claim to have signed, is only itself. */
function headerText(headers: Readonly<Record<string, string>>, name: string): string {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return (value ?? '').trim().replaceAll(/\s+/g, ' ');
}

/** @param amzDate `20261123T153000Z` */
export function stringToSign(amzDate: string, scope: CredentialScope, canonical: string): string {
  return [algorithm, amzDate, scopeText(scope), sha256(canonical)].join('\n');
}

/** The signature as lower-case hexadecimal. */
export function signatureOf(secretAccessKey: string, scope: CredentialScope, text: string): string {
  const dateKey = hmac(`AWS4${secretAccessKey}`, scope.date);
  const key = hmac(hmac(hmac(dateKey, scope.region), scope.service), 'aws4_request');
  return hmac(key, text).toString('hex');
}

function hmac(key: Buffer | string, data: string): Buffer {
  return crypto().createHmac('sha256', key).update(data).digest();
}

function scopeText({ date, region, service }: CredentialScope): string {
  return `${date}/${region}/${service}/aws4_request`;
}

/** Who signs, for what, and when. */
export interface SigningOptions {
  readonly credentials: Credentials;
  readonly region: string;
  readonly service: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

/**
 * The headers that make a request acceptable to AWS: `x-amz-date`, `authorization` and, with temporary keys, the token.
 *
 * For the service `s3` the path is signed as it is, and the request must have `x-amz-content-sha256` among its headers.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html (read 2026-11)
 */
export function signedHeaders(request: SignableRequest, options: SigningOptions): Record<string, string> {
  const { amzDate, scope } = signingTime(options);
  const { accessKeyId, sessionToken } = options.credentials;
  const added: Record<string, string> = {
    'x-amz-date': amzDate,
    ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
  };
  const headers = { ...request.headers, ...added };
  const names = Object.keys(headers).toSorted();
  const signature = sign({ ...request, headers }, names, options);
  return {
    ...added,
    authorization: `${algorithm} Credential=${accessKeyId}/${scopeText(scope)}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  };
}

/**
 * The query of a URL that whoever has it may use for `expiresSeconds`: what the request has, and the signature at its
 * end. The body is not signed; all headers of the request are.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html (read 2026-11)
 */
export function presignedQuery(
  request: Omit<SignableRequest, 'body'>,
  { expiresSeconds, ...options }: SigningOptions & { readonly expiresSeconds: number },
): string {
  const { amzDate, scope } = signingTime(options);
  const { accessKeyId, sessionToken } = options.credentials;
  const names = Object.keys(request.headers).toSorted();
  const pairs: readonly (readonly [string, string])[] = [
    ['X-Amz-Algorithm', algorithm],
    ['X-Amz-Credential', `${accessKeyId}/${scopeText(scope)}`],
    ['X-Amz-Date', amzDate],
    ['X-Amz-Expires', String(expiresSeconds)],
    ...(sessionToken === undefined ? [] : [['X-Amz-Security-Token', sessionToken] as const]),
    ['X-Amz-SignedHeaders', names.join(';')],
  ];
  const added = pairs.map(([name, value]) => `${name}=${escapeQuery(value)}`).join('&');
  const query = request.query === '' ? added : `${request.query}&${added}`;
  const headers = { ...request.headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
  const signature = sign({ ...request, query, headers, body: Buffer.alloc(0) }, names, options);
  return `${query}&X-Amz-Signature=${signature}`;
}

/** The time as SigV4 writes it, and the scope that it is part of. */
function signingTime({ region, service, atMs }: SigningOptions): {
  readonly amzDate: string;
  readonly scope: CredentialScope;
} {
  const amzDate = new Date(atMs).toISOString().replace(/[-:]|\.\d{3}/g, '');
  return { amzDate, scope: { date: amzDate.slice(0, 8), region, service } };
}

function sign(request: SignableRequest, names: readonly string[], options: SigningOptions): string {
  const { amzDate, scope } = signingTime(options);
  const path = options.service === 's3' ? request.path : canonicalPath(request.path);
  const text = stringToSign(amzDate, scope, canonicalRequest(request, names, { path }));
  return signatureOf(options.credentials.secretAccessKey, scope, text);
}

/** An `Authorization` header in its parts, whole or not. */
export interface AuthorizationParts {
  /** The first word: `AWS4-HMAC-SHA256`. */
  readonly algorithm: string;
  readonly fields: ReadonlyMap<string, string>;
  /** Whether one of the parts is no `name=value`. */
  readonly isBroken: boolean;
}

export function splitAuthorization(header: string): AuthorizationParts {
  const [first = '', ...parts] = header.split(/[\s,]+/);
  const fields = new Map<string, string>();
  let isBroken = false;
  for (const part of parts) {
    if (part === '') continue;
    const [name, value] = part.split('=', 2);
    if (name === undefined || value === undefined) isBroken = true;
    else fields.set(name, value);
  }
  return { algorithm: first, fields, isBroken };
}

/** What an `Authorization` header says; `undefined` when it is not a whole SigV4 one. */
export function parseAuthorization(header: string):
  | {
      readonly accessKeyId: string;
      readonly scope: CredentialScope;
      readonly signedHeaders: readonly string[];
      readonly signature: string;
    }
  | undefined {
  const { algorithm: used, fields } = splitAuthorization(header);
  if (used !== algorithm) return undefined;
  const credential = parseCredential(fields.get('Credential') ?? '');
  const names = parseSignedHeaders(fields.get('SignedHeaders') ?? '');
  const signature = fields.get('Signature');
  if (credential === undefined || names === undefined || !signature) return undefined;
  return { ...credential, signedHeaders: names, signature };
}

/** The names of a `SignedHeaders`; `undefined` where one of them is none, or is there twice. */
export function parseSignedHeaders(text: string): readonly string[] | undefined {
  const names = text.split(';');
  // One header named a thousand times would be copied a thousand times into the text to verify.
  return names.includes('') || new Set(names).size < names.length ? undefined : names;
}

/** `AKIDEXAMPLE/20261123/us-west-2/execute-api/aws4_request` in parts. */
function parseCredential(text: string): { accessKeyId: string; scope: CredentialScope } | undefined {
  const [accessKeyId, date, region, service, end, ...rest] = text.split('/');
  if (!accessKeyId || !date || !region || !service || end !== 'aws4_request' || rest.length > 0) return undefined;
  return { accessKeyId, scope: { date, region, service } };
}
