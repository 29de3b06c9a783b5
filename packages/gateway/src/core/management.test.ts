import type { ManagementAnswer, ManagementRequest } from '@furrow/protocol';
import { describe, expect, test } from 'vitest';
import {
  namesConnections,
  checkManagementRequest,
  connectionsPath,
  errorAnswer,
  forbidden,
  managementRequest,
  managementResponse,
  payloadTooLarge,
} from './management.ts';

const id = 'TXzPWdn-_jECGjA=';

describe('the path of a connection', () => {
  test.for([
    { why: 'D3, T099', path: `/testing/@connections/${id}` },
    { why: 'D3, T099', path: '/testing/@connections/TXzPWdn-_jECGjA%3D' },
    { why: 'D3, T099', path: `/testing/%40connections/${id}` },
    { why: 'D3, T099', path: '/testing/%40connections/TXzPWdn-_jECGjA%3D' },
    { why: 'D3 a small escape', path: '/testing/@connections/TXzPWdn-_jECGjA%3d' },
    { why: 'D5, T103', path: `/testing//@connections/${id}` },
    { why: 'D5', path: `//testing///@connections//${id}` },
    { why: 'Architect', path: `/_arc/ws/@connections/${id}` },
    { why: 'Architect, escaped', path: '/_arc/ws/%40connections/TXzPWdn-_jECGjA%3D' },
    { why: 'Architect, doubled', path: `/_arc//ws//@connections/${id}` },
  ])('$why $path', ({ path }) => {
    expect(connectionsPath(path, 'testing')).toEqual({ connectionId: id });
  });

  test.for([
    { why: 'D25 no id', path: '/testing/@connections', connectionId: '' },
    { why: 'D25 no id but a slash', path: '/testing/@connections/', connectionId: '' },
    { why: 'an id that is none', path: '/testing/@connections/abc', connectionId: 'abc' },
    { why: 'more than an id', path: `/testing/@connections/${id}/x`, connectionId: `${id}/x` },
    { why: 'a path that climbs', path: '/testing/@connections/../../x', connectionId: '../../x' },
    { why: 'one that climbs in escapes', path: '/testing/@connections/%2e%2e%2fx', connectionId: '../x' },
    { why: 'a broken escape', path: '/testing/@connections/%', connectionId: '%' },
    { why: 'bytes that are no text', path: '/testing/@connections/%ff', connectionId: '%ff' },
    { why: 'half an escape', path: '/testing/@connections/TXzPWdn-_jECGjA%3', connectionId: 'TXzPWdn-_jECGjA%3' },
    { why: 'one escape of two that is broken', path: '/testing/@connections/%41%zz', connectionId: '%41%zz' },
    { why: 'a NUL', path: '/testing/@connections/TXzPWdn-_jECGjA%00', connectionId: 'TXzPWdn-_jECGjA\0' },
    { why: 'ends of lines', path: '/testing/@connections/a%0d%0ab', connectionId: 'a\r\nb' },
    {
      why: 'an escape of an escape',
      path: '/testing/@connections/TXzPWdn-_jECGjA%253D',
      connectionId: 'TXzPWdn-_jECGjA%3D',
    },
    { why: 'an id and a line', path: `/testing/@connections/${id}%0a`, connectionId: `${id}\n` },
  ])('$why', ({ path, connectionId }) => {
    expect(connectionsPath(path, 'testing')).toEqual({ connectionId });
  });

  test.for([
    { why: 'T114 no stage', path: `/@connections/${id}` },
    { why: 'D20 another stage', path: `/production/@connections/${id}` },
    { why: 'D20 the stage in capitals', path: `/Testing/@connections/${id}` },
    { why: 'D28 twice', path: `/testing/@connections/@connections`, isPath: true },
    { why: 'capitals', path: `/testing/@Connections/${id}` },
    { why: 'only the stage', path: '/testing' },
    { why: 'the root', path: '/' },
    { why: 'nothing', path: '' },
    { why: 'a name that only begins so', path: `/testing/@connectionsx/${id}` },
    { why: 'the stage after a climb', path: `/x/../testing/@connections/${id}` },
    { why: 'an escape of an escape', path: `/testing/%2540connections/${id}` },
    { why: 'half of Architect', path: `/_arc/@connections/${id}` },
    { why: 'below another path', path: `/a/testing/@connections/${id}` },
  ])('is not $why', ({ path, isPath = false }) => {
    const expected = isPath ? { connectionId: '@connections' } : undefined;
    expect(connectionsPath(path, 'testing')).toEqual(expected);
  });
});

describe('a request', () => {
  const data = Buffer.from('x');
  test.for([
    { method: 'POST', type: 'send' },
    { method: 'GET', type: 'info' },
    { method: 'DELETE', type: 'close' },
  ])('D1 $method → $type', ({ method, type }) => {
    expect(managementRequest(method, id, data)).toEqual({ type, connectionId: id, data });
  });

  test.for(['PUT', 'HEAD', 'OPTIONS', 'PATCH', 'get', '', 'constructor', '__proto__', 'toString'])(
    'D25 %s is none',
    (method) => {
      expect(managementRequest(method, id, data)).toBe(undefined);
    },
  );

  test('D25 without an id is none', () => {
    expect(managementRequest('POST', '', data)).toBe(undefined);
  });

  test.for<{ why: string; request: ManagementRequest; refusal: string | undefined }>([
    { why: 'a send', request: { type: 'send', connectionId: id, data: Buffer.alloc(9) }, refusal: undefined },
    {
      why: 'T111 a long send',
      request: { type: 'send', connectionId: id, data: Buffer.alloc(10) },
      refusal: 'tooLarge',
    },
    { why: 'T109 a bad id', request: { type: 'info', connectionId: 'abc' }, refusal: 'invalidId' },
    { why: 'an id with more', request: { type: 'info', connectionId: `${id}/x` }, refusal: 'invalidId' },
    { why: 'an id and a line', request: { type: 'close', connectionId: `${id}\n` }, refusal: 'invalidId' },
    { why: 'a close', request: { type: 'close', connectionId: id }, refusal: undefined },
  ])('$why → $refusal', ({ request, refusal }) => {
    expect(checkManagementRequest(request, 9)).toEqual(refusal && { type: 'refused', refusal });
  });
});

const refused = (refusal: 'gone' | 'invalidId' | 'tooLarge' | 'slow'): ManagementAnswer => ({
  type: 'refused',
  refusal,
});

describe('an answer', () => {
  const json = { 'content-type': 'application/json' };
  const done: ManagementAnswer = { type: 'done' };
  const info = {
    connectedAt: '2026-11-23T15:30:00.000Z',
    identity: { sourceIp: '127.0.0.1', userAgent: 'x' },
    lastActiveAt: '2026-11-23T15:30:01.000Z',
  };
  test.for<{ why: string; type: 'send' | 'info' | 'close'; answer: ManagementAnswer; http: object }>([
    { why: 'D8 sent', type: 'send', answer: done, http: { statusCode: 200, headers: {}, body: '' } },
    { why: 'D9 closed', type: 'close', answer: done, http: { statusCode: 204, headers: {}, body: '' } },
    {
      why: 'D10 described',
      type: 'info',
      answer: { type: 'info', info },
      http: { statusCode: 200, headers: json, body: JSON.stringify(info) },
    },
    {
      why: 'D15 gone',
      type: 'send',
      answer: refused('gone'),
      http: { statusCode: 410, headers: { 'x-amzn-ErrorType': 'GoneException' }, body: '' },
    },
    {
      why: 'D16 no id',
      type: 'send',
      answer: refused('invalidId'),
      http: {
        statusCode: 400,
        headers: { ...json, 'x-amzn-ErrorType': 'BadRequestException' },
        body: '{"message":"Invalid connectionId: abc"}',
      },
    },
    {
      why: 'D17 too large',
      type: 'send',
      answer: refused('tooLarge'),
      http: {
        statusCode: 413,
        headers: { ...json, 'x-amzn-ErrorType': 'PayloadTooLargeException' },
        body: '{"message":"Message too long"}',
      },
    },
    {
      why: 'D19 slow',
      type: 'send',
      answer: refused('slow'),
      http: {
        statusCode: 429,
        headers: { ...json, 'x-amzn-ErrorType': 'LimitExceededException' },
        body: '{"message":"Client side buffer is full"}',
      },
    },
  ])('$why', ({ type, answer, http }) => {
    const request = { type, connectionId: 'abc', data: Buffer.alloc(0) };
    expect(managementResponse(request, answer)).toEqual(http);
  });

  test('D20 forbidden', () => {
    expect(forbidden).toEqual(errorAnswer(403, 'ForbiddenException', 'Forbidden'));
    expect(forbidden.body).toBe('{"message":"Forbidden"}');
  });

  test('D17 too large to be read', () => {
    const request: ManagementRequest = { type: 'send', connectionId: id, data: Buffer.alloc(0) };
    expect(payloadTooLarge).toEqual(managementResponse(request, refused('tooLarge')));
  });
});

test.for([
  { path: '/@connections/abc', names: true },
  { path: '/other/@connections/abc', names: true },
  { path: '/other/%40connections', names: true },
  { path: '/rooms/connections', names: false },
  { path: '/a@connections/b', names: false },
  { path: '/', names: false },
])('D20 $path names @connections: $names', ({ path, names }) => {
  expect(namesConnections(path)).toBe(names);
});
