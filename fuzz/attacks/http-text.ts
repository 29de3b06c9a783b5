import type { Facts } from '../support/attack.ts';

/** A request before it is text. */
export interface Request {
  readonly method: string;
  readonly target: string;
  readonly version: string;
  readonly headers: readonly (readonly [string, string])[];
}

export const handshakeKey = 'dGhlIHNhbXBsZSBub25jZQ==';

/** A handshake that every server takes. */
export function handshake({ host, stage }: Facts, query = ''): Request {
  return {
    method: 'GET',
    target: `/${stage}${query}`,
    version: 'HTTP/1.1',
    headers: [
      ['Host', host],
      ['Connection', 'Upgrade'],
      ['Upgrade', 'websocket'],
      ['Sec-WebSocket-Key', handshakeKey],
      ['Sec-WebSocket-Version', '13'],
    ],
  };
}

export function requestBytes({ method, target, version, headers }: Request, newline = '\r\n'): Buffer {
  const lines = [`${method} ${target} ${version}`, ...headers.map(([name, value]) => `${name}: ${value}`)];
  return Buffer.from(`${lines.join(newline)}${newline}${newline}`, 'latin1');
}
