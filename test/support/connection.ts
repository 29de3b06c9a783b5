import { once } from 'node:events';
import type { LookupFunction } from 'node:net';
import { WebSocket } from 'ws';
import { until } from './until.ts';

export interface Connection extends AsyncDisposable {
  /** Every message so far, parsed where it is JSON. */
  readonly messages: readonly unknown[];
  readonly send: (message: unknown) => void;
  /** Sends, and resolves with the next message. */
  readonly ask: (message: unknown) => Promise<unknown>;
  /** Resolves with the message after those that were already taken. */
  readonly next: () => Promise<unknown>;
  /** Closes with 1000, or waits for the other side; resolves with the close code. */
  readonly close: () => Promise<number>;
  readonly closed: Promise<number>;
  readonly isOpen: boolean;
}

/** Opens a web socket as a program does, or as a page of `origin`. */
export async function openConnection(
  url: string,
  options: { readonly origin?: string; readonly lookup?: LookupFunction } = {},
): Promise<Connection> {
  const socket = new WebSocket(url, options);
  const messages: unknown[] = [];
  let taken = 0;
  socket.on('message', (data: Buffer) => messages.push(parse(data.toString('utf8'))));
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await once(socket, 'open');
  const next = async () => {
    await until(() => messages.length > taken, 'a message', 10_000);
    return messages[taken++];
  };
  const send = (message: unknown) => socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  const close = () => {
    socket.close(1000);
    return closed;
  };
  return {
    messages,
    send,
    next,
    close,
    closed,
    get isOpen() {
      return socket.readyState === WebSocket.OPEN;
    },
    ask(message) {
      send(message);
      return next();
    },
    async [Symbol.asyncDispose]() {
      await close();
    },
  };
}

/** The status with which a handshake is refused. */
export async function refusedStatus(
  url: string,
  options: { readonly origin?: string; readonly lookup?: LookupFunction } = {},
): Promise<number> {
  const socket = new WebSocket(url, options);
  const [, response] = await once(socket, 'unexpected-response');
  socket.on('error', () => {}); // What is left of the handshake ends here.
  socket.terminate();
  return Number(response.statusCode);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
