import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  closeCodes,
  connectEvent,
  createConnectionId,
  createRequestId,
  disconnectEvent,
  errorFrame,
  lifecycleRoutes,
  limits,
  messageEventEncoder,
  type CloseStatus,
  type ConnectionFacts,
  type Invoke,
  type OnEvent,
} from '@furrow/protocol';
import { createConnections, maxBufferedBytes, type Connection, type Connections } from './connections.ts';
import { idleOrTooOld } from './core/deadlines.ts';
import { failureOf, frameErrorOf } from './core/dispatch.ts';
import { connectHeaders, headerPairs } from './core/handshake-headers.ts';
import { plainAddress } from './core/host.ts';
import { checkHandshake, decideConnect, type Decision } from './core/handshake.ts';
import type { WsRoutes } from './core/ws-routes.ts';
import { createIntegrations, type IntegrationOutcome } from './integrations.ts';
import { refuseUpgrade } from './server/refuse-upgrade.ts';
import { createUpgrader, type Socket, type SocketListener } from './server/web-socket.ts';

export interface WebSocketsOptions {
  readonly stage: string;
  readonly apiId: string;
  /** This node's number, the last three bytes of its connectionIds. */
  readonly node: number;
  /** The routes at this moment; `undefined` when the app has no `@ws`. */
  routes(): WsRoutes | undefined;
  readonly invoke: Invoke;
  /** A connection has ended; events of it may still be running. */
  readonly onGone: (connectionId: string) => void;
  readonly onEvent: OnEvent;
  readonly now: () => number;
}

export interface WebSockets {
  readonly connections: Connections;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  /** Closes every connection with 1001 and waits for handlers and disconnects, up to `graceMs`. */
  close(graceMs: number): Promise<void>;
}

const deadlineCheckMs = 1000;
const longestGoodbyeMs = 1000;

/** Turns handshakes into connections and frames into events, as API Gateway does. */
export function openWebSockets(options: WebSocketsOptions): WebSockets {
  const { stage, apiId, now, onEvent } = options;
  const connections = createConnections(now, options.onGone);
  const upgrader = createUpgrader();
  const { invoke, track, settled } = createIntegrations(options.invoke, limits.integrationTimeoutMs);
  let isClosing = false;

  function connectionFacts(request: IncomingMessage): ConnectionFacts {
    return {
      connectionId: createConnectionId(options.node),
      apiId,
      domainName: request.headers.host ?? '',
      stage,
      connectedAtMs: now(),
      sourceIp: plainAddress(request.socket.remoteAddress),
      userAgent: request.headers['user-agent'],
    };
  }

  async function runConnect(
    facts: ConnectionFacts,
    request: IncomingMessage,
  ): Promise<{ decision: Decision; event?: string; outcome?: IntegrationOutcome }> {
    const functionName = options.routes()?.byKey.get(lifecycleRoutes.connect)?.functionName;
    if (functionName === undefined) return { decision: { type: 'accept' } };
    const atMs = now();
    const [, query = ''] = (request.url ?? '').split(/\?(.*)/s);
    const event = connectEvent(facts, {
      requestId: createRequestId(),
      atMs,
      headers: connectHeaders(headerPairs(request.rawHeaders), { sourceIp: facts.sourceIp, atMs }),
      // The parser takes one leading question mark for its own.
      query: [...new URLSearchParams(`?${query}`)],
    });
    const text = JSON.stringify(event);
    const outcome = await invoke({ functionName, event: text });
    return { decision: decideConnect(outcome), event: text, outcome };
  }

  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const check = checkUpgrade(request);
    if (check.type === 'refuse') {
      refuseUpgrade(socket, check);
      onEvent({
        type: 'refused',
        atMs: now(),
        what: `upgrade ${request.url}`,
        statusCode: check.statusCode,
        why: check.body,
      });
      return;
    }
    const facts = connectionFacts(request);
    const startedAt = performance.now();
    const { decision, event, outcome } = await runConnect(facts, request);
    onEvent({
      type: 'connect',
      atMs: now(),
      connectionId: facts.connectionId,
      statusCode: decision.type === 'accept' ? 101 : decision.statusCode,
      durationMs: performance.now() - startedAt,
      origin: request.headers.origin,
      ...ran(event, outcome),
    });
    if (decision.type === 'refuse') refuseUpgrade(socket, decision);
    else {
      const ended = accept(facts, request, socket, head, decision.subprotocol);
      void track(ended.then((status) => disconnect(facts, status)));
    }
  }

  function checkUpgrade({ method = '', url = '', headers }: IncomingMessage): Decision {
    if (isClosing) return { type: 'refuse', statusCode: 503, body: '{"message":"Service Unavailable"}' };
    if (options.routes() === undefined) return { type: 'refuse', statusCode: 403, body: '{"message":"Forbidden"}' };
    return checkHandshake({ method, url, headers }, stage);
  }

  /** Resolves when the connection has ended. */
  function accept(
    facts: ConnectionFacts,
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    subprotocol: string | undefined,
  ): Promise<CloseStatus> {
    return new Promise((resolve) => {
      let wasAccepted = false;
      const listen = (open: Socket) => {
        wasAccepted = true;
        const connection = { facts, socket: open, lastActiveAtMs: now() };
        connections.add(connection);
        if (isClosing) connections.closeAll(closeCodes.goingAway);
        return listener(connection, resolve);
      };
      upgrader.accept(request, socket, head, { subprotocol, listen });
      // The handler let the client in, but the client had gone: the app still hears of its end (fact A20).
      if (!wasAccepted) resolve(closeCodes.abnormal);
    });
  }

  function listener(connection: Connection, onEnded: (status: CloseStatus) => void): SocketListener {
    const { facts } = connection;
    const encode = messageEventEncoder(facts);
    return {
      onMessage(body) {
        connection.lastActiveAtMs = now();
        void track(message(connection, encode, body));
      },
      onViolation: (code, why) =>
        onEvent({ type: 'violation', atMs: now(), connectionId: facts.connectionId, code, why }),
      onClosed(status) {
        connections.remove(connection);
        onEnded(status);
      },
    };
  }

  async function message(
    { facts, socket }: Connection,
    encode: ReturnType<typeof messageEventEncoder>,
    body: string,
  ): Promise<void> {
    const { connectionId } = facts;
    const routes = options.routes();
    const routeKey = routes?.select(body, routes.byKey) ?? lifecycleRoutes.default;
    const requestId = createRequestId();
    const startedAt = performance.now();
    const functionName = routes?.byKey.get(routeKey)?.functionName;
    const event =
      functionName === undefined
        ? undefined
        : encode({ routeKey, messageId: createRequestId(), requestId, atMs: now(), body });
    const outcome =
      functionName === undefined || event === undefined
        ? undefined
        : await invoke({
            functionName,
            event,
            openConnectionId: socket.bufferedBytes === 0 ? connectionId : undefined,
          });
    const error = frameErrorOf(outcome);
    const frame = error && errorFrame(error, connectionId, requestId);
    // A client that sends and does not read would have us keep a frame for each of its messages.
    if (frame !== undefined && socket.bufferedBytes <= maxBufferedBytes) socket.sendText(frame);
    onEvent({
      type: 'message',
      atMs: now(),
      connectionId,
      routeKey,
      body,
      durationMs: performance.now() - startedAt,
      errorFrame: frame,
      ...ran(event, outcome),
    });
  }

  async function disconnect(facts: ConnectionFacts, status: CloseStatus): Promise<void> {
    const functionName = options.routes()?.byKey.get(lifecycleRoutes.disconnect)?.functionName;
    const startedAt = performance.now();
    const event = JSON.stringify(disconnectEvent(facts, { requestId: createRequestId(), atMs: now() }, status));
    const outcome = functionName === undefined ? undefined : await invoke({ functionName, event });
    onEvent({
      type: 'disconnect',
      atMs: now(),
      connectionId: facts.connectionId,
      ...status,
      durationMs: performance.now() - startedAt,
      ...ran(event, outcome),
    });
  }

  const sweep = setInterval(() => {
    for (const { facts, socket, lastActiveAtMs } of connections.all()) {
      if (idleOrTooOld({ connectedAtMs: facts.connectedAtMs, lastActiveAtMs }, now()))
        socket.close(closeCodes.goingAway);
    }
  }, deadlineCheckMs);
  sweep.unref();

  return {
    connections,
    upgrade: (request, socket, head) => track(upgrade(request, socket, head)),
    async close(graceMs) {
      isClosing = true;
      clearInterval(sweep);
      let deadline: NodeJS.Timeout | undefined;
      const outOfTime = new Promise<void>((resolve) => {
        deadline = setTimeout(resolve, graceMs);
      });
      connections.closeAll(closeCodes.goingAway);
      // A client that does not answer our close frame is cut off, so that its disconnect still runs.
      const impatience = setTimeout(connections.terminateAll, Math.min(longestGoodbyeMs, graceMs / 2));
      await Promise.race([settled(), outOfTime]);
      clearTimeout(deadline);
      clearTimeout(impatience);
      connections.terminateAll();
    },
  };
}

/** What a report says of a function's run. */
function ran(event: string | undefined, outcome: IntegrationOutcome | undefined) {
  return {
    event,
    result: outcome?.type === 'returned' ? outcome.value : undefined,
    failure: failureOf(outcome),
  };
}
