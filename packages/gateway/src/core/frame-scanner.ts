/** Says what is put in place of the first byte of each frame before a close. */
export interface Disguises {
  disguise(firstByte: number): number;
}

const longestHeader = 10;
const finalBit = 0x80;
const maskBit = 0x80;
const opcodeBits = 0x0f;
const closeOpcode = 0x8;

/**
 * Watches the bytes of one client, in whatever pieces they arrive, for a frame with a longer payload than `maxBytes`. It
 * checks nothing else: other faults are the library's. A class, because every open connection has one.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-5.2 (read 2026-11)
 */
export class FrameScanner {
  readonly #maxBytes: number;
  readonly #disguises: Disguises | undefined;
  /** Of a header that a piece ended in; most come whole. */
  #header: Buffer | undefined;
  #bytesToNextFrame = 0;
  #endedMessages = 0;
  #found: number | undefined;

  constructor(maxBytes: number, disguises?: Disguises) {
    this.#maxBytes = maxBytes;
    this.#disguises = disguises;
  }

  /**
   * Takes the next piece, in which it changes the first byte of each frame where there is a disguise.
   *
   * @returns how many messages ended before the first frame that is too long; `undefined` while there is none.
   */
  scan(piece: Buffer): number | undefined {
    let at = 0;
    while (at < piece.length) {
      if (this.#bytesToNextFrame === 0) at = this.#readHeader(piece, at);
      const step = Math.min(this.#bytesToNextFrame, piece.length - at);
      this.#bytesToNextFrame -= step;
      at += step;
    }
    return this.#found;
  }

  /** @returns where the header ends, or the piece does. */
  #readHeader(piece: Buffer, at: number): number {
    const begun = this.#header;
    if (begun === undefined) {
      if (this.#disguises !== undefined) piece[at] = this.#disguises.disguise(piece.readUInt8(at));
      if (isWhole(piece, at)) return at + this.#begin(piece, at);
      this.#header = Buffer.from(piece.subarray(at));
      return piece.length;
    }
    const header = Buffer.concat([begun, piece.subarray(at, at + longestHeader - begun.length)]);
    this.#header = isWhole(header, 0) ? undefined : header;
    return this.#header === undefined ? at + this.#begin(header, 0) - begun.length : piece.length;
  }

  /** @returns the header's length. */
  #begin(bytes: Buffer, at: number): number {
    const first = bytes.readUInt8(at);
    const opcode = first & opcodeBits;
    const payloadBytes = payloadLength(bytes, at);
    if (opcode < closeOpcode) {
      if (payloadBytes > this.#maxBytes) this.#found ??= this.#endedMessages;
      if (first >= finalBit) this.#endedMessages += 1;
    }
    const maskBytes = bytes.readUInt8(at + 1) >= maskBit ? 4 : 0;
    // Nothing counts that comes after a close.
    this.#bytesToNextFrame = opcode === closeOpcode ? Infinity : payloadBytes + maskBytes;
    return headerLength(bytes.readUInt8(at + 1));
  }
}
/** Bytes of a frame's header without its mask. */
function headerLength(second: number): number {
  const length = second & 0x7f;
  if (length < 126) return 2;
  return length === 126 ? 4 : longestHeader;
}

function isWhole(bytes: Buffer, at: number): boolean {
  const count = bytes.length - at;
  return count >= 2 && count >= headerLength(bytes.readUInt8(at + 1));
}

function payloadLength(bytes: Buffer, at: number): number {
  const length = bytes.readUInt8(at + 1) & 0x7f;
  if (length < 126) return length;
  return length === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
}
