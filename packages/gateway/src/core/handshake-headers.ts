import { randomBytes } from 'node:crypto';
import type { Pairs } from '@furrow/protocol';

/** Names that AWS writes in this form, however the client wrote them (fact B5). All others stay as they came. */
const wellKnown = new Map(
  [
    'Accept',
    'Accept-Encoding',
    'Accept-Language',
    'Authorization',
    'Cache-Control',
    'Cookie',
    'Host',
    'Origin',
    'Pragma',
    'Referer',
    'Sec-Fetch-Dest',
    'Sec-Fetch-Mode',
    'Sec-Fetch-Site',
    'Sec-WebSocket-Extensions',
    'Sec-WebSocket-Key',
    'Sec-WebSocket-Protocol',
    'Sec-WebSocket-Version',
    'User-Agent',
    'X-Amzn-Trace-Id',
    'X-Forwarded-For',
    'X-Forwarded-Host',
    'X-Forwarded-Port',
    'X-Forwarded-Proto',
  ].map((name) => [name.toLowerCase(), name]),
);

/** What concerns only the hop to the gateway, and what the gateway writes itself (fact B6). */
const dropped = new Set([
  'connection',
  'upgrade',
  'content-length',
  'x-amzn-trace-id',
  'x-forwarded-for',
  'x-forwarded-port',
  'x-forwarded-proto',
]);

/** `rawHeaders` of Node as pairs. */
export function headerPairs(rawHeaders: readonly string[]): Pairs {
  return rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as const] : []));
}

/**
 * The headers of a connect event: sorted by name as AWS has them, with what a load balancer adds.
 *
 * Port and protocol are AWS's own on every stage, local ones included (fact B7).
 */
export function connectHeaders(received: Pairs, request: { sourceIp: string; atMs: number }): Pairs {
  const kept = received
    .filter(([name]) => !dropped.has(name.toLowerCase()))
    .map(([name, value]) => [wellKnown.get(name.toLowerCase()) ?? name, value] as const);
  const forwarded = received.filter(([name]) => name.toLowerCase() === 'x-forwarded-for').map(([, value]) => value);
  const added: Pairs = [
    ['X-Amzn-Trace-Id', traceId(request.atMs)],
    ['X-Forwarded-For', [...forwarded, request.sourceIp].join(', ')],
    ['X-Forwarded-Port', '443'],
    ['X-Forwarded-Proto', 'https'],
  ];
  return sorted([...kept, ...added]);
}

/** The headers of the authorizer's event: those of the hop are there, in AWS's words (fact B6). */
export function authorizerHeaders(headers: Pairs): Pairs {
  return sorted([...headers, ['Connection', 'upgrade'], ['content-length', '0'], ['Upgrade', 'websocket']]);
}

/** By name in any letter case, as in the events that AWS shows. */
function sorted(headers: Pairs): Pairs {
  return headers
    .map((header) => ({ header, name: header[0].toLowerCase() }))
    .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .map(({ header }) => header);
}

/** Bytes of all headers together, names and values (fact E22). */
export function headerBytes(rawHeaders: readonly string[]): number {
  return rawHeaders.reduce((sum, text) => sum + text.length, 0);
}

/** `Root=1-65d3003e-0123456789abcdef01234567` (fact B8). */
export function traceId(atMs: number): string {
  const seconds = Math.floor(atMs / 1000)
    .toString(16)
    .padStart(8, '0');
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')}`;
}
