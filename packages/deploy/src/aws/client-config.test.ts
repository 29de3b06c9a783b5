import { describe, expect, test } from 'vitest';
import { clientConfig, selectProfile, selectRegion } from './client-config.ts';

const keys = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' };
const facts = { region: 'us-west-2', profile: undefined, env: {}, appName: 'furrow' };

describe('the profile', () => {
  test.for([
    { why: 'of the manifest, when the environment says nothing', env: {}, expected: 'work' },
    { why: 'of the environment', env: { AWS_PROFILE: 'home' }, expected: 'home' },
    { why: 'of the environment, keys or not, as in the SDK', env: { AWS_PROFILE: 'home', ...keys }, expected: 'home' },
    { why: 'none beside keys', env: keys, expected: undefined },
    { why: 'of the manifest, beside half a pair of keys', env: { AWS_ACCESS_KEY_ID: 'key' }, expected: 'work' },
    { why: 'none beside a web identity', env: { AWS_WEB_IDENTITY_TOKEN_FILE: '/token' }, expected: undefined },
    { why: 'none in a container', env: { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/x' }, expected: undefined },
    { why: 'none in a pod', env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://x' }, expected: undefined },
  ])('$why', ({ env, expected }) => {
    expect(selectProfile('work', env)).toBe(expected);
  });
});

describe('the region', () => {
  test.for([
    {
      why: 'of the manifest comes first',
      setting: 'eu-west-1',
      env: { AWS_REGION: 'us-east-1' },
      expected: 'eu-west-1',
    },
    { why: 'AWS_REGION', env: { AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-2' }, expected: 'us-east-1' },
    { why: 'AWS_DEFAULT_REGION', env: { AWS_REGION: '', AWS_DEFAULT_REGION: 'us-east-2' }, expected: 'us-east-2' },
    { why: 'none', env: {}, expected: undefined },
  ])('$why', ({ setting, env, expected }) => {
    expect(selectRegion(setting, env)).toBe(expected);
  });
});

describe('a client', () => {
  test('tries five times, and gives up on a line that is silent', () => {
    expect(clientConfig(facts, 'S3')).toEqual({
      region: 'us-west-2',
      retryMode: 'standard',
      maxAttempts: 5,
      requestHandler: { connectionTimeout: 5000, socketTimeout: 30_000 },
      userAgentAppId: 'furrow',
    });
  });

  test.for([
    { why: 'with a session', env: { ...keys, AWS_SESSION_TOKEN: 'token' }, expected: { sessionToken: 'token' } },
    { why: 'without one', env: keys, expected: {} },
  ])('has the keys of the environment, $why', ({ env, expected }) => {
    const { credentials } = clientConfig({ ...facts, env }, 'S3');
    expect(credentials).toEqual({ accessKeyId: 'key', secretAccessKey: 'secret', ...expected });
  });

  test('has a profile instead of keys', () => {
    const config = clientConfig({ ...facts, profile: 'work', env: keys }, 'S3');
    expect(config.profile).toBe('work');
    expect(config.credentials).toBeUndefined();
  });

  const all = 'http://127.0.0.1:1';
  const own = 'http://127.0.0.1:2';
  test.for([
    { why: 'for all services', env: { AWS_ENDPOINT_URL: all }, expected: all },
    { why: 'for this one', env: { AWS_ENDPOINT_URL: all, AWS_ENDPOINT_URL_S3: own }, expected: own },
    { why: 'for another one', env: { AWS_ENDPOINT_URL_SSM: own }, expected: undefined },
    {
      why: 'that is to be ignored',
      env: { AWS_ENDPOINT_URL: all, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
      expected: undefined,
    },
  ])('goes to an endpoint $why', ({ env, expected }) => {
    expect(clientConfig({ ...facts, env }, 'S3').endpoint).toBe(expected);
  });

  test.for([
    { text: '2', expected: 2 },
    { text: '', expected: 5 },
    { text: 'many', expected: 5 },
  ])('tries as often as AWS_MAX_ATTEMPTS says: "$text"', ({ text, expected }) => {
    expect(clientConfig({ ...facts, env: { AWS_MAX_ATTEMPTS: text } }, 'S3').maxAttempts).toBe(expected);
  });
});
