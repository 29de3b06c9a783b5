/** What the gateway and a client compress messages by. */
export interface Compression {
  /** Both what the 101 says and, since the library is to say just this, what it is told that the client offered. */
  readonly extension: string;
  /** The gateway looks back at most 2 to the power of this many bytes. */
  readonly windowBits: number;
}

/** API Gateway's (fact F5): four kilobytes. */
const ownWindowBits = 12;
/** zlib cannot keep to a window of 256 bytes. */
const leastWindowBits = 9;

type Parameters = ReadonlyMap<string, string | true>;

/**
 * The first of a client's offers that the gateway can keep to; `undefined` when there is none.
 *
 * Nothing is said that the client did not say first: API Gateway answers `server_max_window_bits=12` to everybody, and
 * strict clients then fail (fact F5). What a client offers about its own side it may do or leave; nothing is asked of it.
 * An offer that is malformed counts as none, because a client can do without.
 *
 * @param header `Sec-WebSocket-Extensions` of the handshake.
 * @see https://www.rfc-editor.org/rfc/rfc7692#section-7.1 (read 2026-11)
 */
export function agreeOnCompression(header: string | undefined): Compression | undefined {
  if (header === undefined) return undefined;
  for (const offer of header.split(',')) {
    const compression = accept(offer);
    if (compression !== undefined) return compression;
  }
  return undefined;
}

function accept(offer: string): Compression | undefined {
  const [name = '', ...texts] = offer.split(';').map((text) => text.trim());
  const parameters = name === 'permessage-deflate' ? parse(texts) : undefined;
  if (parameters === undefined) return undefined;
  const offeredBits = parameters.get('server_max_window_bits');
  const windowBits = Math.min(ownWindowBits, Number(offeredBits ?? ownWindowBits));
  if (windowBits < leastWindowBits) return undefined;
  const said = [
    name,
    ...(parameters.has('server_no_context_takeover') ? ['server_no_context_takeover'] : []),
    ...(offeredBits === undefined ? [] : [`server_max_window_bits=${windowBits}`]),
  ];
  return { extension: said.join('; '), windowBits };
}

const bits = /^(?:[89]|1[0-5])$/;
const isAllowed: Readonly<Record<string, (value: string | true) => boolean>> = {
  server_no_context_takeover: (value) => value === true,
  client_no_context_takeover: (value) => value === true,
  server_max_window_bits: (value) => value !== true && bits.test(value),
  client_max_window_bits: (value) => value === true || bits.test(value),
};

/** `undefined` when one is unknown, comes twice or has a value that it cannot have. */
function parse(texts: readonly string[]): Parameters | undefined {
  const parameters = new Map<string, string | true>();
  for (const text of texts) {
    const [, name = '', quoted, plain] = /^([a-z_]+)(?:\s*=\s*(?:"([^"]*)"|(\S+)))?$/.exec(text) ?? [];
    const value = quoted ?? plain ?? true;
    if (parameters.has(name) || !Object.hasOwn(isAllowed, name) || isAllowed[name]?.(value) !== true) return undefined;
    parameters.set(name, value);
  }
  return parameters;
}
