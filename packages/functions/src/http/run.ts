import type { HttpEvent } from '@furrow/protocol';
import { errors } from '../errors.ts';
import type { HandlerContext } from '../handler-types.ts';
import type { HttpResult } from '../http-result.ts';
import type { HttpAsyncHandler, HttpHandler, HttpRequest } from './middleware-types.ts';
import { bodyParser, interpolate } from './request.ts';
import { formatResponse } from './response.ts';
import { readSession, writeSession } from './session.ts';

/**
 * Runs middleware one after the other, until one returns an answer.
 *
 * @throws {HTTP_UNANSWERED} when none does; in payload format 2.0 that is an answer without a body.
 */
export async function runAsync(
  middleware: readonly HttpAsyncHandler[],
  event: HttpEvent,
  context: HandlerContext,
): Promise<HttpResult> {
  let request = await prepare(event);
  for (const run of middleware) {
    // Each has what the one before it has done to the request.
    // oxlint-disable-next-line no-await-in-loop
    const returned: unknown = await run(request, context);
    if (isRequest(returned)) request = returned;
    else if (returned) return respond(request, returned);
  }
  const version: string = request.version;
  if (version !== '2.0') throw errors.httpUnanswered();
  return respond(request, undefined);
}

/** Runs middleware in the style of callbacks. Rejects with what one throws, as long as nothing has been answered. */
export async function runWithCallbacks(middleware: readonly HttpHandler[], event: HttpEvent): Promise<HttpResult> {
  const request = await prepare(event);
  return new Promise((resolve, reject) => {
    const answer = (given?: unknown) => void respond(request, given).then(resolve, reject);
    const step = (index: number): void => {
      const run = middleware[index];
      if (run === undefined) return reject(errors.httpNextOfLast());
      try {
        const returned = run(request, answer, () => step(index + 1));
        // An async function among them may return its answer, and its failure must not be lost.
        if (returned instanceof Promise) returned.then((given) => given && answer(given), reject);
      } catch (error) {
        reject(toError(error));
      }
    };
    step(0);
  });
}

function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** The event itself, so that whoever holds it sees what middleware sees. */
async function prepare(event: HttpEvent): Promise<HttpRequest> {
  const session = await readSession(event);
  const request = interpolate(Object.assign(event, { session }));
  request.body = bodyParser(request);
  return request;
}

function isRequest(returned: unknown): returned is HttpRequest {
  return Boolean(Object(returned).httpMethod);
}

/** Formats what middleware gave, and keeps the session that is in it. */
async function respond(request: HttpRequest, given: unknown): Promise<HttpResult> {
  const result = formatResponse(request, given);
  const { cookie, session }: { cookie?: unknown; session?: unknown } = { ...Object(given) };
  const setCookie = session ? await keepSession(request, session) : cookie;
  if (typeof setCookie !== 'string' || setCookie === '') return result;
  return { ...result, headers: { ...result.headers, 'set-cookie': setCookie } };
}

/** A session that was read keeps its place in the table, whatever is put in it. */
function keepSession(request: HttpRequest, session: object): Promise<string> {
  const { _idx, _secret, _ttl } = { ...Object(request.session) };
  return writeSession({ _idx, _secret, _ttl, ...session });
}
