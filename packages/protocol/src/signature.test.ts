import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { describe, expect, test } from 'vitest';
import {
  canonicalPath,
  canonicalRequest,
  parseAuthorization,
  presignedQuery,
  sha256,
  signatureOf,
  signedHeaders,
  stringToSign,
  type SignableRequest,
} from './signature.ts';

/** The keys of AWS's own examples. */
const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};
const nothing = Buffer.alloc(0);
const plain: SignableRequest = { method: 'GET', path: '/', query: '', headers: {}, body: nothing };

test('sha256 of text and bytes', () => {
  const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  expect(sha256('')).toBe(empty);
  expect(sha256(nothing)).toBe(empty);
  expect(sha256('\u00e9')).toBe(sha256(Buffer.from('\u00e9')));
});

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html and AWS's SigV4 test suite */
describe('the examples that AWS published', () => {
  const atMs = Date.UTC(2015, 7, 30, 12, 36);
  const host = 'example.amazonaws.com';

  test.for([
    {
      why: 'get-vanilla',
      request: {},
      signature: '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    },
    {
      why: 'get-vanilla-query-order-key-case',
      request: { query: 'Param2=value2&Param1=value1' },
      signature: 'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    },
    {
      why: 'get-vanilla-utf8-query',
      request: { query: '\u1234=bar' },
      signature: '2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04',
    },
    {
      why: 'post-vanilla',
      request: { method: 'POST' },
      signature: '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
    },
    {
      why: 'post-x-www-form-urlencoded',
      request: {
        method: 'POST',
        headers: { host, 'content-type': 'application/x-www-form-urlencoded' },
        body: Buffer.from('Param1=value1'),
      },
      signature: 'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    },
  ])('$why', ({ request, signature }) => {
    const headers = signedHeaders(
      { ...plain, headers: { host }, ...request },
      { credentials, region: 'us-east-1', service: 'service', atMs },
    );
    expect(headers['x-amz-date']).toBe('20150830T123600Z');
    expect(headers['authorization']).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20150830\/us-east-1\/service\/aws4_request, SignedHeaders=/,
    );
    expect(headers['authorization']!.split('Signature=')[1]).toBe(signature);
  });

  test('iam: ListUsers, step by step', () => {
    const contentType = 'application/x-www-form-urlencoded; charset=utf-8';
    const request: SignableRequest = {
      ...plain,
      query: 'Action=ListUsers&Version=2010-05-08',
      headers: { 'content-type': contentType, host: 'iam.amazonaws.com', 'x-amz-date': '20150830T123600Z' },
    };
    const canonical = canonicalRequest(request, ['content-type', 'host', 'x-amz-date']);
    expect(canonical).toBe(
      [
        'GET',
        '/',
        'Action=ListUsers&Version=2010-05-08',
        `content-type:${contentType}`,
        'host:iam.amazonaws.com',
        'x-amz-date:20150830T123600Z',
        '',
        'content-type;host;x-amz-date',
        'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      ].join('\n'),
    );
    const scope = { date: '20150830', region: 'us-east-1', service: 'iam' };
    const text = stringToSign('20150830T123600Z', scope, canonical);
    expect(text).toBe(
      [
        'AWS4-HMAC-SHA256',
        '20150830T123600Z',
        '20150830/us-east-1/iam/aws4_request',
        'f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59',
      ].join('\n'),
    );
    expect(signatureOf(credentials.secretAccessKey, scope, text)).toBe(
      '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
    );
  });
});

/** What the SDK hands to its HTTP client. */
interface Wire {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
}

function isWire(value: unknown): value is Wire {
  return typeof value === 'object' && value !== null && 'method' in value && 'path' in value && 'headers' in value;
}

/** Lets the SDK sign a request and keeps it instead of sending it. */
async function signedBySdk(
  endpoint: string,
  call: (client: ApiGatewayManagementApiClient) => Promise<unknown>,
  sessionToken: string | undefined,
): Promise<SignableRequest> {
  const client = new ApiGatewayManagementApiClient({
    endpoint,
    region: 'eu-central-1',
    credentials: { ...credentials, ...(sessionToken !== undefined && { sessionToken }) },
  });
  const sent: Wire[] = [];
  client.middlewareStack.add(
    () => (args) => {
      if (isWire(args.request)) sent.push(args.request);
      return Promise.resolve({ output: { $metadata: {} }, response: undefined });
    },
    { step: 'deserialize', priority: 'high' },
  );
  await call(client);
  const [wire] = sent;
  return {
    method: wire!.method,
    path: wire!.path,
    query: '',
    headers: Object.fromEntries(Object.entries(wire!.headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: Buffer.from(wire!.body ?? []),
  };
}

describe("T100 the SDK's signatures", () => {
  const ConnectionId = 'TXzPWdn-_jECGjA=';

  test.for<{
    why: string;
    endpoint: string;
    call: (client: ApiGatewayManagementApiClient) => Promise<unknown>;
    token?: string;
  }>([
    {
      why: 'POST',
      endpoint: 'https://abcdef1234.execute-api.eu-central-1.amazonaws.com/production',
      call: (client) => client.send(new PostToConnectionCommand({ ConnectionId, Data: Buffer.from('h\u00e9llo') })),
    },
    {
      why: 'GET with a session token',
      endpoint: 'http://localhost:3333/staging',
      call: (client) => client.send(new GetConnectionCommand({ ConnectionId })),
      token: 'FwoGZXIvYXdzEXAMPLE/+==',
    },
    {
      why: 'DELETE',
      endpoint: 'http://localhost:3333/staging',
      call: (client) => client.send(new DeleteConnectionCommand({ ConnectionId })),
    },
    {
      why: 'T103 POST with a slash at the end of the endpoint',
      endpoint: 'http://localhost:3333/staging/',
      call: (client) => client.send(new PostToConnectionCommand({ ConnectionId, Data: '' })),
    },
    {
      why: 'POST on a stage that needs an escape',
      endpoint: 'http://localhost:3333/$default',
      call: (client) => client.send(new PostToConnectionCommand({ ConnectionId, Data: '{}' })),
    },
  ])('$why', async ({ endpoint, call, token }) => {
    const request = await signedBySdk(endpoint, call, token);
    const parsed = parseAuthorization(request.headers['authorization']!)!;
    expect(parsed).toMatchObject({
      accessKeyId: 'AKIDEXAMPLE',
      scope: { region: 'eu-central-1', service: 'execute-api' },
    });
    expect(request.path).toContain('/@connections/TXzPWdn-_jECGjA%3D');

    const canonical = canonicalRequest(request, parsed.signedHeaders);
    const text = stringToSign(request.headers['x-amz-date']!, parsed.scope, canonical);
    expect(signatureOf(credentials.secretAccessKey, parsed.scope, text)).toBe(parsed.signature);
    expect(parsed.signedHeaders.includes('x-amz-security-token')).toBe(token !== undefined);
  });
});

describe('canonicalPath', () => {
  test.for([
    { why: 'T101 escaped by the client', path: '/dev/%40connections/X%3D', canonical: '/dev/%2540connections/X%253D' },
    { why: 'T102 not escaped', path: '/test/@connections/X=', canonical: '/test/%40connections/X%3D' },
    { why: 'D4 as the SDK sends it', path: '/dev/@connections/X%3D', canonical: '/dev/%40connections/X%253D' },
    { why: 'D4 a $', path: '/$default/%40connections/X%3D', canonical: '/%24default/%2540connections/X%253D' },
    { why: 'T103 two slashes', path: '/prod//@connections/X%3D', canonical: '/prod/%40connections/X%253D' },
    { why: 'many slashes', path: '////a///b////', canonical: '/a/b/' },
    { why: 'the root', path: '/', canonical: '/' },
    { why: 'nothing', path: '', canonical: '' },
    { why: 'what stays', path: '/AZaz09-._~', canonical: '/AZaz09-._~' },
    {
      why: 'ASCII beside it',
      path: '/ !"#$&\'()*+,:;<=>?@[\\]^`{|}',
      canonical: '/%20%21%22%23%24%26%27%28%29%2A%2B%2C%3A%3B%3C%3D%3E%3F%40%5B%5C%5D%5E%60%7B%7C%7D',
    },
    { why: 'UTF-8', path: '/\u00e9\u{1f69c}', canonical: '/%C3%A9%F0%9F%9A%9C' },
    { why: 'half a character', path: '/\ud800', canonical: '/%EF%BF%BD' },
    { why: 'a broken escape', path: '/%zz%', canonical: '/%25zz%25' },
    { why: 'control characters', path: '/\u0000\n\u007f', canonical: '/%00%0A%7F' },
  ])('$why: $path', ({ path, canonical }) => {
    expect(canonicalPath(path)).toBe(canonical);
  });

  test.for(['/', '@', 'a@', '\u00e9'])('100,000 of %s are quick', (piece) => {
    const startedAtMs = performance.now();
    canonicalPath(piece.repeat(100_000));
    expect(performance.now() - startedAtMs).toBeLessThan(2000);
  });
});

describe('canonicalRequest', () => {
  test.for([
    { why: 'no query', query: '', canonical: '' },
    { why: 'a name alone', query: 'a', canonical: 'a=' },
    { why: 'an empty value', query: 'a=', canonical: 'a=' },
    { why: 'an empty name', query: '=a', canonical: '=a' },
    { why: 'empty pairs', query: '&a=1&&', canonical: 'a=1' },
    { why: 'a second =', query: 'a=b=c', canonical: 'a=b%3Dc' },
    { why: 'the order of names', query: 'b=1&a=2', canonical: 'a=2&b=1' },
    { why: 'upper case first', query: 'a=1&B=2', canonical: 'B=2&a=1' },
    { why: 'values of one name in order', query: 'a=2&a=10&a=1', canonical: 'a=1&a=10&a=2' },
    { why: 'a name that begins as another one', query: 'a-b=1&a=z&a1=2&a.b=3', canonical: 'a=z&a-b=1&a.b=3&a1=2' },
    { why: 'an escaped name that begins as another one', query: 'a%20=1&a=z', canonical: 'a=z&a%20=1' },
    { why: 'a space', query: 'a=%20', canonical: 'a=%20' },
    { why: 'a plus is a plus', query: 'a=1+1', canonical: 'a=1%2B1' },
    { why: 'an escape that was not needed', query: '%61=%7e', canonical: 'a=~' },
    { why: 'lower-case hexadecimal', query: 'a=%c3%a9', canonical: 'a=%C3%A9' },
    { why: 'characters as they are', query: 'a=\u00e9/:*', canonical: 'a=%C3%A9%2F%3A%2A' },
    { why: 'a broken escape', query: 'a=%&b=%zz', canonical: 'a=%25&b=%25zz' },
    { why: '__proto__', query: '__proto__=1', canonical: '__proto__=1' },
    { why: 'a question mark', query: '?a=1', canonical: '%3Fa=1' },
  ])('query: $why', ({ query, canonical }) => {
    expect(canonicalRequest({ ...plain, query }, []).split('\n')[2]).toBe(canonical);
  });

  test('headers: trimmed, spaces joined, absent ones empty, names of an object only themselves', () => {
    const headers = { host: ' a  b\t c ', empty: '' };
    const names = ['host', 'empty', 'absent', '__proto__', 'constructor', 'toString'];
    expect(
      canonicalRequest({ ...plain, headers }, names)
        .split('\n')
        .slice(3, 11),
    ).toEqual(['host:a b c', 'empty:', 'absent:', '__proto__:', 'constructor:', 'toString:', '', names.join(';')]);
  });

  test.for([
    { why: 'T104 hash of the body', headers: {}, hash: sha256('x') },
    { why: 'hash that was sent', headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }, hash: 'UNSIGNED-PAYLOAD' },
  ])('$why', ({ headers, hash }) => {
    const canonical = canonicalRequest({ ...plain, headers, body: Buffer.from('x') }, []);
    expect(canonical.split('\n').at(-1)).toBe(hash);
  });
});

describe('signedHeaders', () => {
  const options = {
    credentials,
    region: 'us-east-1',
    service: 'execute-api',
    atMs: Date.UTC(2026, 10, 23, 15, 30, 0, 7),
  };

  test.for([
    { why: 'lasting keys', sessionToken: undefined, names: 'host;x-amz-date' },
    { why: 'temporary keys', sessionToken: 'token', names: 'host;x-amz-date;x-amz-security-token' },
  ])('$why', ({ sessionToken, names }) => {
    const request = { ...plain, headers: { host: 'localhost' } };
    const added = signedHeaders(request, { ...options, credentials: { ...credentials, sessionToken } });
    expect(added['x-amz-date']).toBe('20261123T153000Z');
    expect(added['x-amz-security-token']).toBe(sessionToken);
    const parsed = parseAuthorization(added['authorization']!)!;
    expect(parsed).toMatchObject({
      accessKeyId: 'AKIDEXAMPLE',
      scope: { date: '20261123', region: 'us-east-1', service: 'execute-api' },
      signedHeaders: names.split(';'),
    });
    const canonical = canonicalRequest({ ...request, headers: { ...request.headers, ...added } }, parsed.signedHeaders);
    const text = stringToSign('20261123T153000Z', parsed.scope, canonical);
    expect(signatureOf(credentials.secretAccessKey, parsed.scope, text)).toBe(parsed.signature);
  });
});

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html and sigv4-query-string-auth.html */
describe("AWS's examples for S3", () => {
  const options = {
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
    region: 'us-east-1',
    service: 's3',
    atMs: Date.UTC(2013, 4, 24),
  };
  const host = 'examplebucket.s3.amazonaws.com';
  const empty = { host, 'x-amz-content-sha256': sha256('') };
  const welcome = 'Welcome to Amazon S3.';

  test.for([
    {
      why: 'GET Object',
      request: { path: '/test.txt', headers: { ...empty, range: 'bytes=0-9' } },
      signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    },
    {
      why: 'PUT Object, an escape in its path',
      request: {
        method: 'PUT',
        path: '/test%24file.text',
        headers: {
          host,
          date: 'Fri, 24 May 2013 00:00:00 GMT',
          'x-amz-storage-class': 'REDUCED_REDUNDANCY',
          'x-amz-content-sha256': sha256(welcome),
        },
        body: Buffer.from(welcome),
      },
      signature: '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    },
    {
      why: 'GET Bucket lifecycle, a query without a value',
      request: { query: 'lifecycle', headers: empty },
      signature: 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    },
    {
      why: 'GET Bucket (List Objects)',
      request: { query: 'max-keys=2&prefix=J', headers: empty },
      signature: '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    },
  ])('$why', ({ request, signature }) => {
    const added = signedHeaders({ ...plain, ...request }, options);
    expect(added['authorization']!.split('Signature=')[1]).toBe(signature);
  });

  test('a presigned URL', () => {
    const request = { method: 'GET', path: '/test.txt', query: '', headers: { host } };
    expect(presignedQuery(request, { ...options, expiresSeconds: 86_400 })).toBe(
      [
        'X-Amz-Algorithm=AWS4-HMAC-SHA256',
        'X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request',
        'X-Amz-Date=20130524T000000Z',
        'X-Amz-Expires=86400',
        'X-Amz-SignedHeaders=host',
        'X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
      ].join('&'),
    );
  });

  test('a presigned URL with temporary keys and a query of its own', () => {
    const temporary = { ...options.credentials, sessionToken: 'a/b+c==' };
    const request = { method: 'GET', path: '/a', query: 'versionId=1', headers: { host } };
    const query = presignedQuery(request, { ...options, credentials: temporary, expiresSeconds: 60 });
    expect(query).toMatch(/^versionId=1&X-Amz-Algorithm=/);
    expect(query).toContain('&X-Amz-Expires=60&X-Amz-Security-Token=a%2Fb%2Bc%3D%3D&X-Amz-SignedHeaders=host&');
    const [unsigned, signature] = query.split('&X-Amz-Signature=');
    const headers = { host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
    const canonical = canonicalRequest({ ...request, query: unsigned!, headers, body: nothing }, ['host'], {
      path: '/a',
    });
    const scope = { date: '20130524', region: 'us-east-1', service: 's3' };
    const text = stringToSign('20130524T000000Z', scope, canonical);
    expect(signature).toBe(signatureOf(temporary.secretAccessKey, scope, text));
  });
});

const credential = 'Credential=AKID/20261123/us-west-2/execute-api/aws4_request';

describe('parseAuthorization', () => {
  test.for([
    {
      why: 'as the SDK writes it',
      header: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host;x-amz-date, Signature=ab`,
    },
    { why: 'no spaces', header: `AWS4-HMAC-SHA256 ${credential},SignedHeaders=host;x-amz-date,Signature=ab` },
    {
      why: 'many spaces',
      header: `AWS4-HMAC-SHA256   ${credential} ,\tSignedHeaders=host;x-amz-date  ,  Signature=ab `,
    },
    { why: 'another order', header: `AWS4-HMAC-SHA256 Signature=ab, SignedHeaders=host;x-amz-date, ${credential}` },
    {
      why: 'more fields',
      header: `AWS4-HMAC-SHA256 ${credential}, x, __proto__=y, SignedHeaders=host;x-amz-date, Signature=ab,`,
    },
  ])('$why', ({ header }) => {
    expect(parseAuthorization(header)).toEqual({
      accessKeyId: 'AKID',
      scope: { date: '20261123', region: 'us-west-2', service: 'execute-api' },
      signedHeaders: ['host', 'x-amz-date'],
      signature: 'ab',
    });
  });

  test.for([
    { why: 'nothing', header: '' },
    { why: 'another scheme', header: 'Bearer abc' },
    { why: 'the scheme alone', header: 'AWS4-HMAC-SHA256' },
    { why: 'the scheme and a space', header: 'AWS4-HMAC-SHA256 ' },
    { why: 'the scheme in lower case', header: `aws4-hmac-sha256 ${credential}, SignedHeaders=host, Signature=ab` },
    { why: 'another algorithm', header: `AWS4-ECDSA-P256-SHA256 ${credential}, SignedHeaders=host, Signature=ab` },
    { why: 'no credential', header: 'AWS4-HMAC-SHA256 SignedHeaders=host, Signature=ab' },
    { why: 'no signed headers', header: `AWS4-HMAC-SHA256 ${credential}, Signature=ab` },
    { why: 'empty signed headers', header: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=, Signature=ab` },
    { why: 'an empty name', header: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host;, Signature=ab` },
    { why: 'a name twice', header: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host;a;host, Signature=ab` },
    { why: 'no signature', header: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host` },
    { why: 'an empty signature', header: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=` },
    { why: 'a signature without =', header: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature` },
    {
      why: 'an empty key',
      header: 'AWS4-HMAC-SHA256 Credential=/20261123/r/s/aws4_request, SignedHeaders=host, Signature=ab',
    },
    {
      why: 'an empty date',
      header: 'AWS4-HMAC-SHA256 Credential=A//r/s/aws4_request, SignedHeaders=host, Signature=ab',
    },
    {
      why: 'an empty region',
      header: 'AWS4-HMAC-SHA256 Credential=A/d//s/aws4_request, SignedHeaders=host, Signature=ab',
    },
    {
      why: 'an empty service',
      header: 'AWS4-HMAC-SHA256 Credential=A/d/r//aws4_request, SignedHeaders=host, Signature=ab',
    },
    {
      why: 'another end',
      header: 'AWS4-HMAC-SHA256 Credential=A/d/r/s/aws5_request, SignedHeaders=host, Signature=ab',
    },
    { why: 'too few parts', header: 'AWS4-HMAC-SHA256 Credential=A/d/r/s, SignedHeaders=host, Signature=ab' },
    {
      why: 'too many parts',
      header: 'AWS4-HMAC-SHA256 Credential=A/d/r/s/aws4_request/x, SignedHeaders=host, Signature=ab',
    },
    {
      why: 'names in lower case',
      header: `AWS4-HMAC-SHA256 ${credential.toLowerCase()}, signedheaders=host, signature=ab`,
    },
  ])('$why is none', ({ header }) => {
    expect(parseAuthorization(header)).toBeUndefined();
  });

  const many = 200_000;
  test.for([
    { why: 'commas', header: `AWS4-HMAC-SHA256 ${','.repeat(many)}` },
    { why: 'slashes', header: `AWS4-HMAC-SHA256 Credential=${'/'.repeat(many)}` },
    { why: 'equals signs', header: `AWS4-HMAC-SHA256 ${'='.repeat(many)}` },
    { why: 'spaces', header: `AWS4-HMAC-SHA256 ${' '.repeat(many)}x` },
    {
      why: 'one header again and again',
      header: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${'a;'.repeat(many / 2)}a, Signature=ab`,
    },
    { why: 'no names', header: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${';'.repeat(many)}, Signature=ab` },
    {
      why: 'fields',
      header: `AWS4-HMAC-SHA256 ${Array.from({ length: many / 10 }, (_, index) => `f${index}=x`).join(',')}`,
    },
  ])('200,000 characters of $why are refused soon', ({ header }) => {
    const startedAtMs = performance.now();
    expect(parseAuthorization(header)).toBeUndefined();
    expect(performance.now() - startedAtMs).toBeLessThan(2000);
  });
});
