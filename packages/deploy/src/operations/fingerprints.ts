import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
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

/** The names with hashes of files. One that has gone meanwhile has none. @throws {STATIC_UNREADABLE} */
export async function fingerprint(files: readonly StaticFile[]): Promise<Fingerprints> {
  const names = await mapLimited(files, filesAtOnce, async ({ key, path }) => {
    const hash = await unlessGone(path, hashOf(path));
    return hash === undefined ? [] : [[key, keyWith(hash, key)] as const];
  });
  return Object.fromEntries(names.flat());
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha1');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex').slice(0, hashDigits);
}

function keyWith(hash: string, key: string): string {
  const ending = posix.extname(key);
  return `${key.slice(0, key.length - ending.length)}-${hash}${ending}`;
}
