import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { limits } from '@furrow/protocol';
import { errors } from '../errors.ts';

export interface ListenOptions {
  /** 0 picks a free one. */
  readonly port: number;
  /** `undefined` is this machine alone, over IPv4 and IPv6. */
  readonly host: string | undefined;
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => void;
  readonly onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

export interface Listening {
  readonly port: number;
  /** Takes no more connections. */
  stop(): void;
  /** Ends what is still open and waits for it. */
  close(): Promise<void>;
}

/** A client that takes longer to send its headers is cut off. */
const headersTimeoutMs = 10_000;
const maxHeaderBytes = 64 * 1024;

/** Opens the HTTP servers; resolves once the port is bound. */
export async function listen(options: ListenOptions): Promise<Listening> {
  const first = await open(options, options.host ?? '127.0.0.1', options.port);
  const { port } = first.address() as AddressInfo;
  const servers = [first];
  const closed = [once(first, 'close')];
  if (options.host === undefined) {
    // `localhost` is ::1 for many clients. A machine without IPv6 has no such address, and needs none.
    const second = await open(options, '::1', port).catch(async (error: unknown) => {
      if (!isTaken(error)) return undefined;
      first.close();
      throw error;
    });
    if (second !== undefined) {
      servers.push(second);
      closed.push(once(second, 'close'));
    }
  }
  const stop = () => {
    for (const server of servers) if (server.listening) server.close();
  };
  return {
    port,
    stop,
    async close() {
      stop();
      for (const server of servers) server.closeAllConnections();
      await Promise.all(closed);
    },
  };
}

async function open(options: ListenOptions, host: string, port: number): Promise<Server> {
  const server = createServer(
    { headersTimeout: headersTimeoutMs, maxHeaderSize: maxHeaderBytes + limits.maxUrlLength },
    options.onRequest,
  );
  server.on('upgrade', options.onUpgrade);
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    else socket.destroy();
  });
  server.listen({ port, host });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw listenError(error, host, port);
  }
  return server;
}

function listenError(error: unknown, host: string, port: number): unknown {
  const code = (error as { code?: unknown }).code;
  if (code === 'EADDRINUSE') return errors.portTaken(port, error);
  if (code === 'EACCES') return errors.portForbidden(port, error);
  if (host === '::1') return error;
  return errors.hostUnknown(host, error);
}

function isTaken(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'PORT_TAKEN';
}
