import { createHash } from 'node:crypto';
import { limits, routeSelectionExpression } from '@furrow/protocol';
import { logicalId } from '@furrow/manifest';
import { invocationUri, invokedId } from './functions.ts';
import { apiHost, arn, ref, substitute } from './intrinsics.ts';
import { parameter } from './parameter.ts';
import { describePart, mergeResources, ofApp, type Resources } from './parts.ts';
import type { Resource, Value } from './template.ts';
import { unitOf, type Context } from './units.ts';

/** What API Gateway does by default; written down, because a stage that says 0 refuses everybody (fact I11). */
export const throttles = { ThrottlingBurstLimit: 5000, ThrottlingRateLimit: 10_000 };

/** The web socket: its API, routes, deployment and stage, and the parameters that say where it is. */
export function webSocket(context: Context): Resources {
  const { app, target } = context;
  if (app.ws === undefined) return {};
  const routes = mergeResources(app.ws.map((route) => resourcesOf(context, route)));
  const address = `${apiHost('WS')}/${target.stage}`;
  return {
    WS: {
      Type: 'AWS::ApiGatewayV2::Api',
      Properties: {
        Name: `${logicalId(`${app.name}-websocket-${target.stage}`)}${target.name === undefined ? '' : logicalId(target.name)}`,
        ProtocolType: 'WEBSOCKET',
        RouteSelectionExpression: routeSelectionExpression,
      },
      Metadata: ofApp('api', 'web socket'),
    },
    ...routes,
    ...live(context, routes),
    WebsocketHttpsParam: parameter('ws/https', substitute(`https://${address}/@connections`)),
    WebsocketWssParam: parameter('ws/wss', substitute(`wss://${address}`)),
  };
}

/**
 * What puts the routes live. A deployment is a snapshot that never changes (fact I8): other routes need another one, so
 * its id says what is in it, and all changes go live together when the stage turns to it. With `autoDeploy` API Gateway
 * does it, one change after the other, and there must be no deployment (I7). `false` is said, because a stage keeps what
 * an update leaves out.
 */
function live({ app, target }: Context, routes: Resources): Resources {
  const isRoute = (id: string) => routes[id]?.Type === 'AWS::ApiGatewayV2::Route';
  const routeIds = Object.keys(routes).filter(isRoute).toSorted();
  const stage = (how: Readonly<Record<string, Value>>): Resource => ({
    Type: 'AWS::ApiGatewayV2::Stage',
    Properties: {
      ApiId: ref('WS'),
      StageName: target.stage,
      ...how,
      DefaultRouteSettings: { ...throttles, DataTraceEnabled: false },
    },
    Metadata: ofApp('stage', 'web socket'),
  });
  if (app.autoDeploy) return { WebsocketStage: { ...stage({ AutoDeploy: true }), DependsOn: routeIds } };
  const deployment = `WebsocketDeployment${snapshotHash(routes)}`;
  return {
    [deployment]: {
      Type: 'AWS::ApiGatewayV2::Deployment',
      DependsOn: routeIds,
      Properties: { ApiId: ref('WS') },
      Metadata: ofApp('deployment', 'web socket'),
    },
    WebsocketStage: stage({ AutoDeploy: false, DeploymentId: ref(deployment) }),
  };
}

const inSnapshot = /^AWS::ApiGatewayV2::(?:Authorizer|Integration|Route|RouteResponse)$/;

/** The same for the same routes, whatever their order. */
function snapshotHash(resources: Resources): string {
  const parts = Object.entries(resources)
    .filter(([, { Type }]) => inSnapshot.test(Type))
    .map(([id, { Properties }]) => JSON.stringify([id, Properties]));
  return createHash('sha256').update(parts.toSorted().join('\n')).digest('hex').slice(0, 8);
}

function resourcesOf(
  context: Context,
  { routeKey, functionName }: { readonly routeKey: string; readonly functionName: string },
): Resources {
  const unit = unitOf(context, functionName);
  const [routeId, integrationId] = [`${unit.baseId}Route`, `${unit.baseId}Integration`];
  const permissionId = `${unit.baseId}Permission`;
  return {
    [routeId]: {
      Type: 'AWS::ApiGatewayV2::Route',
      // Or it could be live before API Gateway may call its function.
      DependsOn: [permissionId],
      Properties: {
        ApiId: ref('WS'),
        RouteKey: routeKey,
        OperationName: routeId.slice(0, maxOperationName),
        Target: substitute(`integrations/\${${integrationId}}`),
      },
      Metadata: describePart({ ...unit, part: 'route' }),
    },
    [integrationId]: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: ref('WS'),
        IntegrationType: 'AWS_PROXY',
        IntegrationMethod: 'POST',
        IntegrationUri: substitute(invocationUri(unit)),
        TimeoutInMillis: limits.integrationTimeoutMs,
      },
      Metadata: describePart({ ...unit, part: 'integration' }),
    },
    [permissionId]: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: ref(invokedId(unit)),
        // Services have this name in every partition (fact I15).
        Principal: 'apigateway.amazonaws.com',
        SourceArn: substitute(arn('execute-api', `\${WS}/${context.target.stage}/${routeKey}`)),
      },
      Metadata: describePart({ ...unit, part: 'permission' }),
    },
  };
}

/** @see https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-routes.html (read 2026-11) */
const maxOperationName = 64;
