import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { limits, type FunctionFailure, type Outcome } from '@furrow/protocol';
import { parseCall, step, type Call, type Phase, type Reply } from './phase.ts';
import { reportedFailure } from './reported-failure.ts';

export interface RuntimeApiOptions {
  readonly functionArn: string;
  /** The process has asked for an event, and none is there. */
  onWaiting(): void;
  /** The process has got the event that was put last. */
  onBegun(): void;
  onOutcome(outcome: Outcome): void;
  onInitError(failure: FunctionFailure): void;
}

/** One event, as a process gets it. */
export interface RuntimeEvent {
  readonly requestId: string;
  /** JSON text. */
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly deadlineAtMs: number;
}

export interface RuntimeApi {
  /** What `AWS_LAMBDA_RUNTIME_API` is: `127.0.0.1:41234`. */
  readonly address: string;
  /** Gives the process an event: at once when it waits, else when it asks. One event at a time. */
  put(event: RuntimeEvent): void;
  /** Ends all requests. */
  close(): void;
}

interface Refusal {
  readonly status: number;
  readonly errorType: string;
  readonly errorMessage: string;
}

/** In the words of AWS's emulator of the Runtime API (fact H17). */
const refusals: Readonly<Record<Exclude<Reply, 'wait' | 'taken'>, Refusal>> = {
  wrongId: { status: 400, errorType: 'InvalidRequestID', errorMessage: 'Invalid request ID' },
  wrongState: { status: 403, errorType: 'InvalidStateTransition', errorMessage: 'Transition is not allowed' },
  tooLarge: {
    status: 413,
    errorType: 'RequestEntityTooLarge',
    errorMessage: `Exceeded maximum allowed payload size (${limits.maxResultBytes} bytes).`,
  },
};

const tooLarge: FunctionFailure = {
  errorType: 'Function.ResponseSizeTooLarge',
  errorMessage: `Response payload size exceeded maximum allowed payload size (${limits.maxResultBytes} bytes).`,
  trace: [],
};

/** Opens the Runtime API of one environment on a free loopback port. */
export async function openRuntimeApi(options: RuntimeApiOptions): Promise<RuntimeApi> {
  let phase: Phase = { type: 'starting' };
  /** The question for the next event that is open. */
  let asked: ServerResponse | undefined;
  let pending: RuntimeEvent | undefined;

  function deliver(): void {
    if (asked === undefined || pending === undefined) return;
    const { requestId, text, deadlineAtMs } = pending;
    const response = asked;
    asked = undefined;
    pending = undefined;
    phase = { type: 'running', requestId };
    options.onBegun();
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(text),
      'Lambda-Runtime-Aws-Request-Id': requestId,
      'Lambda-Runtime-Deadline-Ms': deadlineAtMs,
      'Lambda-Runtime-Invoked-Function-Arn': options.functionArn,
      'Lambda-Runtime-Trace-Id': traceId(requestId),
    });
    response.end(text);
  }

  function park(response: ServerResponse): void {
    if (asked !== undefined) refuse(asked, refusals.wrongState);
    asked = response;
    response.on('close', () => {
      if (asked === response) asked = undefined;
    });
    if (pending === undefined) options.onWaiting();
    else deliver();
  }

  function tell(call: Exclude<Call, { type: 'next' }>, body: Buffer, request: IncomingMessage): void {
    if (call.type === 'response') {
      options.onOutcome({ type: 'returned', value: valueOf(body.toString('utf8')) });
      return;
    }
    const header = request.headers['lambda-runtime-function-error-type'];
    const failure = reportedFailure(body, Array.isArray(header) ? header[0] : header);
    if (call.type === 'initError') options.onInitError(failure);
    else options.onOutcome({ type: 'failed', failure });
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = parseCall(request.method ?? '', request.url ?? '');
    const body = await read(request);
    if (typeof call === 'number') {
      refuse(response, { status: call, errorType: 'Runtime.NotFound', errorMessage: `No ${request.url ?? ''}` });
      return;
    }
    const next = step(phase, call, body === undefined);
    phase = next.phase;
    const { reply } = next;
    if (call.type === 'next') {
      if (reply === 'wait') park(response);
      else refuse(response, refusals.wrongState);
      return;
    }
    if (reply === 'taken' || reply === 'wait') {
      response.writeHead(202, { 'Content-Type': 'application/json' }).end('{"status":"OK"}\n');
      tell(call, body ?? Buffer.alloc(0), request);
      return;
    }
    refuse(response, refusals[reply]);
    if (reply === 'tooLarge') options.onOutcome({ type: 'failed', failure: tooLarge });
  }

  const server = createServer((request, response) => {
    // A request that breaks off belongs to a process that is ending; its exit tells the rest.
    answer(request, response).catch(() => response.destroy());
  });
  // A process may wait for its next event for as long as it likes.
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP address.');
  return {
    address: `127.0.0.1:${address.port}`,
    put(event) {
      pending = event;
      deliver();
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The body of a request; `undefined` when it is longer than a result may be, and read to its end all the same. */
async function read(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) throw new Error('Expected bytes.');
    bytes += chunk.length;
    if (bytes <= limits.maxResultBytes) chunks.push(chunk);
  }
  return bytes <= limits.maxResultBytes ? Buffer.concat(chunks) : undefined;
}

/** Lambda hands on what a runtime answers as it is; what is no JSON makes no response of API Gateway's. */
function valueOf(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return text;
  }
}

/** A trace that is not sampled: 8 and 24 hexadecimal digits, and the 16 of its parent. */
function traceId(requestId: string): string {
  const digits = requestId.replaceAll('-', '');
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  return `Root=1-${seconds}-${digits.slice(0, 24)};Parent=${digits.slice(16)};Sampled=0`;
}

function refuse(response: ServerResponse, { status, errorType, errorMessage }: Refusal): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify({ errorMessage, errorType }));
}
