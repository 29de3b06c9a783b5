import { createFrameWriter, type FrameWriter } from './codec.ts';

export interface Batch {
  /** Writes one frame; it leaves with the others of its moment. */
  push(kind: number, write: (frame: FrameWriter) => void): void;
  /** Writes at once whatever is waiting. */
  flush(): void;
}

/**
 * Collects frames into few writes.
 *
 * The first frames of a turn of the event loop leave as soon as the running code has nothing more to do, so that a lone
 * event loses no time; all later ones of the same turn leave together at its end.
 */
export function createBatch(write: (data: Buffer) => void): Batch {
  const writer = createFrameWriter();
  let isScheduled = false;
  let hasWrittenInTurn = false;

  function flush(): void {
    const data = writer.flush();
    if (data !== undefined) write(data);
  }

  function soon(): void {
    isScheduled = false;
    hasWrittenInTurn = true;
    setImmediate(endTurn);
    flush();
  }

  function endTurn(): void {
    hasWrittenInTurn = false;
    flush();
  }

  return {
    push(kind, fill) {
      writer.begin(kind);
      fill(writer);
      writer.end();
      if (isScheduled || hasWrittenInTurn) return;
      isScheduled = true;
      process.nextTick(soon);
    },
    flush,
  };
}
