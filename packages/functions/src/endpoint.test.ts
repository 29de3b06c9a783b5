import { describe, expect, test } from 'vitest';
import { managementEndpoint, parametersEndpoint, signer, tablesEndpoint } from './endpoint.ts';

const explicit = 'AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI';

describe('where @connections is', () => {
  test.for([
    { env: { ARC_WSS_URL: 'wss://host/staging' }, origin: 'https://host', basePath: '/staging' },
    { env: { ARC_WSS_URL: 'WSS://host/staging' }, origin: 'https://host', basePath: '/staging' },
    { env: { ARC_WSS_URL: 'ws://localhost:3333' }, origin: 'http://localhost:3333', basePath: '' },
    { env: { ARC_WSS_URL: 'ws://[::1]:3333/a/' }, origin: 'http://[::1]:3333', basePath: '/a' },
    { env: { ARC_WSS_URL: 'https://host:443/s//' }, origin: 'https://host', basePath: '/s' },
    { env: { ARC_WSS_URL: 'wss://host/a?b=c#d' }, origin: 'https://host', basePath: '/a' },
    {
      env: { [explicit]: 'http://127.0.0.1:80/x/', ARC_WSS_URL: 'wss://host/staging' },
      origin: 'http://127.0.0.1',
      basePath: '/x',
    },
    { env: { [explicit]: '', ARC_WSS_URL: 'wss://host/staging' }, origin: 'https://host', basePath: '/staging' },
  ])('$env', ({ env, ...endpoint }) => {
    expect(managementEndpoint(env)).toEqual(endpoint);
  });

  test.for([
    { env: {}, code: 'ENDPOINT_MISSING' },
    { env: { ARC_WSS_URL: '' }, code: 'ENDPOINT_MISSING' },
    { env: { ARC_WSS_URL: 'host/staging' }, code: 'ENDPOINT_INVALID' },
    { env: { ARC_WSS_URL: 'ftp://host' }, code: 'ENDPOINT_INVALID' },
    { env: { ARC_WSS_URL: 'https://' }, code: 'ENDPOINT_INVALID' },
  ])('$env throws $code', ({ env, code }) => {
    expect(() => managementEndpoint(env)).toThrow(expect.objectContaining({ code, fix: expect.any(String) }));
  });
});

describe('where SSM is', () => {
  test.for([
    { env: {}, region: 'us-west-2', origin: 'https://ssm.us-west-2.amazonaws.com' },
    { env: {}, region: 'us-gov-west-1', origin: 'https://ssm.us-gov-west-1.amazonaws.com' },
    { env: {}, region: 'cn-north-1', origin: 'https://ssm.cn-north-1.amazonaws.com.cn' },
    { env: {}, region: 'eusc-de-east-1', origin: 'https://ssm.eusc-de-east-1.amazonaws.eu' },
    { env: { AWS_ENDPOINT_URL_SSM: 'http://localhost:1234/' }, region: 'us-west-2', origin: 'http://localhost:1234' },
  ])('$region, $env', ({ env, region, origin }) => {
    expect(parametersEndpoint(env, region)).toEqual({ origin, basePath: '' });
  });
});

const sandbox = (ports: object) => ({ ARC_SANDBOX: JSON.stringify({ ports }) });

describe('where DynamoDB is', () => {
  const one = 'AWS_ENDPOINT_URL_DYNAMODB';
  const all = 'AWS_ENDPOINT_URL';

  test.for([
    { env: {}, region: 'us-west-2', origin: 'https://dynamodb.us-west-2.amazonaws.com' },
    { env: {}, region: 'cn-north-1', origin: 'https://dynamodb.cn-north-1.amazonaws.com.cn' },
    { env: { [one]: 'http://a:1', [all]: 'http://b:2', ...sandbox({ tables: 3 }) }, origin: 'http://a:1' },
    { env: { [one]: '', [all]: 'http://b:2', ...sandbox({ tables: 3 }) }, origin: 'http://b:2' },
    { env: sandbox({ tables: 3 }), origin: 'http://localhost:3' },
    { env: sandbox({ http: 3333 }), origin: 'https://dynamodb.us-west-2.amazonaws.com' },
    { env: { ARC_SANDBOX: 'not JSON' }, origin: 'https://dynamodb.us-west-2.amazonaws.com' },
  ])('$region, $env', ({ env, region = 'us-west-2', origin }) => {
    expect(tablesEndpoint(env, region)).toEqual({ origin, basePath: '' });
  });

  test('a URL that is none names its variable', () => {
    expect(() => tablesEndpoint({ [all]: 'b:2' }, 'us-west-2')).toThrow(/^AWS_ENDPOINT_URL is "b:2"/);
  });
});

describe('who signs', () => {
  const env = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'us-west-2' };

  test.for([
    { why: 'long-lived keys', env, sessionToken: undefined },
    { why: 'an empty token is none', env: { ...env, AWS_SESSION_TOKEN: '' }, sessionToken: undefined },
    { why: 'temporary keys', env: { ...env, AWS_SESSION_TOKEN: 'token' }, sessionToken: 'token' },
  ])('$why', ({ env: variables, sessionToken }) => {
    expect(signer(variables)).toEqual({
      credentials: { accessKeyId: 'id', secretAccessKey: 'secret', sessionToken },
      region: 'us-west-2',
    });
  });

  test('every missing variable is named', () => {
    expect(() => signer({ AWS_SECRET_ACCESS_KEY: 'secret' })).toThrow(
      'Cannot sign a request to AWS: AWS_ACCESS_KEY_ID, AWS_REGION not set.',
    );
  });
});
