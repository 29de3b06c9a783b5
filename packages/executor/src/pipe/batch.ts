import { createFrameWriter, type FrameWriter } from './codec.ts';

export interface Batch {
  /** Writes one frame; it leaves with all others of this turn of the event loop. */
  push(kind: number, write: (frame: FrameWriter) => void): void;
  /** Writes at once whatever is waiting. */
  flush(): void;
}

/** Collects the frames of one turn of the event loop into one write. */
export function createBatch(write: (data: Buffer) => void): Batch {
  const writer = createFrameWriter();
  let isScheduled = false;

  function flush(): void {
    isScheduled = false;
    const data = writer.flush();
    if (data !== undefined) write(data);
  }

  return {
    push(kind, fill) {
      writer.begin(kind);
      fill(writer);
      writer.end();
      if (isScheduled) return;
      isScheduled = true;
      setImmediate(flush);
    },
    flush,
  };
}
