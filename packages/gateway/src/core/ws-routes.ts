import { createRouteSelector, routeSelectionExpression, type RouteSelector } from '@furrow/protocol';
import type { Authorizer, Routes } from '../gateway.ts';
import { createTokenBucket, type TokenBucket } from './token-bucket.ts';

/** The web socket side of an app, made ready for events. */
export interface WsRoutes {
  /** By routeKey. */
  readonly byKey: ReadonlyMap<string, RouteTarget>;
  readonly select: RouteSelector;
  readonly authorizer: Authorizer | undefined;
  /** `undefined` when the app has none. */
  readonly stageVariables: Readonly<Record<string, string>> | undefined;
}

/** What runs for a route, and how often it may. */
export interface RouteTarget {
  readonly functionName: string;
  /** Whether the body of a result is sent to the client (fact C15). */
  readonly isTwoWay: boolean;
  readonly throttle: TokenBucket | undefined;
}

/** `undefined` when the app has no web socket. */
export function prepareWsRoutes(routes: Routes): WsRoutes | undefined {
  if (routes.ws === undefined) return undefined;
  const expression = routes.routeSelectionExpression ?? routeSelectionExpression;
  const select = createRouteSelector(expression);
  if (select === undefined) throw new Error(`Expected a route selection expression, got "${expression}".`);
  const { authorizer, stageVariables = {} } = routes;
  const byKey = new Map<string, RouteTarget>();
  for (const { routeKey, functionName, hasRouteResponse = false, throttle } of routes.ws) {
    byKey.set(routeKey, {
      functionName,
      isTwoWay: hasRouteResponse,
      throttle: throttle && createTokenBucket(throttle),
    });
  }
  const hasVariables = Object.keys(stageVariables).length > 0;
  return { byKey, select, authorizer, stageVariables: hasVariables ? stageVariables : undefined };
}
