import { describe, expect, test } from 'vitest';
import { awsFunctionName, handlerEnvironment, type EnvironmentFacts } from './environment.ts';

const facts: EnvironmentFacts = {
  appName: 'testapp',
  stage: 'testing',
  stackName: 'TestappTesting',
  webSocketUrl: 'ws://localhost:3333/testing',
  httpUrl: 'http://localhost:3333',
  region: 'eu-west-1',
  own: {},
  credentials: { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'secret' },
  system: { PATH: '/bin', HOME: '/home/me' },
};
const local = {
  managementUrl: 'http://localhost:3333/testing',
  ssmUrl: 'http://localhost:3333/_arc/ssm',
  port: 3333,
  projectDir: '/app',
  staticDir: '/app/public',
};
const target = {
  name: 'ws/default',
  memoryMegabytes: 1152,
  runtime: 'nodejs24.x',
  handler: 'index.handler',
  hasOwnVariables: true,
};

const everywhere = {
  PATH: '/bin',
  HOME: '/home/me',
  AWS_ACCESS_KEY_ID: 'AKIA',
  AWS_SECRET_ACCESS_KEY: 'secret',
  LANG: 'en_US.UTF-8',
  TZ: ':UTC',
  AWS_REGION: 'eu-west-1',
  AWS_DEFAULT_REGION: 'eu-west-1',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_LAMBDA_FUNCTION_NAME: 'TestappTesting-ws-default',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1152',
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/TestappTesting-ws-default',
  AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
  AWS_XRAY_DAEMON_ADDRESS: '169.254.100.1:2000',
  _HANDLER: 'index.handler',
  ARC_APP_NAME: 'testapp',
  ARC_ENV: 'testing',
  ARC_STACK_NAME: 'TestappTesting',
  AWS_CLOUDFORMATION: 'TestappTesting',
  ARC_SESSION_TABLE_NAME: 'jwe',
  ARC_WSS_URL: 'ws://localhost:3333/testing',
  ARC_HTTP_URL: 'http://localhost:3333',
};
const sandboxOnly = {
  // Made of the app's name and folder.
  ARC_APP_SECRET: expect.stringMatching(/^[0-9a-f]{32}$/),
  ARC_STATIC_BUCKET: '/app/public',
  ARC_ROLE: 'SandboxRole',
  ARC_SANDBOX:
    '{"apiType":"http","cwd":"/app","ports":{"http":3333,"_arc":3333},"staticPath":"/app/public","version":"9.0.0"}',
  AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: 'http://localhost:3333/testing',
  AWS_ENDPOINT_URL_SSM: 'http://localhost:3333/_arc/ssm',
  AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE: '1',
};

test('a function sees these variables and no others', () => {
  expect(handlerEnvironment(facts, target)).toEqual(everywhere);
  expect(handlerEnvironment({ ...facts, local }, target)).toEqual({ ...everywhere, ...sandboxOnly });
});

const secretOf = (changes: Partial<EnvironmentFacts>, hasOwnVariables = true) =>
  handlerEnvironment({ ...facts, local, ...changes }, { ...target, hasOwnVariables })['ARC_APP_SECRET'];

describe('the secret of sessions in the sandbox', () => {
  test('stays the same for an app in its folder', () => {
    expect(secretOf({})).toBe(secretOf({ webSocketUrl: 'ws://localhost:4000/testing' }));
    expect(secretOf({})).not.toBe(secretOf({ appName: 'other' }));
    expect(secretOf({})).not.toBe(secretOf({ local: { ...local, projectDir: '/elsewhere' } }));
  });

  test('is that of .env for functions which have it on AWS', () => {
    const own = { ARC_APP_SECRET: 'mine' };
    expect(secretOf({ own })).toBe('mine');
    expect(secretOf({ own }, false)).toBe(secretOf({}));
    expect(secretOf({ own: { ARC_APP_SECRET: '' } })).toBe(secretOf({}));
  });
});

describe('.env', () => {
  test('adds variables, unless the function says that it wants none', () => {
    const own = { MINE: '1' };
    expect(handlerEnvironment({ ...facts, own }, target)).toEqual({ ...everywhere, MINE: '1' });
    expect(handlerEnvironment({ ...facts, own }, { ...target, hasOwnVariables: false })).toEqual(everywhere);
  });

  const free = ['PATH', 'HOME', 'LANG', 'TZ', 'AWS_XRAY_CONTEXT_MISSING', 'AWS_XRAY_DAEMON_ADDRESS'];

  const own = ['ARC_SESSION_TABLE_NAME', 'ARC_APP_SECRET'];

  test.for(free.concat(own))('may set %s, as on Lambda', (name) => {
    expect(handlerEnvironment({ ...facts, local, own: { [name]: 'mine' } }, target)[name]).toBe('mine');
  });

  const fixed = Object.entries({ ...everywhere, ...sandboxOnly }).filter(
    ([name]) => !free.includes(name) && !own.includes(name),
  );

  test.for(fixed)('cannot set %s', ([name, value]) => {
    expect(handlerEnvironment({ ...facts, local, own: { [name]: 'mine' } }, target)[name]).toBe(value);
  });

  test.for([
    'AWS_SESSION_TOKEN',
    'AWS_ACCESS_KEY',
    'AWS_LAMBDA_RUNTIME_API',
    'AWS_LAMBDA_LOG_STREAM_NAME',
    'LAMBDA_TASK_ROOT',
    'LAMBDA_RUNTIME_DIR',
    '_X_AMZN_TRACE_ID',
  ])('cannot bring in %s, which Lambda keeps for itself', (name) => {
    expect(handlerEnvironment({ ...facts, own: { [name]: 'mine' } }, target)).toEqual(everywhere);
  });
});

test.for([
  { name: 'ws/default', expected: 'AppTesting-ws-default' },
  { name: 'http/get-foo_bar-000id', expected: 'AppTesting-http-get-foo-bar-000id' },
])('$name is $expected', ({ name, expected }) => {
  expect(awsFunctionName('AppTesting', name)).toBe(expected);
});
