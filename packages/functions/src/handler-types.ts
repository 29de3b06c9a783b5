import type { HttpEvent, WsConnectEvent, WsDisconnectEvent, WsEvent, WsMessageEvent } from '@furrow/protocol';
import type { HttpResult } from './http-result.ts';

/**
 * What a web socket function returns. A connect function accepts with 200 to 299 and refuses with anything else; keys
 * that are not listed here make the result malformed, as on AWS.
 */
export interface WsResult {
  readonly statusCode: number;
  /** Only `Sec-WebSocket-Protocol` of a connect function has an effect. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/** The part of Lambda's second argument that is there in every runtime of Furrow. */
export interface HandlerContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  getRemainingTimeInMillis(): number;
}

/** A function of `@ws`: `const handler: WsHandler<WsMessageEvent> = async (event) => ({ statusCode: 200 })`. */
export type WsHandler<Event extends WsEvent = WsEvent> = (
  event: Event,
  context: HandlerContext,
) => Promise<WsResult> | WsResult;

/** `src/ws/connect`. */
export type WsConnectHandler = WsHandler<WsConnectEvent>;
/** `src/ws/default` and every custom route. */
export type WsMessageHandler = WsHandler<WsMessageEvent>;
/** `src/ws/disconnect`. Nobody reads its result. */
export type WsDisconnectHandler = (
  event: WsDisconnectEvent,
  context: HandlerContext,
) => Promise<WsResult | void> | WsResult | void;

/** A function of `@http` without middleware. */
export type HttpFunction = (event: HttpEvent, context: HandlerContext) => Promise<HttpResult> | HttpResult;
