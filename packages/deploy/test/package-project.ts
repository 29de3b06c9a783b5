import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { loadApp, type App } from '@furrow/manifest';
import { packageApp, type PackageOptions, type PackageProgress } from '../src/package/package-app.ts';
import type { PackagedApp, PackagedFunction, PackageFault } from '../src/package/package.ts';

/** Paths relative to the project, and what the files hold. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

export interface PackageProject extends AsyncDisposable {
  readonly dir: string;
  path(name: string): string;
  write(files: Files): Promise<void>;
  app(): Promise<App>;
  package(options?: Partial<PackageOptions>): Promise<PackagedApp>;
  /** Everything that `onProgress` got. */
  readonly progress: readonly PackageProgress[];
}

/** One ws function and nothing else. */
export const oneFunction = '@app\ntestapp\n\n@ws\n';

/** A project in a temporary folder; what the three ws functions of an app need is there already. */
export async function openPackageProject(files: Files): Promise<PackageProject> {
  const around = await realpath(await mkdtemp(join(tmpdir(), 'furrow-package-')));
  const dir = join(around, 'project');
  const path = (name: string) => join(dir, name);
  const progress: PackageProgress[] = [];
  async function write(more: Files): Promise<void> {
    for (const [name, content] of Object.entries(more)) {
      await mkdir(dirname(path(name)), { recursive: true });
      await writeFile(path(name), content);
      if (name.endsWith('.sh')) await chmod(path(name), 0o600);
    }
  }
  async function app(): Promise<App> {
    const loaded = await loadApp(dir);
    if (!('app' in loaded) || loaded.app === undefined) throw new Error(JSON.stringify(loaded));
    return loaded.app;
  }
  const plain = 'exports.handler = async () => ({ statusCode: 200 });';
  await write({
    'app.arc': oneFunction,
    'src/ws/connect/index.js': plain,
    'src/ws/disconnect/index.js': plain,
    ...files,
  });
  return {
    dir,
    path,
    write,
    app,
    progress,
    async package(options) {
      return packageApp(await app(), { projectDir: dir, onProgress: (event) => progress.push(event), ...options });
    },
    [Symbol.asyncDispose]: () => rm(around, { recursive: true, force: true }),
  };
}

/** One function of what was packaged. */
export function functionOf(packaged: PackagedApp, name = 'ws/default'): PackagedFunction {
  if (!packaged.ok) throw new Error(packaged.faults.map(({ message }) => message).join('\n'));
  const found = packaged.functions.find((each) => each.name === name);
  if (found === undefined) throw new Error(`No function "${name}".`);
  return found;
}

/** Why nothing was packaged. */
export function faultsOf(packaged: PackagedApp): readonly PackageFault[] {
  if (packaged.ok) throw new Error('Everything was packaged.');
  return packaged.faults;
}

export interface UnzippedFile {
  readonly path: string;
  readonly data: Buffer;
  /** `644`, in octal digits. */
  readonly mode: string;
  /** As the zip has it: `1980-01-01 00:00`. */
  readonly time: string;
}

/** What a zip holds, by its central directory. */
export function unzip(zip: Buffer): readonly UnzippedFile[] {
  const end = zip.lastIndexOf(Buffer.from('PK\u0005\u0006'));
  const files: UnzippedFile[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const nameBytes = zip.readUInt16LE(at + 28);
    const start = zip.readUInt32LE(at + 42);
    const from = start + 30 + zip.readUInt16LE(start + 26) + zip.readUInt16LE(start + 28);
    const data = zip.subarray(from, from + zip.readUInt32LE(at + 20));
    files.push({
      path: zip.toString('utf8', at + 46, at + 46 + nameBytes),
      data: zip.readUInt16LE(at + 10) === 0 ? data : inflateRawSync(data),
      mode: ((zip.readUInt32LE(at + 38) >>> 16) & 0o7777).toString(8),
      time: dosTime(zip.readUInt16LE(at + 14), zip.readUInt16LE(at + 12)),
    });
    at += 46 + nameBytes + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return files;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function dosTime(date: number, time: number): string {
  const day = `${1980 + (date >> 9)}-${two((date >> 5) & 15)}-${two(date & 31)}`;
  return `${day} ${two(time >> 11)}:${two((time >> 5) & 63)}`;
}

/** Writes what a zip holds to a folder, as Lambda does. */
export async function unzipTo(folder: string, zip: Buffer): Promise<void> {
  for (const { path, data, mode } of unzip(zip)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), data, { mode: Number.parseInt(mode, 8) });
  }
}
