import type { ConnectionInfo, ManagementRequest } from '@furrow/protocol';
import { settle, type Callback } from './callback.ts';
import { atCallSite, captureCallSite, errors, type CallSite, type Entrance } from './errors.ts';
import { encodePayload, type Payload } from './payload.ts';
import { handlerChannel, trackSend } from './reach.ts';
import { isConnectionId, sendToMany, type SendManyOptions, type SendReport } from './send-many.ts';
import { sendByChannel } from './send-one.ts';

/** The connection that a call is about. */
export interface ConnectionOptions {
  /** As in `event.requestContext.connectionId`. */
  readonly id: string;
}

export interface SendOptions extends ConnectionOptions {
  /** Strings and bytes are sent verbatim, anything else as JSON. At most 128 KB. */
  readonly payload: Payload;
}

/** What `arc.ws.info` tells of a connection. Times are ISO 8601 texts in UTC, `2026-11-23T15:30:00.000Z`. */
export interface WsInfo {
  readonly ConnectedAt: string;
  readonly Identity: { readonly SourceIp: string; readonly UserAgent?: string };
  /** When a message last went either way. */
  readonly LastActiveAt: string;
}

/** The three calls under AWS's names. They take what `send`, `close` and `info` take, and answer the same. */
export interface ManagementApi {
  PostToConnection(input: { readonly ConnectionId: string; readonly Data: Payload }): Promise<void>;
  DeleteConnection(input: { readonly ConnectionId: string }): Promise<void>;
  GetConnection(input: { readonly ConnectionId: string }): Promise<WsInfo>;
}

/**
 * Sends one text message to a connection; resolves once it is on its way.
 *
 * With a list of ids it goes to each of them, in one call that costs far less than as many; resolves with those that it
 * did not reach. Only what is wrong for all of them rejects: the payload, or the way to them.
 *
 * @throws {CONNECTION_ID_INVALID} when `id` is no text or empty.
 * @throws {PAYLOAD_INVALID} when `payload` has no JSON form.
 * @throws {GoneException} 410, when the connection is closed or was never open.
 * @throws {PayloadTooLargeException} 413, when the message is longer than 128 KB.
 * @throws {LimitExceededException} 429, when the client reads too slowly or the account is throttled.
 */
function send(options: SendOptions): Promise<void>;
function send(options: SendOptions, callback: Callback<void>): undefined;
function send(options: SendManyOptions): Promise<SendReport>;
function send(options: SendManyOptions, callback: Callback<SendReport>): undefined;
function send(
  options: SendOptions | SendManyOptions,
  callback?: Callback<any>, // oxlint-disable-line typescript/no-explicit-any -- the overloads say which
): Promise<void | SendReport> | undefined {
  if (isToMany(options)) return settle(toMany(captureCallSite(send), options), callback);
  return settle(toOne(options), callback);
}

/**
 * Closes a connection; its client sees close code 1000.
 *
 * @throws {CONNECTION_ID_INVALID} when `id` is no text or empty.
 * @throws {GoneException} 410, when the connection is closed or was never open.
 */
function close(options: ConnectionOptions): Promise<void>;
function close(options: ConnectionOptions, callback: Callback<void>): undefined;
function close(options: ConnectionOptions, callback?: Callback<void>): Promise<void> | undefined {
  const request = (): ManagementRequest => ({ type: 'close', connectionId: readId(options) });
  return settle(perform(close, request, nothing), callback);
}

/**
 * Tells since when and from where a connection is open.
 *
 * @throws {CONNECTION_ID_INVALID} when `id` is no text or empty.
 * @throws {GoneException} 410, when the connection is closed or was never open.
 */
function info(options: ConnectionOptions): Promise<WsInfo>;
function info(options: ConnectionOptions, callback: Callback<WsInfo>): undefined;
function info(options: ConnectionOptions, callback?: Callback<WsInfo>): Promise<WsInfo> | undefined {
  const request = (): ManagementRequest => ({ type: 'info', connectionId: readId(options) });
  return settle(perform(info, request, readInfo), callback);
}

/** What a handler can do to the connections of its app. */
export interface Ws {
  readonly send: typeof send;
  readonly close: typeof close;
  readonly info: typeof info;
  /** The same calls under AWS's names, for code that used Architect's `_api`. */
  readonly _api: () => ManagementApi;
}

const managementApi: ManagementApi = {
  PostToConnection: ({ ConnectionId, Data }) => send({ id: ConnectionId, payload: Data }),
  DeleteConnection: ({ ConnectionId }) => close({ id: ConnectionId }),
  GetConnection: ({ ConnectionId }) => info({ id: ConnectionId }),
};

export const ws: Ws = { send, close, info, _api: () => managementApi };

/** Begins inside the caller's call, so a send that nobody awaits keeps its place. */
function toOne(options: SendOptions): Promise<void> {
  const channel = handlerChannel();
  const read = () => ({ connectionId: readId(options), data: encodePayload(options.payload) });
  if (channel === undefined) return perform(send, () => ({ type: 'send', ...read() }), nothing);
  try {
    const { connectionId, data } = read();
    return sendByChannel(channel, connectionId, data, send);
  } catch (error) {
    return Promise.reject(atCallSite(error, captureCallSite(send)));
  }
}

/** Runs up to its first `await` inside the caller's call, so a send that nobody awaits has begun and keeps its place. */
async function perform<Result>(
  entrance: Entrance,
  read: () => ManagementRequest,
  finish: (found: ConnectionInfo | undefined) => Result,
): Promise<Result> {
  const site = captureCallSite(entrance);
  try {
    return finish(await ask(read()));
  } catch (error) {
    throw atCallSite(error, site);
  }
}

/** By the channel where there is one; a send has gone by it already. */
async function ask(request: ManagementRequest): Promise<ConnectionInfo | undefined> {
  const channel = handlerChannel();
  if (channel === undefined || request.type === 'send') return trackSend(requestOverHttp(request));
  const answer = await channel.manage(request);
  if (answer.type !== 'refused') return answer.type === 'info' ? answer.info : undefined;
  const { refusedByChannel } = await import('./connections.ts');
  throw refusedByChannel(answer.refusal, request.connectionId);
}

async function toMany(site: CallSite, options: SendManyOptions): Promise<SendReport> {
  try {
    return await sendToMany(options, site);
  } catch (error) {
    throw atCallSite(error, site);
  }
}

/** Callers without types may pass nothing. */
function isToMany(options: SendOptions | SendManyOptions | undefined): options is SendManyOptions {
  return Array.isArray(options?.id);
}

async function requestOverHttp(request: ManagementRequest): Promise<ConnectionInfo | undefined> {
  const { manageOverHttp } = await import('./connections.ts');
  return manageOverHttp(request);
}

/** Callers without types may pass anything, nothing included. */
function readId(options: Partial<ConnectionOptions> | undefined): string {
  const id: unknown = options?.id;
  if (!isConnectionId(id)) throw errors.connectionIdInvalid(id);
  return id;
}

function readInfo(found: ConnectionInfo | undefined): WsInfo {
  if (found === undefined) throw new Error('Expected an answer to info, got none.');
  const { connectedAt, identity, lastActiveAt } = found;
  return {
    ConnectedAt: connectedAt,
    Identity: {
      SourceIp: identity.sourceIp,
      ...(identity.userAgent !== undefined && { UserAgent: identity.userAgent }),
    },
    LastActiveAt: lastActiveAt,
  };
}

function nothing(): void {}
