import { timingSafeEqual } from 'node:crypto';
import {
  canonicalRequest,
  parseAuthorization,
  sha256,
  signatureOf,
  stringToSign,
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

const denied = (errorType: string, message: string): Access => ({ type: 'denied', errorType, message });

/** What a signature is for. One that was made for another service of AWS, and leaked there, opens nothing here. */
export type Service = 'execute-api' | 'ssm';

/** Who asks for what, and when. */
export interface Asking {
  readonly service: Service;
  readonly isLoopback: boolean;
  readonly atMs: number;
}

/** How far a request's clock may be off, as on AWS. */
const maxSkewMs = 5 * 60_000;

/** Decides by the SigV4 signature of a request (facts D2 to D6, D21, D22). */
export function checkAccess(request: SignableRequest, rules: AccessRules, asking: Asking): Access {
  const header = request.headers['authorization'];
  if (header === undefined) return denied('MissingAuthenticationTokenException', 'Missing Authentication Token');
  const claim = parseAuthorization(header);
  const amzDate = request.headers['x-amz-date'];
  if (claim === undefined || amzDate === undefined) {
    return denied(
      'IncompleteSignatureException',
      "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters, and existence of a 'X-Amz-Date' header.",
    );
  }
  if (claim.scope.service !== asking.service) {
    return denied('InvalidSignatureException', `Credential should be scoped to correct service: '${asking.service}'.`);
  }
  const secret = rules.secretOf(claim.accessKeyId);
  if (secret !== undefined) return checkSignature(request, { ...claim, amzDate, secret }, asking.atMs);
  return !rules.isStrict && asking.isLoopback
    ? { type: 'granted' }
    : denied('UnrecognizedClientException', 'The security token included in the request is invalid.');
}

interface Claim {
  readonly scope: CredentialScope;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly amzDate: string;
  readonly secret: string;
}

function checkSignature(request: SignableRequest, claim: Claim, nowMs: number): Access {
  const { scope, signedHeaders, signature, amzDate, secret } = claim;
  const signedAtMs = parseAmzDate(amzDate);
  if (signedAtMs === undefined || Math.abs(nowMs - signedAtMs) > maxSkewMs) {
    return denied(
      'InvalidSignatureException',
      `Signature expired: ${amzDate} is too far from the time of this server.`,
    );
  }
  // No prototype: `constructor` is a header that was not sent, and nothing else.
  const headers = Object.assign(Object.create(null), request.headers);
  const canonical = canonicalRequest({ ...request, headers }, signedHeaders);
  const text = stringToSign(amzDate, scope, canonical);
  const expected = signatureOf(secret, scope, text);
  const isWhole = signedHeaders.includes('host') && amzDate.slice(0, 8) === scope.date;
  return isWhole && bodyMatches(request) && equals(expected, signature)
    ? { type: 'granted' }
    : denied('InvalidSignatureException', mismatch(canonical, text));
}

/** A hash that was sent is part of what is signed, so it must be the body's own. */
function bodyMatches({ headers, body }: SignableRequest): boolean {
  const sent = headers['x-amz-content-sha256'];
  return sent === undefined || sent === 'UNSIGNED-PAYLOAD' || sent === sha256(body);
}

function equals(expected: string, actual: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(actual)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** `20261123T153000Z` in milliseconds; `undefined` when it is not that. */
function parseAmzDate(text: string): number | undefined {
  const match = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const atMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(atMs) ? undefined : atMs;
}

function mismatch(canonical: string, text: string): string {
  return (
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and ' +
    'signing method. Consult the service documentation for details.\n\n' +
    `The Canonical String for this request should have been\n'${canonical}'\n\n` +
    `The String-to-Sign should have been\n'${text}'\n`
  );
}
