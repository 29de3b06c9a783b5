import { expect, test } from 'vitest';
import { limits } from './limits.ts';

test('every limit, in bytes, characters and milliseconds', () => {
  expect(limits).toEqual({
    idleTimeoutMs: 600_000,
    connectionLifetimeMs: 7_200_000,
    integrationTimeoutMs: 29_000,
    maxFrameBytes: 32_768,
    maxMessageBytes: 131_072,
    maxResultBytes: 6_291_556,
    maxHandshakeHeaderBytes: 10_240,
    maxUrlLength: 4096,
    maxHttpBodyBytes: 10_485_760,
  });
});
