import type { Duplex } from 'node:stream';

/** Where the bytes of one connection go out. */
export interface Outlet {
  /** Begins at once or with the others of this turn; keeps its order with whatever else is written to the socket. */
  write(bytes: Buffer): void;
}

/** More than this does not wait for the end of the turn. */
export const maxGatheredBytes = 64 * 1024;

interface Gathering {
  readonly release: () => void;
}

/**
 * Lets the writes of one turn of the event loop to one socket leave in few: a system call costs more than all else that
 * is done to send a short message.
 *
 * The first writes to a socket in a turn leave as soon as the running code has nothing more to do, so that a lone answer
 * loses no time; all later ones of the same turn leave together at its end. Corking keeps the order with the library's
 * own frames, counts what waits as buffered, and writes it when the socket is ended.
 */
export function createOutlets(): (socket: Duplex) => Outlet {
  let soon: Gathering[] = [];
  let atEnd: Gathering[] = [];
  let turn = 0;
  let isTurnEndDue = false;

  function releaseSoon(): void {
    const due = soon;
    soon = [];
    for (const { release } of due) release();
  }

  function endTurn(): void {
    isTurnEndDue = false;
    turn += 1;
    const due = atEnd;
    atEnd = [];
    for (const { release } of due) release();
  }

  function gather(gathering: Gathering, hasWrittenInTurn: boolean): void {
    if (hasWrittenInTurn) {
      atEnd.push(gathering);
      return;
    }
    if (soon.push(gathering) === 1) process.nextTick(releaseSoon);
    if (isTurnEndDue) return;
    isTurnEndDue = true;
    setImmediate(endTurn);
  }

  return (socket) => {
    let isGathering = false;
    let gatheredBytes = 0;
    let lastTurn = -1;
    const gathering: Gathering = {
      release() {
        if (!isGathering) return;
        isGathering = false;
        gatheredBytes = 0;
        socket.uncork();
      },
    };
    return {
      write(bytes) {
        if (!isGathering) {
          isGathering = true;
          socket.cork();
          gather(gathering, lastTurn === turn);
          lastTurn = turn;
        }
        socket.write(bytes);
        gatheredBytes += bytes.length;
        if (gatheredBytes > maxGatheredBytes) gathering.release();
      },
    };
  };
}
