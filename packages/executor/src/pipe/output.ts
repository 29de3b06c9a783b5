import type { Batch } from './batch.ts';
import { toParent } from './codec.ts';

/** What a handler prints at once goes out in pieces of this length. */
const maxOutputLength = 1024 * 1024;

export interface CaptureOptions {
  readonly batch: Batch;
  readonly stream: NodeJS.WriteStream;
  /** Says which stream it was. */
  readonly mark: number;
  /** Of the event that prints, where that is known. */
  readonly requestId: () => string | undefined;
}

/** Sends what is printed to a stream through the pipe. */
export function captureOutput({ batch, stream, mark, requestId }: CaptureOptions): void {
  function push(chunk: Uint8Array | string): void {
    const from = requestId() ?? '';
    batch.push(toParent.output, (frame) => {
      frame.uint8(mark);
      frame.uint8(from.length);
      frame.text(from);
      if (typeof chunk === 'string') frame.text(chunk);
      else frame.bytes(chunk);
    });
  }

  stream.write = (chunk: Uint8Array | string, encoding?: unknown, callback?: unknown): boolean => {
    const data = typeof chunk === 'string' ? decoded(chunk, encoding) : chunk;
    for (let at = 0; at < data.length; at += maxOutputLength) push(data.slice(at, at + maxOutputLength));
    // Now, not at the end of the turn: a handler that hangs or kills the process should not take its last words along.
    batch.flush();
    const written: unknown = typeof encoding === 'function' ? encoding : callback;
    if (typeof written === 'function') process.nextTick(() => written());
    return true;
  };
}

/** `process.stdout.write('ff', 'hex')` writes one byte. */
function decoded(text: string, encoding: unknown): Uint8Array | string {
  const isOther = typeof encoding === 'string' && Buffer.isEncoding(encoding) && !/^utf-?8$/i.test(encoding);
  return isOther ? Buffer.from(text, encoding) : text;
}
