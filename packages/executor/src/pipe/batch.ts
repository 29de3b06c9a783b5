import { createFrameWriter, type FrameWriter } from './codec.ts';

export interface Batch {
  /**
   * Writes one frame; it leaves with the others of its moment.
   *
   * @param canWait whether the other side has something to do until the end of this turn.
   */
  push(kind: number, write: (frame: FrameWriter) => void, canWait?: boolean): void;
  /** Writes at once whatever is waiting. */
  flush(): void;
}

/** A turn that wrote as many frames is likely to be followed by one that does. */
const busyFrames = 4;
/**
 * More than this does not wait: while one side goes on to write, the other begins with what it has. Less does, so that what
 * a handler sends to a room in one go comes together, and leaves in one write for each client.
 *
 * A pipe takes some 200 KB that nobody has read yet; what is behind them is lost when the process exits.
 */
const mostWaitingBytes = 64 * 1024;
/** So many frames that can wait do so no longer: otherwise two processes would work in turns, and each wait for the other. */
const mostThatWait = 16;

/**
 * Collects frames into few writes.
 *
 * The first frames of a turn of the event loop leave as soon as the running code has nothing more to do, so that a lone
 * event loses no time; all later ones of the same turn leave together at its end. Behind a turn with many frames all leave
 * together: each write wakes the other side up, and costs more than all else that a message takes.
 */
export function createBatch(write: (data: Buffer) => void): Batch {
  const writer = createFrameWriter();
  let isSoonDue = false;
  let isEndDue = false;
  let hasWrittenInTurn = false;
  let frames = 0;
  let thatWait = 0;
  let isBusy = false;

  function flush(): void {
    thatWait = 0;
    const data = writer.flush();
    if (data !== undefined) write(data);
  }

  function soon(): void {
    isSoonDue = false;
    hasWrittenInTurn = true;
    flush();
  }

  function endTurn(): void {
    isEndDue = false;
    hasWrittenInTurn = false;
    isBusy = frames >= busyFrames;
    frames = 0;
    flush();
  }

  return {
    push(kind, fill, canWait = false) {
      writer.begin(kind);
      fill(writer);
      writer.end();
      frames += 1;
      if (canWait) thatWait += 1;
      if (writer.waitingBytes() > mostWaitingBytes || thatWait === mostThatWait) flush();
      if (!isEndDue) {
        isEndDue = true;
        setImmediate(endTurn);
      }
      if (canWait || isBusy || hasWrittenInTurn || isSoonDue) return;
      isSoonDue = true;
      process.nextTick(soon);
    },
    flush,
  };
}
