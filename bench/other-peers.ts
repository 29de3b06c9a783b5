import { spawn, type ChildProcess } from 'node:child_process';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openConnection } from './connection.ts';
import { installPeer, type peerPackages } from './peer-packages.ts';
import type { Peer, Subject } from './peers.ts';

const openTimeoutMs = 60_000;

/** Whoever takes a second for what others do in a millisecond is asked for less, for longer. */
export function isSlow({ peer }: Subject): boolean {
  return peer === 'architect' || peer === 'serverless-offline';
}

interface Start {
  /** A copy of the app, with the peer's packages in it. */
  readonly folder: string;
  readonly modules: string;
  readonly port: number;
}

interface PeerOptions {
  readonly peer: keyof typeof peerPackages;
  readonly name: string;
  /** Below `bench`. */
  readonly app: string;
  readonly path: string;
  /** The command and its words. */
  readonly command: (start: Start) => readonly [string, ...string[]];
}

/** A peer that is installed when it is first asked for, and that listens on a port it is told. */
function installed({ peer, name, app, path, command }: PeerOptions): Subject {
  return {
    name,
    peer,
    async open(): Promise<Peer> {
      const modules = await installPeer(peer);
      const folder = await mkdtemp(join(tmpdir(), 'furrow-bench-'));
      await cp(join(import.meta.dirname, app), folder, { recursive: true });
      await symlink(modules, join(folder, 'node_modules'));
      const port = await freePort();
      const [file, ...words] = command({ folder, modules, port });
      // A group of its own, as these start processes that outlive them; an input that stays open, as its end ends some.
      const child = spawn(file, words, {
        cwd: folder,
        detached: true,
        stdio: ['pipe', 'ignore', 'ignore'],
        env: { ...process.env, PATH: `${join(modules, '.bin')}:${process.env['PATH'] ?? ''}` },
      });
      // Ctrl-C reaches this process alone.
      const endAtExit = () => signal(child.pid ?? 0, 'SIGKILL');
      process.once('exit', endAtExit);
      const close = async () => {
        await endGroup(child);
        process.off('exit', endAtExit);
        await rm(folder, { recursive: true, force: true, maxRetries: 3 });
      };
      const address = `localhost:${port}`;
      try {
        await untilOpen(`ws://${address}${path}`, child);
      } catch (error) {
        await close();
        throw error;
      }
      return {
        url: `ws://${address}${path}`,
        httpUrl: `http://${address}/`,
        pid: child.pid ?? 0,
        [Symbol.asyncDispose]: close,
      };
    },
  };
}

/** A hibernating Durable Object, as wide as one room. */
export const workerd = installed({
  peer: 'workerd',
  name: 'workerd',
  app: 'peer-apps/workerd',
  path: '/',
  command: ({ modules, port }) => [
    join(modules, '.bin', 'workerd'),
    'serve',
    'config.capnp',
    `--socket-addr=http=localhost:${port}`,
  ],
});

/** Architect's sandbox on the same app, with its own library. */
export const architect = installed({
  peer: 'architect',
  name: 'Architect',
  app: 'apps/echo',
  path: '/',
  command: ({ modules, port }) => [
    join(modules, 'node', 'bin', 'node'),
    join(modules, '.bin', 'sandbox'),
    '--port',
    String(port),
  ],
});

/** It has no library for handlers; this one posts to `@connections`. */
export const serverlessOffline = installed({
  peer: 'serverless-offline',
  name: 'serverless-offline',
  app: 'peer-apps/serverless-offline',
  path: '/',
  command: ({ modules, port }) => [
    process.execPath,
    join(modules, '.bin', 'sls'),
    'offline',
    'start',
    '--websocketPort',
    String(port),
    '--httpPort',
    String(port + 1),
    '--lambdaPort',
    String(port + 2),
  ],
});

async function untilOpen(url: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + openTimeoutMs;
  while (child.exitCode === null && performance.now() < deadline) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one try after the other
      (await openConnection(url)).drop();
      return;
    } catch {
      // Not yet.
      // oxlint-disable-next-line no-await-in-loop
      await delay(20);
    }
  }
  throw new Error(`It did not open ${url}.`);
}

/** SIGINT first; whoever of the group is still there after a moment is killed. */
async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  const ended = child.exitCode === null ? once(child, 'exit') : undefined;
  signal(child.pid, 'SIGINT');
  await Promise.race([ended, delay(1000)]);
  signal(child.pid, 'SIGKILL');
  await ended;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch {
    // Nobody is left.
  }
}

const lowestPort = 14_000;

/** Below the ports that systems give to clients, so that no connection of the client's takes it. */
async function freePort(): Promise<number> {
  const port = lowestPort + Math.floor(Math.random() * 10_000);
  const server = createServer();
  server.listen(port, 'localhost');
  try {
    await once(server, 'listening');
  } catch {
    return freePort();
  }
  server.close();
  return port;
}
