const textOpcode = 0x1;
const continuationOpcode = 0x0;
const finalBit = 0x80;
/** Says of a message's first frame that the message is compressed (RFC 7692, section 6). */
const compressedBit = 0x40;

/**
 * A text message as the bytes of its frames, unmasked as servers send (RFC 6455, sections 5.1 and 5.2).
 *
 * One buffer, so that it leaves in one plain write. A message longer than `maxFrameBytes` is cut into several frames.
 */
export function textFrames(payload: Buffer, maxFrameBytes: number, isCompressed = false): Buffer {
  const firstOpcode = isCompressed ? textOpcode | compressedBit : textOpcode;
  if (payload.length <= maxFrameBytes) return frame(payload, firstOpcode | finalBit);
  const frames: Buffer[] = [];
  for (let start = 0; start < payload.length; start += maxFrameBytes) {
    const end = start + maxFrameBytes;
    const opcode = start === 0 ? firstOpcode : continuationOpcode;
    frames.push(frame(payload.subarray(start, end), opcode | (end >= payload.length ? finalBit : 0)));
  }
  return Buffer.concat(frames);
}

function frame(payload: Buffer, firstByte: number): Buffer {
  const { length } = payload;
  const headerBytes = length < 126 ? 2 : length < 0x1_0000 ? 4 : 10;
  const bytes = Buffer.allocUnsafe(headerBytes + length);
  bytes[0] = firstByte;
  if (headerBytes === 2) bytes[1] = length;
  else if (headerBytes === 4) {
    bytes[1] = 126;
    bytes.writeUInt16BE(length, 2);
  } else {
    bytes[1] = 127;
    bytes.writeBigUInt64BE(BigInt(length), 2);
  }
  payload.copy(bytes, headerBytes);
  return bytes;
}
