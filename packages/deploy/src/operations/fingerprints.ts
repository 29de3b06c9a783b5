import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { contentTypeOf, maxNamingBytes, mayNameFiles, namesOfFiles } from '@furrow/protocol';
import { listStatic, unlessGone, type StaticFile } from './list-static.ts';
import { mapLimited } from './map-limited.ts';

/** Keys with hashes by the keys that files have in the folder: `{ "css/a.css": "css/a-0a4d55a8d7.css" }`. */
export type Fingerprints = Readonly<Record<string, string>>;

/** As many as Architect's names have. */
const hashDigits = 10;
const filesAtOnce = 8;

/** The names with hashes of all files of a folder, in their order; none without a folder. @throws {STATIC_UNREADABLE} */
export async function fingerprintFolder(folder: string, ignore: readonly string[]): Promise<Fingerprints> {
  return fingerprint((await listStatic(folder, ignore))?.files ?? []);
}

/** What a file holds, and which others it names. */
interface Content {
  readonly hash: string;
  readonly named: readonly string[];
}

/**
 * The names with hashes of files. One that has gone meanwhile has none.
 *
 * A file that names others has another name when one of those has changed: browsers keep it for good, with their names in it.
 *
 * @throws {STATIC_UNREADABLE}
 */
export async function fingerprint(files: readonly StaticFile[]): Promise<Fingerprints> {
  const read = await mapLimited(files, filesAtOnce, async (file) => {
    const content = await unlessGone(file.path, readContent(file));
    return content === undefined ? [] : [[file.key, content] as const];
  });
  const contents = new Map(read.flat());
  return Object.fromEntries([...contents.keys()].map((key) => [key, keyWith(hashOf(key, contents), key)]));
}

async function readContent({ key, path, bytes }: StaticFile): Promise<Content> {
  const hash = createHash('sha1');
  if (mayNameFiles(contentTypeOf(key)) && bytes <= maxNamingBytes) {
    const text = await readFile(path);
    return { hash: hash.update(text).digest('hex'), named: namesOfFiles(text) };
  }
  await pipeline(createReadStream(path), hash);
  return { hash: hash.digest('hex'), named: [] };
}

function hashOf(key: string, contents: ReadonlyMap<string, Content>): string {
  const others = [...reachedFrom(key, contents)].toSorted();
  const own = contents.get(key)?.hash ?? '';
  if (others.length === 0) return own;
  const parts = others.map((other) => [other, contents.get(other)?.hash]);
  return createHash('sha1')
    .update(JSON.stringify([own, ...parts]))
    .digest('hex');
}

/** The files that a file names, and those that they name. Two may name each other. */
function reachedFrom(key: string, contents: ReadonlyMap<string, Content>): ReadonlySet<string> {
  const reached = new Set(contents.get(key)?.named.filter((name) => contents.has(name)));
  for (const name of reached) {
    for (const next of contents.get(name)?.named ?? []) if (contents.has(next)) reached.add(next);
  }
  return reached;
}

function keyWith(hash: string, key: string): string {
  const ending = posix.extname(key);
  return `${key.slice(0, key.length - ending.length)}-${hash.slice(0, hashDigits)}${ending}`;
}
