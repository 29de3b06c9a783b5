import type { Clock } from '@furrow/protocol';

/** DynamoDB takes hours; here whoever develops should see it. */
const intervalMs = 2000;

/** Calls `sweep`, which must not fail, every two seconds, more rarely when it takes long. The returned function ends it. */
export function openSweeper(sweep: () => Promise<void>, clock: Clock): () => void {
  let callOff: () => void;
  let isClosed = false;
  const wait = (ms: number) => {
    if (!isClosed) callOff = clock.after(ms, () => void work());
  };
  const work = async () => {
    const startedAtMs = clock.now();
    await sweep();
    wait(Math.max(intervalMs, 10 * (clock.now() - startedAtMs)));
  };
  wait(intervalMs);
  return () => {
    isClosed = true;
    callOff();
  };
}
