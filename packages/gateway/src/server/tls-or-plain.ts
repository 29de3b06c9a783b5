import type { Socket } from 'node:net';
import { createServer, type Server } from 'node:tls';

/** What the gateway shows to clients that speak TLS; both are PEM texts that belong together. */
export interface TlsIdentity {
  readonly key: string;
  /** The certificate, then those between it and one that clients trust. */
  readonly cert: string;
}

export interface TlsOrPlainOptions {
  readonly tls: TlsIdentity;
  /** Longest wait for the first byte, and for the rest of the TLS handshake after it. */
  readonly timeoutMs: number;
  /** A connection that speaks HTTP: as it came, or behind TLS. */
  readonly onConnection: (socket: Socket) => void;
  /** Nothing came in time. */
  readonly onSilence: (socket: Socket) => void;
}

/** First byte of a TLS connection: a record with a handshake (RFC 8446, section 5.1). No HTTP method begins with it. */
const tlsFirstByte = 0x16;

/**
 * Takes connections of both kinds on one port: looks at the first byte of each, and decrypts those that begin as TLS does.
 *
 * API Gateway takes TLS 1.2 and later (fact A38).
 */
export function createTlsOrPlain(options: TlsOrPlainOptions): (socket: Socket) => void {
  const { timeoutMs, onConnection, onSilence } = options;
  let tlsServer: Server | undefined;

  /** Most gateways never see TLS, and making one of these takes milliseconds. It does not listen; it is handed sockets. */
  function openTlsServer(): Server {
    const server = createServer({
      ...options.tls,
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['http/1.1'],
      handshakeTimeout: timeoutMs,
    });
    server.on('secureConnection', onConnection);
    // A client that does not like the certificate, or sends bytes that are no TLS. Its connection ends, no other does.
    server.on('tlsClientError', (_error, socket) => socket.destroy());
    return server;
  }

  return (socket) => {
    const timer = setTimeout(() => onSilence(socket), timeoutMs);
    const leave = () => socket.destroy();
    const forget = () => {
      clearTimeout(timer);
      socket.off('close', forget).off('end', leave).off('error', leave);
    };
    socket.on('close', forget).on('end', leave).on('error', leave);
    socket.once('data', (first: Buffer) => {
      forget();
      if (first[0] === tlsFirstByte) {
        socket.pause();
        socket.unshift(first);
        // A client that leaves in the middle of the handshake is gone.
        socket.allowHalfOpen = false;
        tlsServer ??= openTlsServer();
        tlsServer.emit('connection', socket);
        return;
      }
      onConnection(socket);
      // Whoever listens now has missed what has just come.
      socket.emit('data', first);
    });
  };
}
