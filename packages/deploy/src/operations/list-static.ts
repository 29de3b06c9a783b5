import type { Dirent } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { errors } from '../errors.ts';

export interface StaticFile {
  /** Below the folder, `/` between the parts. */
  readonly key: string;
  /** Where it lies, links followed. */
  readonly path: string;
  readonly bytes: number;
}

export interface StaticFolder {
  /** In order of their keys. */
  readonly files: readonly StaticFile[];
  /** Keys of what the sandbox would not serve either: unsafe names, links out of the folder or to nowhere. In order. */
  readonly skipped: readonly string[];
}

/** What S3 takes in one piece. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html (read 2026-11) */
const maxFileBytes = 5 * 1024 ** 3;
/** S3 refuses keys over 1024; the function that serves the files, those over this. */
const maxKeyBytes = 1000;

interface Walk {
  readonly root: string;
  readonly files: StaticFile[];
  readonly skipped: string[];
  readonly ignore: readonly string[];
}

/**
 * Lists what a static folder serves, by the rules of the sandbox: links are followed as long as they stay inside, hidden
 * files, and those whose paths contain a word of `ignore`, are left at home without a word. Every file is looked at, so that none fails half-way; `undefined` without a
 * folder.
 *
 * @throws {STATIC_UNREADABLE} {STATIC_TOO_LARGE}
 */
export async function listStatic(folder: string, ignore: readonly string[] = []): Promise<StaticFolder | undefined> {
  const root = await unlessGone(folder, realpath(folder));
  if (root === undefined) return undefined;
  const walk: Walk = { root, files: [], skipped: [], ignore };
  await walkFolder(walk, { path: root, parts: [], above: [] });
  const files = walk.files.toSorted((one, other) => (one.key < other.key ? -1 : 1));
  return { files, skipped: walk.skipped.toSorted() };
}

interface Folder {
  /** Links followed. */
  readonly path: string;
  readonly parts: readonly string[];
  /** Paths of the folders that it lies in, as the walk came; a link to one of them has no end. */
  readonly above: readonly string[];
}

async function walkFolder(walk: Walk, { path, parts, above }: Folder): Promise<void> {
  const entries = await unlessGone(path, readdir(path, { withFileTypes: true }));
  for (const entry of entries ?? []) {
    const { name } = entry;
    if (name.startsWith('.') && name !== '.well-known') continue;
    if (walk.ignore.some((word) => [...parts, name].join('/').includes(word))) continue;
    const inner = { path: await follow(walk.root, path, entry), parts: [...parts, name], above: [...above, path] };
    await addEntry(walk, inner);
  }
}

async function addEntry(walk: Walk, { path, parts, above }: Omit<Folder, 'path'> & { path: string | undefined }) {
  const key = parts.join('/');
  const facts = path === undefined ? undefined : await unlessGone(path, stat(path));
  if (path !== undefined && facts?.isDirectory() === true) {
    if (above.includes(path)) walk.skipped.push(key);
    else await walkFolder(walk, { path, parts, above });
  } else if (path !== undefined && facts?.isFile() === true && isServed(key)) {
    // To open it is the one sure way to know that it can be read.
    const handle = await unlessGone(path, open(path));
    await handle?.close();
    if (facts.size > maxFileBytes) throw errors.staticTooLarge(path, { bytes: facts.size, most: maxFileBytes });
    walk.files.push({ key, path, bytes: facts.size });
  } else {
    walk.skipped.push(key);
  }
}

/** Where an entry lies; `undefined` for a link that leads out of the folder, to nowhere, or to itself. */
async function follow(root: string, folder: string, entry: Dirent): Promise<string | undefined> {
  const path = join(folder, entry.name);
  if (!entry.isSymbolicLink()) return path;
  const real = await unlessGone(path, realpath(path));
  return real === root || real?.startsWith(root + sep) === true ? real : undefined;
}

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for.
const unsafe = /[\\:\u0000-\u001f\u007f]/;

function isServed(key: string): boolean {
  return !unsafe.test(key) && Buffer.byteLength(key) <= maxKeyBytes;
}

const absences = new Set(['ENOENT', 'ELOOP']);

/** What comes of a path; `undefined` when nothing is there, any more. @throws {STATIC_UNREADABLE} */
export async function unlessGone<Value>(path: string, answer: Promise<Value>): Promise<Value | undefined> {
  try {
    return await answer;
  } catch (error) {
    // Only what the file system says has a system call.
    if (!(error instanceof Error && 'syscall' in error && 'code' in error)) throw error;
    if (absences.has(String(error.code))) return undefined;
    throw errors.staticUnreadable(path, error);
  }
}
