import { execFile } from 'node:child_process';
import { join } from 'node:path';

/** A Python that runs here. */
export interface Python {
  /** What it was started as. */
  readonly name: string;
  /** Its own file, an absolute path. */
  readonly file: string;
  /** `3.13` */
  readonly version: string;
  /** Whether it can import `awslambdaric`, which talks to the Runtime API. */
  readonly hasClient: boolean;
}

export interface PythonPlaces {
  /** `python3.13` */
  readonly runtime: string;
  /** Absolute paths. */
  readonly sourceDir: string;
  readonly projectDir: string;
  /** `process.platform` */
  readonly platform: string;
}

/**
 * The interpreters that may run a function, first choice first: of the virtual environment `.venv` in its folder or in
 * the project, then of exactly its version, then any other. Pure.
 */
export function pythonCandidates({ runtime, sourceDir, projectDir, platform }: PythonPlaces): readonly string[] {
  const inside = platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];
  const own = [sourceDir, projectDir].map((folder) => join(folder, '.venv', ...inside));
  return [...own, runtime, 'python3', 'python'];
}

/** The folders that a function may have its packages in, as Lambda's `PYTHONPATH` would name them. */
export function pythonPath(folder: string, platform: string): string {
  return ['vendor', join('vendor', 'shared')].map((name) => join(folder, name)).join(platform === 'win32' ? ';' : ':');
}

const probe = [
  'import sys, importlib.util',
  'print(sys.executable)',
  "print('%d.%d' % sys.version_info[:2])",
  "print(importlib.util.find_spec('awslambdaric') is not None)",
].join('\n');
const probeTimeoutMs = 10_000;

/** The first of the candidates that runs; `undefined` when none does. */
export async function findPython(
  candidates: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Python | undefined> {
  for (const name of candidates) {
    // oxlint-disable-next-line no-await-in-loop -- the next is asked only when this one is none
    const python = await ask(name, env);
    if (python !== undefined) return python;
  }
  return undefined;
}

/** Version managers put a program of each name on the PATH, also of versions that they do not have: so it is run. */
function ask(name: string, env: Readonly<Record<string, string>>): Promise<Python | undefined> {
  return new Promise((resolve) => {
    execFile(name, ['-c', probe], { env, timeout: probeTimeoutMs, windowsHide: true }, (error, stdout) => {
      const [file = '', version = '', hasClient] = stdout.split(/\r?\n/);
      if (error !== null || !version.startsWith('3.')) resolve(undefined);
      else resolve({ name, file, version, hasClient: hasClient === 'True' });
    });
  });
}
