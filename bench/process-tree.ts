import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** What a process holds, in bytes. */
export interface Memory {
  readonly pid: string;
  readonly command: string;
  /** Resident: pages that it shares with other processes are counted whole, in each of them. */
  readonly rssBytes: number;
  /** Proportional: a page that n processes share counts as 1/n in each, so that sums are what the machine has lost. */
  readonly pssBytes: number;
}

/** Fields of `/proc/<pid>/stat` after the name, which may hold spaces (proc_pid_stat(5), read 2026-11). */
async function statOf(pid: string): Promise<readonly string[]> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** A process and all below it. Linux only: elsewhere there is no `/proc`. */
async function treeOf(pid: number): Promise<readonly string[]> {
  const all = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const parents = await Promise.all(all.map(async (id) => ({ id, parent: (await statOf(id))[1] })));
  const tree = [String(pid)];
  // Grows while it is walked: children come after their parent.
  for (const member of tree) tree.push(...parents.filter(({ parent }) => parent === member).map(({ id }) => id));
  return tree;
}

async function memoryOf(pid: string): Promise<Memory> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim();
  const bytes = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1]) * 1024;
  return { pid, command, rssBytes: bytes('Rss'), pssBytes: bytes('Pss') };
}

/** The memory of each process of a tree; the root is first. */
export async function treeMemory(pid: number): Promise<readonly Memory[]> {
  const memories = await Promise.all((await treeOf(pid)).map((id) => memoryOf(id).catch(() => undefined)));
  return memories.filter((memory) => memory !== undefined);
}

async function cpuTicks(pid: number): Promise<number> {
  const stats = await Promise.all((await treeOf(pid)).map(statOf));
  return stats.reduce((sum, stat) => sum + Number(stat[11] ?? 0) + Number(stat[12] ?? 0), 0);
}

const quietMs = 250;
const mostQuietTicks = 2;
const settleTimeoutMs = 20_000;

/** Waits until a tree of processes has nothing more to do: connections that ended have events of their own. */
export async function settle(pid: number): Promise<void> {
  if (process.platform !== 'linux') return delay(1000);
  const deadline = performance.now() + settleTimeoutMs;
  let before = await cpuTicks(pid);
  while (performance.now() < deadline) {
    // oxlint-disable-next-line no-await-in-loop -- looks again after a moment
    await delay(quietMs);
    // oxlint-disable-next-line no-await-in-loop
    const now = await cpuTicks(pid);
    if (now - before <= mostQuietTicks) return;
    before = now;
  }
}
