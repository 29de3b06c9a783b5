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
  /** Cuts the line: nothing is said to the other side. */
  readonly cut: () => void;
  readonly isOpen: boolean;
  /** The subprotocol that was answered; empty where there is none. */
  readonly protocol: string;
}

export interface ConnectionOptions {
  readonly origin?: string;
  readonly lookup?: LookupFunction;
  readonly headers?: Readonly<Record<string, string>>;
  /** Subprotocols that are offered. */
  readonly protocols?: readonly string[];
}

/** Opens a web socket as a program does, or as a page of `origin`. */
export async function openConnection(url: string, options: ConnectionOptions = {}): Promise<Connection> {
  const { protocols = [], ...rest } = options;
  const socket = new WebSocket(url, [...protocols], rest);
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
    cut: () => socket.terminate(),
    get isOpen() {
      return socket.readyState === WebSocket.OPEN;
    },
    protocol: socket.protocol,
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
export async function refusedStatus(url: string, options: ConnectionOptions = {}): Promise<number> {
  const { protocols = [], ...rest } = options;
  const socket = new WebSocket(url, [...protocols], rest);
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
