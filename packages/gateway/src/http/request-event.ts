import { requestTime, type HttpEvent, type Pairs } from '@furrow/protocol';
import { decodeOnce } from './decode.ts';
import type { Match } from './router.ts';

/** Everything that the event of one request is made of. */
export interface HttpRequestFacts {
  readonly method: string;
  /** As received: escapes untouched, no query. */
  readonly rawPath: string;
  /** As received, without `?`; empty where there is none. */
  readonly rawQuery: string;
  /** As received: raw letter case and order. */
  readonly headers: Pairs;
  readonly body: Buffer;
  readonly sourceIp: string;
  /** How the client reached the gateway. */
  readonly scheme: 'http' | 'https';
  readonly port: number;
  readonly match: Match;
  /** The host that the client used, with its port where it has one. */
  readonly domainName: string;
  readonly apiId: string;
  /** @default '000000000000' */
  readonly accountId?: string | undefined;
  readonly requestId: string;
  /** `Root=1-…`; used where the client sent none. */
  readonly traceId: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

/**
 * Makes the event of a request, keys in the order of AWS's documents.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html read 2026-11
 * @see https://github.com/hotsock/voker vokerhttp/testdata/apigwv2-request.json, captured on AWS, read 2026-11
 */
export function httpEvent(facts: HttpRequestFacts): HttpEvent {
  const { match, rawQuery, domainName } = facts;
  const path = deliveredPath(facts.rawPath);
  const headers = eventHeaders(facts);
  const cookies = readCookies(facts.headers);
  const body = encodeBody(facts.body, facts.headers);
  return {
    version: '2.0',
    routeKey: match.routeKey,
    rawPath: path,
    rawQueryString: rawQuery,
    ...(cookies.length > 0 && { cookies }),
    headers: Object.fromEntries(headers),
    ...(rawQuery !== '' && withQuery(rawQuery)),
    requestContext: {
      accountId: facts.accountId ?? '000000000000',
      apiId: facts.apiId,
      domainName,
      domainPrefix: /^[^.:]*/.exec(domainName)?.[0] ?? '',
      http: {
        method: facts.method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp: facts.sourceIp,
        userAgent: headers.get('user-agent') ?? '',
      },
      requestId: facts.requestId,
      routeKey: match.routeKey,
      stage: '$default',
      time: requestTime(facts.atMs),
      timeEpoch: facts.atMs,
    },
    ...(body.text !== '' && { body: body.text }),
    ...(match.pathParameters !== undefined && { pathParameters: match.pathParameters }),
    isBase64Encoded: body.isBase64Encoded,
  };
}

/**
 * The path as AWS hands it to a function: decoded, cut at a `?` that was escaped, and decoded once more.
 *
 * That loses information, but a function that breaks on it on AWS should break here too. ▶ AWS refuses a path such as
 * `/100%25`; here it arrives as `/100%`.
 *
 * @see https://github.com/hotsock/voker vokerhttp/testdata/ingress-paths.json, captured on AWS, read 2026-11
 * @see https://github.com/honojs/hono/issues/2156 read 2026-11
 */
function deliveredPath(rawPath: string): string {
  const [decoded = ''] = decodeOnce(rawPath).split('?', 1);
  return decodeOnce(decoded);
}

/** ▶ Unproven: headers about this one connection stay behind. */
const connectionHeaders = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Headers as AWS has them: lower case, sorted, joined by commas, with `content-length` even where it is 0, the client in
 * `x-forwarded-*`, and a trace id. Cookies are elsewhere.
 *
 * @see https://github.com/aws-powertools/powertools-lambda-python/issues/1098 read 2026-11
 */
function eventHeaders(facts: HttpRequestFacts): ReadonlyMap<string, string> {
  const joined = new Map<string, string>();
  for (const [rawName, value] of facts.headers) {
    const name = rawName.toLowerCase();
    if (name === 'cookie' || connectionHeaders.has(name)) continue;
    const known = joined.get(name);
    joined.set(name, known === undefined ? value : `${known},${value}`);
  }
  const forwardedFor = joined.get('x-forwarded-for');
  joined.set('content-length', String(facts.body.length));
  joined.set('x-amzn-trace-id', joined.get('x-amzn-trace-id') ?? facts.traceId);
  joined.set('x-forwarded-for', forwardedFor ? `${forwardedFor}, ${facts.sourceIp}` : facts.sourceIp);
  joined.set('x-forwarded-port', String(facts.port));
  joined.set('x-forwarded-proto', facts.scheme);
  return new Map([...joined].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function readCookies(headers: Pairs): readonly string[] {
  return headers
    .filter(([name]) => name.toLowerCase() === 'cookie')
    .flatMap(([, value]) => value.split(';'))
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie !== '');
}

/** Decoded parameters, `+` as a space; values of one name joined by commas. `URLSearchParams` takes any text. */
function withQuery(rawQuery: string): Pick<HttpEvent, 'queryStringParameters'> | false {
  const joined = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(rawQuery)) {
    const known = joined.get(name);
    joined.set(name, known === undefined ? value : `${known},${value}`);
  }
  return joined.size > 0 && { queryStringParameters: Object.fromEntries(joined) };
}

/**
 * Text stays text for these types only; anything else is base64, forms and a missing type included.
 *
 * ▶ Unproven: text that is not UTF-8, or that a `content-encoding` hides, is base64 too.
 *
 * @see https://github.com/ministackorg/ministack/pull/766 (tried on AWS), read 2026-11
 */
const textTypes = /^(?:text\/[^;]*|application\/(?:json|javascript|xml))\s*(?:;|$)/i;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function encodeBody(body: Buffer, headers: Pairs): { readonly text: string; readonly isBase64Encoded: boolean } {
  if (body.length === 0) return { text: '', isBase64Encoded: false };
  const valueOf = (wanted: string) => headers.find(([name]) => name.toLowerCase() === wanted)?.[1].trim() ?? '';
  if (textTypes.test(valueOf('content-type')) && /^(?:identity)?$/i.test(valueOf('content-encoding'))) {
    try {
      return { text: strictUtf8.decode(body), isBase64Encoded: false };
    } catch {
      // Not UTF-8: base64 is the only form that keeps the bytes.
    }
  }
  return { text: body.toString('base64'), isBase64Encoded: true };
}
