/** What a handler or a client of `@connections` asks for. */
export type ManagementRequest =
  | { readonly type: 'send'; readonly connectionId: string; readonly data: Buffer }
  | { readonly type: 'close'; readonly connectionId: string }
  | { readonly type: 'info'; readonly connectionId: string };

/** What only handlers ask for: one message to several connections, each of which may be named twice. */
export interface SendManyRequest {
  readonly type: 'sendMany';
  readonly connectionIds: readonly string[];
  readonly data: Buffer;
}

/** Times are ISO 8601 with milliseconds, as on the wire (fact D10). */
export interface ConnectionInfo {
  readonly connectedAt: string;
  readonly identity: { readonly sourceIp: string; readonly userAgent?: string };
  readonly lastActiveAt: string;
}

/** Why a request was refused. */
export type ManagementRefusal = 'gone' | 'invalidId' | 'tooLarge' | 'slow';

export type ManagementAnswer =
  | { readonly type: 'done' }
  | { readonly type: 'info'; readonly info: ConnectionInfo }
  | { readonly type: 'refused'; readonly refusal: ManagementRefusal };

/** Which of the ids of a `sendMany` were refused, by their place in the list; in its order. */
export interface SendManyAnswer {
  readonly type: 'sentMany';
  readonly refused: readonly { readonly index: number; readonly refusal: ManagementRefusal }[];
}

/** Each refusal as the AWS SDK names it. `message` is empty where AWS sends no body. */
export const managementErrors = {
  gone: { name: 'GoneException', statusCode: 410, message: '' },
  invalidId: { name: 'BadRequestException', statusCode: 400, message: 'Invalid connectionId: ' },
  tooLarge: { name: 'PayloadTooLargeException', statusCode: 413, message: 'Message too long' },
  slow: { name: 'LimitExceededException', statusCode: 429, message: 'Client side buffer is full' },
} as const satisfies Record<ManagementRefusal, { name: string; statusCode: number; message: string }>;

/** The refusal in AWS's words; a bad id is repeated, as AWS does (fact D16). */
export function managementMessage(refusal: ManagementRefusal, connectionId: string): string {
  const { message } = managementErrors[refusal];
  return refusal === 'invalidId' ? message + connectionId : message;
}

/**
 * How the library in a handler process reaches the gateway without HTTP: the process that runs handlers puts a channel
 * under this symbol of `globalThis`. On AWS there is none, and the library signs and posts.
 */
export const handlerChannelKey: unique symbol = Symbol.for('furrow.handler-channel');

/** What handlers ask for that is rare enough for a promise. */
export type ChannelRequest = Exclude<ManagementRequest, { readonly type: 'send' }> | SendManyRequest;

/** What they are answered. */
export type ChannelAnswer = ManagementAnswer | SendManyAnswer;

/** Who waits for a send: not a promise, because a handler's loop over a room makes thousands of them. */
export interface SendListener {
  /** The send is done, or refused for this reason. */
  sent(refusal: ManagementRefusal | undefined): void;
}

/** What stands under `handlerChannelKey`. */
export interface HandlerChannel {
  /** `sendMany` is answered with `sentMany`, and nothing else is. */
  manage(request: ChannelRequest): Promise<ChannelAnswer>;
  /**
   * Sends to one connection.
   *
   * @returns the number under which to wait for the answer; 0 when it is sure to arrive.
   */
  send(connectionId: string, data: Buffer): number;
  /**
   * Tells the listener, once. MUST be called before the code that called `send` returns, unless that gave 0: an answer that
   * nobody waits for is dropped.
   */
  whenSent(operation: number, listener: SendListener): void;
}
