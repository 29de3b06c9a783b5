import { namesBelow, type ExternalPackage } from '@furrow/executor';
import { collectPackages, type MissingPackage } from './closure.ts';
import type { InstallPackages } from './install-packages.ts';
import { isOfPlatform, type Platform } from './platform.ts';
import { foundFiles, type ShippedFile } from './shipped-file.ts';

export type PackagedNatives =
  | { readonly ok: true; readonly files: readonly ShippedFile[] }
  | { readonly ok: false; readonly faults: readonly string[] };

/** Never part of a package as it is shipped: what is installed inside of it is placed on its own. */
const skippedFolders = new Set(['node_modules', '.git']);

/** The files of the packages that stand beside a bundle, in `node_modules`, for one platform. */
export async function packageNatives(
  externals: readonly ExternalPackage[],
  platform: Platform,
  install: InstallPackages,
): Promise<PackagedNatives> {
  let closure = await collectPackages(externals, { platform, extraDir: undefined });
  if (closure.faults.length === 0 && closure.missing.length > 0) {
    const { missing } = closure;
    const installed = await install(missing, platform);
    if (!installed.ok) return { ok: false, faults: [notInstalled(missing, platform, installed.reason)] };
    closure = await collectPackages(externals, { platform, extraDir: installed.folder });
    if (closure.missing.length > 0) {
      return { ok: false, faults: [notInstalled(closure.missing, platform, 'npm has left them out')] };
    }
  }
  if (closure.faults.length > 0) return { ok: false, faults: closure.faults };
  const files = await Promise.all(
    closure.packages.map(async ({ path, folder }) => {
      const names = await namesBelow(folder, skippedFolders);
      const ofPlatform = names.filter((name) => isOfPlatform(name, platform));
      return foundFiles(folder, ofPlatform, `${path}/`);
    }),
  );
  return { ok: true, files: files.flat() };
}

function notInstalled(missing: readonly MissingPackage[], { os, cpu, libc }: Platform, reason: string): string {
  const names = missing.map(({ name, version }) => `${name}@${version}`).join(' ');
  const [by] = missing.map((each) => each.by);
  return (
    `"${by}" needs ${names} on ${os} ${cpu}, which could not be installed (${reason}). Run it again with a connection, ` +
    `or run "npm install --os=${os} --cpu=${cpu} --libc=${libc} ${by}" in the project first.`
  );
}
