import { setTimeout } from 'node:timers/promises';
import {
  limits,
  systemClock,
  type Clock,
  type Invoke,
  type ManagementAnswer,
  type ManagementRequest,
  type OnEvent,
} from '@furrow/protocol';
import { isLoopbackName, isWildcard } from './core/host.ts';
import { prepareWsRoutes, type WsRoutes } from './core/ws-routes.ts';
import type { AccessRules } from './core/authorization.ts';
import { createHttpHandler } from './http/handle-http.ts';
import { createLiveReload } from './http/live-reload.ts';
import { createRouter, type Router } from './http/router.ts';
import { isRootFree, type StaticRules } from './http/static-rules.ts';
import { createDoor, type LocalService } from './server/door.ts';
import { listen } from './server/listen.ts';
import type { TlsIdentity } from './server/tls-or-plain.ts';
import { openWebSockets } from './web-sockets.ts';

/** The routes of an app; functions by the names that `invoke` knows. */
export interface Routes {
  /** `undefined` when the app has no `@ws`. */
  readonly ws: readonly WsRoute[] | undefined;
  /** In API Gateway's words. @default $request.body.action */
  readonly routeSelectionExpression?: string;
  /** Asked at every handshake, before `$connect`. */
  readonly authorizer?: Authorizer | undefined;
  /** What web socket events carry as `stageVariables`. */
  readonly stageVariables?: Readonly<Record<string, string>>;
  /** Paths as in `app.arc`: `/rooms/:id`. */
  readonly http: readonly { readonly method: string; readonly path: string; readonly functionName: string }[];
  /** Absolute path of `public/`; `undefined` when the app has none. */
  readonly staticFolder: string | undefined;
  readonly staticRules?: Omit<StaticRules, 'isAtRoot'>;
}

export interface WsRoute {
  readonly routeKey: string;
  readonly functionName: string;
  /** Whether the `body` of a result is sent to the client (facts C15 to C19). @default false */
  readonly hasRouteResponse?: boolean;
  /** @default none */
  readonly throttle?: Throttle | undefined;
}

/** A token bucket (fact E27). */
export interface Throttle {
  readonly ratePerSecond: number;
  readonly burst: number;
}

/** A Lambda authorizer of type REQUEST (facts G1 to G15). */
export interface Authorizer {
  readonly functionName: string;
  /** What a handshake must have: `route.request.header.X`, `route.request.querystring.Y`, `stageVariables.Z`, `context.W`. */
  readonly identitySources: readonly string[];
}

/** Times after which the gateway acts, in milliseconds. */
export interface TimeLimits {
  /** @default limits.idleTimeoutMs */
  readonly idleTimeoutMs: number;
  /** @default limits.connectionLifetimeMs */
  readonly connectionLifetimeMs: number;
  /** @default limits.integrationTimeoutMs */
  readonly integrationTimeoutMs: number;
}

export interface GatewayOptions {
  /** 0 picks a free one. @default 3333 */
  readonly port: number;
  /** Address to listen on; `undefined` is this machine alone. */
  readonly host?: string | undefined;
  /** TLS is taken on the same port, beside plain HTTP. @default plain HTTP alone */
  readonly tls?: TlsIdentity | undefined;
  /** Names beside the loopback ones that a request's Host may have. */
  readonly allowedHosts?: readonly string[];
  readonly stage: string;
  /** Ten lower-case letters and digits. */
  readonly apiId: string;
  /** Of the ARN that authorizers allow, and of the signatures that are accepted. @default us-west-2, and any signature's */
  readonly region?: string | undefined;
  /** Twelve digits, for the same ARN. @default 123456789012 */
  readonly accountId?: string | undefined;
  /** This node's number, 0 to 0xffffff. @default 0 */
  readonly node?: number;
  readonly routes: Routes;
  readonly invoke: Invoke;
  /** Told when a connection has ended, so that events of it that still run send it nothing more. */
  readonly onGone?: (connectionId: string) => void;
  readonly access: AccessRules;
  /** What answers below `/_arc/`, once the gateway has checked host and signature. */
  readonly localService?: LocalService;
  readonly onEvent: OnEvent;
  /** Whether pages are given a script that `reloadPages` reaches. @default false */
  readonly reloadsPages?: boolean;
  readonly timeLimits?: Partial<TimeLimits>;
  /** Whether pings of a client count as traffic. @default false: see fact F3 */
  readonly pingsKeepOpen?: boolean;
  /** @default systemClock */
  readonly clock?: Clock;
}

export interface Gateway extends AsyncDisposable {
  readonly port: number;
  /** `http://localhost:3333`; the name is the host's where one was given. */
  readonly url: string;
  /** Sends to, closes and describes the connections of this gateway. */
  readonly manage: (request: ManagementRequest) => ManagementAnswer;
  /** Takes other routes; no connection notices. */
  readonly setRoutes: (routes: Routes) => void;
  /** Makes pages that are open load themselves again, if the gateway was opened so. */
  readonly reloadPages: () => void;
  readonly connectionCount: number;
  /**
   * Closes all connections with 1001, takes no new ones and no requests for pages, and waits for handlers and disconnects.
   *
   * `@connections` and local services are answered until `close`: functions need them to the end. Safe to call twice.
   *
   * @param graceMs the longest wait. @default 5000
   */
  endConnections(graceMs?: number): Promise<void>;
  /** Ends connections, if that was not done before, and frees the port. Safe to call twice. @default 5000 */
  close(graceMs?: number): Promise<void>;
}

/** Opens the gateway; resolves once its port is bound. @throws {PORT_TAKEN} when another process has it. */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { stage, apiId, region = 'us-west-2', onEvent, clock = systemClock, host } = options;
  const { now } = clock;
  let { ws, router, staticFolder, staticRules } = prepare(options.routes);

  const webSockets = openWebSockets({
    stage,
    apiId,
    region,
    accountId: options.accountId ?? '123456789012',
    node: options.node ?? 0,
    routes: () => ws,
    invoke: options.invoke,
    onGone: options.onGone ?? (() => {}),
    onEvent,
    timeLimits: { ...limits, ...options.timeLimits },
    pingsKeepOpen: options.pingsKeepOpen ?? false,
    clock,
  });
  const liveReload = options.reloadsPages === true ? createLiveReload(now()) : undefined;
  const onHttp = createHttpHandler({
    router: () => router,
    staticFolder: () => staticFolder,
    staticRules: () => staticRules,
    liveReload,
    invoke: options.invoke,
    apiId,
    now,
    clock,
    onEvent,
  });
  const answering = new Set<Promise<void>>();
  let isClosing = false;
  const door = createDoor({
    stage,
    region: options.region,
    allowedHosts: [...(options.allowedHosts ?? []), ...(host === undefined ? [] : [host])].map((name) =>
      name.toLowerCase(),
    ),
    access: options.access,
    hasWebSockets: () => ws !== undefined,
    manage: webSockets.connections.manage,
    localService: options.localService,
    answersPages: liveReload?.answer,
    onHttp(request, response) {
      if (isClosing) {
        response.writeHead(503, { connection: 'close' }).end();
        return;
      }
      const answered = onHttp(request, response).finally(() => answering.delete(answered));
      answering.add(answered);
    },
    onUpgrade: (request, socket, head) => void webSockets.upgrade(request, socket, head),
    onEvent,
    now,
  });
  const server = await listen({
    port: options.port,
    host,
    tls: options.tls,
    onRequest: door.request,
    onUpgrade: door.upgrade,
  }).catch(async (error: unknown) => {
    await webSockets.close(0);
    throw error;
  });

  let ending: Promise<unknown> | undefined;
  const endConnections = async (graceMs = 5000) => {
    isClosing = true;
    liveReload?.close();
    await (ending ??= Promise.all([webSockets.close(graceMs), endedWithin(answering, graceMs)]));
  };
  let closing: Promise<void> | undefined;
  const stop = async (graceMs: number) => {
    await endConnections(graceMs);
    await server.close();
  };
  const close = (graceMs = 5000) => (closing ??= stop(graceMs));
  return {
    port: server.port,
    url: `http://${urlHost(host)}:${server.port}`,
    manage: webSockets.connections.manage,
    setRoutes: (routes) => ({ ws, router, staticFolder, staticRules } = prepare(routes)),
    reloadPages: () => liveReload?.tell(),
    get connectionCount() {
      return webSockets.connections.count;
    },
    endConnections,
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}

function prepare(routes: Routes): {
  ws: WsRoutes | undefined;
  router: Router;
  staticFolder: string | undefined;
  staticRules: StaticRules;
} {
  return {
    ws: prepareWsRoutes(routes),
    router: createRouter(routes.http),
    staticFolder: routes.staticFolder,
    staticRules: { ...routes.staticRules, isAtRoot: isRootFree(routes.http) },
  };
}

/** Resolves when all of this has ended, or when it has taken too long. */
async function endedWithin(work: Iterable<Promise<void>>, graceMs: number): Promise<void> {
  const deadline = new AbortController();
  // The abort below is no failure: it only frees the timer.
  const outOfTime = setTimeout(graceMs, undefined, { signal: deadline.signal }).catch(() => {});
  await Promise.race([Promise.all(work), outOfTime]);
  deadline.abort();
}

/** The name to show for an address to listen on. */
function urlHost(host: string | undefined): string {
  if (host === undefined || isWildcard(host) || isLoopbackName(host)) return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
