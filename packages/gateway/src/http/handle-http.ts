import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequestId, limits, type Clock, type FunctionFailure, type Invoke, type OnEvent } from '@furrow/protocol';
import { plainAddress } from '../core/host.ts';
import { headerPairs, traceId } from '../core/handshake-headers.ts';
import { createIntegrations, type IntegrationOutcome, type Integrations } from '../integrations.ts';
import { readBody } from './request-body.ts';
import type { LiveReload } from './live-reload.ts';
import { httpEvent } from './request-event.ts';
import { httpError, httpResponse, type HttpResponse } from './result-response.ts';
import type { Match, Router } from './router.ts';
import { serveRoot, serveStatic } from './static-file.ts';
import { withoutPrefix, type StaticRules } from './static-rules.ts';

/** How a client reached the gateway. */
export interface HttpClient {
  readonly sourceIp: string;
  readonly scheme: 'http' | 'https';
  readonly port: number;
}

export interface HttpHandlerOptions {
  /** The routes of this moment; asked once for each request, so that they may change while others run. */
  readonly router: () => Router;
  readonly invoke: Invoke;
  /** Absolute path of `public/`; `undefined` where the app has none. */
  readonly staticFolder: () => string | undefined;
  readonly staticRules?: () => StaticRules;
  /** What is put into pages. @default nothing */
  readonly liveReload?: LiveReload | undefined;
  readonly apiId: string;
  /** @default '000000000000' */
  readonly accountId?: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** What the time-out goes by. @default systemClock */
  readonly clock?: Clock | undefined;
  /** Gets one `http` event for each request. */
  readonly onEvent: OnEvent;
  /** What a proxy in front says of the client; by default what the socket says. */
  readonly describeClient?: ((request: IncomingMessage) => HttpClient) | undefined;
  /**
   * Longest wait for a function; the function itself may run on.
   *
   * @default 30000
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html read 2026-11
   */
  readonly integrationTimeoutMs?: number | undefined;
  /** @default limits.maxHttpBodyBytes */
  readonly maxBodyBytes?: number | undefined;
}

/** Answers one request. Never rejects. */
export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** What is reported of a request when it is over. */
interface Answered {
  readonly statusCode: number;
  readonly routeKey?: string | undefined;
  readonly failure?: FunctionFailure | undefined;
  readonly event?: string | undefined;
  readonly result?: unknown;
}

interface Answering extends HttpHandlerOptions {
  readonly integrations: Integrations;
}

const defaultTimeoutMs = 30_000;

interface Target {
  readonly path: string;
  readonly query: string;
}

/**
 * Makes the handler of everything that is neither a web socket nor `@connections`.
 *
 * In this order: `/_static/*` is a file; a route is a function; `/` is `public/index.html` where there is one, and without
 * a function for the root other paths are files too; all else is 404. ▶ An app without a static folder may have routes
 * below `/_static`.
 */
export function createHttpHandler(options: HttpHandlerOptions): HttpHandler {
  const integrations = createIntegrations(
    options.invoke,
    options.integrationTimeoutMs ?? defaultTimeoutMs,
    options.clock,
  );
  return async (request, response) => {
    const atMs = options.now();
    const startedAt = performance.now();
    const target = readTarget(request.url ?? '/');
    let answered: Answered;
    try {
      answered = await answer({ ...options, integrations }, request, response, target, atMs);
    } catch (error) {
      answered = { statusCode: 500, failure: unexpected(error) };
      send(response, httpError('internal'));
    }
    options.onEvent({
      type: 'http',
      atMs,
      durationMs: performance.now() - startedAt,
      method: request.method ?? '',
      path: target.path,
      routeKey: undefined,
      ...answered,
    });
  };
}

/** Path and query, escapes untouched. */
function readTarget(url: string): Target {
  const mark = url.indexOf('?');
  return { path: mark < 0 ? url : url.slice(0, mark), query: mark < 0 ? '' : url.slice(mark + 1) };
}

async function answer(
  options: Answering,
  request: IncomingMessage,
  response: ServerResponse,
  target: Target,
  atMs: number,
): Promise<Answered> {
  const { path } = target;
  const method = request.method ?? '';
  const folder = options.staticFolder();
  const rules = options.staticRules?.() ?? {};
  const editPage = options.liveReload?.editPage;
  if (folder !== undefined && (path === '/_static' || path.startsWith('/_static/'))) {
    const below = withoutPrefix(path.slice('/_static'.length), rules);
    return serveStatic(request, response, { folder, path: below, rules, editPage });
  }
  const match = options.router()(method, path);
  if (match !== undefined) return answerByFunction(options, request, response, target, match, atMs);

  const file = folder === undefined ? undefined : await serveRoot(request, response, { folder, path, rules, editPage });
  return file ?? send(response, httpError('notFound'));
}

async function answerByFunction(
  options: Answering,
  request: IncomingMessage,
  response: ServerResponse,
  { path, query }: Target,
  match: Match,
  atMs: number,
): Promise<Answered> {
  const { routeKey, functionName } = match;
  const read = await readBody(request, options.maxBodyBytes ?? limits.maxHttpBodyBytes);
  if (read.type === 'tooLarge') return { ...send(response, httpError('tooLarge')), routeKey };
  // Nobody is left to answer; 499 is what proxies write into their logs for this.
  if (read.type === 'aborted') return { statusCode: 499, routeKey };

  const requestId = createRequestId();
  const facts = httpEvent({
    ...(options.describeClient ?? socketClient)(request),
    method: request.method ?? '',
    rawPath: path,
    rawQuery: query,
    headers: headerPairs(request.rawHeaders),
    body: read.body,
    match,
    domainName: request.headers.host ?? 'localhost',
    apiId: options.apiId,
    accountId: options.accountId,
    requestId,
    traceId: traceId(atMs),
    atMs,
  });
  const event = JSON.stringify(facts);
  const outcome = await options.integrations.invoke({ functionName, event });
  const decided = outcome.type === 'timedOut' ? httpError('unavailable') : httpResponse(outcome);
  const edited = await options.liveReload?.editResponse(decided, request);
  const { statusCode } = send(response, edited ?? decided, requestId);
  const result = outcome.type === 'returned' ? outcome.value : undefined;
  return { statusCode, routeKey, event, result, failure: failureOf(outcome, decided) };
}

/** What the log is told; a function's own failure goes first, because it has the stack. */
function failureOf(outcome: IntegrationOutcome, decided: HttpResponse): FunctionFailure | undefined {
  if (outcome.type === 'timedOut') {
    return failure('Gateway.Timedout', 'The function gave no answer before the integration timed out.');
  }
  if (outcome.type === 'failed') return outcome.failure;
  if (outcome.type === 'refused') return failure('Gateway.Refused', outcome.reason);
  return decided.problem === undefined ? undefined : failure('Gateway.MalformedResponse', decided.problem);
}

function failure(errorType: string, errorMessage: string): FunctionFailure {
  return { errorType, errorMessage, trace: [] };
}

function unexpected(error: unknown): FunctionFailure {
  if (!(error instanceof Error)) return failure('Error', String(error));
  return {
    errorType: error.name,
    errorMessage: error.message,
    trace: (error.stack ?? '').split('\n'),
  };
}

/** Writes a whole response; one that is already under way is cut off instead. */
function send(response: ServerResponse, { statusCode, headers, body }: HttpResponse, requestId = createRequestId()) {
  if (response.headersSent) {
    response.destroy();
    return { statusCode };
  }
  const mayHaveBody = statusCode !== 204 && statusCode !== 304;
  response.writeHead(statusCode, [
    ...headers.flat(),
    ...(mayHaveBody ? ['content-length', String(body.length)] : []),
    'apigw-requestid',
    requestId,
  ]);
  response.end(mayHaveBody ? body : undefined);
  return { statusCode };
}

/** The client as its socket shows it. */
function socketClient({ socket }: IncomingMessage): HttpClient {
  const isEncrypted = 'encrypted' in socket && socket.encrypted === true;
  return {
    sourceIp: plainAddress(socket.remoteAddress),
    scheme: isEncrypted ? 'https' : 'http',
    port: socket.localPort ?? 0,
  };
}
