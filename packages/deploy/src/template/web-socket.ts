import { createHash } from 'node:crypto';
import { logicalId, type App } from '@furrow/manifest';
import { webSocketUrl } from './domain.ts';
import { apiHost, ref, substitute } from './intrinsics.ts';
import { parameter } from './parameter.ts';
import { mergeResources, ofApp, type Resources } from './parts.ts';
import type { Resource, Value } from './template.ts';
import { definitionOf, type Context } from './units.ts';
import { wsAuthorizer, wsRoute } from './ws-routes.ts';

/** What API Gateway does by default; written down, because a stage that says 0 refuses everybody (fact I11). */
export const throttles = { ThrottlingBurstLimit: 5000, ThrottlingRateLimit: 10_000 };

/** The web socket: its API, routes, deployment and stage, and the parameters that say where it is. */
export function webSocket(context: Context): Resources {
  const { app, target } = context;
  if (app.ws === undefined) return {};
  const routes = mergeResources([...app.ws.map((route) => wsRoute(context, route)), wsAuthorizer(context)]);
  const address = `${apiHost('WS')}/${target.stage}`;
  return {
    WS: {
      Type: 'AWS::ApiGatewayV2::Api',
      Properties: {
        Name: `${logicalId(`${app.name}-websocket-${target.stage}`)}${target.name === undefined ? '' : logicalId(target.name)}`,
        ProtocolType: 'WEBSOCKET',
        RouteSelectionExpression: app.routeSelectionExpression,
      },
      Metadata: ofApp('api', 'web socket'),
    },
    ...routes,
    ...live(context, routes),
    WebsocketHttpsParam: parameter('ws/https', substitute(`https://${address}/@connections`)),
    WebsocketWssParam: parameter('ws/wss', webSocketUrl(context)),
  };
}

/**
 * What puts the routes live. A deployment is a snapshot that never changes (fact I8): other routes need another one, so
 * its id says what is in it, and all changes go live together when the stage turns to it. With `autoDeploy` API Gateway
 * does it, one change after the other, and there must be no deployment (I7). `false` is said, because a stage keeps what
 * an update leaves out.
 */
function live(context: Context, routes: Resources): Resources {
  const { app, target } = context;
  // The stage waits for all of them by way of its deployment, as it must when it has settings for some (fact I9).
  const parts = Object.keys(routes)
    .filter((id) => awaited.test(routes[id]?.Type ?? ''))
    .toSorted();
  const stage = (how: Readonly<Record<string, Value>>): Resource => ({
    Type: 'AWS::ApiGatewayV2::Stage',
    Properties: {
      ApiId: ref('WS'),
      StageName: target.stage,
      ...how,
      DefaultRouteSettings: routeSettings(app.routeThrottle),
      ...unlessEmpty('RouteSettings', ownRouteSettings(context)),
      ...unlessEmpty('StageVariables', app.stageVariables),
    },
    Metadata: ofApp('stage', 'web socket'),
  });
  if (app.autoDeploy) return { WebsocketStage: { ...stage({ AutoDeploy: true }), DependsOn: parts } };
  const deployment = `WebsocketDeployment${snapshotHash(app, routes)}`;
  return {
    [deployment]: {
      Type: 'AWS::ApiGatewayV2::Deployment',
      DependsOn: parts,
      Properties: { ApiId: ref('WS') },
      Metadata: ofApp('deployment', 'web socket'),
    },
    WebsocketStage: stage({ AutoDeploy: false, DeploymentId: ref(deployment) }),
  };
}

/** Settings of the routes that say something else than the app, by route key. */
function ownRouteSettings(context: Context): Readonly<Record<string, Value>> {
  const shared = context.app.routeThrottle;
  const settings = (context.app.ws ?? []).map(
    ({ routeKey, functionName }) => [routeKey, definitionOf(context, functionName).settings] as const,
  );
  const own = settings.filter(
    ([, { throttlingRateLimit, throttlingBurstLimit }]) =>
      throttlingRateLimit !== shared.throttlingRateLimit || throttlingBurstLimit !== shared.throttlingBurstLimit,
  );
  return Object.fromEntries(own.map(([routeKey, throttle]) => [routeKey, routeSettings(throttle)]));
}

/** Both limits are always said, because API Gateway takes one that is left out for 0. */
function routeSettings({
  throttlingRateLimit,
  throttlingBurstLimit,
}: App['routeThrottle']): Readonly<Record<string, Value>> {
  return {
    ThrottlingBurstLimit: throttlingBurstLimit ?? throttles.ThrottlingBurstLimit,
    ThrottlingRateLimit: throttlingRateLimit ?? throttles.ThrottlingRateLimit,
    DataTraceEnabled: false,
  };
}

function unlessEmpty(key: string, values: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  return Object.keys(values).length === 0 ? {} : { [key]: values };
}

/** The ends of what a snapshot is made of: what these refer to is there when they are. */
const awaited = /^AWS::ApiGatewayV2::(?:Route|RouteResponse)$/;
const inSnapshot = /^AWS::ApiGatewayV2::(?:Authorizer|Integration|Route|RouteResponse)$/;

/** The same for the same routes, whatever their order. */
function snapshotHash({ routeSelectionExpression }: App, resources: Resources): string {
  const parts = Object.entries(resources)
    .filter(([, { Type }]) => inSnapshot.test(Type))
    .map(([id, { Properties }]) => JSON.stringify([id, Properties]));
  const all = [...parts.toSorted(), routeSelectionExpression];
  return createHash('sha256').update(all.join('\n')).digest('hex').slice(0, 8);
}
