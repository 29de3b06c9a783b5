import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { cpus, totalmem, type, release } from 'node:os';
import { join } from 'node:path';
import { peerPackages } from './peer-packages.ts';
import type { Setting } from './table.ts';

async function versionIn(file: string): Promise<string> {
  const { version }: { readonly version: string } = JSON.parse(await readFile(file, 'utf8'));
  return version;
}

/** What the figures belong to: this machine, and the versions of everything that was measured. */
export async function readSetting(rounds: number, peers: ReadonlySet<string>): Promise<Setting> {
  const ws = await versionIn(createRequire(import.meta.url).resolve('ws/package.json'));
  const furrow = await versionIn(join(import.meta.dirname, '..', 'packages', 'cli', 'package.json'));
  const others = Object.entries(peerPackages)
    .filter(([peer]) => peers.has(peer))
    .flatMap(([, packages]) => Object.entries(packages))
    .map(([name, version]) => `${name} ${version}`);
  return {
    rounds,
    date: new Date().toISOString().slice(0, 10),
    machine: cpus()[0]?.model.trim() ?? 'unknown CPU',
    cpus: cpus().length,
    memoryGigabytes: Math.round(totalmem() / 1024 ** 3),
    system: `${type()} ${release()}`,
    versions: [`Furrow ${furrow}`, `Node ${process.versions.node}`, `ws ${ws}`, ...others],
  };
}
