import type { StaticSettings } from '@furrow/manifest';
import type { FileBody } from '../aws/aws.ts';
import { fingerprint, type Fingerprints } from './fingerprints.ts';
import type { StaticFile } from './list-static.ts';

/** An object that the bucket is to have. */
export interface PlannedObject {
  readonly key: string;
  readonly content: Buffer | FileBody;
  readonly cacheControl: string;
}

/** All objects of a folder, and what files that name others call them; `undefined`: as in the folder. */
export interface PlannedObjects {
  readonly objects: readonly PlannedObject[];
  readonly names: Fingerprints | undefined;
}

/** What the sandbox says of its files, too: browsers ask each time, and get 304 where nothing has changed. */
const askedEachTime = 'public, max-age=0, must-revalidate';
/** For a name that has the hash of what it names. */
const cachedForever = 'public, max-age=31536000, immutable';

/**
 * What a bucket holds of a folder, in the order in which it is sent: what pages name comes before the pages.
 *
 * With fingerprints each file is there twice: under its name with a hash, which `arc.static` gives, and under its own, so that
 * files that name each other find each other. `static.json` says which is which.
 */
export async function planObjects(
  files: readonly StaticFile[],
  settings: Partial<Pick<StaticSettings, 'prefix' | 'fingerprint'>>,
): Promise<PlannedObjects> {
  const names = settings.fingerprint === true ? await fingerprint(files) : undefined;
  const start = settings.prefix === undefined ? '' : `${settings.prefix}/`;
  const plain = files.map((file) => ({ key: start + file.key, content: file, cacheControl: askedEachTime }));
  const objects = [
    ...(names === undefined ? [] : hashed(files, names, start)),
    ...plain.filter((object) => !isPage(object)),
    ...plain.filter(isPage),
  ];
  return { objects, names };
}

function isPage({ key }: PlannedObject): boolean {
  return /\.html?$/i.test(key);
}

function hashed(files: readonly StaticFile[], names: Fingerprints, start: string): readonly PlannedObject[] {
  const copies = files.flatMap((file) => {
    const name = names[file.key];
    return name === undefined ? [] : [{ key: start + name, content: file, cacheControl: cachedForever }];
  });
  const content = Buffer.from(JSON.stringify(names));
  return [...copies, { key: `${start}static.json`, content, cacheControl: askedEachTime }];
}
