import { describe, expect, test } from 'vitest';
import { errorFrame } from './error-frames.ts';

describe('frames, byte for byte', () => {
  test.for([
    {
      error: 'forbidden',
      connectionId: 'XDmENcnwIE0CFEQ=',
      requestId: 'XDmGEE2RoE0FRdQ=',
      frame: '{"message": "Forbidden", "connectionId":"XDmENcnwIE0CFEQ=", "requestId":"XDmGEE2RoE0FRdQ="}',
    },
    {
      error: 'internal',
      connectionId: 'Qyi07eCbtjMCJKw=',
      requestId: 'Qyi3UG41tjMFlUg=',
      frame: '{"message": "Internal server error", "connectionId":"Qyi07eCbtjMCJKw=", "requestId":"Qyi3UG41tjMFlUg="}',
    },
    {
      error: 'timedOut',
      connectionId: 'Llf4ce5GtjMCFcg=',
      requestId: 'Llf4ceE2NjMCF7w=',
      frame:
        '{"message": "Endpoint request timed out", "connectionId":"Llf4ce5GtjMCFcg=", "requestId":"Llf4ceE2NjMCF7w="}',
    },
    {
      error: 'tooManyRequests',
      connectionId: 'AAAAAAAAAAAAAAA=',
      requestId: '_-_-_-_-_-_-_-8=',
      frame: '{"message": "Too Many Requests", "connectionId":"AAAAAAAAAAAAAAA=", "requestId":"_-_-_-_-_-_-_-8="}',
    },
  ] as const)('$error', ({ error, connectionId, requestId, frame }) => {
    expect(errorFrame(error, connectionId, requestId)).toBe(frame);
    expect(JSON.parse(frame)).toMatchObject({ connectionId, requestId });
  });
});
