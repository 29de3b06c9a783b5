import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Peer extends AsyncDisposable {
  readonly name: string;
  readonly url: string;
  readonly httpUrl?: string;
}

const root = join(import.meta.dirname, '..');

/** The first line of JSON that a process prints and that has a key. */
async function firstLine(child: ChildProcess, key: string): Promise<Record<string, unknown>> {
  if (child.stdout === null) throw new Error('Expected a process whose output is read.');
  for await (const line of createInterface({ input: child.stdout })) {
    const value: unknown = line.startsWith('{') ? JSON.parse(line) : undefined;
    if (typeof value === 'object' && value !== null && key in value) return { ...value };
  }
  throw new Error(`The process ended before it said "${key}".`);
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  await ended;
}

/** An echo with the `ws` library and nothing else. */
export async function openRaw(): Promise<Peer> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'bench', 'raw-server.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { port } = await firstLine(child, 'port');
  child.stdout.resume();
  return { name: 'raw ws', url: `ws://127.0.0.1:${String(port)}`, [Symbol.asyncDispose]: () => stop(child) };
}

/** The built `arc sandbox`, as a user runs it, on an app whose default handler echoes. */
export async function openFurrow(): Promise<Peer> {
  const folder = await mkdtemp(join(tmpdir(), 'furrow-bench-'));
  await cp(join(root, 'bench', 'app'), folder, { recursive: true });
  const child = spawn(
    process.execPath,
    [join(root, 'packages/cli/bin/arc.js'), 'sandbox', folder, '--port', '0', '--json', '--quiet'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const { url, webSocketUrl } = await firstLine(child, 'url');
  child.stdout.resume();
  return {
    name: 'arc sandbox',
    url: String(webSocketUrl),
    httpUrl: String(url),
    async [Symbol.asyncDispose]() {
      await stop(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Milliseconds that a bare Node process takes from start to end. */
export async function bareNodeMs(): Promise<number> {
  const startedAt = performance.now();
  await once(spawn(process.execPath, ['-e', '0']), 'exit');
  return performance.now() - startedAt;
}

/** Milliseconds from starting `arc sandbox` to the answer of its first request, a handler's run included. */
export async function firstAnswerMs(): Promise<number> {
  const startedAt = performance.now();
  await using peer = await openFurrow();
  const answer = await fetch(peer.httpUrl ?? '');
  if ((await answer.text()) !== 'ok') throw new Error('The sandbox gave another answer.');
  return performance.now() - startedAt;
}
