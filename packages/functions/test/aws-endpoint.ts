import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { canonicalRequest, parseAuthorization, signatureOf, stringToSign } from '@furrow/protocol';

export const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' };
export const region = 'us-west-2';

/** One request as it arrived. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What protocol finds out about the signature. */
  readonly isSigned: boolean;
  readonly service: string | undefined;
}

export interface Reply {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** `silence` never answers, `stall` stops in the middle of the body; `reset` and `cut` end the TCP connection there. */
type Answerer = (received: Received, count: number) => Reply | 'silence' | 'stall' | 'reset' | 'cut';

export interface AwsEndpoint extends AsyncDisposable {
  readonly url: string;
  readonly received: readonly Received[];
  /** TCP connections so far. */
  readonly connectionCount: number;
}

/** An HTTP server that stands where AWS does and checks signatures as AWS does. */
export async function openAwsEndpoint(answer: Answerer): Promise<AwsEndpoint> {
  const received: Received[] = [];
  let connectionCount = 0;
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const one = read(request, await text(request));
    received.push(one);
    const reply = answer(one, received.length);
    if (reply === 'silence') return;
    if (reply === 'stall' || reply === 'cut') response.writeHead(200, { 'content-length': 10 }).write('half');
    if (reply === 'stall') return;
    if (reply === 'reset' || reply === 'cut') return void setImmediate(() => request.socket.destroy());
    response.writeHead(reply.statusCode, reply.headers).end(reply.body);
  };
  const server = createServer((request, response) => void respond(request, response));
  server.on('connection', () => (connectionCount += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP address.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    received,
    get connectionCount() {
      return connectionCount;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function read(request: IncomingMessage, body: string): Received {
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const { method = '', url = '' } = request;
  const authorization = parseAuthorization(headers['authorization'] ?? '');
  return {
    method,
    path: url,
    headers,
    body,
    isSigned: authorization !== undefined && expectedSignature() === authorization.signature,
    service: authorization?.scope.service,
  };

  function expectedSignature(): string | undefined {
    if (authorization === undefined) return undefined;
    const [path = '', query = ''] = url.split('?', 2);
    const canonical = canonicalRequest(
      { method, path, query, headers, body: Buffer.from(body) },
      authorization.signedHeaders,
    );
    const toSign = stringToSign(headers['x-amz-date'] ?? '', authorization.scope, canonical);
    return signatureOf(credentials.secretAccessKey, authorization.scope, toSign);
  }
}
