import { constants } from 'node:fs';
import { open, realpath, stat, type FileHandle } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { contentTypeOf, fillNamesOfFiles, maxNamingBytes, mayNameFiles } from '@furrow/protocol';
import { resolveStatic } from './static-path.ts';
import { fileResponse, type FileFacts } from './static-response.ts';
import { isIgnored, rootPath, type StaticRules } from './static-rules.ts';

/** Where a request for a file is looked up. */
export interface StaticOptions {
  /** Absolute path of `public/`. */
  readonly folder: string;
  /** What follows `/_static` in the URL, as received. */
  readonly path: string;
  readonly rules?: StaticRules;
  /** What becomes of pages that are sent. @default nothing */
  readonly editPage?: EditPage | undefined;
}

type EditPage = (page: Buffer, contentType: string, request: IncomingMessage) => Buffer;

/** An open file and what is known of it; whoever gets one closes it, or sends it. */
export interface StaticFile extends FileFacts {
  readonly handle: FileHandle;
}

/**
 * Answers a request with a file of a folder: types, ETag, conditions and ranges. Resolves when the response is over.
 *
 * GET and HEAD only. Whatever must not be served looks like a missing file: 404 `Not found`.
 */
export async function serveStatic(
  request: IncomingMessage,
  response: ServerResponse,
  options: StaticOptions,
): Promise<{ readonly statusCode: number }> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return sendText(response, 405, 'Method not allowed', ['allow', 'GET, HEAD']);
  }
  const file = await openStatic(options);
  return file === undefined
    ? sendText(response, 404, 'Not found')
    : sendStatic(request, response, { ...options, file });
}

/**
 * Answers a GET or HEAD outside of `/_static` with a file: where files are at the root any that the path names, or the app's
 * own `404.html`; else the page at `/`. `undefined` when there is none.
 */
export async function serveRoot(
  request: IncomingMessage,
  response: ServerResponse,
  { folder, path, rules = {}, editPage }: StaticOptions,
): Promise<{ readonly statusCode: number } | undefined> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
  const { isAtRoot = false } = rules;
  const asked = isAtRoot ? rootPath(path, rules) : '/index.html';
  const file = isAtRoot || path === '/' ? await openStatic({ folder, path: asked, rules }) : undefined;
  if (file !== undefined) return sendStatic(request, response, { file, editPage });
  const page = isAtRoot ? await openStatic({ folder, path: '/404.html', rules }) : undefined;
  return page && sendMissing(request, response, { file: page, editPage });
}

/** Opens the file that a URL path names; `undefined` when there is none to serve. A folder stands for its `index.html`. */
async function openStatic({ folder, path, rules = {} }: StaticOptions): Promise<StaticFile | undefined> {
  const target = resolveStatic(folder, path);
  if (target === undefined || isIgnored(keyOf(folder, target.file), rules)) return undefined;
  try {
    const root = await realpath(folder);
    const real = await realpath(target.file);
    if (!isInside(root, real)) return undefined;
    if (!(await stat(real)).isDirectory()) return target.namesFolder ? undefined : await openRegular(real);
    const index = await realpath(`${real}${sep}index.html`);
    return isInside(root, index) ? await openRegular(index) : undefined;
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

/** Sends an opened file and closes it, even when the client leaves in between. */
async function sendStatic(
  request: IncomingMessage,
  response: ServerResponse,
  { file, editPage }: Sending,
): Promise<{ readonly statusCode: number }> {
  const { headers } = request;
  const text = await readText(request, { file, editPage });
  const facts = text === undefined ? file : { ...file, size: text.length };
  const decision = fileResponse(request.method === 'HEAD' ? 'HEAD' : 'GET', facts, {
    ifNoneMatch: headers['if-none-match'],
    ifModifiedSince: headers['if-modified-since'],
    ifRange: headers['if-range']?.toString(),
    range: headers.range,
  });
  const { statusCode, bytes } = decision;
  response.writeHead(statusCode, decision.headers.flat());
  if (bytes === undefined || text !== undefined) {
    await file.handle.close();
    response.end(bytes && text?.subarray(bytes.first, bytes.last + 1));
    return { statusCode };
  }
  const stream = file.handle.createReadStream({ start: bytes.first, end: bytes.last });
  // When a connection ends, Node closes none of the responses that wait for their turn on it, but all of their requests.
  const left = new AbortController();
  if (request.destroyed) left.abort();
  else request.once('close', () => left.abort());
  try {
    await pipeline(stream, response, { end: false, signal: left.signal });
    // A file that shrank meanwhile leaves the client waiting for the rest; a broken connection tells it the truth.
    if (stream.bytesRead < bytes.last - bytes.first + 1) response.destroy();
    else response.end();
  } catch {
    // The client left, or the disk failed half-way. The headers are gone, so all that is left is to hang up.
    response.destroy();
  }
  return { statusCode };
}

interface Sending extends Pick<StaticOptions, 'editPage'> {
  readonly file: StaticFile;
}

/** A text, with the names of other files filled in; `undefined` for what is no text. */
async function readText(request: IncomingMessage, { file, editPage }: Sending): Promise<Buffer | undefined> {
  const { handle, size, contentType } = file;
  if (!mayNameFiles(contentType) || size > maxNamingBytes) return undefined;
  const text = fillNamesOfFiles(await handle.readFile());
  return editPage?.(text, contentType, request) ?? text;
}

/** Sends an opened page as what is said of a missing one, and closes it. */
async function sendMissing(request: IncomingMessage, response: ServerResponse, sending: Sending) {
  const { handle, contentType } = sending.file;
  const body = (await readText(request, sending)) ?? (await handle.readFile());
  await handle.close();
  response.writeHead(404, [
    'content-type',
    contentType,
    'content-length',
    String(body.length),
    'cache-control',
    'public, max-age=0, must-revalidate',
  ]);
  response.end(request.method === 'HEAD' ? undefined : body);
  return { statusCode: 404 };
}

function keyOf(folder: string, file: string): string {
  return relative(folder, file).replaceAll(sep, '/');
}

function isInside(root: string, file: string): boolean {
  return file === root || file.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** `O_NOFOLLOW` and `O_NONBLOCK` do not exist on Windows, where they are not needed either. */
const openFlags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

async function openRegular(file: string): Promise<StaticFile | undefined> {
  const handle = await open(file, openFlags);
  const facts = await handle.stat({ bigint: true });
  if (!facts.isFile()) {
    await handle.close();
    return undefined;
  }
  return {
    handle,
    size: Number(facts.size),
    modifiedAtNs: facts.mtimeNs,
    contentType: contentTypeOf(file),
  };
}

const absences = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP', 'ENAMETOOLONG', 'EINVAL', 'ENXIO']);

function isAbsence(error: unknown): boolean {
  return error instanceof Error && 'code' in error && absences.has(String(error.code));
}

function sendText(response: ServerResponse, statusCode: number, text: string, extra: readonly string[] = []) {
  response.writeHead(statusCode, [
    'content-type',
    'text/plain; charset=utf-8',
    'content-length',
    String(Buffer.byteLength(text)),
    ...extra,
  ]);
  response.end(text);
  return { statusCode };
}
