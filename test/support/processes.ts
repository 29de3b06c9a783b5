import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface RunningProcess {
  readonly pid: number;
  /** Program and arguments. */
  readonly command: string;
}

interface Row extends RunningProcess {
  readonly parent: number;
}

/** The processes that a process has started, and those that these have started. */
export async function descendants(pid: number): Promise<readonly RunningProcess[]> {
  const rows = await listProcesses();
  const below = (parent: number): Row[] =>
    rows.filter((row) => row.parent === parent).flatMap((row) => [row, ...below(row.pid)]);
  return below(pid);
}

/** Those that still run. */
export async function stillRunning(processes: readonly RunningProcess[]): Promise<readonly RunningProcess[]> {
  const pids = new Set((await listProcesses()).map(({ pid }) => pid));
  return processes.filter(({ pid }) => pids.has(pid));
}

/** Every process but the one that lists them; what has ended and only waits to be noticed (state Z) is none. */
async function listProcesses(): Promise<readonly Row[]> {
  const listing = promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,stat=,args='], { maxBuffer: 10_000_000 });
  const { stdout } = await listing;
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, state = '', command = ''] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    const isOne = pid !== undefined && !state.startsWith('Z') && Number(pid) !== listing.child.pid;
    return isOne ? [{ pid: Number(pid), parent: Number(parent), command }] : [];
  });
}
