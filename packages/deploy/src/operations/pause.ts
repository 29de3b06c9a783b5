import { setTimeout as delay } from 'node:timers/promises';

/** Waits. Resolves with whether the time has passed; `false` when the signal ended it before. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await delay(ms, undefined, { signal });
    return true;
  } catch {
    // Only the signal ends a delay early.
    return false;
  }
}
