import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  closeCodes,
  createRequestId,
  disconnectEvent,
  errorFrame,
  lifecycleRoutes,
  type Clock,
  type CloseStatus,
  type ConnectionFacts,
  type FunctionEvent,
  type Invoke,
  type OnEvent,
} from '@furrow/protocol';
import { admit, type AdmissionOptions } from './admission.ts';
import {
  createConnections,
  maxBufferedBytes,
  takesUnconfirmed,
  type Connection,
  type Connections,
} from './connections.ts';
import { checkEveryMs, idleOrTooOld } from './core/deadlines.ts';
import { failureOf, replyTo, type Reply } from './core/dispatch.ts';
import { headerBytes } from './core/handshake-headers.ts';
import { checkHandshake, refuse, type Decision } from './core/handshake.ts';
import type { WsRoutes } from './core/ws-routes.ts';
import type { TimeLimits } from './gateway.ts';
import { createIntegrations, type IntegrationOutcome } from './integrations.ts';
import { OpenConnection, type ConnectionEvents } from './open-connection.ts';
import { refuseUpgrade } from './server/refuse-upgrade.ts';
import { createUpgrader, type Socket } from './server/web-socket.ts';

export interface WebSocketsOptions extends Omit<AdmissionOptions, 'invoke' | 'now'> {
  /** The routes at this moment; `undefined` when the app has no `@ws`. */
  routes(): WsRoutes | undefined;
  readonly invoke: Invoke;
  /** A connection has ended; events of it may still be running. */
  readonly onGone: (connectionId: string) => void;
  readonly onEvent: OnEvent;
  readonly timeLimits: TimeLimits;
  readonly pingsKeepOpen: boolean;
  readonly clock: Clock;
}

export interface WebSockets {
  readonly connections: Connections;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  /** Closes every connection with 1001 and waits for handlers and disconnects, up to `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/** A message on its way to its answer. */
interface SentMessage {
  readonly connection: Connection;
  readonly routeKey: string;
  readonly requestId: string;
  readonly body: string;
  readonly startedAt: number;
}

interface Ran {
  readonly event: FunctionEvent;
  readonly outcome: IntegrationOutcome;
}

const longestGoodbyeMs = 1000;

/** Turns handshakes into connections and frames into events, as API Gateway does. */
export function openWebSockets(options: WebSocketsOptions): WebSockets {
  const { stage, onEvent, timeLimits, clock } = options;
  const { now } = clock;
  const connections = createConnections(now, options.onGone);
  const upgrader = createUpgrader();
  const { invoke, run, begin, end, settled } = createIntegrations(
    options.invoke,
    timeLimits.integrationTimeoutMs,
    clock,
  );
  const admission: AdmissionOptions = { ...options, invoke, now };
  let isClosing = false;

  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const checked = checkUpgrade(request, options.routes());
    if (checked.type === 'refuse') {
      const { statusCode, body } = checked;
      refuseUpgrade(socket, checked);
      onEvent({ type: 'refused', atMs: now(), what: `upgrade ${request.url}`, statusCode, why: body });
      return;
    }
    const startedAt = performance.now();
    const { decision, facts, authorizer, connect } = await admit(request, checked.routes, admission);
    onEvent({
      failure: authorizer?.failure,
      ...connect,
      type: 'connect',
      atMs: now(),
      connectionId: facts.connectionId,
      statusCode: decision.type === 'accept' ? 101 : decision.statusCode,
      durationMs: performance.now() - startedAt,
      origin: request.headers.origin,
      authorizer,
    });
    if (decision.type === 'refuse') refuseUpgrade(socket, decision);
    else accept(facts, request, socket, head, decision.subprotocol);
  }

  function checkUpgrade(
    { method = '', url = '', headers, rawHeaders }: IncomingMessage,
    routes: WsRoutes | undefined,
  ): { readonly type: 'go'; readonly routes: WsRoutes } | Extract<Decision, { readonly type: 'refuse' }> {
    if (isClosing) return refuse(503, 'Service Unavailable');
    if (routes === undefined) return refuse(403, 'Forbidden');
    const decision = checkHandshake({ method, url, headers, headerBytes: headerBytes(rawHeaders) }, stage);
    return decision.type === 'refuse' ? decision : { type: 'go', routes };
  }

  /** It counts as running until its disconnect has run. */
  function accept(
    facts: ConnectionFacts,
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    subprotocol: string | undefined,
  ): void {
    let wasAccepted = false;
    const listen = (open: Socket) => {
      wasAccepted = true;
      const connection = new OpenConnection(facts, open, now(), connectionEvents);
      connections.add(connection);
      if (isClosing) connections.closeAll(closeCodes.goingAway);
      return connection;
    };
    begin();
    upgrader.accept(request, socket, head, { subprotocol, listen });
    // The handler let the client in, but the client had gone: the app still hears of its end (fact A20).
    if (!wasAccepted) ended(facts, closeCodes.abnormal);
  }

  function ended(facts: ConnectionFacts, status: CloseStatus): void {
    void disconnect(facts, status).finally(end);
  }

  const connectionEvents: ConnectionEvents = {
    message(connection, body, onHandled) {
      connection.lastActiveAtMs = now();
      const routes = options.routes();
      // They are the stage's, not the connection's (fact A39).
      const stageVariables = routes?.stageVariables;
      const { facts } = connection;
      if (stageVariables !== facts.stageVariables) connection.facts = { ...facts, stageVariables };
      message(connection, routes, { body, onHandled });
    },
    ping(connection) {
      if (options.pingsKeepOpen) connection.lastActiveAtMs = now();
    },
    violation: ({ facts }, code, why) =>
      onEvent({ type: 'violation', atMs: now(), connectionId: facts.connectionId, code, why }),
    closed(connection, status) {
      connections.remove(connection);
      ended(connection.facts, status);
    },
  };

  /** It is handled when nothing runs for it any more. */
  function message(
    connection: Connection,
    routes: WsRoutes | undefined,
    { body, onHandled }: { readonly body: string; readonly onHandled: () => void },
  ): void {
    const routeKey = routes?.select(body, routes.byKey) ?? lifecycleRoutes.default;
    const target = routes?.byKey.get(routeKey);
    const atMs = now();
    const reported = target === undefined ? '' : routeKey;
    const sent = { connection, routeKey: reported, requestId: createRequestId(), body, startedAt: performance.now() };
    if (target === undefined || target.throttle?.(atMs) === false) {
      reply(sent, { error: target === undefined ? 'forbidden' : 'tooManyRequests' });
      onHandled();
      return;
    }
    const own = { routeKey, messageId: createRequestId(), requestId: sent.requestId, atMs, body };
    const event = { connection: connection.facts, message: own };
    const isUnconfirmed = takesUnconfirmed(connection);
    const openConnectionId = connection.socket.isOpen() ? connection.facts.connectionId : undefined;
    const from = { openConnectionId, takesUnconfirmed: isUnconfirmed };
    if (isUnconfirmed) connection.unconfirmedEvents += 1;
    run({ functionName: target.functionName, event, ...from }, (outcome) => {
      if (isUnconfirmed) connection.unconfirmedEvents -= 1;
      reply(sent, replyTo(outcome, target.isTwoWay), { event, outcome });
      // Until then the client has it on the way: more of what nobody takes would fill the memory.
      if (outcome.type === 'timedOut') void outcome.ended?.then(onHandled);
      else onHandled();
    });
  }

  function reply(sent: SentMessage, { error, body, failure }: Reply, ran?: Ran): void {
    const { connectionId } = sent.connection.facts;
    const frame = error && errorFrame(error, connectionId, sent.requestId);
    answer(sent.connection, frame ?? body);
    onEvent({
      type: 'message',
      atMs: now(),
      connectionId,
      routeKey: sent.routeKey,
      body: sent.body,
      durationMs: performance.now() - sent.startedAt,
      errorFrame: frame,
      answer: body?.toString(),
      event: ran?.event,
      result: ran?.outcome.type === 'returned' ? ran.outcome.value : undefined,
      failure,
    });
  }

  /** A client that sends and does not read would have us keep an answer for each of its messages. */
  function answer(connection: Connection, text: string | Buffer | undefined): void {
    if (text === undefined || connection.socket.bufferedBytes() > maxBufferedBytes) return;
    connection.lastActiveAtMs = now();
    connection.socket.sendText(text);
  }

  async function disconnect(facts: ConnectionFacts, status: CloseStatus): Promise<void> {
    const routes = options.routes();
    const target = routes?.byKey.get(lifecycleRoutes.disconnect);
    const startedAt = performance.now();
    const last = { ...facts, stageVariables: routes?.stageVariables };
    const event = JSON.stringify(disconnectEvent(last, { requestId: createRequestId(), atMs: now() }, status));
    const outcome = target && (await invoke({ functionName: target.functionName, event }));
    onEvent({
      type: 'disconnect',
      atMs: now(),
      connectionId: facts.connectionId,
      ...status,
      durationMs: performance.now() - startedAt,
      event,
      result: outcome?.type === 'returned' ? outcome.value : undefined,
      failure: outcome && failureOf(outcome),
    });
  }

  let callOffSweep = clock.after(checkEveryMs(timeLimits), sweep);
  function sweep(): void {
    for (const { facts, socket, lastActiveAtMs } of connections.all()) {
      const life = { connectedAtMs: facts.connectedAtMs, lastActiveAtMs };
      if (idleOrTooOld(life, timeLimits, now())) socket.close(closeCodes.goingAway);
    }
    callOffSweep = clock.after(checkEveryMs(timeLimits), sweep);
  }

  return {
    connections,
    upgrade(request, socket, head) {
      begin();
      return upgrade(request, socket, head).finally(end);
    },
    async close(graceMs) {
      isClosing = true;
      callOffSweep();
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
