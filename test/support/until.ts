import { setTimeout as delay } from 'node:timers/promises';

const longestWaitMs = 15_000;

/** Waits until it is so. @throws {Error} when it takes too long. */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  what: string,
  maxMs = longestWaitMs,
): Promise<void> {
  const deadline = performance.now() + maxMs;
  // oxlint-disable no-await-in-loop -- one look after the other
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`Waited ${maxMs} ms for ${what}.`);
    await delay(5);
  }
}
