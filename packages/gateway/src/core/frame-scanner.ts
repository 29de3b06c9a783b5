const longestHeader = 10;
const closeOpcode = 0x8;

/**
 * Watches the bytes of one client, in whatever pieces they arrive, for a frame with a longer payload than `maxBytes`.
 *
 * The returned function takes the next piece. It returns how many messages ended before the first such frame, `undefined`
 * while there is none. It checks nothing else: other faults are the library's.
 *
 * @param disguise what is put in place of the first byte of each frame before a close, in the piece itself.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-5.2 (read 2026-11)
 */
export function createFrameScanner(
  maxBytes: number,
  disguise = (firstByte: number) => firstByte,
): (piece: Buffer) => number | undefined {
  const header = Buffer.alloc(longestHeader);
  let headerBytes = 0;
  let bytesToNextFrame = 0;
  let endedMessages = 0;
  let found: number | undefined;

  return (piece) => {
    let at = 0;
    while (at < piece.length) {
      if (bytesToNextFrame > 0) {
        const step = Math.min(bytesToNextFrame, piece.length - at);
        bytesToNextFrame -= step;
        at += step;
        continue;
      }
      if (headerBytes === 0) piece[at] = disguise(piece.readUInt8(at));
      header[headerBytes++] = piece.readUInt8(at++);
      if (headerBytes < 2 || headerBytes < headerLength(header.readUInt8(1))) continue;
      headerBytes = 0;
      const [first, second] = [header.readUInt8(0), header.readUInt8(1)];
      const opcode = first & 0x0f;
      const payloadBytes = payloadLength(header);
      if (opcode < closeOpcode) {
        if (payloadBytes > maxBytes) found ??= endedMessages;
        if (first >= 0x80) endedMessages += 1;
      }
      // Nothing counts that comes after a close.
      bytesToNextFrame = opcode === closeOpcode ? Infinity : payloadBytes + (second >= 0x80 ? 4 : 0);
    }
    return found;
  };
}

/** Bytes of a frame's header without its mask. */
function headerLength(second: number): number {
  const length = second & 0x7f;
  if (length < 126) return 2;
  return length === 126 ? 4 : longestHeader;
}

function payloadLength(header: Buffer): number {
  const length = header.readUInt8(1) & 0x7f;
  if (length < 126) return length;
  return length === 126 ? header.readUInt16BE(2) : Number(header.readBigUInt64BE(2));
}
