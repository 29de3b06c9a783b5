import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

/** One file of a zip. */
export interface ZipEntry {
  /** With `/` between its parts. */
  readonly path: string;
  readonly data: Buffer;
}

/** All that decides a zip's bytes beside its files. */
const fixed = {
  // Zips hold local time, so this is the same everywhere: midnight of their first day.
  mtime: new Date(1980, 0, 1),
  forceDosTimestamp: true,
  compressionLevel: 9,
} as const;

const plainMode = 0o100644;
const programMode = 0o100755;

/**
 * Zips files: the same bytes for the same files, whatever the machine, its time zone and the files' times and modes.
 *
 * Programs and libraries of Linux and scripts with `#!` can be run, everything else can only be read: their first bytes
 * decide, because not every file system knows.
 *
 * Only zlib could make a difference: Node 20, 22 and 24 have versions of it that compress alike (tried 2026-11).
 */
export async function createZip(entries: readonly ZipEntry[]): Promise<Buffer> {
  const zip = new ZipFile();
  const failed = once(zip, 'error').then(([error]) => Promise.reject(error));
  const written = buffer(zip.outputStream);
  for (const { path, data } of entries.toSorted(byPath)) {
    zip.addBuffer(data, path, { ...fixed, mode: isProgram(data) ? programMode : plainMode });
  }
  zip.end();
  return Promise.race([written, failed]);
}

/** By code units, so that no language of a machine matters. */
export function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  if (a.path === b.path) return 0;
  return a.path < b.path ? -1 : 1;
}

function isProgram(data: Buffer): boolean {
  const start = data.toString('latin1', 0, 4);
  return start === '\u007FELF' || start.startsWith('#!');
}
