import { isUtf8 } from 'node:buffer';
import { limits } from '@furrow/protocol';
import type { Compression } from '../core/compression-offer.ts';
import { textFrames } from '../core/text-frame.ts';
import { deflate } from './deflate.ts';

/** A message as the bytes of its frames. */
export type MessageFrames = (data: Buffer | string, compression: Compression | undefined) => Buffer;

/** What was made of one message so far. */
interface Encoded {
  readonly data: Buffer | string;
  readonly text: Buffer;
  plain: Buffer | undefined;
  readonly deflated: Map<number, Buffer>;
}

/**
 * Encodes messages, and a message to many connections once: as it is, and once for each window that clients agreed on.
 *
 * It is the same message when it is the same buffer, so whoever sends to many hands over one, and writes into none.
 */
export function createMessageFrames(): MessageFrames {
  let last: Encoded | undefined;

  return (data, compression) => {
    if (last?.data !== data) last = { data, text: validText(data), plain: undefined, deflated: new Map() };
    const { text, deflated } = last;
    if (compression === undefined) return (last.plain ??= textFrames(text, limits.maxFrameBytes));
    const { windowBits } = compression;
    const known = deflated.get(windowBits);
    if (known !== undefined) return known;
    const short = deflate(text, windowBits);
    const frames =
      short === undefined
        ? (last.plain ??= textFrames(text, limits.maxFrameBytes))
        : textFrames(short, limits.maxFrameBytes, true);
    deflated.set(windowBits, frames);
    return frames;
  };
}

/** Bytes that are not UTF-8 become U+FFFD: a client would end the connection over them. */
function validText(data: Buffer | string): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  return isUtf8(data) ? data : Buffer.from(data.toString('utf8'));
}
