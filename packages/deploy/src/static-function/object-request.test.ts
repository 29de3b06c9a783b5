import { parseAuthorization, sha256 } from '@furrow/protocol';
import { describe, expect, test } from 'vitest';
import { objectAddress, objectRequest, objectStore } from './object-request.ts';

const env = {
  ARC_STATIC_BUCKET: 'files',
  AWS_REGION: 'us-west-2',
  AWS_ACCESS_KEY_ID: 'AKID',
  AWS_SECRET_ACCESS_KEY: 'secret',
};
const atMs = Date.UTC(2026, 10, 24, 12);

describe('the store of an environment', () => {
  test.for<{ why: string; more: Record<string, string>; origin: string; pathPrefix: string }>([
    { why: 'S3', more: {}, origin: 'https://files.s3.us-west-2.amazonaws.com', pathPrefix: '/' },
    {
      why: 'a bucket with dots',
      more: { ARC_STATIC_BUCKET: 'files.example.com' },
      origin: 'https://s3.us-west-2.amazonaws.com',
      pathPrefix: '/files.example.com/',
    },
    {
      why: 'China',
      more: { AWS_REGION: 'cn-north-1' },
      origin: 'https://files.s3.cn-north-1.amazonaws.com.cn',
      pathPrefix: '/',
    },
    {
      why: 'the European partition',
      more: { AWS_REGION: 'eusc-de-east-1' },
      origin: 'https://files.s3.eusc-de-east-1.amazonaws.eu',
      pathPrefix: '/',
    },
    {
      why: 'an endpoint of all services',
      more: { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' },
      origin: 'http://127.0.0.1:4566',
      pathPrefix: '/files/',
    },
    {
      why: 'an endpoint of S3, which counts more',
      more: { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566', AWS_ENDPOINT_URL_S3: 'https://s3.example/base/' },
      origin: 'https://s3.example',
      pathPrefix: '/base/files/',
    },
    {
      why: 'empty endpoints',
      more: { AWS_ENDPOINT_URL: '', AWS_ENDPOINT_URL_S3: '' },
      origin: 'https://files.s3.us-west-2.amazonaws.com',
      pathPrefix: '/',
    },
  ])('$why', ({ more, origin, pathPrefix }) => {
    expect(objectStore({ ...env, ...more })).toMatchObject({ origin, pathPrefix });
  });

  test.for([...Object.keys(env), 'AWS_ENDPOINT_URL'])('is none with a wrong %s', (name) => {
    expect(objectStore({ ...env, [name]: name === 'AWS_ENDPOINT_URL' ? 'nowhere' : '' })).toBeUndefined();
  });
});

test.for([
  { key: 'app.js', path: '/app.js' },
  { key: 'a b/€.txt', path: '/a%20b/%E2%82%AC.txt' },
  { key: `it's (a) *!+=&?#%.txt`, path: '/it%27s%20%28a%29%20%2A%21%2B%3D%26%3F%23%25.txt' },
])('a request for $key', ({ key, path }) => {
  const store = objectStore({ ...env, AWS_SESSION_TOKEN: 'token' })!;
  const request = objectRequest(store, { method: 'GET', key, headers: { range: 'bytes=0-1' }, atMs });
  expect(request.url).toBe(`https://files.s3.us-west-2.amazonaws.com${path}`);
  expect(new URL(request.url).href).toBe(request.url);
  expect(request.headers).toMatchObject({
    range: 'bytes=0-1',
    'x-amz-content-sha256': sha256(''),
    'x-amz-security-token': 'token',
  });
  expect(request.headers).not.toHaveProperty('host');
  expect(parseAuthorization(request.headers['authorization']!)).toMatchObject({
    scope: { date: '20261124', region: 'us-west-2', service: 's3' },
    signedHeaders: ['host', 'range', 'x-amz-content-sha256', 'x-amz-date', 'x-amz-security-token'],
  });
});

test('an address that anybody may use', () => {
  const url = new URL(objectAddress(objectStore(env)!, 'big file.bin', atMs));
  expect(url.pathname).toBe('/big%20file.bin');
  expect(url.searchParams.get('X-Amz-Expires')).toBe('900');
  expect(url.searchParams.get('X-Amz-Date')).toBe('20261124T120000Z');
  expect(url.searchParams.get('X-Amz-Signature')).toMatch(/^[0-9a-f]{64}$/);
});
