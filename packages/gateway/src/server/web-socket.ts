import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { closeCodes, limits, reportedClose, type CloseStatus } from '@furrow/protocol';
import { WebSocketServer, type WebSocket } from 'ws';
import { agreeOnCompression, type Compression } from '../core/compression-offer.ts';
import { createFrameScanner } from '../core/frame-scanner.ts';
import { createInflater, type Inflater } from './inflate.ts';
import { createIntake, type SharedIntake } from './intake.ts';
import { createMessageFrames, type MessageFrames } from './message-frames.ts';
import { createOutlets, type Outlet } from './outlet.ts';

/** An open WebSocket as the gateway uses it. */
export interface Socket {
  /** One text message. The same buffer to many sockets, one after the other, is encoded once; nobody may write into it. */
  sendText(data: Buffer | string): void;
  /** Starts the close handshake; what was sent before still arrives. */
  close(status: CloseStatus): void;
  /** Ends the connection without one. */
  terminate(): void;
  /** Whether it takes messages: not once either side has begun to close. */
  readonly isOpen: boolean;
  /** Bytes that the client has not taken yet. */
  readonly bufferedBytes: number;
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
        attach({ webSocket, socket, listen, shared, compression, framesOf, outlet: outletOf(socket) });
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
  readonly webSocket: WebSocket;
  readonly socket: Duplex;
  readonly listen: (socket: Socket) => SocketListener;
  readonly shared: SharedIntake;
  readonly compression: Compression | undefined;
  readonly framesOf: MessageFrames;
  readonly outlet: Outlet;
}

function attach({ webSocket, socket, listen, shared, compression, framesOf, outlet }: Attached): void {
  let closedAs: CloseStatus | undefined;
  let isFull = false;
  let isClogged = false;
  let messages = 0;
  let messagesBeforeClose = 0;

  /** Closes with this status, unless either side has begun to close already: its status is the one that counts. */
  function close(status: CloseStatus): boolean {
    if (webSocket.readyState !== webSocket.OPEN) return false;
    closedAs = status;
    webSocket.close(status.code, status.reason);
    keepReading();
    return true;
  }
  function violate(status: CloseStatus, why: string): boolean {
    if (!close(status)) return false;
    listener.onViolation(status.code, why);
    return true;
  }

  /** The end of a connection that is being closed is always read. */
  function keepReading(): void {
    if ((isFull || isClogged) && closedAs === undefined) webSocket.pause();
    else webSocket.resume();
  }
  /** Each ping makes us write; a client that sends them and does not read would have us keep all those pongs. */
  function watchPongs(): void {
    if (isClogged || socket.writableLength < maxPongBytes) return;
    isClogged = true;
    keepReading();
    socket.once('drain', () => {
      isClogged = false;
      keepReading();
    });
  }

  const listener = listen({
    // Past the library, whose two pieces for each frame cost twice as much to send. Both write to one socket at once, so
    // their frames keep their order; compressing is done at once, so nothing waits.
    sendText(data) {
      if (webSocket.readyState !== webSocket.OPEN || !socket.writable) return;
      outlet.write(framesOf(data, compression));
    },
    close,
    terminate: () => webSocket.terminate(),
    get isOpen() {
      return webSocket.readyState === webSocket.OPEN;
    },
    get bufferedBytes() {
      return webSocket.bufferedAmount;
    },
  });
  const inflater = compression && createInflater();
  const intake = createIntake<Received>({
    shared,
    begin,
    onFull(value) {
      isFull = value;
      keepReading();
    },
  });
  function begin({ data, kind }: Received, onHandled: () => void): number | undefined {
    if (kind === 'binary') return refuse(closeCodes.binaryRefused, 'binary frames are not supported');
    const text = kind === 'deflated' ? inflater?.inflate(data) : { type: 'text' as const, data };
    if (text?.type !== 'text') return text && refuse(text.status, text.why);
    listener.onMessage(text.data.toString('utf8'), onHandled);
    return text.data.length;
  }
  function refuse(status: CloseStatus, why: string): undefined {
    intake.drop();
    violate(status, why);
  }

  watchFrames(socket, inflater?.disguise, (endedMessages) => {
    const why = `a frame is longer than ${limits.maxFrameBytes} bytes`;
    if (violate(closeCodes.tooBig, why)) messagesBeforeClose = endedMessages;
  });
  webSocket.on('message', (data: Buffer, isBinary: boolean) => {
    messages += 1;
    const isDeflated = inflater?.nextIsDeflatedText() === true;
    if (closedAs !== undefined && messages > messagesBeforeClose) return;
    intake.take({ data, kind: isDeflated ? 'deflated' : isBinary ? 'binary' : 'text' });
  });
  webSocket.on('ping', (data: Buffer) => {
    if (webSocket.readyState === webSocket.OPEN) webSocket.pong(data);
    listener.onPing();
    watchPongs();
  });
  // Without this listener one malformed frame would end the whole process. The library sends the close frame itself.
  webSocket.on('error', (error: Error & { code?: string }) => {
    const status = violationStatus(error.code);
    // What is left in a socket that has ended comes undisguised, and the end is what counts.
    if (status === undefined || closedAs !== undefined || socket.destroyed) return;
    closedAs = status;
    listener.onViolation(status.code, error.message.replace(/^Invalid WebSocket frame: /, ''));
  });
  webSocket.on('close', (code: number, reason: Buffer) => {
    intake.end();
    listener.onClosed(closedAs ?? reportedClose(code, reason.toString('utf8')));
  });
}

/**
 * Sees each piece of data before the library does, which limits messages but not frames (fact E9).
 *
 * @param disguise what the library is shown in place of each frame's first byte, where that differs.
 * @param onTooLong told of the first frame that is too long, and of how many messages ended before it.
 */
function watchFrames(
  socket: Duplex,
  disguise: Inflater['disguise'] | undefined,
  onTooLong: (endedMessages: number) => void,
): void {
  const scan = createFrameScanner(limits.maxFrameBytes, disguise);
  let isTooLong = false;
  const watch = (piece: Buffer) => {
    const endedMessages = scan(piece);
    if (endedMessages === undefined || isTooLong) return;
    isTooLong = true;
    onTooLong(endedMessages);
  };
  socket.prependListener('data', watch);
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
