import { realpath } from 'node:fs/promises';
import { resolve, sep } from 'node:path';

/** A folder of the app that functions import as a package: `@architect/shared`, `@architect/views`. */
export interface SharedFolder {
  readonly name: 'shared' | 'views';
  /** Absolute path. It need not be there. */
  readonly folder: string;
  /** Whether the function may use it. */
  readonly isGiven: boolean;
}

type ByName<Value> = Readonly<Record<SharedFolder['name'], Value>>;

/** The folders of an app as one of its functions has them. */
export function sharedFolders(projectDir: string, folders: ByName<string>, given: ByName<boolean>): SharedFolder[] {
  return (['shared', 'views'] as const).map((name) => ({
    name,
    folder: resolve(projectDir, folders[name]),
    isGiven: given[name],
  }));
}

/** The same with links followed. A folder that is not there keeps its path. */
export function followFolders(folders: readonly SharedFolder[]): Promise<SharedFolder[]> {
  return Promise.all(
    folders.map(async (each) => ({ ...each, folder: await realpath(each.folder).catch(() => each.folder) })),
  );
}

/** Whether a file, an absolute path, is in the folder. */
export function isInFolder({ folder }: SharedFolder, file: string): boolean {
  return file.startsWith(folder + sep);
}

/** A mention of the packages by their paths; the library that Architect's apps use looks for one file only. */
const mention = /@architect(?!\/functions|\W{1,9}shared\W{1,9}static\.json)/;

/**
 * The folders that have to stand beside a bundle, in `node_modules/@architect`, because something in it may read their
 * files when it runs. Imports leave no such mention: what they name is in the bundle.
 */
export function foldersReadByPath(
  folders: readonly SharedFolder[],
  { code, readsUnknown }: { readonly code: Uint8Array; readonly readsUnknown: boolean },
): readonly SharedFolder[] {
  const isRead = readsUnknown || mention.test(Buffer.from(code).toString());
  return isRead ? folders.filter(({ isGiven }) => isGiven) : [];
}

/** Whether something in a bundle may look up the names that static files have on AWS. */
export function readsStaticManifest(code: Uint8Array): boolean {
  return Buffer.from(code).includes('static.json');
}
