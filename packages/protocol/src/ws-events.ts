import type { CloseStatus } from './close-codes.ts';
import { requestTime } from './request-time.ts';

/** What stays the same over the life of one connection. */
export interface ConnectionFacts {
  readonly connectionId: string;
  readonly apiId: string;
  /** The host that the client used, with its port where it has one. */
  readonly domainName: string;
  readonly stage: string;
  readonly connectedAtMs: number;
  readonly sourceIp: string;
  readonly userAgent?: string | undefined;
  /** What the authorizer said of the client (fact G11); absent when none ran. */
  readonly authorizer?: AuthorizerContext | undefined;
  /** Absent when the stage has none. */
  readonly stageVariables?: StageVariables | undefined;
}

/** What differs from one event to the next. */
export interface RequestFacts {
  readonly requestId: string;
  readonly atMs: number;
}

/** The authorizer's own `context`, its `principalId`, and the milliseconds that it took (fact G11). */
export type AuthorizerContext = Readonly<Record<string, string | number>>;

/** The stage's own variables by name (fact B14). */
export type StageVariables = Readonly<Record<string, string>>;

export interface WsIdentity {
  readonly userAgent?: string;
  readonly sourceIp: string;
}

interface RequestContext {
  readonly routeKey: string;
  /** What the authorizer said of the client at its handshake, as texts; absent when the app has none. */
  readonly authorizer?: AuthorizerContext;
  readonly extendedRequestId: string;
  /** `19/Feb/2024:07:11:42 +0000`, always UTC. */
  readonly requestTime: string;
  readonly messageDirection: 'IN';
  readonly stage: string;
  /** Milliseconds since 1970. */
  readonly connectedAt: number;
  /** Milliseconds since 1970. */
  readonly requestTimeEpoch: number;
  readonly identity: WsIdentity;
  /** The same as `extendedRequestId`; not Lambda's `context.awsRequestId`. */
  readonly requestId: string;
  readonly domainName: string;
  /** The web socket that this event is about. */
  readonly connectionId: string;
  readonly apiId: string;
}

/** What `src/ws/connect` gets (facts B1 to B12). */
export interface WsConnectEvent {
  readonly headers: Readonly<Record<string, string>>;
  readonly multiValueHeaders: Readonly<Record<string, readonly string[]>>;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
  readonly multiValueQueryStringParameters?: Readonly<Record<string, readonly string[]>>;
  readonly stageVariables?: StageVariables;
  readonly requestContext: RequestContext & { readonly routeKey: '$connect'; readonly eventType: 'CONNECT' };
  readonly isBase64Encoded: false;
}

/** What `src/ws/authorizer` gets, before `src/ws/connect` (fact G3). Nothing is left out: what is not there is empty. */
export interface WsAuthorizerEvent {
  readonly type: 'REQUEST';
  /** `arn:aws:execute-api:us-west-2:123456789012:abcdef1234/staging/$connect` */
  readonly methodArn: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly multiValueHeaders: Readonly<Record<string, readonly string[]>>;
  readonly queryStringParameters: Readonly<Record<string, string>>;
  readonly multiValueQueryStringParameters: Readonly<Record<string, readonly string[]>>;
  readonly stageVariables: StageVariables;
  readonly requestContext: WsConnectEvent['requestContext'];
}

/** What `src/ws/default` and every custom route get. `body` is the client's text, untouched. */
export interface WsMessageEvent {
  readonly stageVariables?: StageVariables;
  readonly requestContext: RequestContext & { readonly messageId: string; readonly eventType: 'MESSAGE' };
  readonly body: string;
  readonly isBase64Encoded: false;
}

/** What `src/ws/disconnect` gets. Its headers are AWS's four and say nothing about the client. */
export interface WsDisconnectEvent {
  readonly headers: Readonly<Record<string, string>>;
  readonly multiValueHeaders: Readonly<Record<string, readonly string[]>>;
  readonly stageVariables?: StageVariables;
  readonly requestContext: RequestContext & {
    readonly routeKey: '$disconnect';
    readonly disconnectStatusCode: number;
    readonly eventType: 'DISCONNECT';
    readonly disconnectReason: string;
  };
  readonly isBase64Encoded: false;
}

export type WsEvent = WsConnectEvent | WsMessageEvent | WsDisconnectEvent;

/** Values of a header or query parameter, in the order in which they came. */
export type Pairs = readonly (readonly [name: string, value: string])[];

/** A handshake as its events tell of it. */
export interface HandshakeFacts extends RequestFacts {
  readonly headers: Pairs;
  readonly query: Pairs;
}

/** The event of a handshake. Key order is AWS's (B1, B24). */
export function connectEvent(connection: ConnectionFacts, request: HandshakeFacts): WsConnectEvent {
  return {
    headers: lastValues(request.headers),
    multiValueHeaders: allValues(request.headers),
    ...(request.query.length > 0 && {
      queryStringParameters: lastValues(request.query),
      multiValueQueryStringParameters: allValues(request.query),
    }),
    ...stageVariables(connection),
    requestContext: connectContext(connection, request),
    isBase64Encoded: false,
  };
}

/** The event that decides whether there will be a handshake. Key order is AWS's (G3). */
export function authorizerEvent(
  connection: ConnectionFacts,
  request: HandshakeFacts & { readonly methodArn: string },
): WsAuthorizerEvent {
  return {
    type: 'REQUEST',
    methodArn: request.methodArn,
    headers: lastValues(request.headers),
    multiValueHeaders: allValues(request.headers),
    queryStringParameters: lastValues(request.query),
    multiValueQueryStringParameters: allValues(request.query),
    stageVariables: connection.stageVariables ?? {},
    requestContext: connectContext(connection, request),
  };
}

function connectContext(connection: ConnectionFacts, request: RequestFacts): WsConnectEvent['requestContext'] {
  return {
    routeKey: '$connect',
    ...authorizer(connection),
    eventType: 'CONNECT',
    ...beforeStage(request),
    ...fromStage(connection, request),
  };
}

/** The event of an ended connection, whoever ended it. */
export function disconnectEvent(
  connection: ConnectionFacts,
  request: RequestFacts,
  close: CloseStatus,
): WsDisconnectEvent {
  const headers: Pairs = [
    ['Host', connection.domainName],
    ['x-api-key', ''],
    ['X-Forwarded-For', ''],
    ['x-restapi', ''],
  ];
  return {
    headers: lastValues(headers),
    multiValueHeaders: allValues(headers),
    ...stageVariables(connection),
    requestContext: {
      routeKey: '$disconnect',
      disconnectStatusCode: close.code,
      ...authorizer(connection),
      eventType: 'DISCONNECT',
      ...beforeStage(request),
      disconnectReason: close.reason,
      ...fromStage(connection, request),
    },
    isBase64Encoded: false,
  };
}

export interface MessageFacts extends RequestFacts {
  readonly routeKey: string;
  readonly messageId: string;
  readonly body: string;
}

/** The event of a message: a new one, which its handler may change. Key order is AWS's (B1, B14). */
export function messageEvent(connection: ConnectionFacts, message: MessageFacts): WsMessageEvent {
  const { routeKey, messageId, requestId, atMs, body } = message;
  return {
    ...stageVariables(connection),
    requestContext: {
      routeKey,
      messageId,
      ...authorizer(connection),
      eventType: 'MESSAGE',
      extendedRequestId: requestId,
      requestTime: requestTime(atMs),
      messageDirection: 'IN',
      ...fromStage(connection, message),
    },
    body,
    isBase64Encoded: false,
  };
}

function beforeStage(request: RequestFacts) {
  return {
    extendedRequestId: request.requestId,
    requestTime: requestTime(request.atMs),
    messageDirection: 'IN' as const,
  };
}

function fromStage(connection: ConnectionFacts, request: RequestFacts) {
  return {
    stage: connection.stage,
    connectedAt: connection.connectedAtMs,
    requestTimeEpoch: request.atMs,
    identity: identity(connection),
    requestId: request.requestId,
    domainName: connection.domainName,
    connectionId: connection.connectionId,
    apiId: connection.apiId,
  };
}

function stageVariables({ stageVariables: variables }: ConnectionFacts): { readonly stageVariables?: StageVariables } {
  return variables === undefined ? {} : { stageVariables: { ...variables } };
}

function authorizer({ authorizer: context }: ConnectionFacts): { readonly authorizer?: AuthorizerContext } {
  return context === undefined ? {} : { authorizer: { ...context } };
}

function identity({ userAgent, sourceIp }: ConnectionFacts): WsIdentity {
  return userAgent === undefined ? { sourceIp } : { userAgent, sourceIp };
}

/** One value per name, the last one. `Object.fromEntries` makes own properties, so a name such as `__proto__` stays data. */
function lastValues(pairs: Pairs): Record<string, string> {
  return Object.fromEntries(pairs);
}

function allValues(pairs: Pairs): Record<string, readonly string[]> {
  const values = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const known = values.get(name);
    if (known) known.push(value);
    else values.set(name, [value]);
  }
  return Object.fromEntries(values);
}
