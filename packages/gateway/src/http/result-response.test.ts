import type { Outcome, Pairs } from '@furrow/protocol';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { httpError, httpResponse } from './result-response.ts';

const respond = (value: unknown) => httpResponse({ type: 'returned', value });
const internal = '{"message":"Internal Server Error"}';

describe('a result without statusCode is the body', () => {
  test.for<{ value: unknown; body: string }>([
    { value: 'hello', body: 'hello' },
    { value: '', body: '' },
    { value: { type: 'text/html', body: '<h1>' }, body: '{"type":"text/html","body":"<h1>"}' },
    { value: { name: 'x', statuscode: 1 }, body: '{"name":"x","statuscode":1}' },
    { value: [1, 2], body: '[1,2]' },
    { value: [{ statusCode: 404 }], body: '[{"statusCode":404}]' },
    { value: 42, body: '42' },
    { value: true, body: 'true' },
    { value: null, body: 'null' },
    { value: undefined, body: 'null' },
    { value: { statusCode: undefined }, body: '{}' },
  ])('$value', ({ value, body }) => {
    const response = respond(value);
    expect(response).toMatchObject({ statusCode: 200, headers: [['content-type', 'application/json']] });
    expect(response.body.toString()).toBe(body);
    expect(response.problem).toBeUndefined();
  });
});

describe('a result with statusCode', () => {
  const plain = ['content-type', 'text/plain; charset=utf-8'] as const;
  test.for<{ why: string; value: Record<string, unknown>; headers: Pairs; body: string }>([
    { why: 'is plain text', value: { statusCode: 200, body: 'é' }, headers: [plain], body: 'é' },
    { why: 'needs no body', value: { statusCode: 404 }, headers: [plain], body: '' },
    { why: 'may have a null body', value: { statusCode: 200, body: null }, headers: [plain], body: '' },
    { why: 'may have a number as body', value: { statusCode: 200, body: 7 }, headers: [plain], body: '7' },
    { why: 'may be text', value: { statusCode: '201', body: 'x' }, headers: [plain], body: 'x' },
    { why: 'of 204 needs no type', value: { statusCode: 204 }, headers: [], body: '' },
    {
      why: 'of 304 needs no type',
      value: { statusCode: 304, headers: { etag: '"a"' } },
      headers: [['etag', '"a"']],
      body: '',
    },
    {
      why: 'keeps its own type, in any letter case',
      value: { statusCode: 200, headers: { 'Content-TYPE': 'text/html' }, body: '<p>' },
      headers: [['Content-TYPE', 'text/html']],
      body: '<p>',
    },
    {
      why: 'sends each cookie',
      value: { statusCode: 200, cookies: ['a=1; Path=/', 'b=2'], headers: { 'set-cookie': 'c=3' } },
      headers: [plain, ['set-cookie', 'c=3'], ['set-cookie', 'a=1; Path=/'], ['set-cookie', 'b=2']],
      body: '',
    },
    {
      why: 'decodes base64',
      value: { statusCode: 200, isBase64Encoded: true, body: 'aGVs\nbG8=' },
      headers: [plain],
      body: 'hello',
    },
    {
      why: 'decodes base64 without padding',
      value: { statusCode: 200, isBase64Encoded: true, body: 'aGVsbG8' },
      headers: [plain],
      body: 'hello',
    },
    {
      why: 'takes isBase64Encoded only when it is true',
      value: { statusCode: 200, isBase64Encoded: 'yes', body: 'aGk=' },
      headers: [plain],
      body: 'aGk=',
    },
    {
      why: 'may have numbers and booleans as headers',
      value: { statusCode: 200, headers: { 'x-n': 1, 'x-b': false, 'x-0': null } },
      headers: [plain, ['x-n', '1'], ['x-b', 'false']],
      body: '',
    },
    {
      why: 'loses headers of the connection',
      value: {
        statusCode: 200,
        headers: { Connection: 'close', 'Transfer-Encoding': 'chunked', 'Content-Length': '9' },
      },
      headers: [plain],
      body: '',
    },
    {
      why: 'has the last of equal names',
      value: { statusCode: 200, headers: { 'X-A': '1', 'x-a': '2' } },
      headers: [plain, ['x-a', '2']],
      body: '',
    },
    {
      why: 'ignores keys of other formats',
      value: { statusCode: 200, multiValueHeaders: 1, x: 2 },
      headers: [plain],
      body: '',
    },
    {
      why: 'may carry Latin-1',
      value: { statusCode: 200, headers: { 'x-l': 'é' } },
      headers: [plain, ['x-l', 'é']],
      body: '',
    },
  ])('$why', ({ value, headers, body }) => {
    const response = respond(value);
    expect(response.problem).toBeUndefined();
    expect(response.statusCode).toBe(Number(value['statusCode']));
    expect(response.headers).toEqual(headers);
    expect(response.body.toString()).toBe(body);
  });
});

describe('a malformed result is 500', () => {
  test.for<{ value: unknown; problem: string }>([
    { value: { statusCode: 200.5 }, problem: 'statusCode is 200.5' },
    { value: { statusCode: null }, problem: 'statusCode is null' },
    { value: { statusCode: 'ok' }, problem: 'statusCode is "ok"' },
    { value: { statusCode: 0 }, problem: 'statusCode is 0' },
    { value: { statusCode: 101 }, problem: 'statusCode is 101' },
    { value: { statusCode: 1000 }, problem: 'statusCode is 1000' },
    { value: { statusCode: [] }, problem: 'statusCode is a list' },
    { value: { statusCode: 200, body: { a: 1 } }, problem: 'body is an object' },
    { value: { statusCode: 200, body: [1] }, problem: 'body is a list' },
    { value: { statusCode: 200, isBase64Encoded: true, body: '{"not": 1}' }, problem: 'not base64' },
    { value: { statusCode: 200, isBase64Encoded: true, body: 'abcde' }, problem: 'not base64' },
    { value: { statusCode: 200, headers: 'x: y' }, problem: 'headers is "x: y"' },
    { value: { statusCode: 200, headers: [] }, problem: 'headers is a list' },
    { value: { statusCode: 200, headers: { a: ['b'] } }, problem: 'Header "a" is a list' },
    { value: { statusCode: 200, headers: { 'a b': 'c' } }, problem: 'Header name "a b"' },
    { value: { statusCode: 200, headers: { '': 'c' } }, problem: 'Header name ""' },
    { value: { statusCode: 200, headers: { 'a\r\nb': 'c' } }, problem: 'Header name "a\\r\\nb"' },
    { value: { statusCode: 200, headers: { a: 'b\r\nset-cookie: c' } }, problem: 'Header a holds' },
    { value: { statusCode: 200, headers: { a: '→' } }, problem: 'Header a holds' },
    { value: { statusCode: 200, cookies: 'a=1' }, problem: 'cookies is "a=1"' },
    { value: { statusCode: 200, cookies: [1] }, problem: 'A cookie is 1' },
    { value: { statusCode: 200, cookies: ['a=1\r\nx: y'] }, problem: 'A cookie is "a=1' },
    { value: { statusCode: 'x'.repeat(200) }, problem: '…' },
  ])('$problem', ({ value, problem }) => {
    const response = respond(value);
    expect(response.statusCode).toBe(500);
    expect(response.body.toString()).toBe(internal);
    expect(response.headers).toEqual([['content-type', 'application/json']]);
    expect(response.problem).toContain(problem);
  });
});

test.for<{ outcome: Outcome; problem: string }>([
  {
    outcome: { type: 'failed', failure: { errorType: 'TypeError', errorMessage: 'no', trace: [] } },
    problem: 'TypeError: no',
  },
  { outcome: { type: 'refused', reason: 'No handler.' }, problem: 'No handler.' },
])('an outcome that $outcome.type is 500', ({ outcome, problem }) => {
  expect(httpResponse(outcome)).toEqual({ ...httpError('internal'), problem });
});

test.for([
  { error: 'notFound', statusCode: 404, body: '{"message":"Not Found"}' },
  { error: 'tooLarge', statusCode: 413, body: '{"message":"Request Entity Too Large"}' },
  { error: 'internal', statusCode: 500, body: internal },
  { error: 'unavailable', statusCode: 503, body: '{"message":"Service Unavailable"}' },
] as const)('$error is $statusCode', ({ error, statusCode, body }) => {
  const response = httpError(error);
  expect(response.statusCode).toBe(statusCode);
  expect(response.body.toString()).toBe(body);
});

test('any value gives a response that HTTP can carry', () => {
  const value = fc.oneof(
    fc.jsonValue(),
    fc.record(
      {
        statusCode: fc.oneof(fc.integer(), fc.jsonValue()),
        headers: fc.jsonValue(),
        cookies: fc.jsonValue(),
        body: fc.jsonValue(),
      },
      { requiredKeys: ['statusCode'] },
    ),
  );
  fc.assert(
    fc.property(value, (result) => {
      const response = respond(result);
      expect(response.statusCode).toBeGreaterThanOrEqual(200);
      for (const [name, text] of response.headers) {
        expect(new Headers([[name, text]])).toBeDefined();
      }
    }),
  );
});
