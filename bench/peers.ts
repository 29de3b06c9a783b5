import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { writeApp, type AppOptions } from './apps.ts';

/** A running server that is measured. */
export interface Peer extends AsyncDisposable {
  readonly url: string;
  readonly httpUrl: string;
  /** Of its first process. */
  readonly pid: number;
}

/** Whom a value belongs to. */
export interface Subject {
  /** As the tables call it. */
  readonly name: string;
  /** As `--peers` calls it; Furrow itself is always there. */
  readonly peer: 'furrow' | 'raw' | 'workerd' | 'architect' | 'serverless-offline';
  open(): Promise<Peer>;
}

const root = join(import.meta.dirname, '..');
const stopTimeoutMs = 5000;
const startTimeoutMs = 60_000;

/** The first line of JSON that a process prints and that has a key. */
async function firstLine(child: ChildProcess, key: string): Promise<Record<string, unknown>> {
  if (child.stdout === null) throw new Error('Expected a process whose output is read.');
  const timer = setTimeout(() => child.kill('SIGKILL'), startTimeoutMs);
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const value: unknown = line.startsWith('{') ? JSON.parse(line) : undefined;
      if (typeof value === 'object' && value !== null && key in value) return { ...value };
    }
  } finally {
    clearTimeout(timer);
  }
  throw new Error(`The process ended before it said "${key}".`);
}

/** Ends a process; one that stays is killed. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  await ended;
  clearTimeout(timer);
}

/** A server of the `ws` library and nothing else. */
export const raw: Subject = {
  name: 'raw ws',
  peer: 'raw',
  async open() {
    const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'bench', 'raw-server.ts')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const { port } = await firstLine(child, 'port');
    child.stdout.resume();
    const address = `127.0.0.1:${String(port)}`;
    return {
      url: `ws://${address}/`,
      httpUrl: `http://${address}/`,
      pid: child.pid ?? 0,
      [Symbol.asyncDispose]: () => stop(child),
    };
  },
};

/** The built `arc sandbox`, as a user runs it, on a folder that is there. */
export async function startFurrow(folder: string): Promise<Peer> {
  const arc = join(root, 'packages', 'cli', 'bin', 'arc.js');
  const child = spawn(process.execPath, [arc, 'sandbox', folder, '--port', '0', '--json', '--quiet'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said = `${said}${String(chunk)}`.slice(0, 1000);
  });
  try {
    const { url, webSocketUrl } = await firstLine(child, 'url');
    child.stdout.resume();
    // Not by name, which would try IPv6 first.
    const [httpUrl, wsUrl] = [url, webSocketUrl].map((text) => String(text).replace('localhost', '127.0.0.1'));
    return { url: wsUrl ?? '', httpUrl: httpUrl ?? '', pid: child.pid ?? 0, [Symbol.asyncDispose]: () => stop(child) };
  } catch (error) {
    await stop(child);
    throw new Error(said.trim() || 'arc sandbox did not start.', { cause: error });
  }
}

/** The sandbox on an app of its own. */
export function furrow(app: AppOptions, name = 'Furrow'): Subject {
  return {
    name,
    peer: 'furrow',
    async open() {
      const { folder, [Symbol.asyncDispose]: remove } = await writeApp(app);
      try {
        const peer = await startFurrow(folder);
        const close = async () => {
          await peer[Symbol.asyncDispose]();
          await remove();
        };
        return { ...peer, [Symbol.asyncDispose]: close };
      } catch (error) {
        await remove();
        throw error;
      }
    },
  };
}

export const furrowEcho = furrow({ base: 'echo' });
export const furrowSeveral = furrow(
  { base: 'echo', environmentConcurrency: 100 },
  'Furrow, 100 events per environment',
);
