import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Stage } from '../target.ts';
import { until } from '../../test/support/until.ts';

/** What a function does, step by step: see `app/src/shared/play.js`. */
export type Script = readonly Readonly<Record<string, unknown>>[];

/** Scripts by event; they travel in the User-Agent, which every event has. */
export interface Scripts {
  readonly authorizer?: Script;
  readonly connect?: Script;
  readonly message?: Script;
  readonly disconnect?: Script;
}

export interface ClientOptions {
  readonly scripts?: Scripts;
  /** `a=1&b=2` */
  readonly query?: string;
  /** Instead of that of the stage: `/nowhere` */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocols?: readonly string[];
  /** Whether it names itself at all. @default true */
  readonly hasUserAgent?: boolean;
  /** Whether it offers permessage-deflate. @default false */
  readonly offersCompression?: boolean;
}

/** What an event looks like from outside: only JSON is known of it. */
export type Json = any; // oxlint-disable-line typescript/no-explicit-any -- each row knows its events

/** An open connection. */
export interface Client {
  readonly socket: WebSocket;
  /** Messages that nobody has taken yet. */
  readonly messages: readonly string[];
  /** The next message that nobody has taken. */
  readonly next: () => Promise<string>;
  /** The same, as JSON. */
  readonly nextJson: () => Promise<Json>;
  readonly send: (text: string) => void;
  /** Sends a script to `join`, or to another action. */
  readonly play: (script: Script, action?: string) => void;
  /** Plays `tell`, and returns the event that the function got. */
  readonly askEvent: () => Promise<Json>;
  readonly askId: () => Promise<string>;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  readonly isOpen: () => boolean;
  readonly close: () => void;
}

/** `conformance {"connect":[…]}`, what a client with these scripts calls itself. */
export function userAgentOf(scripts: Scripts): string {
  return `conformance ${JSON.stringify(scripts)}`;
}

/** How a stage is reached by a client with these options. */
export function handshakeOf(stage: Stage, options: ClientOptions) {
  const url = new URL(stage.url);
  if (options.path !== undefined) url.pathname = options.path;
  url.search = options.query ?? '';
  const named = options.hasUserAgent ?? true;
  const headers = { ...(named && { 'User-Agent': userAgentOf(options.scripts ?? {}) }), ...options.headers };
  return {
    url,
    protocols: [...(options.protocols ?? [])],
    settings: {
      headers,
      perMessageDeflate: options.offersCompression ?? false,
      ...(stage.lookup !== undefined && { lookup: stage.lookup }),
    },
  };
}

export async function openClient(stage: Stage, options: ClientOptions): Promise<Client> {
  const { url, protocols, settings } = handshakeOf(stage, options);
  const socket = new WebSocket(url, protocols, settings);
  const messages: string[] = [];
  socket.on('message', (data: Buffer, isBinary) => messages.push(isBinary ? 'binary' : data.toString('utf8')));
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString('utf8') }));
  });
  await once(socket, 'open');
  // A reset is one of the ways in which these connections end.
  socket.on('error', () => {});

  const next = async () => {
    await until(() => messages.length > 0, 'a message');
    return messages.shift() ?? '';
  };
  const nextJson = async () => JSON.parse(await next());
  const send = (text: string) => socket.send(text);
  const play = (script: Script, action = 'join') => send(JSON.stringify({ action, script }));
  const askEvent = async () => {
    play([{ tell: 'self' }]);
    return (await nextJson()).event;
  };
  return {
    socket,
    messages,
    next,
    nextJson,
    send,
    play,
    askEvent,
    askId: async () => (await askEvent()).requestContext.connectionId,
    closed,
    isOpen: () => socket.readyState === WebSocket.OPEN,
    close: () => socket.terminate(),
  };
}
