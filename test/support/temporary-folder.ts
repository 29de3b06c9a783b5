import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';

export interface TemporaryFolder extends AsyncDisposable {
  /** Absolute. */
  readonly path: string;
  /** Makes the folders on the way. */
  readonly write: (file: string, text: string) => Promise<void>;
  readonly read: (file: string) => Promise<string>;
  /** Puts other text in the place of one that MUST be there. */
  readonly change: (file: string, from: string, to: string) => Promise<void>;
  /** Every file below, with `/`, sorted; what tools make by themselves (`node_modules`, `.furrow`) is left out. */
  readonly files: () => Promise<readonly string[]>;
  /** The same files with their texts. */
  readonly texts: () => Promise<Readonly<Record<string, string>>>;
}

const left = new Set(['node_modules', '.furrow']);

/** Makes an empty folder outside of the repository; disposing removes it. */
export async function openTemporaryFolder(files: Readonly<Record<string, string>> = {}): Promise<TemporaryFolder> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'furrow-test-')));
  const folder: TemporaryFolder = {
    path,
    async write(file, text) {
      await mkdir(dirname(join(path, file)), { recursive: true });
      await writeFile(join(path, file), text);
    },
    read: (file) => readFile(join(path, file), 'utf8'),
    async change(file, from, to) {
      const text = await folder.read(file);
      if (!text.includes(from)) throw new Error(`${file} has no "${from}".`);
      await folder.write(
        file,
        text.replace(from, () => to),
      );
    },
    files: () => listFiles(path),
    async texts() {
      const names = await listFiles(path);
      return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await folder.read(name)] as const)));
    },
    // A process that is about to end may still write into it.
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }),
  };
  await Promise.all(Object.entries(files).map(([file, text]) => folder.write(file, text)));
  return folder;
}

async function listFiles(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep))
    .filter((parts) => !parts.some((part) => left.has(part)))
    .map((parts) => parts.join('/'))
    .toSorted();
}
