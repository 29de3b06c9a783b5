import type { Pairs } from '@furrow/protocol';

/** What is known of a file that is about to be served. */
export interface FileFacts {
  readonly size: number;
  /** Nanoseconds since 1970, so that two edits in one millisecond differ. */
  readonly modifiedAtNs: bigint;
  readonly contentType: string;
}

/** The request headers that decide how a file is served. */
export interface FileConditions {
  readonly ifNoneMatch?: string | undefined;
  readonly ifModifiedSince?: string | undefined;
  readonly ifRange?: string | undefined;
  readonly range?: string | undefined;
}

/** How to answer, and which bytes to send. */
export interface FileResponse {
  readonly statusCode: 200 | 206 | 304 | 416;
  readonly headers: Pairs;
  /** Both ends included; absent when there is nothing to send. */
  readonly bytes?: Range;
}

/**
 * Decides how a GET or HEAD of a file is answered (RFC 9110, sections 13 and 14).
 *
 * Several ranges in one request get the whole file, which the RFC allows. The ETag is made of size and time: a change
 * gives another one unless it keeps both to the byte and nanosecond.
 */
export function fileResponse(method: 'GET' | 'HEAD', file: FileFacts, conditions: FileConditions): FileResponse {
  const etag = `"${file.size.toString(16)}-${file.modifiedAtNs.toString(16)}"`;
  const modifiedAtMs = Math.floor(Number(file.modifiedAtNs / 1_000_000_000n)) * 1000;
  const lastModified = new Date(modifiedAtMs).toUTCString();
  const common: Pairs = [
    ['cache-control', 'public, max-age=0, must-revalidate'],
    ['etag', etag],
    ['last-modified', lastModified],
  ];
  if (isFresh(conditions, etag, modifiedAtMs)) return { statusCode: 304, headers: common };

  const asks = method === 'GET' && mayUseRange(conditions.ifRange, etag, lastModified);
  const range = asks ? parseRange(conditions.range, file.size) : undefined;
  if (range === 'unsatisfiable') {
    return {
      statusCode: 416,
      headers: [
        ['content-range', `bytes */${file.size}`],
        ['accept-ranges', 'bytes'],
        ['content-length', '0'],
      ],
    };
  }
  const bytes = range ?? { first: 0, last: file.size - 1 };
  const isEmpty = file.size === 0;
  return {
    statusCode: range === undefined ? 200 : 206,
    headers: [
      ['content-type', file.contentType],
      ['content-length', String(bytes.last - bytes.first + 1)],
      ...(range === undefined ? [] : [['content-range', `bytes ${range.first}-${range.last}/${file.size}`] as const]),
      ['accept-ranges', 'bytes'],
      ...common,
    ],
    ...(method === 'GET' && !isEmpty && { bytes }),
  };
}

function isFresh(conditions: FileConditions, etag: string, modifiedAtMs: number): boolean {
  const { ifNoneMatch, ifModifiedSince } = conditions;
  if (ifNoneMatch !== undefined) {
    return ifNoneMatch.split(',').some((item) => ['*', etag].includes(item.trim().replace(/^W\//, '')));
  }
  // An unreadable date parses to NaN, and nothing is at most NaN.
  return ifModifiedSince !== undefined && modifiedAtMs <= Date.parse(ifModifiedSince);
}

function mayUseRange(ifRange: string | undefined, etag: string, lastModified: string): boolean {
  return ifRange === undefined || ifRange === etag || ifRange === lastModified;
}

type Range = { readonly first: number; readonly last: number };

/** One byte range within the file; `undefined` where the header asks for nothing that can be understood. */
function parseRange(header: string | undefined, size: number): Range | 'unsatisfiable' | undefined {
  const found = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(header ?? '');
  const [, from = '', to = ''] = found ?? [];
  if (from === '') return to === '' ? undefined : lastBytes(Number(to), size);
  const first = Number(from);
  const last = to === '' ? Infinity : Number(to);
  if (last < first) return undefined;
  return first >= size ? 'unsatisfiable' : { first, last: Math.min(last, size - 1) };
}

function lastBytes(count: number, size: number): Range | 'unsatisfiable' {
  const length = Math.min(count, size);
  return length === 0 ? 'unsatisfiable' : { first: size - length, last: size - 1 };
}
