import type { IncomingMessage } from 'node:http';
import {
  authorizerEvent,
  connectEvent,
  createConnectionId,
  createRequestId,
  lifecycleRoutes,
  type ConnectionFacts,
  type FunctionRun,
  type HandshakeFacts,
} from '@furrow/protocol';
import { decideAuthorization, hasIdentity, methodArn, unauthorized, type Authorization } from './core/authorizer.ts';
import { failureOf } from './core/dispatch.ts';
import { authorizerHeaders, connectHeaders, headerPairs } from './core/handshake-headers.ts';
import { decideConnect, throttled, type Decision } from './core/handshake.ts';
import { plainAddress } from './core/host.ts';
import type { WsRoutes } from './core/ws-routes.ts';
import type { Authorizer } from './gateway.ts';
import type { IntegrationOutcome, Integrations } from './integrations.ts';

export interface AdmissionOptions {
  readonly stage: string;
  readonly apiId: string;
  readonly region: string;
  readonly accountId: string;
  /** This node's number, the last three bytes of its connectionIds. */
  readonly node: number;
  readonly invoke: Integrations['invoke'];
  readonly now: () => number;
}

/** What became of a handshake, and what ran for it. */
export interface Admission {
  readonly decision: Decision;
  /** With what the authorizer said. */
  readonly facts: ConnectionFacts;
  /** Absent when none was asked. */
  readonly authorizer?: FunctionRun | undefined;
  /** The run of `$connect`; absent when it did not come to that. */
  readonly connect?: FunctionRun | undefined;
}

/** Asks the authorizer, then the throttle, then `$connect`, as far as the app has them (fact G2). */
export async function admit(request: IncomingMessage, routes: WsRoutes, options: AdmissionOptions): Promise<Admission> {
  const facts = connectionFacts(request, routes, options);
  const handshake = handshakeFacts(request, facts);
  if (routes.authorizer === undefined) return connect(facts, handshake, routes, options);
  const { authorization, run } = await authorize(routes.authorizer, facts, handshake, options);
  if (authorization.type === 'refuse') return { decision: authorization.decision, facts, authorizer: run };
  const admission = await connect({ ...facts, authorizer: authorization.context }, handshake, routes, options);
  return { ...admission, authorizer: run };
}

function connectionFacts(request: IncomingMessage, routes: WsRoutes, options: AdmissionOptions): ConnectionFacts {
  return {
    connectionId: createConnectionId(options.node),
    apiId: options.apiId,
    domainName: request.headers.host ?? '',
    stage: options.stage,
    connectedAtMs: options.now(),
    sourceIp: plainAddress(request.socket.remoteAddress),
    userAgent: request.headers['user-agent'],
    stageVariables: routes.stageVariables,
  };
}

/** Both events are of one request, and say the same of it. */
function handshakeFacts(request: IncomingMessage, facts: ConnectionFacts): HandshakeFacts {
  const atMs = facts.connectedAtMs;
  const [, query = ''] = (request.url ?? '').split(/\?(.*)/s);
  return {
    requestId: createRequestId(),
    atMs,
    headers: connectHeaders(headerPairs(request.rawHeaders), { sourceIp: facts.sourceIp, atMs }),
    // The parser takes one leading question mark for its own.
    query: [...new URLSearchParams(`?${query}`)],
  };
}

async function authorize(
  { functionName, identitySources }: Authorizer,
  facts: ConnectionFacts,
  handshake: HandshakeFacts,
  options: AdmissionOptions,
): Promise<{ readonly authorization: Authorization; readonly run?: FunctionRun }> {
  const arn = methodArn(options);
  const headers = authorizerHeaders(handshake.headers);
  const event = authorizerEvent(facts, { ...handshake, headers, methodArn: arn });
  if (!hasIdentity(event, identitySources)) return { authorization: unauthorized };
  const text = JSON.stringify(event);
  const { outcome, durationMs } = await timed(options.invoke({ functionName, event: text }));
  const authorization = decideAuthorization(outcome, arn, Math.round(durationMs));
  const failure = authorization.type === 'refuse' ? authorization.failure : undefined;
  return { authorization, run: { durationMs, event: text, result: resultOf(outcome), failure } };
}

async function connect(
  facts: ConnectionFacts,
  handshake: HandshakeFacts,
  routes: WsRoutes,
  options: AdmissionOptions,
): Promise<Admission> {
  const target = routes.byKey.get(lifecycleRoutes.connect);
  if (target === undefined) return { decision: { type: 'accept' }, facts };
  if (target.throttle?.(options.now()) === false) return { decision: throttled, facts };
  const event = JSON.stringify(connectEvent(facts, handshake));
  const { outcome, durationMs } = await timed(options.invoke({ functionName: target.functionName, event }));
  const run = { durationMs, event, result: resultOf(outcome), failure: failureOf(outcome) };
  return { decision: decideConnect(outcome), facts, connect: run };
}

async function timed(
  running: Promise<IntegrationOutcome>,
): Promise<{ readonly outcome: IntegrationOutcome; readonly durationMs: number }> {
  const startedAtMs = performance.now();
  const outcome = await running;
  return { outcome, durationMs: performance.now() - startedAtMs };
}

function resultOf(outcome: IntegrationOutcome): unknown {
  return outcome.type === 'returned' ? outcome.value : undefined;
}
