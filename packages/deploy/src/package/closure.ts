import {
  findPackage,
  isNativePackage,
  namesBelow,
  namesIn,
  readPackageManifest,
  type ExternalPackage,
  type PackageManifest,
} from '@furrow/executor';
import { hasBinaryFor, isMadeFor, isNamedFor, type Platform } from './platform.ts';

/** An installed package, and where it stands in the zip. */
export interface PlacedPackage {
  /** `node_modules/sharp`, `node_modules/a/node_modules/b` */
  readonly path: string;
  readonly folder: string;
}

/** A package for another platform than this machine's, which therefore is not installed. */
export interface MissingPackage {
  readonly name: string;
  /** The version that is asked for, exact as a rule. */
  readonly version: string;
  /** Who asks. */
  readonly by: string;
}

export interface Closure {
  readonly packages: readonly PlacedPackage[];
  readonly missing: readonly MissingPackage[];
  /** Why something cannot be shipped, and the way out, in words. */
  readonly faults: readonly string[];
}

/** What only compiles or fetches native files: nothing loads it when a handler runs. */
const buildTools = new Set(['nan', 'node-addon-api', 'node-gyp', 'prebuild-install', 'prebuildify']);

/** Where packages that need each other in turn would be nested for ever. */
const longestPath = 1000;

interface Wanted {
  readonly name: string;
  readonly folder: string;
  /** Where whoever wants it stands in the zip; empty for the bundle. */
  readonly parentPath: string;
  readonly isOptional: boolean;
}

interface Search {
  readonly platform: Platform;
  /** Where packages for other platforms have been installed. */
  readonly extraDir: string | undefined;
}

/**
 * Packages with all that they depend on, as they have to stand beside a bundle: each in the first place where nobody
 * else is in the way.
 */
export async function collectPackages(roots: readonly ExternalPackage[], search: Search): Promise<Closure> {
  const placed = new Map<string, string>();
  const missing = new Map<string, MissingPackage>();
  const faults: string[] = [];
  const queue: Wanted[] = [];
  for (const { name, folder, isOptional } of roots) {
    if (folder !== undefined) queue.push({ name, folder, parentPath: '', isOptional });
    else if (!isOptional) faults.push(notInstalled(name));
  }

  for (let wanted = queue.shift(); wanted !== undefined; wanted = queue.shift()) {
    const path = placeFor(wanted, placed);
    if (path === undefined) continue;
    if (path.length > longestPath) {
      faults.push(endless(wanted.name));
      break;
    }
    const manifest = readPackageManifest(wanted.folder);
    const needs = dependenciesOf(wanted, manifest, search);
    const isUsable = needs.isForPlatform || (await isLoadable(wanted.folder, manifest, search.platform));
    if (!isUsable && !wanted.isOptional) faults.push(notForPlatform(wanted.name, search.platform));
    if (!isUsable) continue;
    placed.set(path, wanted.folder);
    queue.push(...needs.found.map((need) => ({ ...need, parentPath: path })));
    for (const need of needs.missing) missing.set(need.name, need);
    faults.push(...needs.absent.map((name) => `"${wanted.name}" needs "${name}". ${notInstalled(name)}`));
  }
  const packages = Array.from(placed, ([path, folder]) => ({ path, folder }));
  return { packages, missing: [...missing.values()], faults };
}

/** Where a package has to stand; `undefined` when Node finds it from there already. */
function placeFor({ name, folder, parentPath }: Wanted, placed: ReadonlyMap<string, string>): string | undefined {
  for (let path = parentPath; ; path = path.slice(0, Math.max(0, path.lastIndexOf('/node_modules/')))) {
    const here = path === '' ? `node_modules/${name}` : `${path}/node_modules/${name}`;
    const there = placed.get(here);
    if (there === folder) return undefined;
    if (there !== undefined) return `${parentPath}/node_modules/${name}`;
    if (path === '') return here;
  }
}

interface Needs {
  readonly found: readonly Omit<Wanted, 'parentPath'>[];
  readonly missing: readonly MissingPackage[];
  readonly absent: readonly string[];
  /** Whether one of them is the package for the platform. */
  readonly isForPlatform: boolean;
}

function dependenciesOf({ name: by, folder }: Wanted, manifest: PackageManifest, search: Search): Needs {
  const optional = new Set(namesIn(manifest.optionalDependencies));
  const required = namesIn(manifest.dependencies).filter((name) => !optional.has(name) && !buildTools.has(name));
  const peers = namesIn(manifest.peerDependencies);
  const found: Omit<Wanted, 'parentPath'>[] = [];
  const missing: MissingPackage[] = [];
  const absent: string[] = [];
  let isForPlatform = false;
  for (const name of new Set([...required, ...optional, ...peers])) {
    const isOptional = !required.includes(name);
    const installed = locate(folder, name, search);
    const isTheOne = optional.has(name) && isNamedFor(name, search.platform);
    if (isTheOne) isForPlatform = true;
    if (installed !== undefined) found.push({ name, folder: installed, isOptional });
    else if (isTheOne) missing.push({ name, version: versionIn(manifest.optionalDependencies, name), by });
    else if (!isOptional) absent.push(name);
  }
  return { found, missing, absent, isForPlatform };
}

/** Where a package is installed in a form for the platform. */
function locate(folder: string, name: string, { platform, extraDir }: Search): string | undefined {
  const candidates = [findPackage(folder, name), extraDir && findPackage(extraDir, name)];
  return candidates.find((at) => at !== undefined && isMadeFor(readPackageManifest(at), platform));
}

function versionIn(field: unknown, name: string): string {
  const version: unknown = Object.entries(field ?? {}).find(([key]) => key === name)?.[1];
  return typeof version === 'string' ? version : '*';
}

/** Whether nothing in a package is for other machines only. */
async function isLoadable(folder: string, manifest: PackageManifest, platform: Platform): Promise<boolean> {
  if (!isNativePackage(folder, manifest)) return true;
  return hasBinaryFor(folder, await namesBelow(folder), platform);
}

function notInstalled(name: string): string {
  return `"${name}" is not installed. Run "npm install", or "npm install ${name}" if package.json does not have it.`;
}

function endless(name: string): string {
  return `"${name}" and what it depends on need each other in versions that no folder can hold. Run "npm dedupe".`;
}

function notForPlatform(name: string, { os, cpu }: Platform): string {
  return (
    `"${name}" is native, and what is installed has no part for ${os} ${cpu}. Deploy from such a machine, set another ` +
    `"architecture" for the function, or use a package that brings its builds for all machines along.`
  );
}
