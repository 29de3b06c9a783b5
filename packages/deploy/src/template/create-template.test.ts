import { describe, expect, test } from 'vitest';
import { appOf, inputOf, resourcesOf, textOf, valuesIn } from '../../test/support/template-input.ts';
import { templateCases, templateOf } from '../../test/support/template-cases.ts';
import { deployTarget } from '../target.ts';
import { createTemplate, functionIds, variableParameter } from './create-template.ts';
import type { Template, TemplateInput } from './template.ts';

const templates = await Promise.all(templateCases.map(async (each) => ({ ...each, template: await templateOf(each) })));

async function createFrom(
  manifest: string,
  input: Partial<TemplateInput> = {},
  configs: Readonly<Record<string, string>> = {},
): Promise<Template> {
  return createTemplate(inputOf(await appOf(manifest, configs), input));
}

function deploymentId(template: Template): string | undefined {
  return resourcesOf(template, 'AWS::ApiGatewayV2::Deployment')[0]?.id;
}

function variablesOf(template: Template, id: string): Readonly<Record<string, unknown>> {
  const { Environment } = template.Resources[id]?.Properties ?? {};
  return { ...(Environment as { Variables: Record<string, unknown> }).Variables };
}

function throttle(rate: number, burst: number) {
  return { ThrottlingBurstLimit: burst, ThrottlingRateLimit: rate, DataTraceEnabled: false };
}

async function stageOf(text: string) {
  return (await createFrom(text)).Resources['WebsocketStage']?.Properties;
}

function routeKeys(template: Template): readonly unknown[] {
  return resourcesOf(template, 'AWS::ApiGatewayV2::Route').map(({ properties }) => properties['RouteKey']);
}

const execute = 'arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:';

describe('the web socket', () => {
  test('T155 with autoDeploy there is no deployment, and the stage names none', async () => {
    const template = await createFrom('@app\nx\n@ws\njoin\n@aws\nautoDeploy true');
    expect(resourcesOf(template, 'AWS::ApiGatewayV2::Deployment')).toEqual([]);
    const stage = template.Resources['WebsocketStage'];
    expect(stage?.Properties).toMatchObject({ AutoDeploy: true });
    expect(stage?.Properties).not.toHaveProperty('DeploymentId');
    expect(stage?.DependsOn).toEqual(['ConnectWSRoute', 'DefaultWSRoute', 'DisconnectWSRoute', 'JoinWSRoute']);
  });

  test('T156 another route is another deployment, which waits for every route', async () => {
    const [one, other] = await Promise.all([createFrom('@app\nx\n@ws\njoin'), createFrom('@app\nx\n@ws\nleave')]);
    expect(deploymentId(one)).toMatch(/^WebsocketDeployment[0-9a-f]{8}$/);
    expect(deploymentId(one)).not.toBe(deploymentId(other));
    expect(one.Resources['WebsocketStage']?.Properties).toMatchObject({
      AutoDeploy: false,
      DeploymentId: { Ref: deploymentId(one) },
    });
    const routes = resourcesOf(one, 'AWS::ApiGatewayV2::Route').map(({ id }) => id);
    expect(one.Resources[deploymentId(one) ?? '']?.DependsOn).toEqual(routes);
  });

  test.for([
    { why: 'the order of routes', text: '@app\nx\n@ws\nleave\njoin' },
    { why: 'a function', text: '@app\nx\n@ws\njoin\nleave\n@aws\nmemory 256' },
    { why: 'a page', text: '@app\nx\n@ws\njoin\nleave\n@http\nget /' },
  ])('$why makes no other deployment', async ({ text }) => {
    expect(deploymentId(await createFrom(text))).toBe(deploymentId(await createFrom('@app\nx\n@ws\njoin\nleave')));
  });

  test('T157 each route may invoke its function, and no other may', async () => {
    const template = await createFrom('@app\nx\n@ws\njoin\na/b', { target: deployTarget('x', 'production') });
    const arns = resourcesOf(template, 'AWS::Lambda::Permission').map(({ properties }) =>
      textOf(properties['SourceArn']),
    );
    const keys = ['$connect', '$default', '$disconnect', 'join', 'a/b'];
    expect(arns).toEqual(keys.map((key) => `${execute}\${WS}/production/${key}`));
  });

  test('a route is live when its function may be invoked, not before', async () => {
    const template = await createFrom('@app\nx\n@ws\n@http\nget /');
    for (const { id, DependsOn = [] } of resourcesOf(template, 'AWS::ApiGatewayV2::Route')) {
      expect(DependsOn.map((name) => template.Resources[name]?.Type)).toEqual(['AWS::Lambda::Permission']);
      expect(DependsOn[0]).toMatch(new RegExp(`^${id.replace(/Route$/, '')}`));
    }
  });

  test('T159 a route that answers has both the expression and the route response, and every other one neither', async () => {
    const template = await createFrom(
      '@app\nx\n@ws\nconnect\n  authorizer\njoin\nleave\n@http\nget /\n@aws\nrouteResponse true',
      {},
      { 'src/ws/leave': '@aws\nrouteResponse false' },
    );
    const twoWay = resourcesOf(template, 'AWS::ApiGatewayV2::Route').filter(
      ({ properties }) => 'RouteResponseSelectionExpression' in properties,
    );
    expect(twoWay.map(({ properties }) => properties)).toMatchObject([
      { RouteKey: '$default', RouteResponseSelectionExpression: '$default' },
      { RouteKey: 'join', RouteResponseSelectionExpression: '$default' },
    ]);
    expect(resourcesOf(template, 'AWS::ApiGatewayV2::RouteResponse')).toMatchObject(
      twoWay.map(({ id }) => ({
        id: `${id}Response`,
        properties: { ApiId: { Ref: 'WS' }, RouteId: { Ref: id }, RouteResponseKey: '$default' },
      })),
    );
    expect(template.Resources[deploymentId(template) ?? '']?.DependsOn).toEqual(
      expect.arrayContaining(['DefaultWSRouteResponse', 'JoinWSRouteResponse', 'JoinWSRoute', 'LeaveWSRoute']),
    );
  });

  test('I18 an authorizer is asked for $connect alone, and may be called before the route is live', async () => {
    const template = await createFrom(
      '@app\nx\n@ws\nconnect\n  authorizer route.request.header.Auth context.stage\njoin',
    );
    expect(resourcesOf(template, 'AWS::ApiGatewayV2::Authorizer')).toMatchObject([
      {
        id: 'WebsocketAuthorizer',
        properties: {
          ApiId: { Ref: 'WS' },
          AuthorizerType: 'REQUEST',
          IdentitySource: ['route.request.header.Auth', 'context.stage'],
          Name: 'authorizer',
        },
      },
    ]);
    const uri = template.Resources['WebsocketAuthorizer']?.Properties?.['AuthorizerUri'];
    expect(textOf(uri)).toMatch(
      /^arn:\$\{AWS::Partition\}:apigateway:.+\/functions\/\$\{AuthorizerWSLambda\.Arn\}\/invocations$/,
    );
    const permission = template.Resources['AuthorizerWSPermission']?.Properties;
    expect(permission).toMatchObject({ FunctionName: { Ref: 'AuthorizerWSLambda' } });
    expect(textOf(permission?.['SourceArn'])).toBe(`${execute}\${WS}/authorizers/\${WebsocketAuthorizer}`);
    const routes = resourcesOf(template, 'AWS::ApiGatewayV2::Route');
    const asked = routes.filter(({ properties }) => properties['AuthorizationType'] === 'CUSTOM');
    expect(asked).toMatchObject([
      {
        id: 'ConnectWSRoute',
        properties: { AuthorizerId: { Ref: 'WebsocketAuthorizer' } },
        DependsOn: ['ConnectWSPermission', 'AuthorizerWSPermission'],
      },
    ]);
    expect(routeKeys(template)).toEqual(['$connect', '$default', '$disconnect', 'join']);
    // No cache, no simple responses, no other payload: those are of HTTP APIs (facts G12, G13).
    const said = Object.keys(template.Resources['WebsocketAuthorizer']?.Properties ?? {});
    expect(said).toEqual(['ApiId', 'Name', 'AuthorizerType', 'AuthorizerUri', 'IdentitySource']);
  });

  test('without an authorizer everybody may connect, and it is said, or one from before would stay', async () => {
    const template = await createFrom('@app\nx\n@ws\njoin');
    const said = resourcesOf(template, 'AWS::ApiGatewayV2::Route').map(
      ({ properties }) => properties['AuthorizationType'],
    );
    expect(said).toEqual(['NONE', undefined, undefined, undefined]);
  });

  const withAuthorizer = '@app\nx\n@ws\nconnect\n  authorizer';
  test.for([
    { why: 'an authorizer', text: withAuthorizer },
    { why: 'another identity source', text: `${withAuthorizer} context.stage` },
    { why: 'an authorizer that is kept warm', text: `${withAuthorizer}\n@aws\nprovisionedConcurrency 1` },
    { why: 'routes that answer', text: '@app\nx\n@ws\n@aws\nrouteResponse true' },
    { why: 'another way to select routes', text: '@app\nx\n@ws\n@aws\nrouteSelectionExpression $request.body.type' },
    { why: 'a lifecycle route that goes', text: '@app\nx\n@ws\nconnect false' },
  ])('$why is another deployment', async ({ text }) => {
    const all = await Promise.all(
      ['@app\nx\n@ws', withAuthorizer].map(async (manifest) => deploymentId(await createFrom(manifest))),
    );
    const others = text === withAuthorizer ? all.slice(0, 1) : all;
    expect(others).not.toContain(deploymentId(await createFrom(text)));
  });

  test.for([
    { why: 'a throttle', text: '@app\nx\n@ws\n@aws\nthrottlingRateLimit 5' },
    { why: 'a stage variable', text: '@app\nx\n@ws\n@stage-variables\na b' },
  ])('$why is of the stage, which has it without another deployment', async ({ text }) => {
    expect(deploymentId(await createFrom(text))).toBe(deploymentId(await createFrom('@app\nx\n@ws')));
  });

  test('I9 a stage has settings for routes that say something else than the app, and waits for all routes', async () => {
    const configs = {
      'src/ws/join': '@aws\nthrottlingBurstLimit 7',
      'src/ws/leave': '@aws\nthrottlingRateLimit 2.5',
      'src/ws/connect': '@aws\nthrottlingRateLimit 0\nthrottlingBurstLimit 0',
    };
    const text = '@app\nx\n@ws\njoin\nleave\n@http\nget /\n@aws\nthrottlingRateLimit 2.5';
    const template = await createFrom(text, {}, configs);
    const { DefaultRouteSettings, RouteSettings } = template.Resources['WebsocketStage']?.Properties ?? {};
    expect(DefaultRouteSettings).toEqual(throttle(2.5, 5000));
    expect(RouteSettings).toEqual({ join: throttle(2.5, 7), $connect: throttle(0, 0) });
    const routes = resourcesOf(template, 'AWS::ApiGatewayV2::Route').filter(({ id }) => id.includes('WS'));
    const waited = template.Resources[deploymentId(template) ?? '']?.DependsOn;
    expect(waited?.toSorted()).toEqual(routes.map(({ id }) => id).toSorted());
    const byItself = await createFrom(`${text}\nautoDeploy true`, {}, configs);
    expect(byItself.Resources['WebsocketStage']?.DependsOn).toEqual(waited);
    // The HTTP API has no part in it.
    expect(JSON.stringify(byItself.Resources['HTTPStage'] ?? byItself.Resources['HTTP'])).not.toContain('2.5');
  });

  test('I14 a stage has the variables of the app, and no property without any', async () => {
    const { StageVariables } = (await stageOf('@app\nx\n@ws\n@stage-variables\ncolor blue\n__proto__ x')) ?? {};
    expect(Object.entries(StageVariables ?? {})).toEqual([
      ['color', 'blue'],
      ['__proto__', 'x'],
    ]);
    expect(await stageOf('@app\nx\n@ws')).not.toHaveProperty('StageVariables');
  });

  test.for([
    { text: 'connect false\ndefault false\ndisconnect false\njoin', keys: ['join'] },
    { text: 'connect false\ndisconnect false', keys: ['$default'] },
  ])('an app without $text has no such route and function', async ({ text, keys }) => {
    const template = await createFrom(`@app\nx\n@ws\n${text}`);
    expect(routeKeys(template)).toEqual(keys);
    expect(functionIds(template).size).toBe(keys.length);
    expect(template.Resources[deploymentId(template) ?? '']?.DependsOn).toHaveLength(keys.length);
  });

  test('T160 a stage lets clients in, and shows nobody what they say', async () => {
    const { WebsocketStage } = (await createFrom('@app\nx\n@ws')).Resources;
    expect(WebsocketStage?.Properties?.['DefaultRouteSettings']).toEqual({
      ThrottlingBurstLimit: 5000,
      ThrottlingRateLimit: 10_000,
      DataTraceEnabled: false,
    });
  });

  test('T161 no stage writes a log of its own, which would need a role that belongs to the account', () => {
    for (const { template } of templates) {
      expect(resourcesOf(template, 'AWS::ApiGateway::Account')).toEqual([]);
      for (const { properties } of resourcesOf(template, 'AWS::ApiGatewayV2::Stage')) {
        expect(JSON.stringify(properties)).not.toMatch(/LoggingLevel|AccessLogSettings/);
      }
    }
  });

  test('T162 functions may send on their own stage only', async () => {
    const template = await createFrom('@app\nx\n@ws\n@http\nget /');
    for (const id of ['WSRole', 'HTTPRole']) {
      expect(valuesIn(template.Resources[id])).toContainEqual({
        Effect: 'Allow',
        Action: ['execute-api:ManageConnections'],
        Resource: [{ 'Fn::Sub': `${execute}\${WS}/staging/*/@connections/*` }],
      });
    }
    expect(JSON.stringify(template.Resources['StaticRole'])).not.toContain('execute-api');
    expect(JSON.stringify(await createFrom('@app\nx\n@http\nget /'))).not.toContain('ManageConnections');
  });

  test('the parameters say where it is', async () => {
    const { WebsocketHttpsParam, WebsocketWssParam } = (await createFrom('@app\nx\n@ws')).Resources;
    const host = '${WS}.execute-api.${AWS::Region}.${AWS::URLSuffix}/staging';
    expect(WebsocketHttpsParam?.Properties).toMatchObject({
      Name: { 'Fn::Sub': '/${AWS::StackName}/ws/https' },
      Value: { 'Fn::Sub': `https://${host}/@connections` },
    });
    expect(WebsocketWssParam?.Properties).toMatchObject({
      Name: { 'Fn::Sub': '/${AWS::StackName}/ws/wss' },
      Value: { 'Fn::Sub': `wss://${host}` },
    });
  });
});

describe('the HTTP API', () => {
  const files = ['ANY /_static/{proxy+}'];
  const atRoot = ['GET /', 'HEAD /', 'GET /{proxy+}', 'HEAD /{proxy+}'];

  test.for([
    { routes: 'get /rooms/:id', keys: ['GET /rooms/{id}', ...files, ...atRoot] },
    { routes: 'get /', keys: ['GET /', ...files, 'HEAD /'] },
    { routes: 'head /', keys: ['HEAD /', ...files, 'GET /', 'GET /{proxy+}'] },
    { routes: 'get /:room', keys: ['GET /{room}', ...files, 'GET /', 'HEAD /'] },
    { routes: 'any /', keys: ['ANY /', ...files] },
    { routes: 'any /*', keys: ['ANY /{proxy+}', ...files] },
    { routes: 'get /*', keys: ['GET /{proxy+}', ...files, 'HEAD /'] },
    { routes: 'any /a/*', keys: ['ANY /a/{proxy+}', ...files, ...atRoot] },
    { routes: '@static', keys: [...files, ...atRoot] },
    { routes: 'get /a\n@static\nfalse', keys: ['GET /a'] },
  ])('of $routes', async ({ routes, keys }) => {
    expect(routeKeys(await createFrom(`@app\nx\n@http\n${routes}`))).toEqual(keys);
  });

  test.for([
    { route: 'get /', path: 'GET/' },
    { route: 'any /*', path: '*/*' },
    { route: 'put /a/:b/c/*', path: 'PUT/a/*/c/*' },
  ])('$route may be invoked by $path', async ({ route, path }) => {
    const template = await createFrom(`@app\nx\n@http\n${route}\n@static\nfalse`);
    const arns = resourcesOf(template, 'AWS::Lambda::Permission').map(({ properties }) =>
      textOf(properties['SourceArn']),
    );
    expect(arns).toEqual([`${execute}\${HTTP}/*/${path}`]);
  });

  test('that was made from an OpenAPI text goes on having its routes there', async () => {
    const adopted = { ids: new Map(), hasOpenApi: true };
    const template = await createFrom('@app\nx\n@ws\n@http\nget /\nget /rooms/:id', { adopted });
    expect(routeKeys(template)).toEqual(['$connect', '$default', '$disconnect']);
    const { Body } = template.Resources['HTTP']?.Properties ?? {};
    expect(
      Object.entries((Body as { paths: object }).paths).map(([path, methods]) => [path, Object.keys(methods)]),
    ).toEqual([
      ['/', ['get', 'head']],
      ['/rooms/{id}', ['get']],
      ['/_static/{proxy+}', ['x-amazon-apigateway-any-method']],
    ]);
    expect(variablesOf(template, 'ConnectWSLambda')).toHaveProperty('ARC_HTTP_URL');
    expect(variablesOf(template, 'GetIndexHTTPLambda')).not.toHaveProperty('ARC_HTTP_URL');
  });

  test('has a function for files that knows how they are served', async () => {
    const settings = 'prefix v1/a\nspa true\nfingerprint external';
    const template = await createFrom(`@app\nx\n@static\n${settings}`);
    const variables = { ARC_STATIC_PREFIX: 'v1/a', ARC_STATIC_SPA: 'true', ARC_STATIC_FINGERPRINT: 'external' };
    expect(variablesOf(template, 'StaticHTTPLambda')).toMatchObject(variables);
    expect(template.Resources['StaticFingerprintParam']?.Properties).toMatchObject({ Value: 'true' });
    const plain = await createFrom('@app\nx\n@static');
    for (const name of Object.keys(variables)) expect(variablesOf(plain, 'StaticHTTPLambda')).not.toHaveProperty(name);
    expect(plain.Resources['StaticFingerprintParam']?.Properties).toMatchObject({ Value: 'false' });
  });

  test('is not there without routes or files', async () => {
    const template = await createFrom('@app\nx\n@ws\n@http\n@static\nfalse');
    expect(template.Resources).not.toHaveProperty('HTTP');
    expect(Object.keys(template.Outputs)).toEqual(['WSS']);
  });
});

describe('functions', () => {
  test('see the variables of the document and Architect', async () => {
    const template = await createFrom('@app\nx\n@ws\n@http\nget /');
    expect(variablesOf(template, 'ConnectWSLambda')).toEqual({
      AWS_CLOUDFORMATION: { Ref: 'AWS::StackName' },
      ARC_STACK_NAME: { Ref: 'AWS::StackName' },
      ARC_APP_NAME: 'x',
      ARC_ENV: 'staging',
      ARC_ROLE: { Ref: 'WSRole' },
      ARC_SESSION_TABLE_NAME: 'jwe',
      ARC_STATIC_BUCKET: { Ref: 'StaticBucket' },
      ARC_WSS_URL: { 'Fn::Sub': 'wss://${WS}.execute-api.${AWS::Region}.${AWS::URLSuffix}/staging' },
      ARC_HTTP_URL: { 'Fn::Sub': 'https://${HTTP}.execute-api.${AWS::Region}.${AWS::URLSuffix}' },
      NODE_OPTIONS: '--enable-source-maps',
    });
  });

  test('see the variables of the app, which replace none of Lambda or ours but two', async () => {
    const variables = ['API_KEY', 'ARC_ENV', 'AWS_REGION', 'ARC_SESSION_TABLE_NAME', 'NODE_OPTIONS'];
    const template = await createFrom('@app\nx\n@ws', { variables });
    expect(variablesOf(template, 'ConnectWSLambda')).toMatchObject({
      API_KEY: { Ref: 'ApiKeyVariable' },
      ARC_ENV: 'staging',
      ARC_SESSION_TABLE_NAME: { Ref: variableParameter('ARC_SESSION_TABLE_NAME') },
      NODE_OPTIONS: { Ref: variableParameter('NODE_OPTIONS') },
    });
    expect(variablesOf(template, 'ConnectWSLambda')).not.toHaveProperty('AWS_REGION');
    expect(Object.keys(template.Parameters)).toEqual(['DeployBucket', ...variables.map(variableParameter)]);
    for (const [id, parameter] of Object.entries(template.Parameters)) {
      expect(parameter['NoEcho'], id).toBe(id === 'DeployBucket' ? undefined : true);
    }
  });

  test('that keep environments warm are invoked by their alias, and each state of one has a version', async () => {
    const manifest = '@app\nx\n@ws\n@aws\nprovisionedConcurrency 1';
    const template = await createFrom(manifest);
    const changed = await createFrom(`${manifest}\nmemory 256`);
    const [versions, others] = [template, changed].map((of) =>
      resourcesOf(of, 'AWS::Lambda::Version').map(({ id }) => id),
    );
    expect(versions).toHaveLength(3);
    expect(versions?.filter((id) => others?.includes(id))).toEqual([]);
    expect(template.Resources[versions?.[0] ?? '']?.Properties).toEqual({
      FunctionName: { Ref: 'ConnectWSLambda' },
      CodeSha256: 'hash of ws/connect',
    });
    expect(textOf(template.Resources['ConnectWSIntegration']?.Properties?.['IntegrationUri'])).toContain(
      '/${ConnectWSLambdaAliaslive}/invocations',
    );
    expect(template.Resources['ConnectWSPermission']?.Properties).toMatchObject({
      FunctionName: { Ref: 'ConnectWSLambdaAliaslive' },
    });
    expect(deploymentId(changed)).toBe(deploymentId(template));
  });

  test.for([
    { policies: 'architect-default-policies', role: 'WSRole' },
    { policies: 'architect-default-policies AmazonS3ReadOnlyAccess', role: 'ConnectWSRole' },
  ])('with $policies run under $role', async ({ policies, role }) => {
    const template = await createFrom(`@app\nx\n@ws\n@aws\npolicies ${policies}`);
    expect(template.Resources['ConnectWSLambda']?.Properties?.['Role']).toEqual({ 'Fn::GetAtt': [role, 'Arn'] });
    expect(JSON.stringify(template)).not.toContain('policy/architect-default-policies');
  });

  test('a policy cannot reach into the template', async () => {
    const template = await createFrom('@app\nx\n@ws\n@aws\npolicies "${WS}"');
    expect(valuesIn(template)).toContain('arn:${AWS::Partition}:iam::aws:policy/${!WS}');
  });

  test('have their log in a group that is theirs alone', async () => {
    const template = await createFrom('@app\nx\n@ws\na-b\na.b\na/b\na_b\n  src lib/x\njoin\nJoin\n  src lib/y');
    const names = resourcesOf(template, 'AWS::Logs::LogGroup').map(({ properties }) =>
      textOf(properties['LogGroupName']).toLowerCase(),
    );
    expect(new Set(names).size).toBe(9);
    expect(names).toEqual(expect.arrayContaining(['/aws/lambda/${aws::stackname}-ws-a-b']));
  });

  test('are found by their names', async () => {
    const template = await createFrom('@app\nx\n@ws\njoin\n@http\nget /');
    expect(Object.fromEntries(functionIds(template))).toEqual({
      'ws/connect': 'ConnectWSLambda',
      'ws/default': 'DefaultWSLambda',
      'ws/disconnect': 'DisconnectWSLambda',
      'ws/join': 'JoinWSLambda',
      'http/get-index': 'GetIndexHTTPLambda',
      static: 'StaticHTTPLambda',
    });
  });

  test('have names that others lack in a template of somebody else', () => {
    const Resources = { A: { Type: 'AWS::Lambda::Function' } };
    expect(functionIds({ Resources, AWSTemplateFormatVersion: '2010-09-09' } as unknown as Template).size).toBe(0);
  });

  test('without code are a bug', async () => {
    const app = await appOf('@app\nx\n@ws');
    expect(() => createTemplate(inputOf(app, { code: new Map() }))).toThrow('There is no code of ws/connect');
  });
});

describe('every template', () => {
  test.for(templates)('T158 $name is the same in every partition and region', ({ template, manifest }) => {
    const services = ['lambda', 'apigateway', 'sns', 'events'].map((name) => `${name}.amazonaws.com`);
    const texts = valuesIn(template)
      .filter((value) => typeof value === 'string')
      // Services have these names everywhere (fact I15); the rest is what the manifest itself says.
      .filter((text) => !services.includes(text) && !manifest.includes(text));
    for (const text of texts) {
      expect(text).not.toMatch(/amazonaws|amazon\.com|arn:aws|\b(?:us|eu|ap|sa|ca|cn)-[a-z]+-\d\b|\b\d{12}\b/);
    }
  });

  test.for(templates)('$name says of each resource what it is in the app', ({ template }) => {
    for (const [id, { Metadata }] of Object.entries(template.Resources)) {
      expect(Metadata?.['Furrow'], id).toEqual({
        part: expect.stringMatching(/^[a-z]+$/),
        name: expect.any(String),
        label: expect.stringMatching(/./),
      });
    }
  });

  test('names its app and stage', async () => {
    const template = await createFrom('@app\nx\n@ws');
    expect(template.Metadata).toEqual({ Furrow: { app: 'x', stage: 'staging' } });
  });

  test('is the same each time', async () => {
    for (const each of templates) expect(await templateOf(each)).toEqual(each.template);
  });
});

test.for([
  { encrypt: 'true', is: { SSEEnabled: true } },
  {
    encrypt: 'arn:aws:kms:us-west-2:123456789012:key/1',
    is: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: 'arn:aws:kms:us-west-2:123456789012:key/1' },
  },
])('a table is encrypted by $encrypt', async ({ encrypt, is }) => {
  const { RoomsTable } = (await createFrom(`@app\nx\n@tables\nrooms\n  id *\n  encrypt ${encrypt}`)).Resources;
  expect(RoomsTable?.Properties?.['SSESpecification']).toEqual(is);
});

function manyTables(count: number): string {
  const tables = Array.from({ length: count }, (_, index) => `rooms${index}\n  id *String`);
  return `@app\nx\n@ws\n@tables\n${tables.join('\n')}`;
}

async function allowed(count: number): Promise<unknown> {
  const { WSRole } = (await createFrom(manyTables(count))).Resources;
  return valuesIn(WSRole).find((value) => JSON.stringify(value).startsWith('{"Effect":"Allow","Action":["dynamodb:'));
}

describe('tables', () => {
  test('are named in the roles of functions', async () => {
    expect(await allowed(2)).toMatchObject({
      Resource: [{ 'Fn::GetAtt': ['Rooms0Table', 'Arn'] }, { 'Fn::GetAtt': ['Rooms1Table', 'Arn'] }],
    });
  });

  test('are meant by the name of their stack, when they are too many to be named', async () => {
    const pattern = 'arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${AWS::StackName}-*';
    expect(await allowed(100)).toMatchObject({ Resource: [{ 'Fn::Sub': pattern }] });
    const made = resourcesOf(await createFrom(manyTables(100)), 'AWS::DynamoDB::Table');
    expect(made.filter(({ properties }) => 'TableName' in properties)).toEqual([]);
  });
});

describe('files', () => {
  test('are in a bucket that nobody reads but the function that serves them', async () => {
    const template = await createFrom('@app\nx\n@static');
    const { StaticBucket, StaticBucketPolicy, StaticRole } = template.Resources;
    expect(StaticBucket?.Properties?.['PublicAccessBlockConfiguration']).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    expect(JSON.stringify(StaticBucketPolicy)).not.toContain('"Allow"');
    const actions = valuesIn(StaticRole).filter((value) => typeof value === 'string' && value.startsWith('s3:'));
    expect(actions).toEqual(['s3:GetObject', 's3:ListBucket']);
  });

  test.for([
    { why: 'of an app with them', manifest: '@http\nget /\n@ws', actions: ['DeleteObject', 'GetObject', 'PutObject'] },
    { why: 'of an app without', manifest: '@http\nget /\n@ws\n@static\nfalse' },
  ])('may be read and written by the functions $why', async ({ manifest, actions = [] }) => {
    const template = await createFrom(`@app\nx\n${manifest}`);
    const expected = actions.length === 0 ? [] : [...actions, 'ListBucket'].map((action) => `s3:${action}`);
    for (const role of ['HTTPRole', 'WSRole']) {
      const values = valuesIn(template.Resources[role]);
      expect(values.filter((value) => typeof value === 'string' && value.startsWith('s3:'))).toEqual(expected);
    }
  });
});
