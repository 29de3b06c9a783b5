import type { IncomingMessage } from 'node:http';

/** How reading a request's body ended. */
export type BodyRead =
  | { readonly type: 'read'; readonly body: Buffer }
  | { readonly type: 'tooLarge' }
  | { readonly type: 'aborted' };

/** Long enough to send a body that is a little too large and to read the answer, and for any pause in between. */
const defaultRestMs = 10_000;

/**
 * Reads a body into memory, up to a limit. Resolves for whatever the client does.
 *
 * What comes after the limit is thrown away as it arrives, so that the client can finish and read its answer. A client that
 * has not finished after `restMs` is cut off; so is one that sends nothing for as long in the middle of its body.
 */
export function readBody(request: IncomingMessage, maxBytes: number, restMs = defaultRestMs): Promise<BodyRead> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const silence = setTimeout(() => request.destroy(), restMs);
    const finish = (read: BodyRead) => {
      clearTimeout(silence);
      request.off('data', take).off('end', end).off('close', abort);
      request.resume();
      if (read.type === 'tooLarge') endRest(request, restMs);
      resolve(read);
    };
    const take = (chunk: Buffer) => {
      silence.refresh();
      length += chunk.length;
      if (length > maxBytes) finish({ type: 'tooLarge' });
      else chunks.push(chunk);
    };
    const end = () => finish({ type: 'read', body: Buffer.concat(chunks, length) });
    const abort = () => finish({ type: 'aborted' });

    // Whatever goes wrong ends in `close` too; an `error` without a listener would end the process.
    request.on('error', () => {});
    if (request.destroyed && !request.complete) return abort();
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) return finish({ type: 'tooLarge' });
    request.on('data', take).on('end', end).on('close', abort);
  });
}

function endRest(request: IncomingMessage, restMs: number): void {
  const timer = setTimeout(() => request.socket.destroy(), restMs);
  request.once('close', () => clearTimeout(timer));
}
