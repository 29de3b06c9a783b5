import { timingSafeEqual } from 'node:crypto';
import {
  canonicalRequest,
  parseAuthorization,
  sha256,
  signatureOf,
  stringToSign,
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

/** How far a request's clock may be off, as on AWS. */
const maxSkewMs = 5 * 60_000;

/** Decides by the SigV4 signature of a request (facts D2 to D6, D21, D22). */
export function checkAccess(
  request: SignableRequest,
  rules: AccessRules,
  peer: { readonly isLoopback: boolean; readonly atMs: number },
): Access {
  const header = request.headers['authorization'];
  if (header === undefined) return denied('MissingAuthenticationTokenException', 'Missing Authentication Token');
  const parsed = parseAuthorization(header);
  const amzDate = request.headers['x-amz-date'];
  if (parsed === undefined || amzDate === undefined) {
    return denied(
      'IncompleteSignatureException',
      "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters, and existence of a 'X-Amz-Date' header.",
    );
  }
  const secret = rules.secretOf(parsed.accessKeyId);
  if (secret === undefined) {
    return !rules.isStrict && peer.isLoopback
      ? { type: 'granted' }
      : denied('UnrecognizedClientException', 'The security token included in the request is invalid.');
  }
  const signedAtMs = parseAmzDate(amzDate);
  if (signedAtMs === undefined || Math.abs(peer.atMs - signedAtMs) > maxSkewMs) {
    return denied(
      'InvalidSignatureException',
      `Signature expired: ${amzDate} is too far from the time of this server.`,
    );
  }
  const canonical = canonicalRequest(request, parsed.signedHeaders);
  const text = stringToSign(amzDate, parsed.scope, canonical);
  const expected = signatureOf(secret, parsed.scope, text);
  const isWhole = parsed.signedHeaders.includes('host') && amzDate.startsWith(parsed.scope.date);
  return isWhole && bodyMatches(request) && equals(expected, parsed.signature)
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
  const [, year, month, day, hour, minute, second] = match.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function mismatch(canonical: string, text: string): string {
  return (
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and ' +
    'signing method. Consult the service documentation for details.\n\n' +
    `The Canonical String for this request should have been\n'${canonical}'\n\n` +
    `The String-to-Sign should have been\n'${text}'\n`
  );
}
