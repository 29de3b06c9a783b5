import type { Pairs } from '@furrow/protocol';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { httpEvent, type HttpRequestFacts } from './request-event.ts';

const facts: HttpRequestFacts = {
  method: 'POST',
  rawPath: '/rooms/7',
  rawQuery: '',
  headers: [
    ['Host', 'localhost:3333'],
    ['User-Agent', 'curl/8'],
  ],
  body: Buffer.alloc(0),
  sourceIp: '127.0.0.1',
  scheme: 'http',
  port: 3333,
  match: { routeKey: 'POST /rooms/{id}', functionName: 'http/post-rooms-000id', pathParameters: { id: '7' } },
  domainName: 'api.example.com:3333',
  apiId: 'local',
  requestId: 'R=',
  traceId: 'Root=1-65d3016e-0123456789abcdef01234567',
  atMs: 1_708_326_702_027,
};

const event = (changes: Partial<HttpRequestFacts>) => httpEvent({ ...facts, ...changes });

test('a whole event, keys in the order of the documents', () => {
  const made = event({
    rawQuery: 'a=1&a=2&b=x%20y',
    headers: [...facts.headers, ['Content-Type', 'text/plain'], ['Cookie', 'one=1; two=2']],
    body: Buffer.from('hi'),
  });
  expect(JSON.stringify(made, undefined, 1)).toBe(
    JSON.stringify(
      {
        version: '2.0',
        routeKey: 'POST /rooms/{id}',
        rawPath: '/rooms/7',
        rawQueryString: 'a=1&a=2&b=x%20y',
        cookies: ['one=1', 'two=2'],
        headers: {
          'content-length': '2',
          'content-type': 'text/plain',
          host: 'localhost:3333',
          'user-agent': 'curl/8',
          'x-amzn-trace-id': 'Root=1-65d3016e-0123456789abcdef01234567',
          'x-forwarded-for': '127.0.0.1',
          'x-forwarded-port': '3333',
          'x-forwarded-proto': 'http',
        },
        queryStringParameters: { a: '1,2', b: 'x y' },
        requestContext: {
          accountId: '000000000000',
          apiId: 'local',
          domainName: 'api.example.com:3333',
          domainPrefix: 'api',
          http: {
            method: 'POST',
            path: '/rooms/7',
            protocol: 'HTTP/1.1',
            sourceIp: '127.0.0.1',
            userAgent: 'curl/8',
          },
          requestId: 'R=',
          routeKey: 'POST /rooms/{id}',
          stage: '$default',
          time: '19/Feb/2024:07:11:42 +0000',
          timeEpoch: 1_708_326_702_027,
        },
        body: 'hi',
        pathParameters: { id: '7' },
        isBase64Encoded: false,
      },
      undefined,
      1,
    ),
  );
});

test('what is not there is left out', () => {
  const made = event({ headers: [], match: { ...facts.match, pathParameters: undefined } });
  expect(Object.keys(made)).toEqual([
    'version',
    'routeKey',
    'rawPath',
    'rawQueryString',
    'headers',
    'requestContext',
    'isBase64Encoded',
  ]);
  expect(made.rawQueryString).toBe('');
  expect(made.requestContext.http.userAgent).toBe('');
});

describe('the path as AWS delivers it', () => {
  test.for([
    { rawPath: '/capture/plain', path: '/capture/plain' },
    { rawPath: '/capture/space%20value', path: '/capture/space value' },
    { rawPath: '/capture/question%3Fvalue', path: '/capture/question' },
    { rawPath: '/capture/hash%23value', path: '/capture/hash#value' },
    { rawPath: '/capture/slash%2Fvalue', path: '/capture/slash/value' },
    { rawPath: '/capture/unicode-%CE%BB', path: '/capture/unicode-λ' },
    { rawPath: '/capture/literal%252Fvalue', path: '/capture/literal/value' },
    { rawPath: '/capture/literal%253Fvalue', path: '/capture/literal?value' },
    { rawPath: '/capture/literal%2525value', path: '/capture/literal%value' },
    { rawPath: '/capture/percent%25done', path: '/capture/percent%done' },
    { rawPath: '/broken/%zz', path: '/broken/%zz' },
    { rawPath: '/slash/', path: '/slash/' },
  ])('$rawPath', ({ rawPath, path }) => {
    const made = event({ rawPath });
    expect(made.rawPath).toBe(path);
    expect(made.requestContext.http.path).toBe(path);
  });
});

describe('headers', () => {
  test.for<{ why: string; headers: Pairs; name: string; value: string | undefined }>([
    { why: 'lower case', headers: [['X-One', '1']], name: 'x-one', value: '1' },
    {
      why: 'duplicates joined by commas',
      headers: [
        ['x-one', 'a'],
        ['X-One', 'b, c'],
      ],
      name: 'x-one',
      value: 'a,b, c',
    },
    { why: 'no cookies', headers: [['Cookie', 'a=1']], name: 'cookie', value: undefined },
    { why: 'a length even without a body', headers: [], name: 'content-length', value: '0' },
    { why: 'the length of what arrived', headers: [['Content-Length', '7']], name: 'content-length', value: '0' },
    {
      why: 'not the chunking',
      headers: [['Transfer-Encoding', 'chunked']],
      name: 'transfer-encoding',
      value: undefined,
    },
    { why: 'not the connection', headers: [['Connection', 'close']], name: 'connection', value: undefined },
    {
      why: 'the trace of the client',
      headers: [['X-Amzn-Trace-Id', 'Root=x']],
      name: 'x-amzn-trace-id',
      value: 'Root=x',
    },
    {
      why: 'earlier hops',
      headers: [['X-Forwarded-For', '9.9.9.9']],
      name: 'x-forwarded-for',
      value: '9.9.9.9, 127.0.0.1',
    },
    {
      why: 'never the scheme that a client claims',
      headers: [['X-Forwarded-Proto', 'https']],
      name: 'x-forwarded-proto',
      value: 'http',
    },
    {
      why: 'never the port that a client claims',
      headers: [['X-Forwarded-Port', '1']],
      name: 'x-forwarded-port',
      value: '3333',
    },
    { why: 'an empty value', headers: [['X-Empty', '']], name: 'x-empty', value: '' },
  ])('$why', ({ headers, name, value }) => {
    expect(event({ headers }).headers[name]).toBe(value);
  });

  test('a header called __proto__ is data', () => {
    const { headers } = event({ headers: [['__proto__', 'x']] });
    expect(JSON.stringify(headers)).toContain('"__proto__":"x"');
    expect(Object.getPrototypeOf(headers)).toBe(Object.prototype);
  });
});

describe('cookies', () => {
  test.for<{ why: string; headers: Pairs; cookies: readonly string[] | undefined }>([
    { why: 'split', headers: [['cookie', 'a=1; b=2']], cookies: ['a=1', 'b=2'] },
    { why: 'split without a space', headers: [['cookie', 'a=1;b=2;']], cookies: ['a=1', 'b=2'] },
    {
      why: 'of several headers',
      headers: [
        ['Cookie', 'a=1'],
        ['cookie', 'b=2'],
      ],
      cookies: ['a=1', 'b=2'],
    },
    {
      why: 'values are left alone',
      headers: [['cookie', 'a="x y"; b=%20; c=d=e']],
      cookies: ['a="x y"', 'b=%20', 'c=d=e'],
    },
    { why: 'none in an empty header', headers: [['cookie', ' ; ']], cookies: undefined },
  ])('$why', ({ headers, cookies }) => {
    expect(event({ headers }).cookies).toEqual(cookies);
  });
});

describe('the query', () => {
  test.for([
    { query: 'a=1&a=2', parameters: { a: '1,2' } },
    { query: 'empty=&none', parameters: { empty: '', none: '' } },
    { query: 'plus=a+b&escaped=a%2Bb', parameters: { plus: 'a b', escaped: 'a+b' } },
    { query: 'broken=%zz', parameters: { broken: '%zz' } },
    { query: '&', parameters: undefined },
    { query: 'url=https%3A%2F%2Fa%3Fb', parameters: { url: 'https://a?b' } },
  ])('$query', ({ query, parameters }) => {
    const made = event({ rawQuery: query });
    expect(made.rawQueryString).toBe(query);
    expect(made.queryStringParameters).toEqual(parameters);
  });

  test('a parameter called __proto__ is data', () => {
    const { queryStringParameters } = event({ rawQuery: '__proto__=1&__proto__=2' });
    expect(JSON.stringify(queryStringParameters)).toBe('{"__proto__":"1,2"}');
  });
});

describe('bodies', () => {
  const latin = Buffer.from([0xe9]);
  test.for<{ why: string; type: string | undefined; bytes: Buffer; isText: boolean; encoding?: string }>([
    { why: 'plain text', type: 'text/plain', bytes: Buffer.from('é'), isText: true },
    { why: 'text with a charset', type: 'text/html; charset=utf-8', bytes: Buffer.from('é'), isText: true },
    { why: 'JSON', type: 'application/json', bytes: Buffer.from('{}'), isText: true },
    { why: 'JSON in capitals', type: 'Application/JSON ;charset=utf-8', bytes: Buffer.from('{}'), isText: true },
    { why: 'a script', type: 'application/javascript', bytes: Buffer.from('1'), isText: true },
    { why: 'XML', type: 'application/xml', bytes: Buffer.from('<a/>'), isText: true },
    { why: 'a byte order mark is kept', type: 'text/plain', bytes: Buffer.from('\uFEFFx'), isText: true },
    { why: 'a form', type: 'application/x-www-form-urlencoded', bytes: Buffer.from('a=1'), isText: false },
    { why: 'a form with files', type: 'multipart/form-data; boundary=x', bytes: Buffer.from('--x'), isText: false },
    { why: 'other JSON', type: 'application/problem+json', bytes: Buffer.from('{}'), isText: false },
    { why: 'a picture', type: 'image/png', bytes: Buffer.from([0x89, 0x50]), isText: false },
    { why: 'no type', type: undefined, bytes: Buffer.from('hi'), isText: false },
    { why: 'a type that only begins well', type: 'application/jsonx', bytes: Buffer.from('{}'), isText: false },
    { why: 'text that is no UTF-8', type: 'text/plain', bytes: latin, isText: false },
    { why: 'packed text', type: 'text/plain', bytes: Buffer.from('x'), isText: false, encoding: 'gzip' },
    { why: 'text with no packing', type: 'text/plain', bytes: Buffer.from('x'), isText: true, encoding: 'identity' },
  ])('$why', ({ type, bytes, isText, encoding }) => {
    const headers: Pairs = [
      ...(type === undefined ? [] : [['Content-Type', type] as const]),
      ...(encoding === undefined ? [] : [['Content-Encoding', encoding] as const]),
    ];
    const made = event({ headers, body: bytes });
    expect(made.isBase64Encoded).toBe(!isText);
    expect(made.body).toBe(bytes.toString(isText ? 'utf8' : 'base64'));
  });
});

test('any request makes an event that survives JSON', () => {
  const text = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(
      fc.record({
        method: text,
        rawPath: text,
        rawQuery: text,
        headers: fc.array(fc.tuple(fc.oneof(text, fc.constantFrom('__proto__', 'cookie', 'content-type')), text)),
        body: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
        domainName: text,
      }),
      (changes) => {
        const made = event(changes);
        expect(JSON.parse(JSON.stringify(made))).toEqual(made);
      },
    ),
  );
});
