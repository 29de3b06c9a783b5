import { once } from 'node:events';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect as connectTcp, type Socket } from 'node:net';
import {
  eventText,
  signedHeaders,
  type GatewayEvent,
  type Invocation,
  type Outcome,
  type WsConnectEvent,
  type WsDisconnectEvent,
  type WsMessageEvent,
} from '@furrow/protocol';
import { expect } from 'vitest';
import { WebSocket, type ClientOptions } from 'ws';
import { readFrames } from '../../../test/support/raw-frames.ts';
import { openGateway, type Gateway, type GatewayOptions, type Routes } from '../src/index.ts';

export { closePayload, frame } from '../../../test/support/raw-frames.ts';

export const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI' };
export const region = 'us-west-2';

export const returned = (value: unknown): Outcome => ({ type: 'returned', value });
export const ok = returned({ statusCode: 200 });
export const failed: Outcome = { type: 'failed', failure: { errorType: 'Error', errorMessage: 'thrown', trace: [] } };

/** As `expect.poll`, but it looks more often, and gives a busy machine more time. */
export const eventually = <T>(probe: () => T) => expect.poll(probe, { interval: 5, timeout: 10_000 }); // oxlint-disable-line vitest/require-awaited-expect-poll -- whoever calls this awaits it

/** A promise that the test settles. */
export function deferred<T = void>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

export type WsEvent = WsConnectEvent | WsMessageEvent | WsDisconnectEvent;

/** What a function of the test does; without one it returns status 200. */
export type Handlers = Readonly<
  Record<string, (event: any, gateway: Gateway, invocation: Invocation) => Outcome | Promise<Outcome>> // oxlint-disable-line typescript/no-explicit-any -- each test knows its events
>;

export interface Setup {
  /** By function name: `connect`, `default`, `join`, …, `disconnect`. */
  readonly handlers?: Handlers;
  /** @default $connect, $default, $disconnect, join, 1 */
  readonly routeKeys?: readonly string[];
  /** Whatever else the app has. */
  readonly routes?: Partial<Routes>;
  readonly options?: Partial<GatewayOptions>;
}

/** `$connect` is the function `connect`, and `join` is `join`. */
export const wsRoutes = (routeKeys: readonly string[]) =>
  routeKeys.map((routeKey) => ({ routeKey, functionName: routeKey.replace(/^\$/, '') }));

/** A policy of IAM for everything, as an authorizer returns it. */
export const policy = (effect: string, more: object = {}, resource = '*') =>
  returned({
    principalId: 'me',
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: effect, Action: 'execute-api:Invoke', Resource: resource }],
    },
    ...more,
  });

/** Sends a message's text back to whom it came from. */
export const echo: Handlers[string] = (event: WsMessageEvent, gateway) => {
  const { connectionId } = event.requestContext;
  gateway.manage({ type: 'send', connectionId, data: Buffer.from(event.body) });
  return ok;
};

/** A gateway on a free port whose functions are the test's own. */
export async function openTestGateway(setup: Setup = {}) {
  const {
    handlers = {},
    routeKeys = ['$connect', '$default', '$disconnect', 'join', '1'],
    routes,
    options = {},
  } = setup;
  const events: GatewayEvent[] = [];
  const calls: { readonly functionName: string; readonly event: WsEvent }[] = [];
  const gateway: Gateway = await openGateway({
    port: 0,
    stage: 'testing',
    apiId: 'abcdef1234',
    routes: { ws: wsRoutes(routeKeys), http: [], staticFolder: undefined, ...routes },
    access: {
      secretOf: (accessKeyId) => (accessKeyId === credentials.accessKeyId ? credentials.secretAccessKey : undefined),
      isStrict: true,
    },
    invoke: async (invocation) => {
      const { functionName } = invocation;
      const event: WsEvent = JSON.parse(eventText(invocation.event));
      calls.push({ functionName, event });
      return (await handlers[functionName]?.(event, gateway, invocation)) ?? ok;
    },
    onEvent: (event) => events.push(event),
    ...options,
  });
  const { port } = gateway;
  return {
    gateway,
    port,
    events,
    calls,
    wsUrl: `ws://localhost:${port}/testing`,
    /** Events that a function was given. */
    eventsOf: <Event extends WsEvent>(functionName: string) =>
      calls.filter((call) => call.functionName === functionName).map(({ event }) => event as unknown as Event),
    connect: (path = '/testing', protocols: string[] = [], more: ClientOptions = {}) =>
      connect(`ws://localhost:${port}${path}`, protocols, more),
    /** The handshake of a client, byte by byte. */
    connectRaw: (more: HandshakeParts = {}) => connectRaw(port, more),
    http: (asked: HttpParts) => http(port, asked),
    signed: (asked: HttpParts) => http(port, sign(port, asked)),
    [Symbol.asyncDispose]: () => gateway.close(200),
  };
}

export type TestGateway = Awaited<ReturnType<typeof openTestGateway>>;

/** A client that is open. */
async function connect(url: string, protocols: string[], options: ClientOptions) {
  const socket = new WebSocket(url, protocols, options);
  const messages: string[] = [];
  const pings: string[] = [];
  let waiting: (() => void) | undefined;
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    messages.push(isBinary ? 'binary' : data.toString('utf8'));
    waiting?.();
  });
  socket.on('ping', (data: Buffer) => pings.push(data.toString('utf8')));
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString('utf8') }));
  });
  await once(socket, 'open');
  socket.on('error', () => {});
  return {
    socket,
    messages,
    pings,
    closed,
    /** The next message that nobody took yet. */
    async next(): Promise<string> {
      while (messages.length === 0) {
        await new Promise<void>((resolve) => {
          waiting = resolve;
        });
      }
      return messages.shift() ?? '';
    },
    /** Resolves when all that the gateway sent before has come. */
    async pong(data = 'sync'): Promise<string> {
      const answered = once(socket, 'pong');
      socket.ping(data);
      const [answer]: unknown[] = await answered;
      return String(answer);
    },
    [Symbol.dispose]: () => socket.terminate(),
  };
}

/** What a refused client is told. */
export async function refusal(url: string, options: ClientOptions = {}, protocols: string[] = []) {
  const socket = new WebSocket(url, protocols, options);
  socket.on('error', () => {});
  return new Promise<{ statusCode: number; headers: IncomingHttpHeaders; body: string }>((resolve, reject) => {
    socket.on('open', () => reject(new Error('Expected a refusal.')));
    socket.on('unexpected-response', (_request, response) => {
      let body = '';
      response.on('data', (chunk) => (body += String(chunk)));
      response.on('end', () => {
        resolve({ statusCode: response.statusCode ?? 0, headers: response.headers, body });
        socket.terminate();
      });
    });
  });
}

export interface HandshakeParts {
  readonly path?: string;
  readonly host?: string;
  /** Added to those of a handshake, or instead of them. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
}

export function handshakeText(port: number, { path = '/testing', host, headers = {}, method = 'GET' }: HandshakeParts) {
  const all = {
    Host: host ?? `localhost:${port}`,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version': '13',
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

/** A TCP connection that keeps all that comes. */
export async function openTcp(port: number, host = '127.0.0.1') {
  const socket: Socket = connectTcp({ port, host });
  let received = Buffer.alloc(0);
  const ended = new Promise<void>((resolve) => {
    socket.on('close', () => resolve());
  });
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
  });
  // A reset is one of the ways in which these connections end.
  socket.on('error', () => {});
  await once(socket, 'connect');
  return {
    socket,
    ended,
    get received() {
      return received;
    },
    [Symbol.dispose]: () => void socket.destroy(),
  };
}

/** A client whose frames are made by hand; the handshake has been sent. */
async function connectRaw(port: number, parts: HandshakeParts) {
  const tcp = await openTcp(port);
  tcp.socket.write(handshakeText(port, parts));
  const endOfHead = () => tcp.received.indexOf('\r\n\r\n');
  return {
    socket: tcp.socket,
    ended: tcp.ended,
    /** The gateway's answer to the handshake, `''` before it is whole. */
    get head() {
      return endOfHead() < 0 ? '' : tcp.received.toString('latin1', 0, endOfHead());
    },
    /** What the gateway sent, header and all, of the frames that have come in whole. */
    get frames() {
      return endOfHead() < 0 ? [] : readFrames(tcp.received.subarray(endOfHead() + 4));
    },
    [Symbol.dispose]: () => void tcp.socket.destroy(),
  };
}

export interface HttpParts {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One request; its path goes out as it is. */
function http(port: number, { method = 'GET', path, headers = {}, body = '' }: HttpParts): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const host = `localhost:${port}`;
    const all = { host, 'content-length': String(Buffer.byteLength(body)), ...headers };
    const request = httpRequest({ port, host: 'localhost', method, path, headers: all, agent: false });
    request.on('error', reject);
    request.on('response', (response) => {
      let text = '';
      response.on('data', (chunk) => (text += String(chunk)));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ statusCode: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
    });
    request.end(body);
  });
}

export function sign(port: number, asked: HttpParts, service = 'execute-api'): HttpParts {
  const { method = 'GET', path, headers = {}, body = '' } = asked;
  const [plainPath = '', query = ''] = path.split('?');
  const own = { host: `localhost:${port}`, ...headers };
  const request = { method, path: plainPath, query, headers: own, body: Buffer.from(body) };
  const added = signedHeaders(request, { credentials, region, service, atMs: Date.now() });
  return { ...asked, method, headers: { ...own, ...added } };
}
