import type { ManagementRequest } from '@furrow/protocol';
import { describe, expect, test } from 'vitest';
import { describeCall, readConnectionInfo, refusedByChannel } from './connections.ts';

const connectionId = 'AAAAAAAAAAAAAAA=';

describe('the HTTP form of a request', () => {
  const table: { request: ManagementRequest; method: string; path: string }[] = [
    {
      request: { type: 'send', connectionId, data: Buffer.from('hi') },
      method: 'POST',
      path: '/@connections/AAAAAAAAAAAAAAA%3D',
    },
    { request: { type: 'close', connectionId }, method: 'DELETE', path: '/@connections/AAAAAAAAAAAAAAA%3D' },
    { request: { type: 'info', connectionId }, method: 'GET', path: '/@connections/AAAAAAAAAAAAAAA%3D' },
    {
      request: { type: 'info', connectionId: '../a b?c' },
      method: 'GET',
      path: '/@connections/..%2Fa%20b%3Fc',
    },
  ];
  test.for(table)('$request', ({ request, method, path }) => {
    const call = describeCall(request);
    expect(call).toMatchObject({ method, path });
    expect(call.body.toString()).toBe(request.type === 'send' ? 'hi' : '');
  });
});

describe('what GET answers', () => {
  test.for([
    { userAgent: '"Firefox"', identity: { sourceIp: '1.2.3.4', userAgent: 'Firefox' } },
    { userAgent: 'null', identity: { sourceIp: '1.2.3.4' } },
  ])('user agent $userAgent', ({ userAgent, identity }) => {
    const body = `{"connectedAt":"A","identity":{"sourceIp":"1.2.3.4","userAgent":${userAgent}},"lastActiveAt":"B"}`;
    expect(readConnectionInfo(body)).toEqual({ connectedAt: 'A', identity, lastActiveAt: 'B' });
  });

  test('a stranger without an identity', () => {
    expect(readConnectionInfo('{}').identity).toEqual({ sourceIp: 'undefined' });
  });
});

describe('what a channel refuses', () => {
  test.for([
    { refusal: 'gone', name: 'GoneException', statusCode: 410, says: `Connection ${connectionId} is gone (410).` },
    {
      refusal: 'invalidId',
      name: 'BadRequestException',
      statusCode: 400,
      says: `Connection ${connectionId} refused (400). BadRequestException: Invalid connectionId: ${connectionId}`,
    },
    {
      refusal: 'tooLarge',
      name: 'PayloadTooLargeException',
      statusCode: 413,
      says: `Connection ${connectionId} refused (413). PayloadTooLargeException: Message too long`,
    },
    {
      refusal: 'slow',
      name: 'LimitExceededException',
      statusCode: 429,
      says: `Connection ${connectionId} refused (429). LimitExceededException: Client side buffer is full`,
    },
  ] as const)('$refusal is $name', ({ refusal, name, statusCode, says }) => {
    const error = refusedByChannel(refusal, connectionId);
    expect(error.name).toBe(name);
    expect(error.message).toBe(says);
    expect(Object.assign({}, error)).toEqual({
      code: name,
      statusCode,
      $fault: 'client',
      $metadata: { httpStatusCode: statusCode },
      connectionId,
    });
  });
});
