export interface Frame {
  readonly first: number;
  readonly opcode: number;
  readonly isMasked: boolean;
  readonly payload: Buffer;
}

/** What a server sent, header and all, of the frames that have come in whole. */
export function readFrames(bytes: Buffer): Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at + 2 <= bytes.length;) {
    const first = bytes.readUInt8(at);
    const second = bytes.readUInt8(at + 1);
    const short = second & 0x7f;
    const start = at + 2 + (short < 126 ? 0 : short === 126 ? 2 : 8);
    if (start > bytes.length) break;
    const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : bytes.readUInt32BE(at + 6);
    if (start + length > bytes.length) break;
    const payload = bytes.subarray(start, start + length);
    frames.push({ first, opcode: first & 0x0f, isMasked: second >= 0x80, payload });
    at = start + length;
  }
  return frames;
}

export interface FrameParts {
  readonly isLast?: boolean;
  readonly isMasked?: boolean;
  /** 1, 2, 4: the bits as RFC 6455 has them, the first one highest. */
  readonly reserved?: number;
}

/** A client's frame. */
export function frame(opcode: number, payload: Buffer | string = '', parts: FrameParts = {}): Buffer {
  const { isLast = true, isMasked = true, reserved = 0 } = parts;
  const data = Buffer.from(payload);
  const mask = isMasked ? Buffer.from([1, 2, 3, 4]) : Buffer.alloc(0);
  const masked = isMasked ? data.map((byte, index) => byte ^ ((index % 4) + 1)) : data;
  const [short = 0, ...extended] = lengthBytes(data.length);
  const header = [(isLast ? 0x80 : 0) | (reserved << 4) | opcode, (isMasked ? 0x80 : 0) | short, ...extended];
  return Buffer.concat([Buffer.from(header), mask, masked]);
}

function lengthBytes(length: number): number[] {
  if (length < 126) return [length];
  if (length < 65_536) return [126, length >> 8, length & 0xff];
  return [127, 0, 0, 0, 0, length >> 24, (length >> 16) & 0xff, (length >> 8) & 0xff, length & 0xff];
}

export function closePayload(code: number, reason: Buffer | string = ''): Buffer {
  return Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)]);
}
