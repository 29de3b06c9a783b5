import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { closeCodes, limits, reportedClose, type CloseStatus } from '@furrow/protocol';
import { WebSocketServer, type WebSocket } from 'ws';
import { textFrames } from '../core/text-frame.ts';
import { createFrameScanner } from '../core/frame-scanner.ts';

/** An open WebSocket as the gateway uses it. */
export interface Socket {
  /** One text message. Bytes that are not UTF-8 become U+FFFD: a client would end the connection over them. */
  sendText(data: Buffer | string): void;
  /** Starts the close handshake; what was sent before still arrives. */
  close(status: CloseStatus): void;
  /** Ends the connection without one. */
  terminate(): void;
  /** Bytes that the client has not taken yet. */
  readonly bufferedBytes: number;
}

export interface SocketListener {
  onMessage(body: string): void;
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

/** The one place that knows the WebSocket library. */
export function createUpgrader(): Upgrader {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.maxMessageBytes,
  });
  const subprotocols = new WeakMap<IncomingMessage, string>();
  server.on('headers', (headers, request) => {
    const subprotocol = subprotocols.get(request);
    headers.push(`Date: ${new Date().toUTCString()}`);
    if (subprotocol !== undefined) headers.push(`Sec-WebSocket-Protocol: ${subprotocol}`);
  });
  return {
    accept(request, socket, head, { subprotocol, listen }) {
      // The gateway negotiates nothing itself: the connect handler's header decides (fact A13). What the client offered
      // is the library's business even less: it would refuse a malformed offer after the handler let the client in.
      delete request.headers['sec-websocket-protocol'];
      if (subprotocol !== undefined && isToken(subprotocol)) subprotocols.set(request, subprotocol);
      server.handleUpgrade(request, socket, head, (webSocket) => {
        attach(webSocket, socket, listen);
      });
    },
  };
}

/** A header value that cannot end the header. */
function isToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

function attach(webSocket: WebSocket, socket: Duplex, listen: (socket: Socket) => SocketListener): void {
  let closedAs: CloseStatus | undefined;
  let messages = 0;
  let messagesBeforeClose = 0;

  /** Closes with this status, unless either side has begun to close already: its status is the one that counts. */
  function close(status: CloseStatus): boolean {
    if (webSocket.readyState !== webSocket.OPEN) return false;
    closedAs = status;
    webSocket.close(status.code, status.reason);
    return true;
  }
  function violate(status: CloseStatus, why: string): boolean {
    if (!close(status)) return false;
    listener.onViolation(status.code, why);
    return true;
  }

  const listener = listen({
    sendText(data) {
      sendInFrames(webSocket, socket, data);
    },
    close,
    terminate: () => webSocket.terminate(),
    get bufferedBytes() {
      return webSocket.bufferedAmount;
    },
  });
  watchFrames(socket, (endedMessages) => {
    const why = `a frame is longer than ${limits.maxFrameBytes} bytes`;
    if (violate(closeCodes.tooBig, why)) messagesBeforeClose = endedMessages;
  });
  webSocket.on('message', (data: Buffer, isBinary: boolean) => {
    messages += 1;
    if (closedAs !== undefined && messages > messagesBeforeClose) return;
    if (isBinary) violate(closeCodes.binaryRefused, 'binary frames are not supported');
    else listener.onMessage(data.toString('utf8'));
  });
  // Without this listener one malformed frame would end the whole process. The library sends the close frame itself.
  webSocket.on('error', (error: Error & { code?: string }) => {
    const status = violationStatus(error.code);
    if (status === undefined || closedAs !== undefined) return;
    closedAs = status;
    listener.onViolation(status.code, error.message.replace(/^Invalid WebSocket frame: /, ''));
  });
  webSocket.on('close', (code: number, reason: Buffer) => {
    listener.onClosed(closedAs ?? reportedClose(code, reason.toString('utf8')));
  });
}

/**
 * Sees each piece of data before the library does, which limits messages but not frames (fact E9).
 *
 * @param onTooLong told of the first frame that is too long, and of how many messages ended before it.
 */
function watchFrames(socket: Duplex, onTooLong: (endedMessages: number) => void): void {
  const scan = createFrameScanner(limits.maxFrameBytes);
  const watch = (piece: Buffer) => {
    const endedMessages = scan(piece);
    if (endedMessages === undefined) return;
    socket.off('data', watch);
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

/**
 * Writes a message past the library, whose two pieces for each frame cost twice as much to send.
 *
 * Both write to one socket at once, so their frames keep their order; nothing is compressed, so nothing waits.
 */
function sendInFrames(webSocket: WebSocket, socket: Duplex, data: Buffer | string): void {
  if (webSocket.readyState !== webSocket.OPEN || !socket.writable) return;
  const bytes = typeof data === 'string' ? Buffer.from(data) : isUtf8(data) ? data : Buffer.from(data.toString('utf8'));
  socket.write(textFrames(bytes, limits.maxFrameBytes));
}
