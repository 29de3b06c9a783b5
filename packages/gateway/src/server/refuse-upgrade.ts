import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { createRequestId } from '@furrow/protocol';
import type { Refusal } from '../core/handshake.ts';
import { sayLast } from './say-last.ts';

/** Answers an upgrade request with plain HTTP and ends its connection (fact A6). */
export function refuseUpgrade(socket: Duplex, { statusCode, body, headers = {} }: Refusal): void {
  // These have no body, whatever it says (RFC 9110, section 6.4.1).
  const text = statusCode === 204 || statusCode === 304 ? '' : body;
  const lines = [
    `HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode] ?? 'Refused'}`,
    `Date: ${new Date().toUTCString()}`,
    'Content-Type: application/json',
    ...(statusCode === 204 || statusCode === 304 ? [] : [`Content-Length: ${Buffer.byteLength(text)}`]),
    'Connection: close',
    `x-amzn-RequestId: ${randomUUID()}`,
    `x-amz-apigw-id: ${createRequestId()}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  sayLast(socket, `${lines.join('\r\n')}\r\n\r\n${text}`);
}
