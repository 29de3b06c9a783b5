import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { signedHeaders } from '@furrow/protocol';
import { readRefusal, type Answer } from './answer.ts';
import type { Endpoint, Signer } from './endpoint.ts';
import { errors } from './errors.ts';
import { retryDelayMs } from './retry.ts';

export { environment } from './environment.ts';

/** One request to AWS, not signed yet. */
export interface Call {
  readonly service: 'execute-api' | 'ssm' | 'dynamodb' | 'sns' | 'sqs';
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly endpoint: Endpoint;
  /** Escaped, with its leading slash. */
  readonly path: string;
  /** Lower-case names; the host is added here. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** From a socket to the whole answer. Waiting for a free socket does not count. */
const answerTimeoutMs = 10_000;

/** As many as the AWS SDK opens; a function may hold 1024 files, and a broadcast must not take them all. */
export const maxSockets = 50;

/** Signs and sends until AWS takes it, refuses it for good or the attempts are used up. */
export async function exchange(call: Call, signer: Signer): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await attemptOnce(call, signer);
    const refusal = readRefusal(answer);
    const delayMs = refusal && retryDelayMs(refusal, attempt, Math.random());
    if (delayMs === undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, delayMs));
  }
}

/** A kept socket may have been closed by the other end while the process was frozen; then a fresh one gets the request. */
async function attemptOnce(call: Call, signer: Signer): Promise<Answer> {
  const { request, agent } = await loadCarrier(call.endpoint.origin);
  const { method, body, service } = call;
  const url = new URL(call.endpoint.origin);
  const path = call.endpoint.basePath + call.path;
  const unsigned = { ...call.headers, host: url.host };
  const signable = { method, path, query: '', headers: unsigned, body };
  const headers = {
    ...unsigned,
    ...signedHeaders(signable, { ...signer, service, atMs: Date.now() }),
  };
  const options: RequestOptions = { method, path, headers };
  const first = await readAnswer(request(url, { ...options, agent }), call);
  if (first !== 'stale') return first;
  const second = await readAnswer(request(url, { ...options, agent: false }), call);
  if (second === 'stale') throw new Error('A fresh socket cannot be a stale one.');
  return second;
}

function readAnswer(request: ClientRequest, call: Call): Promise<Answer | 'stale'> {
  const { origin } = call.endpoint;
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    let hasBegun = false;
    const fail = (error: NodeJS.ErrnoException) => {
      const isReset = error.code === 'ECONNRESET' || error.code === 'EPIPE';
      if (isReset && request.reusedSocket && !hasBegun) resolve('stale');
      else reject(error.code === 'ENDPOINT_TIMED_OUT' ? error : errors.unreachable(origin, error));
    };
    request.once('socket', () => {
      timer = setTimeout(() => request.destroy(errors.timedOut(origin, answerTimeoutMs)), answerTimeoutMs);
    });
    request.once('response', (response) => {
      hasBegun = true;
      readBody(response).then(
        (body) => resolve({ statusCode: response.statusCode ?? 0, headers: response.headers, body }),
        fail,
      );
    });
    request.on('error', fail);
    request.once('close', () => clearTimeout(timer));
    request.end(call.body);
  });
}

async function readBody(response: IncomingMessage): Promise<string> {
  const source: AsyncIterable<Buffer> = response;
  const chunks: Buffer[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const agents = new Map<string, Agent>();

/** Loads node:https with the first request: it costs as much as the whole library may. */
async function loadCarrier(origin: string) {
  const protocol = origin.startsWith('https:') ? 'https' : 'http';
  // The default export is the object that tracers patch.
  const { default: carrier } = protocol === 'https' ? await import('node:https') : await import('node:http');
  const agent = agents.get(protocol) ?? new carrier.Agent({ keepAlive: true, maxSockets });
  agents.set(protocol, agent);
  return { request: carrier.request, agent };
}
