import { expect, test } from 'vitest';
import { interpretManifest } from '@furrow/manifest';
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
  expect(functions[0]).toMatchObject({ timeoutMs: 7000, maxEnvironments: 3, handler: 'index.handler', kind: 'ws' });
  expect(functions[0]?.env).toMatchObject({
    COLOUR: 'green',
    ARC_ENV: 'testing',
    AWS_CLOUDFORMATION: 'TestappTesting',
  });
});

test('routes name their functions', async () => {
  const routes = appRoutes(await testapp(), '/project');
  expect(routes.ws).toContainEqual({ routeKey: 'join', functionName: 'ws/join' });
  expect(routes.http).toEqual([{ method: 'get', path: '/', functionName: 'http/get-index' }]);
  expect(routes.staticFolder).toBe('/project/public');
});

test.for(['testapp', 'a', 'x'.repeat(100)])('the apiId of %s looks like one and stays', (name) => {
  expect(apiId(name)).toMatch(/^[a-z0-9]{10}$/);
  expect(apiId(name)).toBe(apiId(name));
});
