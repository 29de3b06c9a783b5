import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Lets go of all garbage of this process, in some 15 ms for a heap of 30 MB.
 *
 * V8 lets it lie for as long as nothing new is allocated: after the start of an app of twenty functions that is 14 MB, most of it
 * what builds have read and written.
 */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  // Only new contexts get to see it.
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect === 'function') collect();
}
