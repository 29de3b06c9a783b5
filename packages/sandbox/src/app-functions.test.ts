import { describe, expect, test } from 'vitest';
import type { WsRoute } from '@furrow/gateway';
import { interpretManifest, type App, type FunctionSettings } from '@furrow/manifest';
import { apiId, appRoutes, runnableFunctions } from './app-functions.ts';

const text = '@app\ntestapp\n@ws\njoin\n  src lib/join\n@http\nget /\n@aws\ntimeout 7\nconcurrency 3\n';
const facts = {
  appName: 'testapp',
  stage: 'testing',
  stackName: 'TestappTesting',
  webSocketUrl: 'ws://localhost:1/testing',
  httpUrl: 'http://localhost:1',
  region: 'us-west-2',
  own: { COLOUR: 'green', ARC_ENV: 'mine' },
  credentials: {},
  system: { PATH: '/bin' },
};

async function testapp() {
  const read = await interpretManifest({ file: 'app.arc', text });
  if (!read.ok) throw new Error('Expected a good manifest.');
  return read.app;
}

test('functions have their folders, settings and variables', async () => {
  const functions = runnableFunctions(await testapp(), '/project', facts);
  expect(functions.map(({ name, sourceDir }) => [name, sourceDir])).toEqual([
    ['ws/connect', '/project/src/ws/connect'],
    ['ws/default', '/project/src/ws/default'],
    ['ws/disconnect', '/project/src/ws/disconnect'],
    ['ws/join', '/project/lib/join'],
    ['http/get-index', '/project/src/http/get-index'],
  ]);
  expect(functions[0]).toMatchObject({
    timeoutMs: 7000,
    maxEnvironments: 3,
    reservedConcurrency: 3,
    handler: 'index.handler',
    kind: 'ws',
  });
  expect(functions[0]?.env).toMatchObject({
    COLOUR: 'green',
    ARC_ENV: 'testing',
    AWS_CLOUDFORMATION: 'TestappTesting',
  });
});

test('routes name their functions', async () => {
  const routes = appRoutes(await testapp(), '/project');
  expect(routes.ws).toContainEqual({ routeKey: 'join', functionName: 'ws/join', hasRouteResponse: false });
  expect(routes.http).toEqual([{ method: 'get', path: '/', functionName: 'http/get-index' }]);
  expect(routes.staticFolder).toBe('/project/public');
  expect(routes).toMatchObject({ routeSelectionExpression: '$request.body.action', stageVariables: {} });
  expect(routes.authorizer).toBeUndefined();
});

describe('what an app says of its web socket', () => {
  test.for<{ settings: Partial<FunctionSettings>; route: Partial<WsRoute> }>([
    { settings: {}, route: { hasRouteResponse: false, throttle: undefined } },
    { settings: { routeResponse: true }, route: { hasRouteResponse: true } },
    {
      settings: { throttlingRateLimit: 100, throttlingBurstLimit: 50 },
      route: { throttle: { ratePerSecond: 100, burst: 50 } },
    },
    { settings: { throttlingRateLimit: 0.5 }, route: { throttle: { ratePerSecond: 0.5, burst: 5000 } } },
    { settings: { throttlingBurstLimit: 0 }, route: { throttle: { ratePerSecond: 10_000, burst: 0 } } },
  ])('$settings', async ({ settings, route }) => {
    const app = await testapp();
    const functions = app.functions.map((one) =>
      one.name === 'ws/join' ? { ...one, settings: { ...one.settings, ...settings } } : one,
    );
    const { ws = [] } = appRoutes({ ...app, functions }, '/project');
    expect(ws.find(({ routeKey }) => routeKey === 'join')).toMatchObject(route);
    expect(ws[0]).toEqual({ ...ws[0], hasRouteResponse: false, throttle: undefined });
  });

  test('reaches the gateway as it is; a lifecycle function that is not there has no route', async () => {
    const app: App = {
      ...(await testapp()),
      ws: [{ routeKey: '$default', functionName: 'ws/default' }],
      routeSelectionExpression: '$request.body.type',
      authorizer: { functionName: 'ws/authorizer', identitySources: ['route.request.querystring.token'] },
      stageVariables: { color: 'blue' },
    };
    const { ws, routeSelectionExpression, authorizer, stageVariables } = appRoutes(app, '/project');
    expect(ws?.map(({ routeKey }) => routeKey)).toEqual(['$default']);
    expect({ routeSelectionExpression, authorizer, stageVariables }).toEqual({
      routeSelectionExpression: app.routeSelectionExpression,
      authorizer: app.authorizer,
      stageVariables: app.stageVariables,
    });
  });
});

test.for(['testapp', 'a', 'x'.repeat(100)])('the apiId of %s looks like one and stays', (name) => {
  expect(apiId(name)).toMatch(/^[a-z0-9]{10}$/);
  expect(apiId(name)).toBe(apiId(name));
});
