import { createFrameWriter, type FrameWriter } from './codec.ts';

export interface Batch {
  /** Writes one frame; it leaves with the others of its moment. */
  push(kind: number, write: (frame: FrameWriter) => void): void;
  /** Writes at once whatever is waiting. */
  flush(): void;
}

/** A turn that wrote as many frames is likely to be followed by one that does. */
const busyFrames = 4;

/**
 * Collects frames into few writes.
 *
 * The first frames of a turn of the event loop leave as soon as the running code has nothing more to do, so that a lone
 * event loses no time; all later ones of the same turn leave together at its end. Behind a turn with many frames all leave
 * together: each write wakes the other side up, and costs more than all else that a message takes.
 */
export function createBatch(write: (data: Buffer) => void): Batch {
  const writer = createFrameWriter();
  let isScheduled = false;
  let hasWrittenInTurn = false;
  let frames = 0;
  let isBusy = false;

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
    isScheduled = false;
    hasWrittenInTurn = false;
    isBusy = frames >= busyFrames;
    frames = 0;
    flush();
  }

  return {
    push(kind, fill) {
      writer.begin(kind);
      fill(writer);
      writer.end();
      frames += 1;
      if (isScheduled || hasWrittenInTurn) return;
      isScheduled = true;
      if (isBusy) setImmediate(endTurn);
      else process.nextTick(soon);
    },
    flush,
  };
}
