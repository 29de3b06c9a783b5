import type { IncomingHttpHeaders } from 'node:http';
import { WebSocket } from 'ws';
import type { Stage } from '../target.ts';
import { handshakeOf, type ClientOptions } from './client.ts';

/** What a client is told that is not let in. */
export interface Refusal {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** @throws {Error} when the client is let in. */
export function refusal(stage: Stage, options: ClientOptions): Promise<Refusal> {
  const { url, protocols, settings } = handshakeOf(stage, options);
  const socket = new WebSocket(url, protocols, settings);
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () => {
      socket.terminate();
      reject(new Error('The client was let in; expected a refusal.'));
    });
    socket.on('unexpected-response', (_request, response) => {
      let body = '';
      response.on('data', (chunk) => (body += String(chunk)));
      response.on('end', () => {
        resolve({ statusCode: response.statusCode ?? 0, headers: response.headers, body });
        // What is left of the handshake ends here, with an error that nobody waits for.
        socket.terminate();
      });
    });
  });
}
