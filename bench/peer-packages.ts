import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const cacheFolder = join(import.meta.dirname, '..', '.cache', 'bench-peers');

/** What each peer needs, exactly; the first is the peer itself. None of it enters the project's own lock file. */
export const peerPackages = {
  workerd: { workerd: '1.20261117.1' },
  // It asks for Node 22.
  architect: {
    '@architect/architect': '12.0.1',
    '@architect/sandbox': '9.0.0',
    '@architect/functions': '8.1.10',
    node: '22.23.3',
  },
  // The fork of Serverless that needs no account.
  'serverless-offline': { 'serverless-offline': '14.8.2', osls: '4.3.1' },
} as const satisfies Record<string, Record<string, string>>;

/** Installs a peer into the cache, once for each set of versions; resolves to its `node_modules`. */
export async function installPeer(name: keyof typeof peerPackages): Promise<string> {
  const folder = join(cacheFolder, name);
  const wanted = `${JSON.stringify({ private: true, dependencies: peerPackages[name] }, undefined, 2)}\n`;
  const doneFile = join(folder, 'installed.json');
  if ((await readFile(doneFile, 'utf8').catch(() => '')) !== wanted) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'package.json'), wanted);
    await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', '--legacy-peer-deps'], { cwd: folder });
    await writeFile(doneFile, wanted);
  }
  return join(folder, 'node_modules');
}
