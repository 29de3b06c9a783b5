import { closeSync, openSync, readSync } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';

/**
 * Who runs an event that was handed over before its turn: the process it was given to, or somebody else.
 *
 * An environment gets its next events while one runs, so that it need not wait for them. When the running one takes long,
 * they have to be taken back, though the process may be in an endless loop and answer nothing. Both sides hold one open
 * file, and with it one position in it, which the operating system moves on with each read: whoever reads the byte of a
 * ticket owns its event. The bytes count from 0 to 255, again and again, and so say which ticket was read.
 */
export interface Tickets {
  /** Draws the next ticket; its number is at least `from` and less than 256 above it. `undefined` when all are drawn. */
  draw(from: number): number | undefined;
}

/** How many events of one environment may be handed over ahead; a worn environment is replaced. */
export const ticketCount = 4 * 1024 * 1024;
/** Tickets between the one that is expected and the one that is drawn are fewer than a byte tells. */
export const mostAhead = 64;

/** Writes the file unless it is there: all executors of a project may use the same one. */
export async function prepareTicketFile(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found?.size === ticketCount) return;
  const cycle = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
  await writeFile(file, Buffer.alloc(ticketCount, cycle));
}

export function openTicketFile(file: string): number | undefined {
  try {
    return openSync(file, 'r');
  } catch {
    // It was removed, or too many files are open. Without tickets no event is handed over ahead, and all else goes on.
    return undefined;
  }
}

export function closeTicketFile(descriptor: number): void {
  closeSync(descriptor);
}

/** The process's side. */
export function openTickets(descriptor: number): Tickets {
  const byte = Buffer.alloc(1);
  return { draw: (from) => (readSync(descriptor, byte) === 0 ? undefined : nextAt(from, byte[0] ?? 0)) };
}

/**
 * Draws `count` tickets at once, for what is taken back.
 *
 * @param from the lowest ticket that may not have been drawn.
 * @returns the first of those drawn; the others follow it.
 */
export function drawMany(descriptor: number, from: number, count: number): number | undefined {
  const bytes = Buffer.alloc(count);
  return readSync(descriptor, bytes) === 0 ? undefined : nextAt(from, bytes[0] ?? 0);
}

function nextAt(from: number, byte: number): number {
  return from + ((byte - from) & 0xff);
}
