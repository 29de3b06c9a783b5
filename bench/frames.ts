const maskKey = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);
const textOpcode = 1;

/** One text message as a client's frame (RFC 6455, section 5.2), made once and sent often. At most 65,535 bytes. */
export function textFrame(text: string): Buffer {
  const payload = Buffer.from(text).map((byte, index) => byte ^ (maskKey[index % 4] ?? 0));
  const isShort = payload.length < 126;
  const head = Buffer.alloc(isShort ? 2 : 4);
  head[0] = 0x80 | textOpcode;
  head[1] = 0x80 | (isShort ? payload.length : 126);
  if (!isShort) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, maskKey, payload]);
}

/** Where a server's frame begins and ends in a buffer. */
interface Bounds {
  readonly payloadAt: number;
  readonly endAt: number;
}

function boundsAt(bytes: Buffer, at: number): Bounds | undefined {
  const length = at + 2 <= bytes.length ? (bytes[at + 1] ?? 0) & 0x7f : undefined;
  if (length === undefined) return undefined;
  if (length < 126) return within(bytes, at + 2, length);
  if (length === 126) return at + 4 <= bytes.length ? within(bytes, at + 4, bytes.readUInt16BE(at + 2)) : undefined;
  return at + 10 <= bytes.length ? within(bytes, at + 10, Number(bytes.readBigUInt64BE(at + 2))) : undefined;
}

function within(bytes: Buffer, payloadAt: number, length: number): Bounds | undefined {
  return payloadAt + length <= bytes.length ? { payloadAt, endAt: payloadAt + length } : undefined;
}

/**
 * Takes what a server sends, in any pieces, and calls `onText` for each whole text message.
 *
 * Servers that are measured send small messages in one frame each and do not mask them. Reading no more than that keeps the
 * client's share of the machine small, so that the server is what is measured.
 */
export function createFrameReader(onText: (payload: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer | undefined;
  return (chunk) => {
    const bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    for (let bounds = boundsAt(bytes, at); bounds !== undefined; bounds = boundsAt(bytes, at)) {
      if (((bytes[at] ?? 0) & 0x0f) === textOpcode) onText(bytes.subarray(bounds.payloadAt, bounds.endAt));
      at = bounds.endAt;
    }
    rest = at < bytes.length ? bytes.subarray(at) : undefined;
  };
}
