import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { isUserError } from '@furrow/protocol';
import { errors } from '../errors.ts';
import type { FileBody } from './aws.ts';

/** Failures that pass. The SDK does not try again by itself, for it cannot read a stream twice. */
const passing = new Set(['AWS_UNREACHABLE', 'AWS_FAULT', 'AWS_THROTTLED']);
const firstWaitMs = 250;

/** Sends what a stream has; given up when the signal says so. */
type SendStream = (stream: Readable, signal: AbortSignal) => Promise<unknown>;

/**
 * Sends a file from the disk, and again when the line was cut.
 *
 * @throws {STATIC_UNREADABLE} when it is shorter than was said; what the file system says when it cannot be read.
 */
export async function putFile(body: FileBody, attempts: number, send: SendStream): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await putOnce(body, send);
    } catch (error) {
      if (attempt >= attempts || !isUserError(error) || !passing.has(error.code)) throw error;
    }
    await delay(firstWaitMs * 2 ** (attempt - 1));
  }
}

async function putOnce({ path, bytes }: FileBody, send: SendStream): Promise<void> {
  const stream = createReadStream(path, { end: bytes - 1 });
  const cutting = new AbortController();
  // The SDK does not hear of a stream that fails or ends too early, and would wait for the rest.
  stream.once('error', (error) => cutting.abort(error));
  stream.once('end', () => {
    if (stream.bytesRead < bytes) cutting.abort(errors.staticUnreadable(path, new Error('it has changed meanwhile')));
  });
  try {
    await send(stream, cutting.signal);
  } catch (error) {
    throw cutting.signal.aborted ? cutting.signal.reason : error;
  } finally {
    stream.destroy();
  }
}
