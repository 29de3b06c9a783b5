import type { Outcome, Pairs } from '@furrow/protocol';

/** What a client gets. */
export interface HttpResponse {
  readonly statusCode: number;
  /** In the order in which they are sent; `set-cookie` may come more than once. No `content-length`. */
  readonly headers: Pairs;
  readonly body: Buffer;
  /** Why the gateway itself answers in place of the function; for the log, never for the client. */
  readonly problem?: string;
}

/** What an HTTP API says when it has no answer of a function. */
export const httpErrors = {
  notFound: { statusCode: 404, message: 'Not Found' },
  tooLarge: { statusCode: 413, message: 'Request Entity Too Large' },
  internal: { statusCode: 500, message: 'Internal Server Error' },
  unavailable: { statusCode: 503, message: 'Service Unavailable' },
} as const;

/** The gateway's own answer, in AWS's words. */
export function httpError(error: keyof typeof httpErrors, problem?: string): HttpResponse {
  const { statusCode, message } = httpErrors[error];
  return {
    statusCode,
    headers: [['content-type', 'application/json']],
    body: Buffer.from(JSON.stringify({ message })),
    ...(problem !== undefined && { problem }),
  };
}

/**
 * Turns what a function did into a response, by the rules of payload format 2.0.
 *
 * - An object with `statusCode` is a response; unknown keys do not matter. A wrong one gives 500.
 * - Anything else is the body of a 200 in JSON: a text as it is, all others as JSON text, nothing as `null`.
 * - A failed function gives 500, its time-out included. ▶ So does a refusal: nothing says 503.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html read 2026-11
 * @see https://github.com/aws/aws-lambda-dotnet Tools/LambdaTestTool-v2, InvokeResponseExtensions (tried on AWS), read 2026-11
 */
export function httpResponse(outcome: Outcome): HttpResponse {
  if (outcome.type === 'failed') {
    return httpError('internal', `${outcome.failure.errorType}: ${outcome.failure.errorMessage}`);
  }
  if (outcome.type === 'refused') return httpError('internal', outcome.reason);
  const { value } = outcome;
  if (hasStatusCode(value)) return explicitResponse(value);
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null');
  return {
    statusCode: 200,
    headers: [['content-type', 'application/json']],
    body: Buffer.from(text),
  };
}

type Result = Readonly<Record<string, unknown>>;

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

const ok = <T>(value: T): Read<T> => ({ ok: true, value });
const wrong = (problem: string) => ({ ok: false, problem }) as const;

function hasStatusCode(value: unknown): value is Result {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    'statusCode' in value &&
    value.statusCode !== undefined
  );
}

function explicitResponse(result: Result): HttpResponse {
  const statusCode = readStatusCode(result['statusCode']);
  if (!statusCode.ok) return httpError('internal', statusCode.problem);
  const headers = readHeaders(result['headers']);
  if (!headers.ok) return httpError('internal', headers.problem);
  const cookies = readCookies(result['cookies']);
  if (!cookies.ok) return httpError('internal', cookies.problem);
  const body = readBody(result['body'], result['isBase64Encoded']);
  if (!body.ok) return httpError('internal', body.problem);
  return {
    statusCode: statusCode.value,
    headers: [...withType(headers.value, statusCode.value), ...cookies.value],
    body: body.value,
  };
}

/** ▶ Unproven: a text of a number counts, as on web sockets; 1xx does not, because it would end no request. */
function readStatusCode(value: unknown): Read<number> {
  const number = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 200 && number <= 599
    ? ok(number)
    : wrong(`statusCode is ${describe(value)}; expected a whole number from 200 to 599.`);
}

/** Headers that belong to the connection or that the gateway sets itself. */
const ownHeaders = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const headerName = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * Each header once; of names that differ in letter case only, the last.
 *
 * ▶ Unproven: a name or value that HTTP cannot carry gives 500 rather than a response without it, so that it is noticed.
 */
function readHeaders(value: unknown): Read<Pairs> {
  if (value === undefined || value === null) return ok([]);
  if (typeof value !== 'object' || Array.isArray(value)) {
    return wrong(`headers is ${describe(value)}; expected an object.`);
  }
  const headers = new Map<string, readonly [string, string]>();
  for (const [name, item] of Object.entries(value)) {
    if (item === undefined || item === null) continue;
    const text = readScalar(item);
    if (text === undefined) return wrong(`Header ${describe(name)} is ${describe(item)}; expected a text.`);
    if (!headerName.test(name)) return wrong(`Header name ${describe(name)} is not valid in HTTP.`);
    if (!headerValue.test(text))
      return wrong(`Header ${name} holds a character that HTTP cannot carry: ${describe(text)}.`);
    if (!ownHeaders.has(name.toLowerCase())) headers.set(name.toLowerCase(), [name, text]);
  }
  return ok([...headers.values()]);
}

/** Responses without a type are plain text, as on AWS; those that cannot have a body need none. */
function withType(headers: Pairs, statusCode: number): Pairs {
  if (statusCode === 204 || statusCode === 304) return headers;
  const hasType = headers.some(([name]) => name.toLowerCase() === 'content-type');
  return hasType ? headers : [['content-type', 'text/plain; charset=utf-8'], ...headers];
}

function readCookies(value: unknown): Read<Pairs> {
  if (value === undefined || value === null) return ok([]);
  if (!Array.isArray(value)) return wrong(`cookies is ${describe(value)}; expected a list of texts.`);
  const cookies: (readonly [string, string])[] = [];
  for (const item of value as readonly unknown[]) {
    if (typeof item !== 'string' || !headerValue.test(item)) {
      return wrong(`A cookie is ${describe(item)}; expected a text that HTTP can carry.`);
    }
    cookies.push(['set-cookie', item]);
  }
  return ok(cookies);
}

const base64 = /^[A-Za-z\d+/]*={0,2}$/;

/** ▶ Unproven: a number or boolean is sent as its text; anything but well-formed base64 gives 500. */
function readBody(value: unknown, isBase64Encoded: unknown): Read<Buffer> {
  if (value === undefined || value === null) return ok(Buffer.alloc(0));
  const text = readScalar(value);
  if (text === undefined) return wrong(`body is ${describe(value)}; expected a text, such as one of JSON.stringify.`);
  if (isBase64Encoded !== true) return ok(Buffer.from(text));
  const compact = text.replace(/\s+/g, '');
  if (!base64.test(compact) || compact.replace(/=+$/, '').length % 4 === 1) {
    return wrong(`isBase64Encoded is true, but body is not base64: ${describe(text)}.`);
  }
  return ok(Buffer.from(compact, 'base64'));
}

function readScalar(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

/** A value for a message, short. */
function describe(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
