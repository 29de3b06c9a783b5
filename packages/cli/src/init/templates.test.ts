import { describe, expect, test } from 'vitest';
import { authorizerTemplate, connectTemplate, webSocketUrlTemplate } from './templates.ts';

type Env = Readonly<Record<string, string>>;

/** Runs a generated CommonJS file with an environment of its own. */
function load(text: string, env: Env): { handler?: (event: object) => Promise<unknown>; whole: unknown } {
  const module: { exports: { handler?: (event: object) => Promise<unknown> } } = { exports: {} };
  // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- it is the text itself that is tested
  new Function('module', 'exports', 'process', text)(module, module.exports, { env });
  return { ...module.exports, whole: module.exports };
}

const aws = { ARC_ENV: 'staging', ARC_HTTP_URL: 'https://page.execute-api.us-west-2.amazonaws.com' };
const local = { ARC_ENV: 'testing', ARC_HTTP_URL: 'http://localhost:3333' };
const socketHost = 'socket.execute-api.us-west-2.amazonaws.com';

describe('the generated connect', () => {
  test.for<{ why: string; env: Env; headers: Env; statusCode: number }>([
    { why: 'the page, on AWS', env: aws, headers: { Host: socketHost, Origin: aws.ARC_HTTP_URL }, statusCode: 200 },
    {
      why: 'another site, on AWS',
      env: aws,
      headers: { Host: socketHost, Origin: 'https://evil.example' },
      statusCode: 403,
    },
    {
      why: 'a page that says that it came through a proxy, on AWS',
      env: aws,
      headers: { Host: socketHost, Origin: 'https://evil.example', 'X-Forwarded-Host': 'evil.example' },
      statusCode: 403,
    },
    {
      why: 'the page, here',
      env: local,
      headers: { Host: 'localhost:1', Origin: 'http://localhost:1' },
      statusCode: 200,
    },
    {
      why: 'another site, here',
      env: local,
      headers: { Host: 'localhost:1', Origin: 'https://evil.example' },
      statusCode: 403,
    },
    {
      why: 'another port, here',
      env: local,
      headers: { Host: 'localhost:1', Origin: 'http://localhost:2' },
      statusCode: 403,
    },
    { why: 'an opaque page', env: local, headers: { Host: 'localhost:1', Origin: 'null' }, statusCode: 403 },
    {
      why: 'behind a proxy that keeps the name to itself',
      env: local,
      headers: { Host: 'localhost:1', Origin: 'https://me.example', 'X-Forwarded-Host': 'me.example' },
      statusCode: 200,
    },
    { why: 'a program that is no browser', env: local, headers: { Host: 'localhost:1' }, statusCode: 200 },
  ])('$why: $statusCode', async ({ env, headers, statusCode }) => {
    const { handler } = load(connectTemplate('commonjs'), env);
    expect(await handler?.({ headers })).toEqual({ statusCode });
  });
});

test.for<{ why: string; env: Env; url: string }>([
  { why: 'on AWS', env: { ARC_WSS_URL: 'wss://a.example/staging' }, url: 'wss://a.example/staging' },
  { why: 'in the sandbox', env: { ARC_WSS_URL: 'ws://localhost:3333/testing', ARC_SANDBOX: '{}' }, url: '/testing' },
])('the generated get-web-socket-url $why', ({ env, url }) => {
  const { whole } = load(webSocketUrlTemplate('commonjs'), env);
  expect(typeof whole === 'function' && whole()).toBe(url);
});

describe('the generated authorizer', () => {
  const event = { methodArn: 'arn:aws:execute-api:us-west-2:123456789012:abcdef1234/testing/$connect' };

  test('lets nobody in before it is written', async () => {
    const { handler } = load(authorizerTemplate('commonjs'), local);
    await expect(handler?.(event)).rejects.toThrow(/^Unauthorized$/);
  });

  test('lets in whom it knows', async () => {
    const text = authorizerTemplate('commonjs').replace('return undefined', "return { id: '7', name: 'Ann' }");
    const result = await load(text, local).handler?.(event);
    expect(result).toMatchObject({
      principalId: '7',
      policyDocument: { Statement: [{ Effect: 'Allow', Resource: event.methodArn }] },
      context: { name: 'Ann' },
    });
  });
});
