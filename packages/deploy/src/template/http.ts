import { invocationUri, invokedId } from './functions.ts';
import { openApiText } from './http-open-api.ts';
import { httpRoutes, sourceArn, type ApiRoute } from './http-routes.ts';
import { ref, substitute } from './intrinsics.ts';
import { describePart, mergeResources, ofApp, type Resources } from './parts.ts';
import type { Resource } from './template.ts';
import type { Context } from './units.ts';
import { throttles } from './web-socket.ts';

/** Longest wait of an HTTP API for a function. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html (read 2026-11) */
const timeoutMs = 30_000;

/**
 * The HTTP API with its routes. Its routes are resources of their own, unless the API was made from an OpenAPI text, as
 * SAM does: those that such a text has made would be in their way.
 */
export function http(context: Context): Resources {
  if (!context.hasHttp) return {};
  const routes = httpRoutes(context);
  const explicit = context.hasOpenApi ? [] : routes.flatMap((route) => [integrationOf(route), routeOf(route)]);
  const api: Resources = {
    HTTP: createApi(context, routes),
    // An HTTP API has no deployments worth naming: its routes go live as they are made.
    HTTPApiGatewayDefaultStage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: { ApiId: ref('HTTP'), StageName: '$default', AutoDeploy: true, DefaultRouteSettings: throttles },
      Metadata: ofApp('stage', 'HTTP'),
    },
  };
  return mergeResources([api, ...explicit, ...routes.map(permissionOf)]);
}

function createApi({ hasOpenApi }: Context, routes: readonly ApiRoute[]): Resource {
  return {
    Type: 'AWS::ApiGatewayV2::Api',
    Properties: hasOpenApi ? { Body: openApiText(routes) } : { Name: ref('AWS::StackName'), ProtocolType: 'HTTP' },
    Metadata: ofApp('api', 'HTTP'),
  };
}

/** Routes of one function share its integration, which stands with the first. */
function integrationOf({ baseId, unit }: ApiRoute): Resources {
  if (baseId !== unit.baseId) return {};
  return {
    [`${baseId}Integration`]: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: ref('HTTP'),
        IntegrationType: 'AWS_PROXY',
        IntegrationMethod: 'POST',
        IntegrationUri: substitute(invocationUri(unit)),
        PayloadFormatVersion: '2.0',
        TimeoutInMillis: timeoutMs,
      },
      Metadata: describePart({ ...unit, part: 'integration' }),
    },
  };
}

function routeOf({ baseId, unit, method, path }: ApiRoute): Resources {
  return {
    [`${baseId}Route`]: {
      Type: 'AWS::ApiGatewayV2::Route',
      // Or it would be live before API Gateway may call its function.
      DependsOn: [permissionId(baseId)],
      Properties: {
        ApiId: ref('HTTP'),
        RouteKey: `${method} ${path}`,
        Target: substitute(`integrations/\${${unit.baseId}Integration}`),
      },
      Metadata: describePart({ ...unit, part: 'route' }),
    },
  };
}

/** SAM's id, so that an app that came from Architect keeps its permissions. */
function permissionId(baseId: string): string {
  return `${baseId}LambdaHTTPEventPermission`;
}

function permissionOf(route: ApiRoute): Resources {
  const { baseId, unit } = route;
  return {
    [permissionId(baseId)]: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: ref(invokedId(unit)),
        Principal: 'apigateway.amazonaws.com',
        SourceArn: sourceArn(route),
      },
      Metadata: describePart({ ...unit, part: 'permission' }),
    },
  };
}
