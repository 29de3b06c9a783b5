import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pythonCandidates } from '@furrow/executor';
import type { Installed } from './install-packages.ts';

/** What is to be installed, for which machines. */
export interface PythonWish {
  /** Absolute path of the folder that has `requirements.txt`. */
  readonly sourceDir: string;
  /** `python3.13` */
  readonly runtime: string;
  readonly architecture: 'arm64' | 'x86_64';
}

/** Installs what a `requirements.txt` names for Lambda; the same only once. */
export type InstallPython = (wish: PythonWish) => Promise<Installed>;

const execute = promisify(execFile);
const requirementsFile = 'requirements.txt';

/**
 * Makes what installs packages with pip into `.furrow/package/python`, a folder for each set of them, kept for the next
 * time. Only wheels are taken, which run nothing here.
 *
 * @param onInstall is told what is about to be fetched.
 */
export function pythonInstaller(
  projectDir: string,
  onInstall: (packages: readonly string[], platform: string) => void,
): InstallPython {
  const running = new Map<string, Promise<Installed>>();
  return async (wish) => {
    const text = await readFile(join(wish.sourceDir, requirementsFile), 'utf8');
    const { runtime, architecture } = wish;
    const key = namesFiles(text) ? [text, runtime, architecture, wish.sourceDir] : [text, runtime, architecture];
    const hash = createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 16);
    const folder = join(projectDir, '.furrow', 'package', 'python', hash);
    const install = async (): Promise<Installed> => {
      // What other files say may have changed.
      if (namesFiles(text)) await rm(folder, { recursive: true, force: true });
      else if (await isThere(folder)) return { ok: true, folder };
      onInstall(requirementsOf(text), `${runtime} ${architecture}`);
      return installInto(folder, { ...wish, projectDir });
    };
    const known = running.get(folder) ?? install();
    running.set(folder, known);
    return known;
  };
}

async function installInto(folder: string, wish: PythonWish & { readonly projectDir: string }): Promise<Installed> {
  const python = await findPip(wish);
  if (python === undefined) return { ok: false, reason: 'there is no Python with pip' };
  await mkdir(join(folder, '..'), { recursive: true });
  const unfinished = await mkdtemp(`${folder}-`);
  try {
    await execute(python, [...pipArguments(wish), '--target', unfinished], { cwd: wish.sourceDir, maxBuffer });
    await rename(unfinished, folder);
    return { ok: true, folder };
  } catch (error) {
    // Another deploy may have finished the same folder first.
    if (await isThere(folder)) return { ok: true, folder };
    return { ok: false, reason: whatPipSays(error) };
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

const maxBuffer = 16 * 1024 * 1024;

/** That of the function's version says most exactly which of the packages it needs. */
async function findPip({ runtime, sourceDir, projectDir }: PythonWish & { readonly projectDir: string }) {
  for (const python of pythonCandidates({ runtime, sourceDir, projectDir, platform: process.platform })) {
    // oxlint-disable-next-line no-await-in-loop -- the next is asked only when this one has none
    const hasPip = await execute(python, ['-m', 'pip', '--version']).then(
      () => true,
      () => false,
    );
    if (hasPip) return python;
  }
  return undefined;
}

function pipArguments({ runtime, architecture }: PythonWish): readonly string[] {
  const version = runtime.slice('python'.length);
  const quiet = ['--quiet', '--no-input', '--disable-pip-version-check', '--no-compile'];
  const target = ['--only-binary=:all:', '--implementation', 'cp', '--python-version', version];
  const platforms = wheelPlatforms(version, architecture).flatMap((platform) => ['--platform', platform]);
  return ['-m', 'pip', 'install', ...quiet, ...target, ...platforms, '--requirement', requirementsFile];
}

const oldestGlibc = 17;

/**
 * The kinds of wheels that run on Lambda: Amazon Linux 2023 has glibc 2.34, Amazon Linux 2, which it was before Python
 * 3.12, has 2.26. Pure.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html (read 2026-11)
 */
export function wheelPlatforms(version: string, architecture: PythonWish['architecture']): readonly string[] {
  const cpu = architecture === 'arm64' ? 'aarch64' : 'x86_64';
  const newest = Number(version.split('.')[1]) >= 12 ? 34 : 26;
  const glibcs = Array.from({ length: newest - oldestGlibc + 1 }, (_each, index) => newest - index);
  return [...glibcs.map((minor) => `manylinux_2_${minor}_${cpu}`), `manylinux2014_${cpu}`, `linux_${cpu}`];
}

/** The lines that name packages. */
function requirementsOf(text: string): readonly string[] {
  const lines = text.split(/\r?\n/).map((line) => line.replace(/(?:^|\s)#.*$/, '').trim());
  return lines.filter((line) => line !== '' && !line.startsWith('-'));
}

/** Whether other files say, too, what is installed: lists that it includes, packages in folders. */
function namesFiles(text: string): boolean {
  return /^\s*(?:-r|-c|-e|--requirement|--constraint|--editable|\.|\/)/m.test(text) || text.includes('file:');
}

/** What pip complains of last, which is what it ended with, without its prefix. */
function whatPipSays(error: unknown): string {
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
  const said = text.split('\n').map((line) => line.trim());
  const last = said.findLast((line) => line.startsWith('ERROR:')) ?? said.findLast((line) => line !== '');
  return last?.replace(/^ERROR:\s*/, '').replace(/\.$/, '') ?? 'pip says nothing';
}

function isThere(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    () => false,
  );
}
