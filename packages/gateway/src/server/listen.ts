import { once } from 'node:events';
import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { limits } from '@furrow/protocol';
import {
  asksForHttp2,
  headWithoutUpgrade,
  maxHeaders,
  refusedForm,
  refusedHandshakeForm,
} from '../core/request-form.ts';
import { errors } from '../errors.ts';
import { createAnswerOrder } from './answer-order.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';
import { refusalText, sayLast } from './say-last.ts';
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
  /** Takes no more connections, cuts off whatever is still open, web sockets included, and waits for it. */
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
  return {
    port: portOf(servers[0].server),
    async close() {
      for (const { server } of servers) if (server.listening) server.close();
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
  const { headersTimeoutMs: headersTimeout = defaultHeadersTimeoutMs } = options;
  const sockets = new Set<Socket>();
  const server = createServer({
    headersTimeout,
    // Node looks for such clients this often, and by itself only every 30 seconds.
    connectionsCheckingInterval: headersTimeout / 4,
    maxHeaderSize: maxHeaderBytes + limits.maxUrlLength,
  });
  // Beyond it Node leaves some out, without a word.
  server.maxHeadersCount = maxHeaders;
  const take = connectionTaker(server);
  server.on(
    'connection',
    options.tls === undefined
      ? take
      : createTlsOrPlain({
          tls: options.tls,
          timeoutMs: headersTimeout,
          onConnection: take,
          onSilence: (socket) => sayLast(socket, refusalText(408)),
        }),
  );
  // One for all sockets: closures of their own would cost each open connection a quarter of a kilobyte.
  function forget(this: Socket): void {
    sockets.delete(this);
  }
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', forget);
  });
  answer(server, take, options);
  server.listen({ port, host });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw listenError(error, host, port);
  }
  return { server, sockets };
}

/** What Node's server does with a connection, taken out of it, so that it can be done later and with other sockets. */
function connectionTaker(server: Server): (socket: Socket) => void {
  const takers = server.listeners('connection');
  server.removeAllListeners('connection');
  return (socket) => {
    for (const taker of takers) taker.call(server, socket);
  };
}

/** Hands on what is well-formed and has its turn; ends the connection of anything else, with an answer. */
function answer(server: Server, take: (socket: Socket) => void, options: ListenOptions): void {
  const { begin, hasUnanswered, isReceiving, afterAnswers } = createAnswerOrder();
  server.on('request', (request, response) => {
    if (!begin(request, response)) {
      request.socket.destroy();
      return;
    }
    const statusCode = refusedForm(request);
    if (statusCode === undefined) options.onRequest(request, response);
    else response.writeHead(statusCode, { Connection: 'close', 'Content-Length': 0 }).end();
  });
  server.on('upgrade', (request, socket: Socket, head) => {
    // From here on Node listens for errors no more; a client that goes away while it is answered must not end the process.
    socket.on('error', ignore);
    const isNext = !hasUnanswered(socket);
    if (isNext && asksForHttp2(request.headers.upgrade)) {
      take(socket);
      socket.emit('data', Buffer.concat([Buffer.from(headWithoutUpgrade(request), 'latin1'), head]));
      return;
    }
    // Node goes on with a connection that it has answered on, and what is no HTTP any more would not survive that.
    const statusCode = isNext ? refusedHandshakeForm(request) : 400;
    if (statusCode === undefined) options.onUpgrade(request, socket, head);
    else {
      const body = JSON.stringify({ message: STATUS_CODES[statusCode] });
      afterAnswers(socket, () => refuseUpgrade(socket, { statusCode, body }));
    }
  });
  server.on('connect', (_request, socket) => {
    socket.on('error', ignore);
    afterAnswers(socket, () => sayLast(socket, refusalText(405)));
  });
  server.on('clientError', (error, socket) => {
    const refuse = () => sayLast(socket, refusalText(refusals.get(codeOf(error)) ?? 400));
    if (isReceiving(socket)) refuse();
    else afterAnswers(socket, refuse);
  });
}

function ignore(): void {}

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
