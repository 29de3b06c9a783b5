import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { isPage, pageScript, scriptPath, versionsPath, withScript } from './page-script.ts';
import type { HttpResponse } from './result-response.ts';

/** What makes pages load themselves again when the app has changed. It uses HTTP alone, and no socket of the app. */
export interface LiveReload {
  /** Answers a page's own script; `false` for whatever is not asked by it. */
  readonly answer: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** A page with the script in it; anything else as it is. */
  readonly editPage: (page: Buffer, contentType: string, request: IncomingMessage) => Buffer;
  /** The same of a function's answer, which may be compressed. */
  readonly editResponse: (response: HttpResponse, request: IncomingMessage) => Promise<HttpResponse>;
  /** Tells every page that is open to load itself again. */
  readonly tell: () => void;
  /** Ends what pages wait for. */
  readonly close: () => void;
}

const noStore = { 'cache-control': 'no-store' } as const;

/** @param startedAtMs makes versions differ from those of an earlier run, so that pages of then are loaded again. */
export function createLiveReload(startedAtMs: number): LiveReload {
  const waiting = new Set<ServerResponse>();
  let changes = 0;

  const version = () => `${startedAtMs}-${changes}`;

  function sendVersion(response: ServerResponse): void {
    response.write(`data: ${version()}\n\n`);
  }

  function sendScript(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8', ...noStore });
    response.end(pageScript(version()));
  }

  function follow(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', ...noStore });
    waiting.add(response);
    response.once('close', () => waiting.delete(response));
    sendVersion(response);
  }

  return {
    answer({ method, url = '' }, response) {
      if (method !== 'GET') return false;
      if (url === versionsPath) follow(response);
      else if (url === scriptPath) sendScript(response);
      else return false;
      return true;
    },
    editPage,
    async editResponse(response, request) {
      const type = headerOf(response, 'content-type') ?? '';
      const encoding = headerOf(response, 'content-encoding');
      if (!/^text\/html\b/i.test(type)) return response;
      const page = await decode(response.body, encoding);
      const edited = page === undefined ? undefined : editPage(page, type, request);
      if (edited === undefined || edited === page) return response;
      const headers = response.headers.filter(([name]) => name.toLowerCase() !== 'content-encoding');
      return { ...response, headers, body: edited };
    },
    tell() {
      changes += 1;
      for (const response of waiting) sendVersion(response);
    },
    close() {
      for (const response of waiting) response.end();
    },
  };
}

function editPage(page: Buffer, contentType: string, { headers }: IncomingMessage): Buffer {
  return isPage(page, contentType, headers['sec-fetch-dest']) ? withScript(page) : page;
}

function headerOf({ headers }: HttpResponse, wanted: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
}

const decoders = new Map([
  ['br', promisify(brotliDecompress)],
  ['gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
]);

/** A page as it is; `undefined` of one that cannot be read. */
async function decode(body: Buffer, encoding: string | undefined): Promise<Buffer | undefined> {
  if (encoding === undefined || encoding === 'identity') return body;
  // What is no such encoding is the function's fault, and the browser's to say.
  return decoders
    .get(encoding.toLowerCase())?.(body)
    .catch(() => undefined);
}
