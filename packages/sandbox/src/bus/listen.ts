import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { checkAccess, type AccessRules, type HttpAnswer } from '@furrow/gateway';
import type { OnEvent, SignableRequest } from '@furrow/protocol';
import { answerArchitect } from './architect.ts';
import { queryAnswer, readJson, readQuery, refuse, type ServiceResult } from './call.ts';
import type { ChannelPlan } from './channels.ts';
import type { Exchange } from './exchange.ts';
import { accountId } from './names.ts';
import { answerSns } from './sns.ts';
import { answerSqs } from './sqs.ts';

export interface BusPortOptions {
  readonly exchange: Exchange;
  readonly access: AccessRules;
  readonly region: string;
  readonly onEvent: OnEvent;
  readonly now: () => number;
}

/** SNS, SQS and what Architect's library asks, on a port of this machine alone. */
export interface BusPort {
  readonly port: number;
  readonly snsUrl: string;
  readonly sqsUrl: string;
  readonly queueUrl: (plan: ChannelPlan) => string;
  close(): Promise<void>;
}

/** Of SQS a message of 1 MB, most of it escaped. */
const maxBodyBytes = 4 * 1024 * 1024;
const namespaces = {
  sns: 'http://sns.amazonaws.com/doc/2010-03-31/',
  sqs: 'http://queue.amazonaws.com/doc/2012-11-05/',
} as const;

/** Listens; resolves once its port is bound. */
export async function listenForMessages(options: BusPortOptions): Promise<BusPort> {
  const { exchange, access, region, onEvent, now } = options;

  async function answer(request: IncomingMessage): Promise<HttpAnswer | undefined> {
    const { method = '', url = '/' } = request;
    const [path = '/', query = ''] = url.split('?', 2);
    const why = reasonAgainst(request);
    if (why !== undefined) return refused(`${method} ${path}`, why);
    const body = await readBody(request);
    if (body === 'aborted') return undefined;
    if (body === 'tooLarge') return plain(413, `More than ${maxBodyBytes} bytes`);
    const service = serviceOf(path);
    if (service === undefined) return answerArchitect(path, body.toString(), exchange) ?? plain(404, 'Not found');
    return asked(service, { method, path, query, headers: plainHeaders(request), body });
  }

  /** A call of AWS, once its signature is known to be good. */
  function asked(service: 'sns' | 'sqs', request: SignableRequest): HttpAnswer {
    const { method, path, headers, body } = request;
    const target = headers['x-amz-target'];
    const checked = checkAccess(request, access, { service, region, isLoopback: true, atMs: now() });
    if (checked.type === 'granted') return service === 'sns' ? sns(body) : sqs(target, path, body);
    refused(`${method} ${path}`, checked.errorType);
    const result = refuse(checked.errorType, checked.message, 403);
    return target === undefined ? queryAnswer('', namespaces[service], result) : jsonAnswer(result);
  }

  function refused(what: string, why: string): HttpAnswer {
    onEvent({ type: 'refused', atMs: now(), what, statusCode: 403, why });
    return plain(403, 'Forbidden');
  }

  function sns(body: Buffer): HttpAnswer {
    const call = readQuery(body.toString());
    return queryAnswer(call.operation, namespaces.sns, answerSns(call, exchange));
  }

  /** Older SDKs ask in the query protocol, at the URL of the queue itself. */
  function sqs(target: string | undefined, path: string, body: Buffer): HttpAnswer {
    if (target !== undefined) {
      const call = readJson(target, body.toString());
      if (call === undefined) return jsonAnswer(refuse('SerializationException', 'The body is no JSON object.'));
      return jsonAnswer(answerSqs(call, exchange, queueUrl));
    }
    const { operation, input } = readQuery(body.toString());
    const call = { operation, input: input.has('QueueUrl') ? input : new Map([...input, ['QueueUrl', path] as const]) };
    return queryAnswer(operation, namespaces.sqs, inQueryWords(answerSqs(call, exchange, queueUrl)));
  }

  const server = createServer((request, response) => {
    void answer(request).then((answered) => answered && respond(response, answered));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP address.');
  const { port } = address;
  const base = `http://localhost:${port}`;
  const queueUrl = (plan: ChannelPlan) => `${base}/sqs/${accountId}/${plan.physicalName}`;

  return {
    port,
    snsUrl: `${base}/sns`,
    sqsUrl: `${base}/sqs`,
    queueUrl,
    async close() {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, 'close');
    },
  };
}

function respond(response: ServerResponse, { statusCode, headers, body }: HttpAnswer): void {
  response.writeHead(statusCode, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
}

function serviceOf(path: string): 'sns' | 'sqs' | undefined {
  const [, service] = /^\/(sns|sqs)(?:\/|$)/.exec(path) ?? [];
  return service === 'sns' || service === 'sqs' ? service : undefined;
}

/** A page of a browser may ask any port of this machine; what it sends tells it apart. */
function reasonAgainst({ method, headers }: IncomingMessage): string | undefined {
  const { host = '' } = headers;
  if (!/^(?:localhost|127\.0\.0\.1)(?::\d+)?$/i.test(host)) return `Host "${host}" is not allowed`;
  if (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined) return 'pages may publish nothing';
  return method === 'POST' ? undefined : 'only POST is answered';
}

async function readBody(request: IncomingMessage): Promise<Buffer | 'aborted' | 'tooLarge'> {
  const source: AsyncIterable<Buffer> = request;
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of source) {
      length += chunk.length;
      if (length > maxBodyBytes) return 'tooLarge';
      chunks.push(chunk);
    }
  } catch {
    // The other end has gone: there is nobody to answer.
    return 'aborted';
  }
  return Buffer.concat(chunks);
}

function plainHeaders({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value ?? '')]));
}

function plain(statusCode: number, body: string): HttpAnswer {
  return { statusCode, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}

/** Names that the SDKs know from the query protocol travel in a header. */
function jsonAnswer(result: ServiceResult): HttpAnswer {
  const headers = { 'content-type': 'application/x-amz-json-1.0' };
  if (result.type === 'ok') return { statusCode: 200, headers, body: JSON.stringify(result.value) };
  const { statusCode, code, message } = result;
  const name = code.split('.').at(-1) ?? code;
  const type = name === 'NonExistentQueue' ? 'QueueDoesNotExist' : name;
  return {
    statusCode,
    headers: { ...headers, 'x-amzn-query-error': `${code};Sender` },
    body: JSON.stringify({ __type: `com.amazonaws.sqs#${type}`, message }),
  };
}

/** What the query protocol calls the lists of a batch. */
function inQueryWords(result: ServiceResult): ServiceResult {
  if (result.type === 'refused' || !('Successful' in result.value)) return result;
  const { Successful = [], Failed = [] } = result.value;
  return { type: 'ok', value: { SendMessageBatchResultEntry: Successful, BatchResultErrorEntry: Failed } };
}
