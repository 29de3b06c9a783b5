import { connect } from 'node:net';
import { createFrameReader } from './frames.ts';

/** A web socket with as little around it as can be: the client must not be what is measured. */
export interface Connection {
  /** What is called with each text message; replaced at will. */
  onText: (payload: Buffer) => void;
  write(frame: Buffer): void;
  /** Resets it, so that no port stays behind in TIME_WAIT. */
  drop(): void;
}

const endOfHead = Buffer.from('\r\n\r\n');
const openTimeoutMs = 60_000;
const answerTimeoutMs = 20_000;

/** Opens a web socket; rejects when the answer is not 101. */
export function openConnection(url: string): Promise<Connection> {
  const { hostname, port, host, pathname } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    const connection: Connection = {
      onText: () => {},
      write: (frame) => socket.write(frame),
      drop: () => socket.resetAndDestroy(),
    };
    let head: Buffer = Buffer.alloc(0);
    const read = createFrameReader((payload) => connection.onText(payload));
    const fail = (why: string) => {
      socket.destroy();
      reject(new Error(`${url} did not open: ${why}`));
    };
    socket.setTimeout(openTimeoutMs, () => fail('no answer'));
    socket.on('error', (error) => fail(error.message));
    socket.on('close', () => fail('closed'));
    socket.write(
      `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
    );
    socket.on('data', function readHead(chunk: Buffer) {
      head = Buffer.concat([head, chunk]);
      const endAt = head.indexOf(endOfHead);
      if (endAt === -1) return;
      const statusLine = head.toString('latin1', 0, head.indexOf('\r\n'));
      if (!statusLine.startsWith('HTTP/1.1 101')) return fail(statusLine);
      socket.setTimeout(0);
      socket.off('data', readHead);
      socket.on('data', read);
      if (endAt + 4 < head.length) read(head.subarray(endAt + 4));
      resolve(connection);
    });
  });
}

/** Sends one message and resolves to the next one that comes. */
export function ask(connection: Connection, frame: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error(`No answer came within ${answerTimeoutMs / 1000} s.`));
    const timer = setTimeout(fail, answerTimeoutMs);
    connection.onText = (payload) => {
      clearTimeout(timer);
      resolve(payload.toString());
    };
    connection.write(frame);
  });
}

/** Opens many, some at a time; drops them all when one fails. */
export async function openConnections(url: string, count: number, inFlight = 50): Promise<readonly Connection[]> {
  const connections: Connection[] = [];
  let begun = 0;
  const openNext = async (): Promise<void> => {
    while (begun < count) {
      begun += 1;
      // Each of these lanes opens one after the other.
      // oxlint-disable-next-line no-await-in-loop
      connections.push(await openConnection(url));
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(inFlight, count) }, openNext));
  } catch (error) {
    for (const connection of connections) connection.drop();
    throw error;
  }
  return connections;
}
