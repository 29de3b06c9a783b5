import type { Outcome } from '@furrow/protocol';
import { describe, expect, test } from 'vitest';
import { checkHandshake, decideConnect, type HandshakeRequest } from './handshake.ts';

const key = 'dGhlIHNhbXBsZSBub25jZQ==';
const headers = { upgrade: 'websocket', 'sec-websocket-key': key, 'sec-websocket-version': '13' };
const long = (length: number) => `/testing?${'a'.repeat(length - '/testing?'.length)}`;

function check(request: Partial<HandshakeRequest>) {
  return checkHandshake({ method: 'GET', url: '/testing', headers, headerBytes: 200, ...request }, 'testing');
}

describe('a handshake goes on', () => {
  test.for([
    { why: 'A1 to the stage', request: {} },
    { why: 'with a slash', request: { url: '/testing/' } },
    { why: 'with a query', request: { url: '/testing?a=1&b=/x' } },
    { why: 'to the root', request: { url: '/' } },
    { why: 'to the root with a query', request: { url: '/?a=1' } },
    { why: 'T125 with a URL of 4,096 characters', request: { url: long(4096) } },
    { why: 'E22 with headers of 10,240 bytes', request: { headerBytes: 10_240 } },
    { why: 'with Upgrade in capitals', request: { headers: { ...headers, upgrade: 'WebSocket' } } },
  ])('$why', ({ request }) => {
    expect(check(request)).toEqual({ type: 'accept' });
  });
});

describe('a handshake is refused', () => {
  const without = (name: string) => Object.fromEntries(Object.entries(headers).filter(([header]) => header !== name));
  test.for<{ why: string; request: Partial<HandshakeRequest>; statusCode: number }>([
    { why: 'A32, T041 another stage', request: { url: '/staging' }, statusCode: 403 },
    { why: 'A32 below the stage', request: { url: '/testing/x' }, statusCode: 403 },
    { why: 'A32 the stage in capitals', request: { url: '/Testing' }, statusCode: 403 },
    { why: 'A32 the stage with an escape', request: { url: '/%74esting' }, statusCode: 403 },
    { why: 'two slashes', request: { url: '//testing' }, statusCode: 403 },
    { why: 'a whole URL', request: { url: 'http://localhost/testing' }, statusCode: 403 },
    { why: 'no path', request: { url: '' }, statusCode: 403 },
    { why: 'T125 a URL of 4,097 characters', request: { url: long(4097) }, statusCode: 414 },
    { why: 'E22 headers of 10,241 bytes', request: { headerBytes: 10_241 }, statusCode: 431 },
    { why: 'A35 the health check', request: { url: '/ping' }, statusCode: 403 },
    { why: 'A35 the other one', request: { url: '/sping' }, statusCode: 403 },
    { why: 'POST', request: { method: 'POST' }, statusCode: 400 },
    { why: 'another protocol', request: { headers: { ...headers, upgrade: 'h2c' } }, statusCode: 400 },
    { why: 'no protocol', request: { headers: without('upgrade') }, statusCode: 400 },
    { why: 'no key', request: { headers: without('sec-websocket-key') }, statusCode: 400 },
    { why: 'an empty key', request: { headers: { ...headers, 'sec-websocket-key': '' } }, statusCode: 400 },
    { why: 'a short key', request: { headers: { ...headers, 'sec-websocket-key': 'abc=' } }, statusCode: 400 },
    {
      why: 'a key that ends a line',
      request: { headers: { ...headers, 'sec-websocket-key': `${key}\n` } },
      statusCode: 400,
    },
    { why: 'two keys', request: { headers: { ...headers, 'sec-websocket-key': [key, key] } }, statusCode: 400 },
    { why: 'no version', request: { headers: without('sec-websocket-version') }, statusCode: 426 },
    { why: 'an old version', request: { headers: { ...headers, 'sec-websocket-version': '8' } }, statusCode: 426 },
  ])('$why → $statusCode', ({ request, statusCode }) => {
    expect(check(request)).toMatchObject({ type: 'refuse', statusCode });
  });

  test('A32 with the body that AWS has', () => {
    expect(check({ url: '/x' })).toMatchObject({ body: '{"message":"Forbidden"}' });
  });

  test('and told of the version it should have', () => {
    expect(check({ headers: { ...headers, 'sec-websocket-version': '12' } })).toMatchObject({
      headers: { 'Sec-WebSocket-Version': '13' },
    });
  });
});

const returned = (value: unknown): Outcome => ({ type: 'returned', value });

describe('after the connect handler', () => {
  const failure = { errorType: 'Error', errorMessage: 'no', trace: [] };
  test.for([
    { why: 'T003', value: { statusCode: 200 } },
    { why: 'T004', value: { statusCode: 201 } },
    { why: 'T005', value: { statusCode: 204 } },
    { why: 'T005', value: { statusCode: 299 } },
    { why: 'A9 a status as text', value: { statusCode: '200' } },
    { why: 'A14 a body and headers', value: { statusCode: 200, body: 'x', headers: { 'X-A': '1' } } },
    { why: 'A9 every key that is known', value: { statusCode: 200, multiValueHeaders: {}, isBase64Encoded: true } },
  ])('$why $value opens', ({ value }) => {
    expect(decideConnect(returned(value))).toEqual({ type: 'accept', subprotocol: undefined });
  });

  test.for([
    { why: 'T021', headers: { 'Sec-WebSocket-Protocol': 'b' } },
    { why: 'T023', headers: { 'sec-websocket-protocol': 'b' } },
    { why: 'T023', headers: { 'SEC-WEBSOCKET-PROTOCOL': 'b', 'X-A': '1' } },
  ])('$why $headers chooses the sub-protocol', ({ headers: chosen }) => {
    const value = { statusCode: 200, headers: chosen };
    expect(decideConnect(returned(value))).toEqual({ type: 'accept', subprotocol: 'b' });
  });

  test.for([
    { why: 'T006', value: { statusCode: 301 }, statusCode: 301, message: 'Forbidden' },
    { why: 'T007', value: { statusCode: 400 }, statusCode: 400, message: 'Forbidden' },
    { why: 'T008', value: { statusCode: 401 }, statusCode: 401, message: 'Unauthorized' },
    { why: 'T009', value: { statusCode: 403 }, statusCode: 403, message: 'Forbidden' },
    { why: 'A5 too many', value: { statusCode: 429 }, statusCode: 429, message: 'Too Many Requests' },
    { why: 'A5 text', value: { statusCode: '403' }, statusCode: 403, message: 'Forbidden' },
    { why: 'A5 just above', value: { statusCode: 300 }, statusCode: 300, message: 'Forbidden' },
    { why: 'T010', value: { statusCode: 501 }, statusCode: 501, message: 'Forbidden' },
    {
      why: 'T011 nothing of its own',
      value: { statusCode: 403, body: 'secret', headers: { x: '1', 'Sec-WebSocket-Protocol': 'b' } },
      statusCode: 403,
      message: 'Forbidden',
    },
  ])('$why $value refuses', ({ value, statusCode, message }) => {
    expect(decideConnect(returned(value))).toEqual({
      type: 'refuse',
      statusCode,
      body: JSON.stringify({ message }),
      headers: {},
    });
  });

  test.for<{ why: string; outcome: Outcome; statusCode: number }>([
    { why: 'T012, T013 it failed', outcome: { type: 'failed', failure }, statusCode: 502 },
    { why: 'T014 undefined', outcome: returned(undefined), statusCode: 502 },
    { why: 'T014 null', outcome: returned(null), statusCode: 502 },
    { why: 'T015 {}', outcome: returned({}), statusCode: 502 },
    { why: 'T016 an unknown key', outcome: returned({ statusCode: 200, extra: 1 }), statusCode: 502 },
    { why: 'T017 a body that is no text', outcome: returned({ statusCode: 200, body: { a: 1 } }), statusCode: 502 },
    { why: 'A8 text', outcome: returned('ok'), statusCode: 502 },
    { why: 'A8 a list', outcome: returned([]), statusCode: 502 },
    { why: 'A8 a status that is no number', outcome: returned({ statusCode: 'abc' }), statusCode: 502 },
    { why: 'A8 half a status', outcome: returned({ statusCode: 200.5 }), statusCode: 502 },
    { why: 'A8 a status outside of HTTP', outcome: returned({ statusCode: 600 }), statusCode: 502 },
    { why: 'A10, T018 it could not run', outcome: { type: 'refused', reason: 'throttled' }, statusCode: 500 },
  ])('$why → $statusCode', ({ outcome, statusCode }) => {
    const body = '{"message": "Internal server error"}';
    expect(decideConnect(outcome)).toEqual({ type: 'refuse', statusCode, body });
  });

  test.for([100, 101, 199])('a status of %d would open or hang the client: 502', (statusCode) => {
    expect(decideConnect({ type: 'returned', value: { statusCode } })).toMatchObject({
      type: 'refuse',
      statusCode: 502,
    });
  });

  test('A11, T019 its time-out is 504', () => {
    expect(decideConnect({ type: 'timedOut', afterMs: 29_000 })).toEqual({
      type: 'refuse',
      statusCode: 504,
      body: '{"message": "Endpoint request timed out"}',
    });
  });
});
