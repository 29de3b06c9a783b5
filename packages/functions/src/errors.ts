/** The errors that this library made. Plain ones, not of a class of its own: Node would print the name of that class. */
const ours = new WeakSet<Error>();

function create<Kind extends Error>(error: Kind, name: string, code: string): Kind & { readonly code: string } {
  // Not enumerable, as on the built-in errors, so that a printed error does not repeat it.
  Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true });
  // The first line of a stack is fixed when an error is constructed; this is where it gets its name.
  if (error.stack !== undefined) error.stack = error.stack.replace(/^\w+/, name);
  ours.add(error);
  return Object.assign(error, { code });
}

function argumentError(code: string, message: string, cause?: unknown): TypeError {
  return create(new TypeError(message, withCause(cause)), 'TypeError', code);
}

function withCause(cause: unknown): ErrorOptions {
  return cause === undefined ? {} : { cause };
}

/** What an AWS endpoint, or the gateway in its place, says when it refuses. */
export interface Refusal {
  /** As the AWS SDK names it: `GoneException`. */
  readonly name: string;
  readonly statusCode: number;
  /** Empty where the endpoint sent no body. */
  readonly message: string;
}

/** How a refused call rejects: the fields that users of the AWS SDK and of `@architect/functions` look at. */
export interface ServiceError extends Error {
  /** The same as `name`. */
  readonly code: string;
  readonly statusCode: number;
  readonly $fault: 'client' | 'server';
  readonly $metadata: { readonly httpStatusCode: number };
  /** The connection that the call was about; on errors of `arc.ws` only. */
  readonly connectionId?: string;
  /** The call of DynamoDB, `PutItem`; on errors of tables only. */
  readonly operation?: string;
  /** Why a transaction was cancelled, as DynamoDB says it, an entry for each of its items. */
  readonly CancellationReasons?: readonly Readonly<Record<string, unknown>>[];
  /** The item that a condition did not fit, in DynamoDB's own form, where the call asked for it. */
  readonly Item?: Readonly<Record<string, unknown>>;
}

function serviceError(refusal: Refusal, message: string, connectionId?: string): ServiceError {
  const { name, statusCode } = refusal;
  return Object.assign(create(new Error(message), name, name), {
    statusCode,
    $fault: statusCode < 500 ? ('client' as const) : ('server' as const),
    $metadata: { httpStatusCode: statusCode },
    ...(connectionId !== undefined && { connectionId }),
  });
}

function userError(code: string, message: string, fix: string, cause?: unknown): Error {
  // The way out is in the message as well: a Lambda log shows nothing else.
  const error = create(new Error(`${message} ${fix}`, withCause(cause)), 'Error', code);
  return Object.assign(error, { fix });
}

/** Everything that can go wrong in a call, by what it means to the caller. */
export const errors = {
  connectionIdInvalid: (value: unknown) =>
    argumentError(
      'CONNECTION_ID_INVALID',
      `Expected a connectionId, a text that is not empty, such as event.requestContext.connectionId; got ${describeValue(value)}.`,
    ),
  payloadInvalid: (got: string, cause?: unknown) =>
    argumentError(
      'PAYLOAD_INVALID',
      `Expected a payload that is a string, a Buffer or any JSON value; got ${got}.`,
      cause,
    ),
  connectionRefused: (refusal: Refusal, connectionId: string) => {
    const { name, statusCode, message } = refusal;
    if (name === 'GoneException')
      return serviceError(refusal, `Connection ${connectionId} is gone (${statusCode}).`, connectionId);
    const said = message === '' ? name : `${name}: ${message}`;
    return serviceError(refusal, `Connection ${connectionId} refused (${statusCode}). ${said}`, connectionId);
  },
  parametersRefused: (refusal: Refusal, path: string) =>
    serviceError(
      refusal,
      `Cannot read SSM parameters below ${path} (${refusal.statusCode}). ${refusal.name}: ${refusal.message}`,
    ),
  /** In DynamoDB's own words: code that people have looks at them. */
  tablesRefused: (refusal: Refusal, operation: string, said: Readonly<Record<string, unknown>>) => {
    const words = refusal.message || `${operation} refused (${refusal.statusCode}).`;
    const { CancellationReasons, Item } = said;
    return Object.assign(serviceError(refusal, words), {
      operation,
      ...(CancellationReasons !== undefined && { CancellationReasons }),
      ...(Item !== undefined && { Item }),
    });
  },
  nameInvalid: (kind: 'events' | 'queues', value: unknown) =>
    argumentError(
      'NAME_INVALID',
      `Expected a name, a text that is not empty and stands below @${kind} in app.arc; got ${describeValue(value)}.`,
    ),
  channelUnknown: (kind: 'events' | 'queues', name: string) =>
    userError(
      kind === 'events' ? 'EVENT_UNKNOWN' : 'QUEUE_UNKNOWN',
      `${name} ${kind === 'events' ? 'event' : 'queue'} not found: this stack has no parameter ${kind}/${name}.`,
      `Declare it under @${kind} in app.arc, and deploy the app where it runs on AWS.`,
    ),
  publishRefused: (refusal: Refusal, target: string) =>
    serviceError(refusal, `Cannot publish to ${target} (${refusal.statusCode}). ${refusal.name}: ${refusal.message}`),
  tablesMissing: () =>
    userError(
      'TABLES_MISSING',
      'arc.tables() found no tables: this stack has no parameter below tables/.',
      'Declare them under @tables in app.arc, and deploy the app where it runs on AWS.',
    ),
  itemInvalid: (member: string, value: unknown) =>
    argumentError(
      'ITEM_INVALID',
      `Expected ${member} to be an object of attributes such as { id: 'a' }; got ${describeValue(value)}.`,
    ),
  itemUnstorable: (member: string, cause: unknown) =>
    argumentError(
      'ITEM_INVALID',
      `${member} cannot be stored: ${sentence(cause)} Options go to arc.tables({ awsjsonMarshall: { … } }).`,
      cause,
    ),
  commandsNotOffered: () =>
    userError(
      'COMMANDS_NOT_OFFERED',
      'The clients of arc.tables() do not take commands of the AWS SDK.',
      'Make a client of the SDK and send the command with that: new DynamoDBClient() finds the tables of the app.',
    ),
  endpointMissing: () =>
    userError(
      'ENDPOINT_MISSING',
      'No endpoint for @connections: neither AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI nor ARC_WSS_URL is set.',
      'Run the code as a handler of the app, or set ARC_WSS_URL to wss://host/stage.',
    ),
  endpointInvalid: (variable: string, value: string) =>
    userError(
      'ENDPOINT_INVALID',
      `${variable} is "${value}"; expected a URL such as https://host/stage or wss://host/stage.`,
      `Set ${variable} to the URL of the stage.`,
    ),
  credentialsMissing: (names: readonly string[]) =>
    userError(
      'CREDENTIALS_MISSING',
      `Cannot sign a request to AWS: ${names.join(', ')} not set.`,
      'Run the code as a handler of the app, or set these variables.',
    ),
  stackNameMissing: () =>
    userError(
      'STACK_NAME_MISSING',
      'arc.services() needs the name of the stack: neither ARC_STACK_NAME nor AWS_CLOUDFORMATION is set.',
      'Run the code as a handler of the app, or set ARC_STACK_NAME.',
    ),
  unreachable: (origin: string, cause: Error) =>
    userError(
      'ENDPOINT_UNREACHABLE',
      `No answer from ${origin}: ${cause.message}.`,
      'Check that the endpoint is right and that this process may reach it.',
      cause,
    ),
  timedOut: (origin: string, waitedMs: number) =>
    create(new Error(`No answer from ${origin} within ${waitedMs} ms.`), 'TimeoutError', 'ENDPOINT_TIMED_OUT'),
  bodyInvalid: (cause: unknown) =>
    create(new Error('Invalid request body encoding or invalid JSON', withCause(cause)), 'Error', 'BODY_INVALID'),
  middlewareInvalid: (value: unknown) =>
    argumentError('MIDDLEWARE_INVALID', `Expected a function as middleware of arc.http; got ${describeValue(value)}.`),
  httpUnanswered: () =>
    userError(
      'HTTP_UNANSWERED',
      'Finished all functions without returning a response.',
      'Return one from the last function of arc.http.async.',
    ),
  httpNextOfLast: () =>
    userError(
      'HTTP_NEXT_OF_LAST',
      'next() called from last function',
      'Answer there with res(), or add a function to arc.http.',
    ),
  sessionInvalid: (value: unknown) =>
    argumentError('SESSION_INVALID', `Expected a session that is an object; got ${describeValue(value)}.`),
  sessionAlgorithmInvalid: (value: string, known: readonly string[]) =>
    userError(
      'SESSION_ALGORITHM_INVALID',
      `ARC_APP_SECRET_ALGO is "${value}"; expected one of ${known.join(', ')}.`,
      'Unset it, or set one of these.',
    ),
  sessionSecretShort: (encryption: string, expected: number, got: number) =>
    userError(
      'SESSION_SECRET_SHORT',
      `ARC_APP_SECRET has a length of ${got}; ${encryption} needs ${expected}.`,
      `Set a random text of ${expected} characters or more.`,
    ),
  sessionCookieInvalid: (cause: unknown) =>
    userError(
      'SESSION_COOKIE_INVALID',
      `The session's cookie cannot be made: ${cause instanceof Error ? cause.message : String(cause)}.`,
      'Correct ARC_SESSION_TTL, ARC_SESSION_DOMAIN or ARC_SESSION_SAME_SITE.',
      cause,
    ),
  sessionTableMissing: (table: string) =>
    userError(
      'SESSION_TABLE_MISSING',
      `ARC_SESSION_TABLE_NAME is "${table}", and this app has no such table.`,
      `Declare it under @tables with "_idx *String" and "_ttl TTL", or unset the variable to keep sessions in their cookie.`,
    ),
};

/** Where a user's code called this library. */
export interface CallSite {
  readonly stack?: unknown;
}

/** The function of this library that a user's code called. */
export type Entrance = (...input: never[]) => unknown;

/** Calls that are begun without a pause and remember where: one costs as much as all else that a send does here. */
const mostCallSitesInRun = 16;
let callSitesInRun = 0;
const crowded: CallSite = { stack: `\n    at one of more than ${mostCallSitesInRun} calls that were begun in one go` };

/** Remembers the stack above `entrance`; V8 turns it into text only when somebody reads it. */
export function captureCallSite(entrance: Entrance): CallSite {
  if (callSitesInRun === 0) void Promise.resolve().then(endRun);
  callSitesInRun += 1;
  if (callSitesInRun > mostCallSitesInRun) return crowded;
  const site: CallSite = {};
  Error.captureStackTrace(site, entrance);
  return site;
}

function endRun(): void {
  callSitesInRun = 0;
}

/**
 * The same error with a stack that begins at the caller's line: by the time an answer comes, the real stack holds
 * nothing but timers and sockets. Errors that this library did not make keep theirs.
 */
export function atCallSite(error: unknown, site: CallSite): unknown {
  if (!(error instanceof Error && ours.has(error))) return error;
  const frames = typeof site.stack === 'string' ? site.stack : '';
  const start = frames.search(/\n\s+at /);
  if (start >= 0) error.stack = `${error.name}: ${error.message}${frames.slice(start)}`;
  return error;
}

/** A value in a few words, never its contents: they may be a secret and end in a log. */
export function describeValue(value: unknown): string {
  if (value === null) return 'null';
  if (value === '') return 'an empty string';
  if (Array.isArray(value)) return 'an array';
  const kind = typeof value;
  if (kind === 'undefined') return 'undefined';
  if (kind === 'object') return `an object (${Object.prototype.toString.call(value).slice(8, -1)})`;
  return `a ${kind}`;
}

function sentence(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.endsWith('.') ? text : `${text}.`;
}
