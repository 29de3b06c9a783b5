import { isUtf8 } from 'node:buffer';
import type { AskedFile } from './static-key.ts';

/** An answer of payload format 2.0. */
export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/**
 * Request headers that S3 understands and decides by. Pure.
 *
 * An ETag that S3 could not compare is compared here (`isKnown`). If-Range S3 does not know; a server may always send the
 * whole file instead.
 */
export function conditions(method: 'GET' | 'HEAD', headers: Readonly<Record<string, string>>): Record<string, string> {
  const { 'if-none-match': etags, 'if-modified-since': since, range, 'if-range': ifRange } = headers;
  const etag = /^\s*(?:W\/)?("[^"]*")\s*$/.exec(etags ?? '')?.[1];
  return {
    ...(etag !== undefined && { 'if-none-match': etag }),
    ...(since !== undefined && etags === undefined && { 'if-modified-since': since }),
    ...(range !== undefined && ifRange === undefined && method === 'GET' && { range }),
  };
}

/** Headers of an object that clients get. */
const kept = [
  'accept-ranges',
  'cache-control',
  'content-disposition',
  'content-language',
  'content-range',
  'content-type',
  'etag',
  'last-modified',
];
/** The sandbox's, where an object has none. */
const cacheControl = 'public, max-age=0, must-revalidate';
/** For what never changes under its name. */
const cachedForever = 'public, max-age=31536000, immutable';

/** The headers of an answer that is, or is about, an object. Pure. */
export function objectHeaders(headers: Headers): Record<string, string> {
  const found = kept.flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return { 'cache-control': cacheControl, ...Object.fromEntries(found) };
}

/**
 * The same for a file whose name says its content, by the app's own tools: it is kept for good, unless it is a page or data,
 * which have no such names. Pure.
 */
export function namedHeaders(headers: Headers): Record<string, string> {
  const found = objectHeaders(headers);
  const isStable = !/^(?:text\/html|application\/json)\b/.test(found['content-type'] ?? '');
  return isStable ? { ...found, 'cache-control': cachedForever } : found;
}

/** Whether a client has the object already, by the ETags that it names. Pure. */
export function isKnown(etags: string | undefined, headers: Headers): boolean {
  const etag = headers.get('etag');
  return (etags ?? '').split(',').some((item) => ['*', etag].includes(item.trim().replace(/^W\//, '')));
}

const textType = /^(?:text\/|application\/(?:[\w.-]+\+)?(?:javascript|json|xml)|image\/svg\+xml)/i;

/** An answer about an object that brings none of its bytes. Pure. */
export function withoutContent(statusCode: 304 | 416, headers: Headers): Answer {
  const about = Object.entries(objectHeaders(headers));
  const told = about.filter(([name]) => !name.startsWith('content-') || name === 'content-range');
  return { statusCode, headers: Object.fromEntries(told) };
}

/** A body as text where it is text and no longer than in base64, which no quote or line break makes longer. Pure. */
export function encodeBody(body: Buffer, contentType: string): Pick<Answer, 'body' | 'isBase64Encoded'> {
  const base64 = body.toString('base64');
  if (!textType.test(contentType) || !isUtf8(body)) return { body: base64, isBase64Encoded: true };
  const text = body.toString('utf8');
  if (Buffer.byteLength(JSON.stringify(text)) > base64.length + 2) return { body: base64, isBase64Encoded: true };
  return { body: text, isBase64Encoded: false };
}

/** What is not there looks as it does in the sandbox: the folder's answer, or that of an API without such a route. */
export function notFound({ isInFolder }: Pick<AskedFile, 'isInFolder'>): Answer {
  if (!isInFolder) return message(404, 'Not Found');
  return { statusCode: 404, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'Not found' };
}

export function methodNotAllowed(): Answer {
  const headers = { 'content-type': 'text/plain; charset=utf-8', allow: 'GET, HEAD' };
  return { statusCode: 405, headers, body: 'Method not allowed' };
}

export function badGateway(): Answer {
  return message(502, 'Bad Gateway');
}

function message(statusCode: number, text: string): Answer {
  return {
    statusCode,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message: text }),
  };
}
