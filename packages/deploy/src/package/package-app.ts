import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '@furrow/manifest';
import { fingerprintFolder } from '../operations/fingerprints.ts';
import { staticFunction } from '../static-function/static-function.ts';
import { staticFunctionName } from '../template/template.ts';
import { packageInstaller } from './install-packages.ts';
import { pythonInstaller } from './install-python.ts';
import { packageBuiltIn, packageFunction, type Packaged, type PackageTools } from './package-function.ts';
import type { PackagedApp } from './package.ts';

/** What happens while an app is packaged. */
export type PackageProgress =
  | { readonly type: 'packaged'; readonly name: string; readonly label: string; readonly zipBytes: number }
  /** Packages are being fetched: `@img/sharp-linux-arm64@0.34.5`, for `linux arm64`. */
  | { readonly type: 'installing'; readonly packages: readonly string[]; readonly platform: string };

export interface PackageOptions {
  /** Absolute path. */
  readonly projectDir: string;
  /** Names of the functions to package; the built-in one is `static`. @default all */
  readonly functions?: readonly string[];
  readonly onProgress?: (progress: PackageProgress) => void;
}

/** Functions that are built together; each may hold all its files in memory. */
const functionsAtOnce = 4;

/**
 * Builds functions and zips what AWS needs of them, in the order of the app, the built-in one last.
 *
 * The same sources give the same bytes, wherever the project is. Writes nothing, but for packages for another platform,
 * which npm and pip install below `.furrow/package`.
 */
export async function packageApp(app: App, options: PackageOptions): Promise<PackagedApp> {
  const { functions, onProgress = () => undefined } = options;
  const projectDir = await realpath(options.projectDir);
  const install = packageInstaller(projectDir, (packages, { os, cpu }) =>
    onProgress({ type: 'installing', packages, platform: `${os} ${cpu}` }),
  );
  const tools: PackageTools = {
    projectDir,
    install,
    installPython: pythonInstaller(projectDir, (packages, platform) =>
      onProgress({ type: 'installing', packages, platform }),
    ),
    sharedFolders: { shared: app.sharedFolder, views: app.viewsFolder },
    staticManifest: await staticManifestOf(app, projectDir),
  };
  const isWanted = (name: string) => functions === undefined || functions.includes(name);
  const jobs: (() => Promise<Packaged>)[] = app.functions
    .filter(({ name }) => isWanted(name))
    .map((definition) => () => packageFunction(definition, tools));
  if (app.static.isServed && isWanted(staticFunctionName)) jobs.push(() => packageStatic(tools));

  const results: Packaged[] = [];
  for (let at = 0; at < jobs.length; at += functionsAtOnce) {
    const group = await Promise.all(jobs.slice(at, at + functionsAtOnce).map((job) => job()));
    for (const result of group) {
      results.push(result);
      if (!result.ok) continue;
      const { name, label, zip } = result.packaged;
      onProgress({ type: 'packaged', name, label, zipBytes: zip.length });
    }
  }
  const faults = results.flatMap((result) => (result.ok ? [] : [result.fault]));
  if (faults.length > 0) return { ok: false, faults };
  return { ok: true, functions: results.flatMap((result) => (result.ok ? [result.packaged] : [])) };
}

/** What the functions of an app look up by `arc.static`. @throws {STATIC_UNREADABLE} {STATIC_TOO_LARGE} */
async function staticManifestOf(
  { static: settings }: App,
  projectDir: string,
): Promise<PackageTools['staticManifest']> {
  const { isServed, fingerprint, folder, ignore } = settings;
  return isServed && fingerprint === true ? fingerprintFolder(join(projectDir, folder), ignore) : undefined;
}

async function packageStatic(tools: PackageTools): Promise<Packaged> {
  const names = { name: staticFunctionName, label: staticFunctionName };
  return { ok: true, packaged: await packageBuiltIn(names, staticFunction, tools) };
}
