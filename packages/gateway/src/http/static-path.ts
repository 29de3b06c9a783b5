import { join } from 'node:path';

/** Where a URL path points inside of a folder. */
export interface StaticPath {
  /** Below the folder, or the folder itself. */
  readonly file: string;
  /** The URL ends in a slash, so only a folder will do. */
  readonly namesFolder: boolean;
}

/**
 * The file that a URL path names; `undefined` for whatever must not be served.
 *
 * Escapes are decoded once, segment by segment. Refused: `.` and `..` in any writing, escaped slashes, backslashes, NUL
 * and other control characters, colons (drive letters, NTFS streams), empty segments, broken escapes, and dot files but
 * for `.well-known`. Links are not looked at here: whoever opens the file does that.
 *
 * @param urlPath what follows `/_static`, as received: `/app.js`, `/`, or nothing.
 */
export function resolveStatic(folder: string, urlPath: string): StaticPath | undefined {
  const raw = urlPath.replace(/^\//, '');
  const namesFolder = raw === '' || raw.endsWith('/');
  const parts = raw === '' ? [] : raw.replace(/\/$/, '').split('/');
  const segments: string[] = [];
  for (const part of parts) {
    const segment = readSegment(part);
    if (segment === undefined) return undefined;
    segments.push(segment);
  }
  return { file: join(folder, ...segments), namesFolder };
}

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for.
const unsafe = /[/\\:\u0000-\u001f\u007f]/;

function readSegment(part: string): string | undefined {
  let segment: string;
  try {
    segment = decodeURIComponent(part);
  } catch {
    // A broken escape names no file.
    return undefined;
  }
  if (segment === '' || unsafe.test(segment)) return undefined;
  return segment.startsWith('.') && segment !== '.well-known' ? undefined : segment;
}
