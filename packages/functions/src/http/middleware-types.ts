import type { HttpEvent } from '@furrow/protocol';
import type { Callback } from '../callback.ts';
import type { HandlerContext } from '../handler-types.ts';
import type { HttpResult } from '../http-result.ts';

/** What a session holds: any JSON values. Sessions that were kept have `iat`, or `_idx`, `_secret` and `_ttl`, too. */
// An app knows what it keeps; to narrow every field first would be in its way.
// oxlint-disable-next-line typescript/no-explicit-any
export type SessionData = Record<string, any>;

/** A request as middleware gets it: the event, with its body parsed and its session read. Middleware may change it. */
// As above: what clients may send is for the app to say, `HttpRequest<{ text?: string }>`.
// oxlint-disable-next-line typescript/no-explicit-any
export interface HttpRequest<Body = any> extends Omit<HttpEvent, 'body' | 'pathParameters' | 'queryStringParameters'> {
  /** `GET`. */
  httpMethod: string;
  /** The same as `httpMethod`. */
  method: string;
  /** `/rooms/7`. */
  path: string;
  /** `/rooms/{id}`; `$default` of the route that takes everything else. */
  resource: string;
  pathParameters: Record<string, string>;
  /** The same as `pathParameters`. */
  params: Record<string, string>;
  queryStringParameters: Record<string, string>;
  /** The same as `queryStringParameters`. */
  query: Record<string, string>;
  /** JSON and forms parsed, text as a string, other bytes as `{ base64 }`; `{}` when there was none. */
  body: Body;
  /** The body as it came; absent when there was none. */
  rawBody?: string;
  session: SessionData;
}

/** What middleware may answer with; of `html`, `css`, `js`, `text`, `json` and `xml` the first counts. */
export interface HttpResponse {
  /** @default 200, or 302 with `location` */
  statusCode?: number | undefined;
  /** The same as `statusCode`. */
  status?: number | undefined;
  /** The same as `statusCode`. */
  code?: number | undefined;
  headers?: Record<string, string | number | boolean> | undefined;
  /** `Set-Cookie` headers, one each. */
  cookies?: readonly string[] | undefined;
  /** Text; base64 where `isBase64Encoded`; bytes, which are encoded. */
  body?: string | Uint8Array | undefined;
  isBase64Encoded?: boolean | undefined;
  html?: string | undefined;
  css?: string | undefined;
  js?: string | undefined;
  text?: string | undefined;
  /** Any JSON value. */
  json?: unknown;
  xml?: string | undefined;
  /** The content type. @default 'application/json; charset=utf8' */
  type?: string | undefined;
  /** Where the client goes next. */
  location?: string | undefined;
  /** Whether pages of every origin may read the answer. @default false */
  cors?: boolean | undefined;
  /** The header `cache-control`. @default nothing is kept of HTML, JSON and redirects; anything else for a day */
  cacheControl?: string | undefined;
  /** `false` for none; the name of one to take it where the client does. @default brotli, else gzip */
  compression?: boolean | 'br' | 'gzip' | undefined;
  /** What the session is from now on; `{}` ends it. */
  session?: SessionData | undefined;
  /** A `Set-Cookie` header: what `session.write` resolves with. */
  cookie?: string | undefined;
}

/** Middleware of `arc.http` in the style of callbacks: answers with `res`, or hands on with `next`. */
export type HttpHandler = (
  req: HttpRequest,
  res: (responseOrError: HttpResponse | Error) => void,
  next: () => void,
) => unknown;

/** Middleware of `arc.http.async`: returns the answer, or a changed request, or nothing to hand on. */
export type HttpAsyncHandler = (
  req: HttpRequest,
  context: HandlerContext,
) => Promise<HttpResponse | HttpRequest | Error | void> | HttpResponse | HttpRequest | Error | void;

/** A function of `@http`, made of async middleware. */
export type AsyncHttpFunction = (event: HttpEvent, context: HandlerContext) => Promise<HttpResult>;

/** A function of `@http`, made of middleware in the style of callbacks; without a callback it returns a promise. */
export interface ComposedHttpFunction {
  (event: HttpEvent, context?: HandlerContext): Promise<HttpResult>;
  (event: HttpEvent, context: HandlerContext, callback: Callback<HttpResult>): undefined;
}

/** The part of an event that holds its body. */
export interface BodySource {
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
  readonly body?: unknown;
  readonly isBase64Encoded?: boolean | undefined;
}

/** The part of an event that holds cookies: requests have it, and the events of `connect` and of authorizers. */
export interface SessionSource {
  readonly headers?: Readonly<Record<string, string | undefined>> | null | undefined;
  readonly cookies?: readonly string[] | undefined;
}

/** Reads and writes sessions where there is no middleware. */
export interface SessionAccess {
  /** Resolves with the session of the event's cookie; with one that is empty, or new, where there is none. */
  read(event: SessionSource): Promise<SessionData>;
  read(event: SessionSource, callback: Callback<SessionData>): undefined;
  /** Resolves with the `Set-Cookie` header of the session. */
  write(session: SessionData): Promise<string>;
  write(session: SessionData, callback: Callback<string>): undefined;
}

/** Tokens for forms, so that a page of another site cannot send them. */
export interface Csrf {
  /** Makes a token `[data].[expires].[signature]`; it is good for five minutes. */
  readonly create: (data?: string | Uint8Array, expiresAtMs?: number | string) => string;
  /** Whether this app made the token, and it is not too old. */
  readonly verify: (token: string) => boolean;
}

/** `arc.http`. */
export interface Http {
  /** One function of several. The style of the first decides: an `async` function makes it as `http.async` would. */
  (...middleware: readonly HttpHandler[]): ComposedHttpFunction;
  (...middleware: readonly HttpAsyncHandler[]): AsyncHttpFunction;
  readonly async: (...middleware: readonly HttpAsyncHandler[]) => AsyncHttpFunction;
  readonly helpers: {
    /**
     * The body of an event by its content type: JSON and forms parsed, text decoded, forms with files and bytes as
     * `{ base64 }`. What has no content type, or is not text, is as it came.
     *
     * @throws {BODY_INVALID} when it should be JSON and is not.
     */
    // As of a request: what clients may send is for the app to say.
    // oxlint-disable-next-line typescript/no-explicit-any
    readonly bodyParser: (request: BodySource) => any;
    /** Adds to an event what requests have, but for body and session; returns it. */
    readonly interpolate: (event: HttpEvent | HttpRequest) => HttpRequest;
    /** The path with the stage before it, as REST APIs of old needed it. */
    readonly url: (path: string) => string;
  };
  readonly session: SessionAccess;
  readonly csrf: Csrf;
}
