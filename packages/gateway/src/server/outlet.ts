import type { Duplex } from 'node:stream';

/** Where the bytes of one connection go out. */
export interface Outlet {
  /** Begins at once or with the others of this turn; keeps its order with whatever else is written to the socket. */
  write(bytes: Buffer): void;
}

/** More than this does not wait for the end of the turn. */
export const maxGatheredBytes = 64 * 1024;

/** A turn that wrote to as many sockets is likely to be followed by one that does: a handler goes on sending to a room. */
export const crowd = 256;

/**
 * Lets the writes of one turn of the event loop to one socket leave in few: a system call costs more than all else that
 * is done to send a short message.
 *
 * The first writes to a socket in a turn leave as soon as the running code has nothing more to do, so that a lone answer
 * loses no time; all later ones of the same turn leave together at its end, and behind a crowded turn all do. Corking keeps
 * the order with the library's own frames, counts what waits as buffered, and writes it when the socket is ended.
 */
export function createOutlets(): (socket: Duplex) => Outlet {
  const turns = new Turns();
  return (socket) => new TurnOutlet(socket, turns);
}

/** What has to be written in this turn of the event loop. */
class Turns {
  #soon: TurnOutlet[] = [];
  #atEnd: TurnOutlet[] = [];
  /** Those that were written to in this turn, each as often as its writes began anew. */
  #sockets = 0;
  #isCrowded = false;
  /** Their number, from 0 on. */
  count = 0;

  gather(outlet: TurnOutlet, hasWrittenInTurn: boolean): void {
    this.#sockets += 1;
    if (this.#sockets === 1) setImmediate(() => this.#end());
    if (hasWrittenInTurn || this.#isCrowded) this.#atEnd.push(outlet);
    else if (this.#soon.push(outlet) === 1) process.nextTick(() => this.#releaseSoon());
  }

  #releaseSoon(): void {
    const due = this.#soon;
    this.#soon = [];
    for (const outlet of due) outlet.release();
  }

  #end(): void {
    this.#isCrowded = this.#sockets >= crowd;
    this.#sockets = 0;
    this.count += 1;
    const due = this.#atEnd;
    this.#atEnd = [];
    for (const outlet of due) outlet.release();
  }
}

/** A class, because every open connection has one. */
class TurnOutlet implements Outlet {
  readonly #socket: Duplex;
  readonly #turns: Turns;
  #isGathering = false;
  #gatheredBytes = 0;
  #lastTurn = -1;

  constructor(socket: Duplex, turns: Turns) {
    this.#socket = socket;
    this.#turns = turns;
  }

  write(bytes: Buffer): void {
    if (!this.#isGathering) {
      this.#isGathering = true;
      this.#socket.cork();
      this.#turns.gather(this, this.#lastTurn === this.#turns.count);
      this.#lastTurn = this.#turns.count;
    }
    this.#socket.write(bytes);
    this.#gatheredBytes += bytes.length;
    if (this.#gatheredBytes > maxGatheredBytes) this.release();
  }

  release(): void {
    if (!this.#isGathering) return;
    this.#isGathering = false;
    this.#gatheredBytes = 0;
    this.#socket.uncork();
  }
}
