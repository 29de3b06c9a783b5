import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { MissingPackage } from './closure.ts';
import type { Platform } from './platform.ts';

/** Where packages have been installed, or why they have not. */
export type Installed =
  | { readonly ok: true; readonly folder: string }
  | { readonly ok: false; readonly reason: string };

/** Installs packages for another platform; the same ones only once. */
export type InstallPackages = (packages: readonly MissingPackage[], platform: Platform) => Promise<Installed>;

const execute = promisify(execFile);

/**
 * Makes what installs packages with npm into `.furrow/package/native`, a folder for each set of them, kept for the next
 * time.
 *
 * Only the packages for the platform are fetched, in the versions that the installed packages ask for; no script of
 * theirs is run.
 *
 * @param onInstall is told what is about to be fetched.
 */
export function packageInstaller(
  projectDir: string,
  onInstall: (packages: readonly string[], platform: Platform) => void,
): InstallPackages {
  const running = new Map<string, Promise<Installed>>();
  return (packages, platform) => {
    const pairs = packages.map(({ name, version }) => [name, version] as const);
    const wanted = Object.fromEntries(pairs.toSorted(([a], [b]) => (a < b ? -1 : 1)));
    const hash = createHash('sha256').update(JSON.stringify([wanted, platform]));
    const folder = join(projectDir, '.furrow', 'package', 'native', hash.digest('hex').slice(0, 16));
    const known = running.get(folder) ?? install(wanted, platform, { projectDir, folder, onInstall });
    running.set(folder, known);
    return known;
  };
}

interface Place {
  readonly projectDir: string;
  readonly folder: string;
  readonly onInstall: (packages: readonly string[], platform: Platform) => void;
}

/** Names and versions. */
type Wanted = Readonly<Record<string, string>>;

async function install(wanted: Wanted, platform: Platform, place: Place): Promise<Installed> {
  const { projectDir, folder, onInstall } = place;
  if (await isThere(folder)) return { ok: true, folder };
  onInstall(
    Object.entries(wanted).map(([name, version]) => `${name}@${version}`),
    platform,
  );
  await mkdir(join(folder, '..'), { recursive: true });
  const unfinished = await mkdtemp(`${folder}-`);
  try {
    // Only what is optional may be for another platform than this one.
    const manifest = { private: true, optionalDependencies: wanted };
    await writeFile(join(unfinished, 'package.json'), JSON.stringify(manifest));
    // The project's registry and scopes count here too.
    await copyFile(join(projectDir, '.npmrc'), join(unfinished, '.npmrc')).catch(ignoreAbsence);
    await execute('npm', npmArguments(platform), { cwd: unfinished, shell: process.platform === 'win32' });
    const isComplete = await Promise.all(
      Object.keys(wanted).map((name) => isThere(join(unfinished, 'node_modules', name))),
    );
    // What is optional npm leaves out without a word.
    if (isComplete.includes(false))
      return { ok: false, reason: 'npm cannot reach the registry, or it lacks this version' };
    await rm(join(unfinished, '.npmrc'), { force: true });
    await rename(unfinished, folder);
    return { ok: true, folder };
  } catch (error) {
    // Another deploy may have finished the same folder first.
    if (await isThere(folder)) return { ok: true, folder };
    return { ok: false, reason: firstLine(error) };
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

function npmArguments({ os, cpu, libc }: Platform): string[] {
  const platform = [`--os=${os}`, `--cpu=${cpu}`, `--libc=${libc}`];
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts', '--prefer-offline'];
  return ['install', ...quiet, ...platform];
}

/** What npm complains of first, without its prefix. */
function firstLine(error: unknown): string {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  if (isMissing) return 'there is no npm on the PATH';
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
  const lines = text.split('\n').map((line) => line.replace(/^npm (?:error|ERR!)\s*/, '').trim());
  return lines.find((line) => line !== '' && !/^(?:npm warn|code |errno |syscall )/i.test(line)) ?? 'npm says nothing';
}

async function isThere(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    () => false,
  );
}

function ignoreAbsence(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}
