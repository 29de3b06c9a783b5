import { request as requestPlain, type IncomingMessage } from 'node:http';
import { request as requestSecure } from 'node:https';
import { buffer } from 'node:stream/consumers';

/** An answer of S3, its bytes as they are stored: `fetch` would decode them. */
export interface ObjectResponse {
  readonly status: number;
  readonly headers: Headers;
  /** The whole body. */
  read(): Promise<Buffer>;
  /** Lets the body go. One of the two MUST be called. */
  discard(): void;
}

/** What is read to its end to keep the connection, rather than cut off. */
const mostBytesDrained = 64 * 1024;

/** Asks for an object; redirects are answers like others. */
export function fetchObject(
  url: string,
  { method, headers }: { readonly method: string; readonly headers: Readonly<Record<string, string>> },
): Promise<ObjectResponse> {
  const open = url.startsWith('https:') ? requestSecure : requestPlain;
  return new Promise((resolve, reject) => {
    open(url, { method, headers }, (message) => resolve(toResponse(message)))
      .once('error', reject)
      .end();
  });
}

function toResponse(message: IncomingMessage): ObjectResponse {
  const headers = new Headers();
  for (const [name, values] of Object.entries(message.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  return {
    status: message.statusCode ?? 0,
    headers,
    read: () => buffer(message),
    discard() {
      if (Number(headers.get('content-length') ?? 0) <= mostBytesDrained) message.resume();
      else message.destroy();
    },
  };
}
