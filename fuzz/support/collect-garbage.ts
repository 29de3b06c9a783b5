import { Session } from 'node:inspector/promises';

/**
 * Collects all garbage that there is, and gives back to the system what it can.
 *
 * What `--expose-gc` offers runs once, and leaves what a collection that was under way had already passed.
 */
export async function collectGarbage(): Promise<void> {
  const session = new Session();
  session.connect();
  await session.post('HeapProfiler.collectGarbage');
  session.disconnect();
}
