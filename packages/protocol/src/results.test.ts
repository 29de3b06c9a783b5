import { describe, expect, test } from 'vitest';
import { headerOf, readProxyResult, type ProxyResult } from './results.ts';

const plain: ProxyResult = { statusCode: 200, headers: {}, body: undefined, isBase64Encoded: false };

describe('a well-formed result', () => {
  test.for<{ why: string; value: unknown; read: Partial<ProxyResult> }>([
    { why: 'a status alone', value: { statusCode: 200 }, read: {} },
    { why: 'A9 a status as text', value: { statusCode: '200' }, read: {} },
    { why: 'a whole number with a point', value: { statusCode: 403.0 }, read: { statusCode: 403 } },
    { why: 'the least status', value: { statusCode: 100 }, read: { statusCode: 100 } },
    { why: 'the greatest status', value: { statusCode: '599' }, read: { statusCode: 599 } },
    { why: 'a body', value: { statusCode: 200, body: 'x' }, read: { body: 'x' } },
    { why: 'an empty body', value: { statusCode: 200, body: '' }, read: { body: '' } },
    { why: 'body null', value: { statusCode: 200, body: null }, read: {} },
    { why: 'body undefined', value: { statusCode: 200, body: undefined }, read: {} },
    { why: 'no headers', value: { statusCode: 200, headers: {} }, read: {} },
    { why: 'headers null', value: { statusCode: 200, headers: null }, read: {} },
    {
      why: 'headers of every scalar, names as they are',
      value: { statusCode: 200, headers: { 'X-a': 'b', n: 1, t: true, f: false, e: '', none: null, un: undefined } },
      read: { headers: { 'X-a': 'b', n: '1', t: 'true', f: 'false', e: '' } },
    },
    {
      why: 'multiValueHeaders, which nothing here reads',
      value: { statusCode: 200, multiValueHeaders: { a: ['b'] } },
      read: {},
    },
    {
      why: 'base64',
      value: { statusCode: 200, body: 'eA==', isBase64Encoded: true },
      read: { body: 'eA==', isBase64Encoded: true },
    },
    { why: 'base64 in another type', value: { statusCode: 200, isBase64Encoded: 'true' }, read: {} },
    { why: 'a record without a prototype', value: Object.assign(Object.create(null), { statusCode: 200 }), read: {} },
  ])('$why', ({ value, read }) => {
    expect(readProxyResult(value)).toEqual({ ...plain, ...read });
  });

  test('a header named __proto__ stays data', () => {
    const { headers } = readProxyResult(JSON.parse('{"statusCode":200,"headers":{"__proto__":"x"}}'))!;
    expect(JSON.stringify(headers)).toBe('{"__proto__":"x"}');
  });
});

const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;

describe('a malformed result (T014 to T017, T081, T082)', () => {
  test.for<{ why: string; value: unknown }>([
    { why: 'undefined', value: undefined },
    { why: 'null', value: null },
    { why: 'text', value: 'ok' },
    { why: 'a number', value: 200 },
    { why: 'true', value: true },
    { why: 'an empty object', value: {} },
    { why: 'an array', value: [] },
    { why: 'an array with a status', value: Object.assign([], { statusCode: 200 }) },
    { why: 'a function', value: () => ({ statusCode: 200 }) },
    { why: 'an unknown key', value: { statusCode: 200, extra: 1 } },
    { why: 'an unknown key without value', value: { statusCode: 200, extra: undefined } },
    { why: 'a key in another case', value: { StatusCode: 200 } },
    { why: 'cookies of an HTTP API', value: { statusCode: 200, cookies: [] } },
    { why: 'what the SDK takes', value: { ConnectionId: 'x', Data: 'y', statusCode: 200 } },
    { why: 'an own __proto__', value: JSON.parse('{"statusCode":200,"__proto__":{}}') },
    { why: 'no status', value: { body: 'x' } },
    { why: 'status null', value: { statusCode: null } },
    { why: 'status abc', value: { statusCode: 'abc' } },
    { why: 'status with a fraction', value: { statusCode: 200.5 } },
    { why: 'status with a fraction as text', value: { statusCode: '200.0' } },
    { why: 'status with a space', value: { statusCode: ' 200' } },
    { why: 'status in hexadecimal', value: { statusCode: '0xc8' } },
    { why: 'status with a zero in front', value: { statusCode: '0200' } },
    { why: 'an empty status', value: { statusCode: '' } },
    { why: 'status NaN', value: { statusCode: Number.NaN } },
    { why: 'status true', value: { statusCode: true } },
    { why: 'status in an array', value: { statusCode: [200] } },
    { why: 'a status that is too small', value: { statusCode: 99 } },
    { why: 'a status that is too great', value: { statusCode: 600 } },
    { why: 'a status that is too great, as text', value: { statusCode: '600' } },
    { why: 'a negative status', value: { statusCode: -200 } },
    { why: 'body an object', value: { statusCode: 200, body: { a: 1 } } },
    { why: 'body a number', value: { statusCode: 200, body: 1 } },
    { why: 'body false', value: { statusCode: 200, body: false } },
    { why: 'headers an array', value: { statusCode: 200, headers: [] } },
    { why: 'headers a text', value: { statusCode: 200, headers: 'a: b' } },
    { why: 'headers a number', value: { statusCode: 200, headers: 0 } },
    { why: 'a header that is an object', value: { statusCode: 200, headers: { a: {} } } },
    { why: 'a header that is a list', value: { statusCode: 200, headers: { a: ['b'] } } },
    { why: 'a header that cannot be a text', value: { statusCode: 200, headers: { a: { toString: 0, valueOf: 0 } } } },
    { why: 'a header of 100,000 lists', value: JSON.parse(`{"statusCode":200,"headers":{"a":${deep}}}`) },
  ])('$why', ({ value }) => {
    expect(readProxyResult(value)).toBeUndefined();
  });
});

describe('headerOf', () => {
  const headers = { 'Sec-WebSocket-Protocol': 'b', empty: '' };
  test.for([
    { name: 'Sec-WebSocket-Protocol', value: 'b' },
    { name: 'sec-websocket-protocol', value: 'b' },
    { name: 'SEC-WEBSOCKET-PROTOCOL', value: 'b' },
    { name: 'Empty', value: '' },
    { name: 'sec-websocket', value: undefined },
    { name: 'constructor', value: undefined },
    { name: '__proto__', value: undefined },
  ])('$name', ({ name, value }) => {
    expect(headerOf(headers, name)).toBe(value);
  });
});
