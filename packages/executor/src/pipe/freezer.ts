import { readSync } from 'node:fs';

/** Where the executor writes one byte for each event; a frozen process reads it, and does nothing else. */
const thawPipe = 4;

/** Holds the whole process still until its next event comes. */
export interface Freezer {
  /** Returns when the byte of the next event has been read; `false` when there will be none. */
  awaitNextEvent(): boolean;
  /** The event of the byte that was read last has come. */
  used(): void;
}

export function createFreezer(): Freezer {
  const byte = Buffer.alloc(1);
  let isThawed = false;

  /** How many bytes came; 0 is the end. */
  function readThawPipe(): number {
    try {
      return readSync(thawPipe, byte);
    } catch {
      // The handler has closed what it does not know. Then nothing can be held back here.
      return 1;
    }
  }

  return {
    awaitNextEvent() {
      if (isThawed) return true;
      isThawed = true;
      return readThawPipe() > 0;
    },
    used() {
      isThawed = false;
    },
  };
}
