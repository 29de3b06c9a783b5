import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** Longest wait for a client to take its last answer. */
const lingerMs = 1000;

const lingering = new WeakSet<Duplex>();

/**
 * Writes the last bytes of a connection and ends it, in a way that lets the client read them.
 *
 * What still comes is thrown away: a connection that is closed with unread bytes is reset, and takes the answer with it.
 * Only the first call counts.
 */
export function sayLast(socket: Duplex, text: string): void {
  if (lingering.has(socket)) return;
  lingering.add(socket);
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  socket.once('close', () => clearTimeout(timer));
  socket.end(text);
  socket.resume();
}

/** An answer without a body, for what is not worth one. */
export function refusalText(statusCode: number, headers = ''): string {
  return `HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode]}\r\n${headers}Connection: close\r\nContent-Length: 0\r\n\r\n`;
}
