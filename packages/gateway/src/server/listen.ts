import { once } from 'node:events';
import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { limits } from '@furrow/protocol';
import { errors } from '../errors.ts';
import { createTlsOrPlain, type TlsIdentity } from './tls-or-plain.ts';

export interface ListenOptions {
  /** 0 picks a free one. */
  readonly port: number;
  /** `undefined` is this machine alone, over IPv4 and IPv6. */
  readonly host: string | undefined;
  /** TLS is taken on the same port, beside plain HTTP. @default plain HTTP alone */
  readonly tls?: TlsIdentity | undefined;
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => void;
  readonly onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** A client that takes longer to send its headers is cut off. @default 10000 */
  readonly headersTimeoutMs?: number;
}

export interface Listening {
  readonly port: number;
  /** Takes no more connections. */
  stop(): void;
  /** Cuts off whatever is still open, web sockets included, and waits for it. */
  close(): Promise<void>;
}

const maxHeaderBytes = 64 * 1024;
const defaultHeadersTimeoutMs = 10_000;

/** How often a free port may turn out to be taken under IPv6. */
const maxAttempts = 10;

/** Opens the HTTP servers; resolves once the port is bound. */
export async function listen(options: ListenOptions): Promise<Listening> {
  const servers = await openServers(options);
  const closed = servers.map(({ server }) => once(server, 'close'));
  const stop = () => {
    for (const { server } of servers) if (server.listening) server.close();
  };
  return {
    port: portOf(servers[0].server),
    stop,
    async close() {
      stop();
      for (const { sockets } of servers) for (const socket of sockets) socket.destroy();
      await Promise.all(closed);
    },
  };
}

interface OpenServer {
  readonly server: Server;
  /** All that are open, in whatever state; the server itself forgets those that were upgraded. */
  readonly sockets: ReadonlySet<Socket>;
}

async function openServers(options: ListenOptions, attempt = 1): Promise<[OpenServer, ...OpenServer[]]> {
  const first = await open(options, options.host ?? '127.0.0.1', options.port);
  if (options.host !== undefined) return [first];
  try {
    // `localhost` is ::1 for many clients.
    return [first, await open(options, '::1', portOf(first.server))];
  } catch (error) {
    // A machine without IPv6 has no such address, and needs none.
    if (codeOf(error) !== 'PORT_TAKEN') return [first];
    first.server.close();
    if (options.port === 0 && attempt < maxAttempts) return openServers(options, attempt + 1);
    throw error;
  }
}

async function open(options: ListenOptions, host: string, port: number): Promise<OpenServer> {
  const { onRequest, onUpgrade, headersTimeoutMs: headersTimeout = defaultHeadersTimeoutMs } = options;
  const sockets = new Set<Socket>();
  const server = createServer(
    {
      headersTimeout,
      // Node looks for such clients this often, and by itself only every 30 seconds.
      connectionsCheckingInterval: headersTimeout / 4,
      maxHeaderSize: maxHeaderBytes + limits.maxUrlLength,
    },
    onRequest,
  );
  if (options.tls !== undefined) takeTls(server, options.tls, headersTimeout);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (request, socket, head) => {
    // From here on Node listens for errors no more; a client that goes away while it is answered must not end the process.
    socket.on('error', () => {});
    onUpgrade(request, socket, head);
  });
  server.on('clientError', refuseBytes);
  server.listen({ port, host });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw listenError(error, host, port);
  }
  return { server, sockets };
}

/** Puts the look at the first byte before what the server does with a connection. */
function takeTls(server: Server, tls: TlsIdentity, timeoutMs: number): void {
  const takers = server.listeners('connection');
  server.removeAllListeners('connection');
  const take = createTlsOrPlain({
    tls,
    timeoutMs,
    onConnection: (socket) => {
      for (const taker of takers) taker.call(server, socket);
    },
    onSilence: (socket) => refuseBytes(Object.assign(new Error(), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), socket),
  });
  server.on('connection', take);
}

/** Answers what is not HTTP, or comes too slowly, and ends its connection. */
function refuseBytes(error: Error, socket: Duplex): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const statusCode = refusals.get(codeOf(error)) ?? 400;
  const head = `HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode]}`;
  socket.end(`${head}\r\nConnection: close\r\n\r\n`, () => socket.destroy());
}

const refusals: ReadonlyMap<unknown, number> = new Map([
  ['ERR_HTTP_REQUEST_TIMEOUT', 408],
  ['HPE_HEADER_OVERFLOW', 431],
]);

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP address.');
  return address.port;
}

function listenError(error: unknown, host: string, port: number): unknown {
  const code = codeOf(error);
  if (code === 'EADDRINUSE') return errors.portTaken(port, error);
  if (code === 'EACCES') return errors.portForbidden(port, error);
  if (host === '::1') return error;
  return errors.hostUnknown(host, error);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
