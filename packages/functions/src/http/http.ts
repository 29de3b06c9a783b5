import type { HttpEvent } from '@furrow/protocol';
import { settle, type Callback } from '../callback.ts';
import { environment } from '../environment.ts';
import { errors } from '../errors.ts';
import type { HandlerContext } from '../handler-types.ts';
import type { HttpResult } from '../http-result.ts';
import { csrf } from './csrf.ts';
import type {
  AsyncHttpFunction,
  ComposedHttpFunction,
  Http,
  HttpAsyncHandler,
  HttpHandler,
} from './middleware-types.ts';
import { bodyParser, interpolate } from './request.ts';
import { sessionAccess } from './session.ts';

function make(...middleware: readonly HttpHandler[]): ComposedHttpFunction;
function make(...middleware: readonly HttpAsyncHandler[]): AsyncHttpFunction;
function make(...middleware: readonly (HttpHandler | HttpAsyncHandler)[]): ComposedHttpFunction | AsyncHttpFunction {
  check(middleware);
  // Of any other function nothing tells its style.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return areAsync(middleware) ? makeAsync(...middleware) : makeWithCallbacks(middleware as readonly HttpHandler[]);
}

function makeAsync(...middleware: readonly HttpAsyncHandler[]): AsyncHttpFunction {
  check(middleware);
  return async (event, context) => (await import('./run.ts')).runAsync(middleware, event, context);
}

function makeWithCallbacks(middleware: readonly HttpHandler[]): ComposedHttpFunction {
  const run = async (event: HttpEvent) => (await import('./run.ts')).runWithCallbacks(middleware, event);
  // Three parameters: that is how Lambda knows a function that takes a callback.
  function handle(event: HttpEvent): Promise<HttpResult>;
  function handle(event: HttpEvent, context: HandlerContext, callback: Callback<HttpResult>): undefined;
  function handle(
    event: HttpEvent,
    _context?: HandlerContext,
    callback?: Callback<HttpResult>,
  ): Promise<HttpResult> | undefined {
    return settle(run(event), callback);
  }
  return handle;
}

/** @throws {MIDDLEWARE_INVALID} when there is none, or one is no function. */
function check(middleware: readonly unknown[]): void {
  if (middleware.length === 0) throw errors.middlewareInvalid(undefined);
  const wrong = middleware.findIndex((one) => typeof one !== 'function');
  if (wrong !== -1) throw errors.middlewareInvalid(middleware[wrong]);
}

/** The first tells; only when they run does it show whether the others are of its style. */
function areAsync(middleware: readonly unknown[]): middleware is readonly HttpAsyncHandler[] {
  return Object.prototype.toString.call(middleware[0]) === '[object AsyncFunction]';
}

function url(path: string): string {
  const { ARC_ENV: stage, ARC_LOCAL: isLocal } = environment();
  return !isLocal && (stage === 'staging' || stage === 'production') ? `/${stage}${path}` : path;
}

/** What answers HTTP requests: middleware, sessions and what goes with them. */
export const http: Http = /* @__PURE__ */ Object.assign(make, {
  async: makeAsync,
  helpers: { bodyParser, interpolate, url },
  session: sessionAccess,
  csrf,
});
