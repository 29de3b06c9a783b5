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

/** Every byte outside of `A-Za-z0-9-._~` as `%XX`; slashes stay where `keep` has them. */
function escapeBytes(text: string, keep: RegExp): string {
  let escaped = '';
  for (const byte of Buffer.from(text, 'utf8')) {
    const character = String.fromCharCode(byte);
    escaped += keep.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return escaped;
}

/**
 * The path to sign: what was received, slashes collapsed, escaped once more (facts D4, D5), so `%3D` becomes `%253D`.
 *
 * Found by checking signatures of AWS SDK for JavaScript 2 and 3 and of botocore.
 */
export function canonicalPath(receivedPath: string): string {
  return escapeBytes(receivedPath.replace(/\/{2,}/g, '/'), /[A-Za-z0-9\-._~/]/);
}

function canonicalQuery(query: string): string {
  if (query === '') return '';
  const escape = (text: string) => escapeBytes(text, /[A-Za-z0-9\-._~]/);
  const pairs = [...new URLSearchParams(query.replaceAll('+', '%2B'))];
  return pairs
    .map(([name, value]) => `${escape(name)}=${escape(value)}`)
    .toSorted()
    .join('&');
}

/** The canonical request of SigV4; the body's hash is the header's where one was sent (fact D6). */
export function canonicalRequest(request: SignableRequest, signedHeaders: readonly string[]): string {
  const headers = signedHeaders.map((name) => `${name}:${(request.headers[name] ?? '').trim().replace(/\s+/g, ' ')}\n`);
  return [
    request.method,
    canonicalPath(request.path),
    canonicalQuery(request.query),
    headers.join(''),
    signedHeaders.join(';'),
    request.headers['x-amz-content-sha256'] ?? sha256(request.body),
  ].join('\n');
}

/** @param amzDate `20261123T153000Z` */
export function stringToSign(amzDate: string, scope: CredentialScope, canonical: string): string {
  return [algorithm, amzDate, scopeText(scope), sha256(canonical)].join('\n');
}

/** The signature as lower-case hexadecimal. */
export function signatureOf(secretAccessKey: string, scope: CredentialScope, text: string): string {
  const hmac = (key: Buffer | string, data: string) => crypto().createHmac('sha256', key).update(data).digest();
  const dateKey = hmac(`AWS4${secretAccessKey}`, scope.date);
  const key = hmac(hmac(hmac(dateKey, scope.region), scope.service), 'aws4_request');
  return crypto().createHmac('sha256', key).update(text).digest('hex');
}

function scopeText({ date, region, service }: CredentialScope): string {
  return `${date}/${region}/${service}/aws4_request`;
}

/** The headers that make a request acceptable to AWS: `x-amz-date`, `authorization` and, with temporary keys, the token. */
export function signedHeaders(
  request: SignableRequest,
  options: { credentials: Credentials; region: string; service: string; atMs: number },
): Record<string, string> {
  const amzDate = new Date(options.atMs).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const scope = { date: amzDate.slice(0, 8), region: options.region, service: options.service };
  const { accessKeyId, secretAccessKey, sessionToken } = options.credentials;
  const added: Record<string, string> = {
    'x-amz-date': amzDate,
    ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
  };
  const headers = { ...request.headers, ...added };
  const names = Object.keys(headers).toSorted();
  const canonical = canonicalRequest({ ...request, headers }, names);
  const signature = signatureOf(secretAccessKey, scope, stringToSign(amzDate, scope, canonical));
  return {
    ...added,
    authorization: `${algorithm} Credential=${accessKeyId}/${scopeText(scope)}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  };
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
  if (!header.startsWith(`${algorithm} `)) return undefined;
  const fields = new Map(
    header
      .slice(algorithm.length + 1)
      .split(',')
      .map((field) => field.trim().split('=', 2) as [string, string]),
  );
  const [accessKeyId, date, region, service, end, ...rest] = (fields.get('Credential') ?? '').split('/');
  const names = fields.get('SignedHeaders');
  const signature = fields.get('Signature');
  if (!accessKeyId || !date || !region || !service || end !== 'aws4_request' || rest.length > 0) return undefined;
  if (!names || !signature) return undefined;
  return { accessKeyId, scope: { date, region, service }, signedHeaders: names.split(';'), signature };
}
