import { execFile } from 'node:child_process';
import { access, constants, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/** A folder in which a version manager has a folder for each Node, such as `v22.14.0`. */
export interface NodeHome {
  readonly folder: string;
  /** From there to the program. */
  readonly inside: readonly string[];
}

/** The major version that a runtime asks for: 22 of `nodejs22.x`; `undefined` for other runtimes. */
export function nodeMajor(runtime: string | undefined): number | undefined {
  const major = /^nodejs(\d+)\.x$/.exec(runtime ?? '')?.[1];
  return major === undefined ? undefined : Number(major);
}

/** Where nvm, fnm, Volta, asdf, mise, nodenv and n keep the Nodes that they install. Pure. */
export function nodeHomes(env: Env, home: string): readonly NodeHome[] {
  const inside = ['bin', 'node'];
  const data = env['XDG_DATA_HOME'] ?? join(home, '.local', 'share');
  return [
    { folder: join(env['NVM_DIR'] ?? join(home, '.nvm'), 'versions', 'node'), inside },
    { folder: join(env['FNM_DIR'] ?? join(data, 'fnm'), 'node-versions'), inside: ['installation', ...inside] },
    { folder: join(env['VOLTA_HOME'] ?? join(home, '.volta'), 'tools', 'image', 'node'), inside },
    { folder: join(env['ASDF_DATA_DIR'] ?? join(home, '.asdf'), 'installs', 'nodejs'), inside },
    { folder: join(env['MISE_DATA_DIR'] ?? join(data, 'mise'), 'installs', 'node'), inside },
    { folder: join(env['NODENV_ROOT'] ?? join(home, '.nodenv'), 'versions'), inside },
    { folder: join(env['N_PREFIX'] ?? '/usr/local', 'n', 'versions', 'node'), inside },
  ];
}

/** The newest of the folders that are named for a version of this major, such as `v22.14.0` or `22.14.0`. Pure. */
export function newestOf(major: number, names: readonly string[]): string | undefined {
  const versions = names.flatMap((name) => {
    const [, first, minor, patch] = /^v?(\d+)\.(\d+)\.(\d+)$/.exec(name) ?? [];
    return Number(first) === major ? [{ name, minor: Number(minor), patch: Number(patch) }] : [];
  });
  return versions.toSorted((a, b) => b.minor - a.minor || b.patch - a.patch)[0]?.name;
}

/**
 * The programs that may be Node of this major, first choice first: what `FURROW_NODE_22` names, `node22` of the PATH,
 * the newest of each version manager, Homebrew's. Pure.
 *
 * @param found what the homes hold, in their order.
 */
export function nodeCandidates(
  major: number,
  { env, home, found }: { readonly env: Env; readonly home: string; readonly found: readonly (readonly string[])[] },
): readonly string[] {
  const named = env[`FURROW_NODE_${major}`];
  const installed = nodeHomes(env, home).flatMap(({ folder, inside }, index) => {
    const newest = newestOf(major, found[index] ?? []);
    return newest === undefined ? [] : [join(folder, newest, ...inside)];
  });
  const onPath = [`node${major}`, `node-${major}`].flatMap((name) =>
    (env['PATH'] ?? '').split(delimiter).flatMap((folder) => (folder === '' ? [] : [join(folder, name)])),
  );
  const brewed = ['/opt/homebrew', '/usr/local', '/home/linuxbrew/.linuxbrew'];
  return [
    ...(named === undefined ? [] : [named]),
    ...onPath,
    ...installed,
    ...brewed.map((folder) => join(folder, 'opt', `node@${major}`, 'bin', 'node')),
  ];
}

export interface NodeFinder {
  /**
   * The program to run functions of this major with; `undefined` is the Node that runs here: because it is of that major, or
   * because no other was found.
   */
  find(major: number): Promise<string | undefined>;
}

export interface NodeFinderOptions {
  /** The developer's environment. */
  readonly env: Env;
  /** `process.version` */
  readonly version: string;
  /** There is no such Node here; said once for each major. */
  readonly onMissing: (text: string) => void;
}

/** Looks for Nodes of other majors, once for each. */
export function openNodeFinder({ env, version, onMissing }: NodeFinderOptions): NodeFinder {
  const home = env['HOME'] ?? env['USERPROFILE'] ?? homedir();
  const known = new Map<number, Promise<string | undefined>>();

  async function look(major: number): Promise<string | undefined> {
    if (version.startsWith(`v${major}.`)) return undefined;
    const found = await Promise.all(nodeHomes(env, home).map(({ folder }) => readdir(folder).catch(() => [])));
    for (const candidate of nodeCandidates(major, { env, home, found })) {
      // oxlint-disable-next-line no-await-in-loop -- the next is asked only when this one is none
      if ((await versionOf(candidate, env))?.startsWith(`v${major}.`) === true) return candidate;
    }
    onMissing(
      `Node ${major} is not here: functions for nodejs${major}.x run on ${version.slice(1)}. FURROW_NODE_${major} may say where it is.`,
    );
    return undefined;
  }

  return {
    find(major) {
      const looked = known.get(major) ?? look(major);
      known.set(major, looked);
      return looked;
    },
  };
}

/** What a program says of its version; `undefined` when it is not there or does not run. */
async function versionOf(program: string, env: Env): Promise<string | undefined> {
  // Most are not there, and to start what is not there takes far longer than to look.
  if (!(await canRun(program))) return undefined;
  return new Promise((resolve) => {
    execFile(program, ['--version'], { env: { ...env }, timeout: 5000, windowsHide: true }, (error, stdout) => {
      resolve(error === null ? stdout.trim() : undefined);
    });
  });
}

function canRun(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
