import { open } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { isPlatformPackage, type PackageManifest } from '@furrow/executor';

/** The kind of machine that functions run on, in npm's words. */
export interface Platform {
  readonly os: 'linux';
  readonly cpu: 'arm64' | 'x64';
  readonly libc: 'glibc';
}

/** What a function's `architecture` means. */
export function platformOf(architecture: 'arm64' | 'x86_64'): Platform {
  return { os: 'linux', cpu: architecture === 'arm64' ? 'arm64' : 'x64', libc: 'glibc' };
}

const cpuNames = {
  arm64: /[-_](?:arm64|aarch64)(?![a-z0-9])/,
  x64: /[-_](?:x64|amd64|x86_64|64)(?![a-z0-9])/,
} as const;

/** Whether a package that is not there would be the one for this platform, by its name. Pure. */
export function isNamedFor(name: string, { cpu }: Platform): boolean {
  return isPlatformPackage(name) && /(?:^|[-/])linux[-_]/.test(name) && !/musl/.test(name) && cpuNames[cpu].test(name);
}

/** Whether a package says that it can be used on this platform. Pure. */
export function isMadeFor(manifest: PackageManifest, { os, cpu, libc }: Platform): boolean {
  return allows(manifest.os, os) && allows(manifest.cpu, cpu) && allows(manifest.libc, libc);
}

/** npm's rule: a list of what may be, or of what may not be with a `!`. */
function allows(field: unknown, value: string): boolean {
  const list: readonly unknown[] = typeof field === 'string' ? [field] : Array.isArray(field) ? field : [];
  if (list.includes(`!${value}`)) return false;
  const named = list.filter((item) => typeof item === 'string' && !item.startsWith('!'));
  return named.length === 0 || named.includes(value);
}

/** Whether a package's file is not one of `prebuilds/` for other platforms. Pure. */
export function isOfPlatform(name: string, { os, cpu }: Platform): boolean {
  const path = name.replaceAll(sep, '/');
  const [, tuple = '', rest = ''] = /(?:^|\/)prebuilds\/([^/]+)\/(.+)$/.exec(path) ?? [];
  if (tuple === '') return true;
  const [, system, cpus = ''] = /^([a-z0-9]+)-([a-z0-9_+]+)$/.exec(tuple) ?? [];
  if (system === undefined) return true;
  return system === os && cpus.split('+').includes(cpu) && !rest.split('.').includes('musl');
}

/** Where ELF says which processor it is for, and what it says. */
const machineAt = 18;
const machines = { x64: 0x3e, arm64: 0xb7 } as const;

/** Whether one of a package's native files is for this platform. */
export async function hasBinaryFor(folder: string, names: readonly string[], platform: Platform): Promise<boolean> {
  const files = names.filter((name) => name.endsWith('.node') && isOfPlatform(name, platform));
  const machinesFound = await Promise.all(files.map((name) => readMachine(join(folder, name))));
  return machinesFound.includes(machines[platform.cpu]);
}

/** The processor that a Linux library is for; `undefined` for anything else. */
async function readMachine(file: string): Promise<number | undefined> {
  await using handle = await open(file);
  const head = Buffer.alloc(machineAt + 2);
  const { bytesRead } = await handle.read(head, 0, head.length, 0);
  return bytesRead === head.length && head.toString('latin1', 0, 4) === '\u007FELF'
    ? head.readUInt16LE(machineAt)
    : undefined;
}
