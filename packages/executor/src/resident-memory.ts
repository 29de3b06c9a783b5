import { readFileSync } from 'node:fs';

/** What a process holds of the machine's memory; `undefined` where the system does not say it in `/proc`. */
export function residentBytes(pid: number): number | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    // It has ended, or this is no Linux.
    return undefined;
  }
}

/** How often it is looked whether a process holds too much. */
const checkEveryMs = 250;

/** Has processes look, again and again, whether they hold more than they may; returns what ends that. */
export function watchMemory(processes: Iterable<{ checkMemory(): void }>): () => void {
  const timer = setInterval(() => {
    for (const process of processes) process.checkMemory();
  }, checkEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** What the author reads when a process has held too much. */
export function tooLargeNotice(functionName: string, bytes: number): string {
  const megabytes = Math.round(bytes / 1024 / 1024);
  return `${functionName} held ${megabytes} MB, more than its memory setting, and was ended, as on Lambda.`;
}
