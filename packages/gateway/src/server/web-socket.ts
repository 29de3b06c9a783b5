import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { closeCodes, limits, reportedClose, type CloseStatus } from '@furrow/protocol';
import { WebSocketServer, type WebSocket } from 'ws';

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
    options: { readonly subprotocol: string | undefined; listen(socket: Socket): SocketListener },
  ): void;
}

/** The one place that knows the WebSocket library. */
export function createUpgrader(): Upgrader {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.maxMessageBytes,
    // The gateway negotiates nothing itself: the connect handler's header decides (fact A13).
    handleProtocols: () => false,
  });
  const subprotocols = new WeakMap<IncomingMessage, string>();
  server.on('headers', (headers, request) => {
    const subprotocol = subprotocols.get(request);
    if (subprotocol !== undefined) headers.push(`Sec-WebSocket-Protocol: ${subprotocol}`);
  });
  return {
    accept(request, socket, head, { subprotocol, listen }) {
      if (subprotocol !== undefined && isToken(subprotocol)) subprotocols.set(request, subprotocol);
      server.handleUpgrade(request, socket, head, (webSocket) => {
        attach(webSocket, listen);
      });
    },
  };
}

/** A header value that cannot end the header. */
function isToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

function attach(webSocket: WebSocket, listen: (socket: Socket) => SocketListener): void {
  let closedAs: CloseStatus | undefined;
  const listener = listen({
    sendText(data) {
      sendInFrames(webSocket, data);
    },
    close(status) {
      closedAs ??= status;
      webSocket.close(status.code, status.reason);
    },
    terminate: () => webSocket.terminate(),
    get bufferedBytes() {
      return webSocket.bufferedAmount;
    },
  });
  webSocket.on('message', (data: Buffer, isBinary: boolean) => {
    if (closedAs !== undefined) return;
    if (!isBinary) {
      listener.onMessage(data.toString('utf8'));
      return;
    }
    closedAs = closeCodes.binaryRefused;
    listener.onViolation(closedAs.code, 'binary frames are not supported');
    webSocket.close(closedAs.code);
  });
  // Without this listener one malformed frame would end the whole process. The library sends the close frame itself.
  webSocket.on('error', (error: Error & { code?: string }) => {
    const status = violationStatus(error.code);
    if (status === undefined) return;
    closedAs ??= status;
    listener.onViolation(status.code, error.message.replace(/^Invalid WebSocket frame: /, ''));
  });
  webSocket.on('close', (code: number, reason: Buffer) => {
    listener.onClosed(closedAs ?? reportedClose(code, reason.toString('utf8')));
  });
}

/** What the library's error codes close with; `undefined` for errors of the TCP connection. */
function violationStatus(code: string | undefined): CloseStatus | undefined {
  if (code === undefined || !code.startsWith('WS_ERR_')) return undefined;
  if (code === 'WS_ERR_INVALID_UTF8') return closeCodes.invalidText;
  return code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' ? closeCodes.tooBig : closeCodes.protocolError;
}

function sendInFrames(webSocket: WebSocket, data: Buffer | string): void {
  if (webSocket.readyState !== webSocket.OPEN) return;
  const bytes = typeof data === 'string' ? Buffer.from(data) : isUtf8(data) ? data : Buffer.from(data.toString('utf8'));
  if (bytes.length <= limits.maxFrameBytes) {
    webSocket.send(bytes, { binary: false });
    return;
  }
  for (let start = 0; start < bytes.length; start += limits.maxFrameBytes) {
    const end = start + limits.maxFrameBytes;
    webSocket.send(bytes.subarray(start, end), { binary: false, fin: end >= bytes.length });
  }
}
