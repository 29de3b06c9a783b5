import { apiHost, attribute, ref, substitute } from './intrinsics.ts';
import { ofApp, type Resources } from './parts.ts';
import type { Template, Value } from './template.ts';
import type { Context } from './units.ts';

/** The names that the app's own domain gives its two APIs; `undefined` is the one that AWS gives. */
interface DomainNames {
  readonly http: string | undefined;
  readonly webSocket: string | undefined;
}

type Apis = Pick<Context, 'app' | 'target' | 'hasHttp' | 'hasWebSocket'>;

/**
 * Only production has the domain, and no stack with a name: a domain leads to one stack. API Gateway lets no web socket share
 * a name with another API, so it gets one below the page's, to which cookies of the page's domain go too.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-mappings.html (read 2026-11)
 */
function domainNames({ app, target, hasHttp, hasWebSocket }: Apis): DomainNames {
  const isTheirs = target.stage === 'production' && target.name === undefined;
  if (app.domain === undefined || !isTheirs) return { http: undefined, webSocket: undefined };
  const webSocket = hasHttp ? `ws.${app.domain}` : app.domain;
  return { http: hasHttp ? app.domain : undefined, webSocket: hasWebSocket ? webSocket : undefined };
}

/** Where the pages are, without a slash at the end. */
export function httpUrl(context: Apis): Value {
  const { http } = domainNames(context);
  return http === undefined ? substitute(`https://${apiHost('HTTP')}`) : `https://${http}`;
}

/**
 * Where the web socket is. Its path is the stage's name in any case, because handlers make the address of `@connections`
 * from an event's `domainName` and `stage` (fact I23).
 */
export function webSocketUrl(context: Apis): Value {
  const { webSocket } = domainNames(context);
  const { stage } = context.target;
  return webSocket === undefined ? substitute(`wss://${apiHost('WS')}/${stage}`) : `wss://${webSocket}/${stage}`;
}

/** The app's names on AWS, and which API each leads to. */
export function domains(context: Apis): Resources {
  const { http, webSocket } = domainNames(context);
  const certificate = context.app.certificate ?? '';
  return {
    ...(http !== undefined && {
      HTTPDomain: domainOf(http, certificate),
      HTTPDomainMapping: mapping('HTTP', { ApiId: ref('HTTP'), Stage: ref('HTTPApiGatewayDefaultStage') }),
    }),
    ...(webSocket !== undefined && {
      WSDomain: domainOf(webSocket, certificate),
      WSDomainMapping: mapping('WS', {
        ApiId: ref('WS'),
        Stage: ref('WebsocketStage'),
        ApiMappingKey: context.target.stage,
      }),
    }),
  };
}

/** What the DNS has to lead the names to. */
export function domainOutputs(context: Apis): Template['Outputs'] {
  const { http, webSocket } = domainNames(context);
  return {
    ...(http !== undefined && outputsOf('HTTP', http)),
    ...(webSocket !== undefined && outputsOf('WS', webSocket)),
  };
}

function outputsOf(api: 'HTTP' | 'WS', name: string): Template['Outputs'] {
  const domain = `${api}Domain`;
  return {
    [`${domain}Target`]: { Description: `CNAME of ${name}`, Value: attribute(domain, 'RegionalDomainName') },
    [`${domain}Zone`]: {
      Description: `Hosted zone of an alias of ${name}`,
      Value: attribute(domain, 'RegionalHostedZoneId'),
    },
  };
}

function domainOf(name: string, certificate: string): Resources[string] {
  const configuration = { CertificateArn: certificate, EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' };
  return {
    Type: 'AWS::ApiGatewayV2::DomainName',
    Properties: { DomainName: name, DomainNameConfigurations: [configuration] },
    Metadata: ofApp('domain', name),
  };
}

function mapping(api: 'HTTP' | 'WS', to: Readonly<Record<string, Value>>): Resources[string] {
  return {
    Type: 'AWS::ApiGatewayV2::ApiMapping',
    Properties: { DomainName: ref(`${api}Domain`), ...to },
    Metadata: ofApp('domain', api === 'WS' ? 'web socket' : 'HTTP'),
  };
}
