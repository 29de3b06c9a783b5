import { setTimeout as pause } from 'node:timers/promises';
import type { Memory } from './sandbox-process.ts';
import type { Target } from './target.ts';

export interface Measurement extends Memory {
  /** Those of handlers, and those that build them. */
  readonly processes: number;
}

const megabyte = 1024 * 1024;
/** The gateway gives a client that says nothing ten seconds. */
const longestSettleMs = 20_000;
/** Whatever clients send and do not read, what waits for each of them is bounded. */
const mostPeakBytes = 400 * megabyte;
const lookEveryMs = 250;
/** What the sandbox keeps for each process of a handler: its streams, and room for events. */
const bytesPerProcess = 0.2 * megabyte;
/** Bursts may have started as many; they end when they had nothing to do for five minutes. */
const mostProcesses = 250;

/**
 * Measures a target when it has come to rest: its connections are gone, and what it uses falls no more.
 *
 * @param before what it should come back to, at which it need not rest any longer.
 */
export async function settled(target: Target, before: Measurement | undefined): Promise<Measurement | undefined> {
  const { measure } = target;
  if (measure === undefined || !target.isAlive()) return undefined;
  const untilMs = performance.now() + longestSettleMs;
  let last = await measure();
  let isFalling = true;
  while (performance.now() < untilMs && (isFalling || leaks(before, last).length > 0 || last.tcpSockets > 2)) {
    // oxlint-disable-next-line no-await-in-loop -- looks again
    await pause(lookEveryMs);
    // oxlint-disable-next-line no-await-in-loop
    const next = await measure();
    isFalling = next.usedBytes < last.usedBytes - 0.05 * megabyte;
    last = next;
  }
  return last;
}

/** What has not come back; one sentence each. */
export function leaks(before: Measurement | undefined, after: Measurement | undefined): readonly string[] {
  if (before === undefined || after === undefined) return [];
  const started = Math.max(0, after.processes - before.processes);
  const [used, resident] = [before.usedBytes, before.residentBytes];
  return [
    ...grown('memory in use', used, after.usedBytes, used * 1.15 + 4 * megabyte + started * bytesPerProcess),
    ...grown('resident memory', resident, after.residentBytes, resident * 1.4 + 50 * megabyte),
    ...grown('peak of resident memory', before.peakBytes, after.peakBytes, mostPeakBytes),
    ...grown('open TCP sockets', before.tcpSockets, after.tcpSockets, Math.max(2, before.tcpSockets)),
    ...grown('processes', before.processes, after.processes, Math.max(before.processes, mostProcesses)),
  ];
}

function grown(what: string, was: number, is: number, most: number): readonly string[] {
  return is > most ? [`${what} grew from ${was} to ${is}; at most ${Math.round(most)} was expected`] : [];
}
