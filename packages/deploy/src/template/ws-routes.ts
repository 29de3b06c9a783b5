import type { WsRoute } from '@furrow/manifest';
import { lifecycleRoutes, limits } from '@furrow/protocol';
import { invocationUri, invokedId } from './functions.ts';
import { arn, ref, substitute } from './intrinsics.ts';
import { describePart, type Resources } from './parts.ts';
import type { Resource, Value } from './template.ts';
import { definitionOf, unitOf, type Context, type Unit } from './units.ts';

/** An app has one. */
const authorizerId = 'WebsocketAuthorizer';

/** @see https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-routes.html (read 2026-11) */
const maxOperationName = 64;

/** A route of the web socket with what invokes its function; and what sends the result back, on a two-way route. */
export function wsRoute(context: Context, { routeKey, functionName }: WsRoute): Resources {
  const unit = unitOf(context, functionName);
  const [routeId, integrationId] = [`${unit.baseId}Route`, `${unit.baseId}Integration`];
  const isConnect = routeKey === lifecycleRoutes.connect;
  const isTwoWay = definitionOf(context, functionName).settings.routeResponse;
  return {
    [routeId]: {
      Type: 'AWS::ApiGatewayV2::Route',
      // Or it could be live before API Gateway may call its function.
      DependsOn: [permissionId(unit), ...(isConnect ? authorizerPermission(context) : [])],
      Properties: {
        ApiId: ref('WS'),
        RouteKey: routeKey,
        OperationName: routeId.slice(0, maxOperationName),
        Target: substitute(`integrations/\${${integrationId}}`),
        ...(isConnect && authorization(context)),
        ...(isTwoWay && { RouteResponseSelectionExpression: '$default' }),
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
    [permissionId(unit)]: permission(unit, `${context.target.stage}/${routeKey}`),
    ...(isTwoWay && { [`${unit.baseId}RouteResponse`]: routeResponse(unit, routeId) }),
  };
}

/** The authorizer, and that it may be called. Nothing is cached, so there is no time to say (fact G12). */
export function wsAuthorizer(context: Context): Resources {
  const { authorizer } = context.app;
  if (authorizer === undefined) return {};
  const unit = unitOf(context, authorizer.functionName);
  return {
    [authorizerId]: {
      Type: 'AWS::ApiGatewayV2::Authorizer',
      Properties: {
        ApiId: ref('WS'),
        Name: unit.label,
        AuthorizerType: 'REQUEST',
        AuthorizerUri: substitute(invocationUri(unit)),
        // Said when there is none, too: API Gateway wants the list.
        IdentitySource: authorizer.identitySources,
      },
      Metadata: describePart({ ...unit, part: 'authorizer' }),
    },
    [permissionId(unit)]: permission(unit, `authorizers/\${${authorizerId}}`),
  };
}

/** Open access is said, because a route keeps what an update leaves out, and an authorizer may have been there before. */
function authorization({ app }: Context): Readonly<Record<string, Value>> {
  return app.authorizer === undefined
    ? { AuthorizationType: 'NONE' }
    : { AuthorizationType: 'CUSTOM', AuthorizerId: ref(authorizerId) };
}

function authorizerPermission(context: Context): readonly string[] {
  const { authorizer } = context.app;
  return authorizer === undefined ? [] : [permissionId(unitOf(context, authorizer.functionName))];
}

/** Needed beside the route's own expression, or nothing would be sent (fact I5). */
function routeResponse(unit: Unit, routeId: string): Resource {
  return {
    Type: 'AWS::ApiGatewayV2::RouteResponse',
    Properties: { ApiId: ref('WS'), RouteId: ref(routeId), RouteResponseKey: '$default' },
    Metadata: describePart({ ...unit, part: 'response' }),
  };
}

function permissionId({ baseId }: Unit): string {
  return `${baseId}Permission`;
}

/** @param caller what of the web socket's API may call the function */
function permission(unit: Unit, caller: string): Resource {
  return {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: ref(invokedId(unit)),
      // Services have this name in every partition (fact I15).
      Principal: 'apigateway.amazonaws.com',
      SourceArn: substitute(arn('execute-api', `\${WS}/${caller}`)),
    },
    Metadata: describePart({ ...unit, part: 'permission' }),
  };
}
