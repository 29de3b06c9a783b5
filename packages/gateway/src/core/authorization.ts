import { createHash, timingSafeEqual } from 'node:crypto';
import {
  canonicalRequest,
  parseSignedHeaders,
  sha256,
  signatureOf,
  splitAuthorization,
  stringToSign,
  type AuthorizationParts,
  type CredentialScope,
  type SignableRequest,
} from '@furrow/protocol';

/** Who may call `@connections` and the local services. */
export interface AccessRules {
  /** The secret of a key that handlers were given; `undefined` for any other key. */
  secretOf(accessKeyId: string): string | undefined;
  /** Accept verified signatures only. Otherwise unknown keys pass when they come from this machine. */
  readonly isStrict: boolean;
}

export type Access =
  | { readonly type: 'granted' }
  | { readonly type: 'denied'; readonly errorType: string; readonly message: string };

/** What a signature is for. One that was made for another service of AWS, and leaked there, opens nothing here. */
export type Service = 'execute-api' | 'ssm' | 'dynamodb' | 'sns' | 'sqs';

/** Who asks for what, and when. */
export interface Asking {
  readonly service: Service;
  /** Where the service is; `undefined` takes signatures for any region. */
  readonly region?: string | undefined;
  readonly isLoopback: boolean;
  readonly atMs: number;
}

/** How far a request's clock may be off, as at API Gateway; its messages say it in minutes. */
const maxSkewMs = 5 * 60_000;

function denied(errorType: string, message: string): Access {
  return { type: 'denied', errorType, message };
}

const incomplete = (message: string) => denied('IncompleteSignatureException', message);
const invalid = (message: string) => denied('InvalidSignatureException', message);

/**
 * Decides by the SigV4 signature of a request (facts D2 to D6, D21, D22), in the order and the words of AWS: what is missing,
 * the time, the signed headers, the algorithm, the credential and its scope, the key, the signature itself.
 */
export function checkAccess(request: SignableRequest, rules: AccessRules, asking: Asking): Access {
  const header = headerOf(request, 'authorization') ?? '';
  if (header === '') return denied('MissingAuthenticationTokenException', 'Missing Authentication Token');
  const parts = splitAuthorization(header);
  const sentDate = headerOf(request, 'x-amz-date') ?? headerOf(request, 'date');
  const gap = findGap(header, parts, sentDate);
  if (gap !== undefined) return incomplete(gap);
  const claim = readClaim(parts, sentDate ?? '');
  const secret = rules.secretOf(claim.accessKeyId);
  if (secret !== undefined) return findFault(claim, asking) ?? checkSignature(request, claim, secret);
  if (!rules.isStrict && asking.isLoopback) return findPlainFault(claim, asking) ?? { type: 'granted' };
  return findFault(claim, asking) ?? unknownKey;
}

const unknownKey = denied('UnrecognizedClientException', 'The security token included in the request is invalid.');

/** A header that was sent; names that objects have are none. */
function headerOf({ headers }: SignableRequest, name: string): string | undefined {
  return Object.hasOwn(headers, name) ? headers[name] : undefined;
}

/** What an `Authorization` lacks. AWS does not repeat the header, which may be a secret, but says its hash. */
function findGap(header: string, parts: AuthorizationParts, sentDate: string | undefined): string | undefined {
  const hash = createHash('sha256').update(header).digest('base64');
  if (parts.isBroken) {
    return `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${hash}'.`;
  }
  const { fields } = parts;
  const gaps = ['Credential', 'Signature', 'SignedHeaders']
    .filter((name) => !fields.get(name) || (name === 'SignedHeaders' && signedNames(parts).length === 0))
    .map((name) => `Authorization header requires '${name}' parameter.`);
  if (!sentDate) gaps.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  return gaps.length === 0
    ? undefined
    : `${gaps.join(' ')} (Hashed with SHA-256 and encoded with Base64) Authorization=${hash}`;
}

function signedNames({ fields }: AuthorizationParts): readonly string[] {
  return parseSignedHeaders(fields.get('SignedHeaders') ?? '') ?? [];
}

/** What a request says of itself, all of it there, none of it checked. */
interface Claim {
  readonly algorithm: string;
  readonly credential: string;
  readonly accessKeyId: string;
  readonly scope: CredentialScope;
  /** The end of the credential, which has to be the fifth element. */
  readonly terminator: string;
  readonly elementCount: number;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** As it was sent. */
  readonly sentDate: string;
  /** `20261123T153000Z`; `undefined` when it is no date. */
  readonly amzDate: string | undefined;
}

function readClaim(parts: AuthorizationParts, sentDate: string): Claim {
  const { algorithm, fields } = parts;
  const credential = fields.get('Credential') ?? '';
  const elements = credential.split('/');
  const [accessKeyId = '', date = '', region = '', service = '', terminator = ''] = elements;
  return {
    algorithm,
    credential,
    accessKeyId,
    scope: { date, region, service },
    terminator,
    elementCount: elements.length,
    signedHeaders: signedNames(parts),
    signature: fields.get('Signature') ?? '',
    sentDate,
    amzDate: readDate(sentDate),
  };
}

/** Everything but the key and the signature. */
function findFault(claim: Claim, asking: Asking): Access | undefined {
  return (
    findTimeFault(claim, asking.atMs) ?? findHostFault(claim) ?? findFormFault(claim) ?? findScopeFault(claim, asking)
  );
}

/** What even a request must not have whose key nobody knows, and which is believed because it comes from this machine. */
function findPlainFault(claim: Claim, asking: Asking): Access | undefined {
  const isForOther = claim.scope.service !== asking.service;
  return findFormFault(claim) ?? (isForOther ? invalid(wrongService(asking)) : undefined);
}

function findTimeFault({ sentDate, amzDate }: Claim, nowMs: number): Access | undefined {
  if (amzDate === undefined) {
    return incomplete(
      `Date must be in ISO-8601 'basic format'. Got '${sentDate}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    );
  }
  const signedAtMs = toMs(amzDate);
  const [now, oldest, newest] = [0, -maxSkewMs, maxSkewMs].map((ms) => toAmzDate(nowMs + ms));
  if (signedAtMs < nowMs - maxSkewMs) {
    return invalid(`Signature expired: ${amzDate} is now earlier than ${oldest} (${now} - 5 min.)`);
  }
  if (signedAtMs > nowMs + maxSkewMs) {
    return invalid(`Signature not yet current: ${amzDate} is still later than ${newest} (${now} + 5 min.)`);
  }
  return undefined;
}

function findHostFault({ signedHeaders }: Claim): Access | undefined {
  if (signedHeaders.includes('host')) return undefined;
  return invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
}

function findFormFault({ algorithm, credential, elementCount }: Claim): Access | undefined {
  if (algorithm !== 'AWS4-HMAC-SHA256') return incomplete(`Unsupported AWS 'algorithm': '${algorithm}'.`);
  if (elementCount === 5) return undefined;
  return incomplete(
    `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
  );
}

/** All that is wrong with a scope, in one message; the space after each sentence is AWS's. */
function findScopeFault({ scope, terminator, amzDate = '' }: Claim, asking: Asking): Access | undefined {
  const { date, region, service } = scope;
  const day = amzDate.slice(0, 8);
  const faults = [
    asking.region === undefined || region === asking.region
      ? ''
      : `Credential should be scoped to a valid region, not '${region}'. `,
    service === asking.service ? '' : wrongService(asking),
    terminator === 'aws4_request'
      ? ''
      : `Credential should be scoped with a valid terminator: 'aws4_request', not '${terminator}'. `,
    date === day
      ? ''
      : `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${date}' != '${day}', from '${amzDate}'.`,
  ].join('');
  return faults === '' ? undefined : invalid(faults);
}

function wrongService({ service }: Asking): string {
  return `Credential should be scoped to correct service: '${service}'. `;
}

function checkSignature(request: SignableRequest, claim: Claim, secret: string): Access {
  const { scope, signedHeaders, signature, amzDate = '' } = claim;
  // The hash that was sent is not believed: a request that is sent again with another body would have the first one's.
  const isUnsigned = headerOf(request, 'x-amz-content-sha256') === 'UNSIGNED-PAYLOAD';
  const payloadHash = isUnsigned ? 'UNSIGNED-PAYLOAD' : sha256(request.body);
  const canonical = canonicalRequest(request, signedHeaders, { payloadHash });
  const text = stringToSign(amzDate, scope, canonical);
  const isRight = equals(signatureOf(secret, scope, text), signature);
  return isRight ? { type: 'granted' } : invalid(mismatch(canonical, text));
}

/** Takes the same time wherever the two differ. */
function equals(expected: string, actual: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(actual)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** A date of SigV4, or one of HTTP as `Date` has it, in the form of the former. */
function readDate(text: string): string | undefined {
  if (/^\d{8}T\d{6}Z$/.test(text)) return toAmzDate(toMs(text)) === text ? text : undefined;
  const isHttpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text);
  const atMs = isHttpDate ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : toAmzDate(atMs);
}

function toMs(amzDate: string): number {
  return Date.parse(amzDate.replace(/^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

/** `''` for what is no time. */
function toAmzDate(atMs: number): string {
  return Number.isNaN(atMs) ? '' : new Date(atMs).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
}

function mismatch(canonical: string, text: string): string {
  return (
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and ' +
    'signing method. Consult the service documentation for details.\n\n' +
    `The Canonical String for this request should have been\n'${canonical}'\n\n` +
    `The String-to-Sign should have been\n'${text}'\n`
  );
}
