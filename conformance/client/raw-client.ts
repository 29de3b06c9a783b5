import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { frame, readFrames, type Frame } from '../../test/support/raw-frames.ts';
import type { Stage } from '../target.ts';
import { until } from '../../test/support/until.ts';
import { userAgentOf, type Scripts } from './client.ts';

export interface RawOptions {
  /** Path and query. @default the stage's */
  readonly path?: string;
  readonly method?: string;
  readonly scripts?: Scripts;
  /** Added to those of a handshake, or instead of them. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A client whose frames are made by hand. */
export interface RawClient {
  readonly socket: Socket;
  /** Status line and headers of the answer to the handshake. */
  readonly head: string;
  /** The frames that have come in whole. */
  readonly frames: () => readonly Frame[];
  /** Resolves when there are so many. */
  readonly untilFrames: (count: number) => Promise<readonly Frame[]>;
  /** Its connectionId; one frame comes for it. */
  readonly askId: () => Promise<string>;
  /** The code of the close frame that came. */
  readonly closeCode: () => Promise<number>;
  readonly write: (bytes: Buffer) => void;
  readonly ended: Promise<void>;
  readonly close: () => void;
}

const textOpcode = 0x1;
const closeOpcode = 0x8;

function isClose({ opcode }: Frame): boolean {
  return opcode === closeOpcode;
}

/** Connects, sends a handshake and waits for the answer; whether it is taken is the row's business. */
export async function openRawClient(stage: Stage, options: RawOptions): Promise<RawClient> {
  const url = new URL(stage.url);
  const socket = await openSocket(url, stage);
  let received = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
  });
  // A reset is one of the ways in which these connections end.
  socket.on('error', () => {});
  const ended = new Promise<void>((resolve) => {
    socket.on('close', () => resolve());
  });
  socket.write(handshakeText(url, options));

  const endOfHead = () => received.indexOf('\r\n\r\n');
  // Nobody may send frames before the handshake is answered.
  await until(() => endOfHead() >= 0, 'an answer to the handshake');
  const frames = () => (endOfHead() < 0 ? [] : readFrames(received.subarray(endOfHead() + 4)));
  const untilFrames = async (count: number) => {
    await until(() => frames().length >= count, `frame ${count}`);
    return frames();
  };
  return {
    socket,
    head: received.toString('latin1', 0, endOfHead()),
    frames,
    untilFrames,
    async askId() {
      const before = frames().length;
      socket.write(frame(textOpcode, JSON.stringify({ action: 'join', script: [{ tell: 'self' }] })));
      const payload = (await untilFrames(before + 1))[before]?.payload.toString('utf8') ?? '';
      return String(JSON.parse(payload).event.requestContext.connectionId);
    },
    async closeCode() {
      await until(() => frames().some(isClose), 'a close frame');
      return frames().find(isClose)?.payload.readUInt16BE(0) ?? 0;
    },
    write: (bytes) => void socket.write(bytes),
    ended,
    close: () => socket.destroy(),
  };
}

async function openSocket(url: URL, { lookup }: Stage): Promise<Socket> {
  const isSecure = url.protocol === 'wss:';
  const port = Number(url.port) || (isSecure ? 443 : 80);
  const to = { host: url.hostname, port, ...(lookup !== undefined && { lookup }) };
  const socket = isSecure ? connectTls({ ...to, servername: url.hostname }) : connectTcp(to);
  await once(socket, isSecure ? 'secureConnect' : 'connect');
  return socket;
}

function handshakeText(url: URL, { path = url.pathname, method = 'GET', scripts = {}, headers = {} }: RawOptions) {
  const all = {
    Host: url.host,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version': '13',
    'User-Agent': userAgentOf(scripts),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
}
