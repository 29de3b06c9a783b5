import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { closeCodes, limits, reportedClose, type CloseStatus } from '@furrow/protocol';
import { WebSocketServer } from 'ws';
import { agreeOnCompression, type Compression } from '../core/compression-offer.ts';
import { FrameScanner } from '../core/frame-scanner.ts';
import { createInflater, type Inflater } from './inflate.ts';
import { createIntake, type Intake, type IntakeOwner, type SharedIntake } from './intake.ts';
import { createMessageFrames, type MessageFrames } from './message-frames.ts';
import { createOutlets, type Outlet } from './outlet.ts';
import { OwnedWebSocket, type WebSocketOwner } from './owned-web-socket.ts';

/** An open WebSocket as the gateway uses it. */
export interface Socket {
  /** One text message. The same buffer to many sockets, one after the other, is encoded once; nobody may write into it. */
  sendText(data: Buffer | string): void;
  /** Starts the close handshake; what was sent before still arrives. */
  close(status: CloseStatus): void;
  /** Ends the connection without one. */
  terminate(): void;
  /** Whether it takes messages: not once either side has begun to close. */
  isOpen(): boolean;
  /** Bytes that the client has not taken yet. */
  bufferedBytes(): number;
}

export interface SocketListener {
  /** Calls `onHandled` once, when the message has been handled: what a client has on the way to that is limited. */
  onMessage(body: string, onHandled: () => void): void;
  /** The client sent a ping; it is answered already. */
  onPing(): void;
  /** The client broke the protocol or a limit; the connection is being closed with this code. */
  onViolation(code: number, why: string): void;
  /** The connection has ended; comes exactly once. */
  onClosed(status: CloseStatus): void;
}

export interface Upgrader {
  /** Answers a handshake with 101 and hands over the socket in the same tick. */
  accept(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    options: { readonly subprotocol: string | undefined; readonly listen: (socket: Socket) => SocketListener },
  ): void;
}

/** Pongs of a client that does not take them; more than these and it is not read until it does. */
const maxPongBytes = 64 * 1024;

/** A client that does not answer our close frame is cut off. */
const closeTimeoutMs = 5000;

/** The one place that knows the WebSocket library. */
export function createUpgrader(): Upgrader {
  const options = {
    noServer: true,
    WebSocket: OwnedWebSocket,
    clientTracking: false,
    // Done here, both ways.
    perMessageDeflate: false,
    // The library ends a connection without a word when sixty pings come at once.
    autoPong: false,
    maxPayload: limits.maxMessageBytes,
    closeTimeout: closeTimeoutMs,
  };
  const server = new WebSocketServer(options);
  const shared: SharedIntake = { bytes: 0 };
  const framesOf = createMessageFrames();
  const outletOf = createOutlets();
  /** Lines of the 101 that the library does not write. */
  const ownLines = new WeakMap<IncomingMessage, readonly string[]>();
  server.on('headers', (headers, request) => {
    headers.push(`Date: ${new Date().toUTCString()}`, ...(ownLines.get(request) ?? []));
  });
  return {
    accept(request, socket, head, { subprotocol, listen }) {
      // The gateway negotiates nothing itself: the connect handler's header decides (fact A13). What the client offered
      // is the library's business even less: it would refuse a malformed offer after the handler let the client in.
      delete request.headers['sec-websocket-protocol'];
      const compression = agreeOnCompression(request.headers['sec-websocket-extensions']);
      ownLines.set(request, [
        ...(subprotocol !== undefined && isToken(subprotocol) ? [`Sec-WebSocket-Protocol: ${subprotocol}`] : []),
        ...(compression === undefined ? [] : [`Sec-WebSocket-Extensions: ${compression.extension}`]),
      ]);
      server.handleUpgrade(request, socket, head, (webSocket) => {
        webSocket.owner = new OpenSocket({
          webSocket,
          socket,
          listen,
          shared,
          compression,
          framesOf,
          outlet: outletOf(socket),
        });
      });
    },
  };
}

/** A header value that cannot end the header. */
function isToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

/** A message that has come whole. */
interface Received {
  readonly data: Buffer;
  readonly kind: 'text' | 'binary' | 'deflated';
}

interface Attached {
  readonly webSocket: OwnedWebSocket;
  readonly socket: Duplex;
  readonly listen: (socket: Socket) => SocketListener;
  readonly shared: SharedIntake;
  readonly compression: Compression | undefined;
  readonly framesOf: MessageFrames;
  readonly outlet: Outlet;
}

/** One open connection. A class: with thousands of them open, closures of their own would cost each some kilobytes. */
class OpenSocket implements Socket, WebSocketOwner, IntakeOwner<Received> {
  readonly shared: SharedIntake;
  readonly #webSocket: OwnedWebSocket;
  readonly #socket: Duplex;
  readonly #outlet: Outlet;
  readonly #framesOf: MessageFrames;
  readonly #compression: Compression | undefined;
  readonly #inflater: Inflater | undefined;
  readonly #scanner: FrameScanner;
  readonly #intake: Intake<Received>;
  readonly #listener: SocketListener;
  #closedAs: CloseStatus | undefined;
  #isFull = false;
  #isClogged = false;
  #messages = 0;
  #messagesBeforeClose = 0;

  constructor({ webSocket, socket, listen, shared, compression, framesOf, outlet }: Attached) {
    this.shared = shared;
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.#outlet = outlet;
    this.#framesOf = framesOf;
    this.#compression = compression;
    this.#inflater = compression && createInflater();
    this.#scanner = new FrameScanner(limits.maxFrameBytes, this.#inflater);
    this.#intake = createIntake<Received>(this);
    this.#listener = listen(this);
    // Before the library, which limits messages but not frames (fact E9).
    socket.prependListener('data', (piece: Buffer) => this.#watch(piece));
  }

  // Past the library, whose two pieces for each frame cost twice as much to send. Both write to one socket at once, so
  // their frames keep their order; compressing is done at once, so nothing waits.
  sendText(data: Buffer | string): void {
    if (!this.isOpen() || !this.#socket.writable) return;
    this.#outlet.write(this.#framesOf(data, this.#compression));
  }

  close(status: CloseStatus): void {
    this.#closeOnce(status);
  }

  terminate(): void {
    this.#webSocket.terminate();
  }

  isOpen(): boolean {
    return this.#webSocket.readyState === this.#webSocket.OPEN;
  }

  bufferedBytes(): number {
    return this.#webSocket.bufferedAmount;
  }

  /** Closes with this status, unless either side has begun to close already: its status is the one that counts. */
  #closeOnce(status: CloseStatus): boolean {
    if (!this.isOpen()) return false;
    this.#closedAs = status;
    this.#webSocket.close(status.code, status.reason);
    this.#keepReading();
    return true;
  }

  #violate(status: CloseStatus, why: string): boolean {
    if (!this.#closeOnce(status)) return false;
    this.#listener.onViolation(status.code, why);
    return true;
  }

  #watch(piece: Buffer): void {
    const endedMessages = this.#scanner.scan(piece);
    if (endedMessages === undefined) return;
    const why = `a frame is longer than ${limits.maxFrameBytes} bytes`;
    if (this.#violate(closeCodes.tooBig, why)) this.#messagesBeforeClose = endedMessages;
  }

  /** The end of a connection that is being closed is always read. */
  #keepReading(): void {
    if ((this.#isFull || this.#isClogged) && this.#closedAs === undefined) this.#webSocket.pause();
    else this.#webSocket.resume();
  }

  /** Each ping makes us write; a client that sends them and does not read would have us keep all those pongs. */
  #watchPongs(): void {
    if (this.#isClogged || this.#socket.writableLength < maxPongBytes) return;
    this.#isClogged = true;
    this.#keepReading();
    this.#socket.once('drain', () => {
      this.#isClogged = false;
      this.#keepReading();
    });
  }

  onFull(isFull: boolean): void {
    this.#isFull = isFull;
    this.#keepReading();
  }

  received(data: Buffer, isBinary: boolean): void {
    this.#messages += 1;
    const isDeflated = this.#inflater?.nextIsDeflatedText() === true;
    if (this.#closedAs !== undefined && this.#messages > this.#messagesBeforeClose) return;
    this.#intake.take({ data, kind: isDeflated ? 'deflated' : isBinary ? 'binary' : 'text' });
  }

  begin({ data, kind }: Received, onHandled: () => void): number | undefined {
    if (kind === 'binary') return this.#refuse(closeCodes.binaryRefused, 'binary frames are not supported');
    const text = kind === 'deflated' ? this.#inflater?.inflate(data) : { type: 'text' as const, data };
    if (text?.type !== 'text') return text && this.#refuse(text.status, text.why);
    this.#listener.onMessage(text.data.toString('utf8'), onHandled);
    return text.data.length;
  }

  #refuse(status: CloseStatus, why: string): undefined {
    this.#intake.drop();
    this.#violate(status, why);
  }

  pinged(data: Buffer): void {
    if (this.isOpen()) this.#webSocket.pong(data);
    this.#listener.onPing();
    this.#watchPongs();
  }

  ended(code: number, reason: Buffer): void {
    this.#intake.end();
    this.#listener.onClosed(this.#closedAs ?? reportedClose(code, reason.toString('utf8')));
  }

  failed(error: Error & { readonly code?: string }): void {
    const status = violationStatus(error.code);
    // What is left in a socket that has ended comes undisguised, and the end is what counts.
    if (status === undefined || this.#closedAs !== undefined || this.#socket.destroyed) return;
    this.#closedAs = status;
    this.#listener.onViolation(status.code, error.message.replace(/^Invalid WebSocket frame: /, ''));
  }
}

const violations: ReadonlyMap<string, CloseStatus> = new Map<string, CloseStatus>([
  ['WS_ERR_INVALID_UTF8', closeCodes.invalidText],
  ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', closeCodes.tooBig],
  ['WS_ERR_TOO_MANY_BUFFERED_PARTS', closeCodes.tooManyRequests],
]);

/** What the library closes with for each of its errors; `undefined` for errors of the TCP connection. */
function violationStatus(code = ''): CloseStatus | undefined {
  return violations.get(code) ?? (code.startsWith('WS_ERR_') ? closeCodes.protocolError : undefined);
}
