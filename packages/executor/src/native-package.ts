import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What is read of a `package.json`. Everything may be absent or wrong. */
export interface PackageManifest {
  readonly name?: unknown;
  readonly version?: unknown;
  readonly gypfile?: unknown;
  readonly binary?: unknown;
  readonly os?: unknown;
  readonly cpu?: unknown;
  readonly libc?: unknown;
  readonly dependencies?: unknown;
  readonly optionalDependencies?: unknown;
  readonly peerDependencies?: unknown;
  readonly peerDependenciesMeta?: unknown;
}

/** What loads or builds native files: a package that depends on one of these has some. */
const nativeLoaders = new Set([
  '@mapbox/node-pre-gyp',
  'bindings',
  'node-gyp-build',
  'node-gyp-build-optional-packages',
  'node-pre-gyp',
  'prebuild-install',
]);

/** `@img/sharp-linux-arm64`, `@node-rs/crc32-darwin-x64`, `@esbuild/win32-x64`: a package for one kind of machine. */
const platformName =
  /(?:^|[-/])(?:android|darwin|freebsd|linux|linuxmusl|macos|openbsd|sunos|win32|windows)[-_](?:\w+[-_])?(?:aarch64|amd64|arm|arm64|ia32|x64|x86_64|64)\b/;

/** The folder that Node finds a package in from a folder: the nearest `node_modules` that has it, links followed. */
export function findPackage(fromDir: string, name: string): string | undefined {
  for (let folder = fromDir; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate);
    if (dirname(folder) === folder) return undefined;
  }
}

/** The package that a file is part of; `undefined` when no `package.json` is above it. */
export function packageAround(file: string): string | undefined {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

/** What a package says of itself; nothing when that cannot be read. */
export function readPackageManifest(folder: string): PackageManifest {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return typeof manifest === 'object' && manifest !== null ? manifest : {};
  } catch {
    // A package without a readable manifest has no native parts that anybody could know of.
    return {};
  }
}

/** The names that a field such as `dependencies` holds. */
export function namesIn(field: unknown): readonly string[] {
  return typeof field === 'object' && field !== null ? Object.keys(field) : [];
}

/** Whether a name is that of a package for one kind of machine. Pure. */
export function isPlatformPackage(name: string): boolean {
  return platformName.test(name);
}

/** Whether a package has parts that only an operating system can load, so that it cannot become part of a bundle. */
export function isNativePackage(folder: string, manifest = readPackageManifest(folder)): boolean {
  return (
    manifest.gypfile === true ||
    (typeof manifest.binary === 'object' && manifest.binary !== null) ||
    namesIn(manifest.dependencies).some((name) => nativeLoaders.has(name)) ||
    namesIn(manifest.optionalDependencies).some((name) => isPlatformPackage(name) || nativeLoaders.has(name)) ||
    existsSync(join(folder, 'binding.gyp'))
  );
}

/** Whether whatever a package's file imports by this name may be missing. */
export function isOptionalImport(importer: string, name: string): boolean {
  const around = packageAround(importer);
  if (around === undefined) return false;
  const { optionalDependencies, peerDependenciesMeta } = readPackageManifest(around);
  if (namesIn(optionalDependencies).includes(name)) return true;
  const peers = Object.entries(isRecord(peerDependenciesMeta) ? peerDependenciesMeta : {});
  return peers.some(([peer, meta]) => peer === name && isRecord(meta) && meta['optional'] === true);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
