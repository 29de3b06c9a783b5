import { headerOf, limits, readProxyResult } from '@furrow/protocol';
import type { IntegrationOutcome } from '../integrations.ts';

/** What a refused handshake gets, as plain HTTP. */
export interface Refusal {
  readonly statusCode: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Decision =
  | { readonly type: 'accept'; readonly subprotocol?: string | undefined }
  | ({ readonly type: 'refuse' } & Refusal);

/** The parts of an upgrade request that decide whether it is a handshake at all. */
export interface HandshakeRequest {
  readonly method: string;
  /** Path and query, as received. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Of all headers together, names and values. */
  readonly headerBytes: number;
}

/** A refusal in the words of API Gateway (fact A6). */
export const refuse = (
  statusCode: number,
  message: string,
  headers: Refusal['headers'] = {},
): { readonly type: 'refuse' } & Refusal => ({
  type: 'refuse',
  statusCode,
  body: JSON.stringify({ message }),
  headers,
});

const words: Readonly<Record<number, string>> = { 401: 'Unauthorized', 403: 'Forbidden', 429: 'Too Many Requests' };

/**
 * Whether an upgrade request may go on to the authorizer and the connect handler.
 *
 * The path must be `/` or the stage (fact A32), so that AWS's own `/ping` and `/sping` (A35) are none. RFC 6455 section 4.2.1
 * says what a handshake needs.
 */
export function checkHandshake(request: HandshakeRequest, stage: string): Decision {
  if (request.url.length > limits.maxUrlLength) return refuse(414, 'Request-URI Too Long');
  if (request.headerBytes > limits.maxHandshakeHeaderBytes) return refuse(431, 'Request Header Fields Too Large');
  const path = request.url.split('?', 1)[0];
  if (path !== '/' && path !== `/${stage}` && path !== `/${stage}/`) return refuse(403, 'Forbidden');
  const { upgrade, 'sec-websocket-key': key, 'sec-websocket-version': version } = request.headers;
  if (request.method !== 'GET' || typeof upgrade !== 'string' || upgrade.toLowerCase() !== 'websocket') {
    return refuse(400, 'Bad Request');
  }
  if (typeof key !== 'string' || !/^[+/0-9A-Za-z]{22}==$/.test(key)) return refuse(400, 'Bad Request');
  if (version !== '13') {
    return refuse(426, 'Upgrade Required', { 'Sec-WebSocket-Version': '13' });
  }
  return { type: 'accept' };
}

/**
 * What the connect handler's outcome means for the handshake (facts A4 to A14).
 *
 * Any 2xx opens; any other status is the handshake's own, without the handler's body and headers; a failed function or a
 * malformed result is 502.
 */
export function decideConnect(outcome: IntegrationOutcome): Decision {
  if (outcome.type === 'refused') return internalError(500);
  if (outcome.type === 'timedOut') return connectTimedOut;
  const result = outcome.type === 'returned' ? readProxyResult(outcome.value) : undefined;
  // ▶ A 1xx would leave the client waiting, or make it believe that it is connected.
  if (result === undefined || result.statusCode < 200) return internalError(502);
  const { statusCode, headers } = result;
  if (statusCode >= 200 && statusCode < 300) {
    return { type: 'accept', subprotocol: headerOf(headers, 'sec-websocket-protocol') };
  }
  return refuse(statusCode, words[statusCode] ?? 'Forbidden');
}

/** A handshake beyond the throttle of `$connect` (fact A33). */
export const throttled = refuse(429, 'Too Many Requests');

export function internalError(statusCode: number): { readonly type: 'refuse' } & Refusal {
  return { type: 'refuse', statusCode, body: '{"message": "Internal server error"}' };
}

/** The handshake whose connect handler outlasted the integration time-out (fact A11). */
const connectTimedOut: Decision = {
  type: 'refuse',
  statusCode: 504,
  body: '{"message": "Endpoint request timed out"}',
};
