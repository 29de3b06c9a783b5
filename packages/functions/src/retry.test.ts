import { expect, test } from 'vitest';
import { maxAttempts, retryDelayMs } from './retry.ts';

test.for([
  { name: 'InternalServerError', statusCode: 500, attempt: 1, random: 1, delayMs: 100 },
  { name: 'InternalServerError', statusCode: 503, attempt: 2, random: 1, delayMs: 200 },
  { name: 'InternalServerError', statusCode: 500, attempt: 1, random: 0.5, delayMs: 50 },
  { name: 'InternalServerError', statusCode: 500, attempt: 1, random: 0, delayMs: 0 },
  { name: 'LimitExceededException', statusCode: 429, attempt: 1, random: 1, delayMs: 500 },
  { name: 'LimitExceededException', statusCode: 429, attempt: 2, random: 1, delayMs: 1000 },
  { name: 'ThrottlingException', statusCode: 400, attempt: 1, random: 1, delayMs: 500 },
  { name: 'ProvisionedThroughputExceededException', statusCode: 400, attempt: 1, random: 1, delayMs: 500 },
  { name: 'TransactionInProgressException', statusCode: 400, attempt: 2, random: 1, delayMs: 1000 },
  { name: 'ConditionalCheckFailedException', statusCode: 400, attempt: 1, random: 1, delayMs: undefined },
  { name: 'LimitExceededException', statusCode: 429, attempt: maxAttempts, random: 1, delayMs: undefined },
  { name: 'InternalServerError', statusCode: 500, attempt: maxAttempts, random: 1, delayMs: undefined },
  { name: 'GoneException', statusCode: 410, attempt: 1, random: 1, delayMs: undefined },
  { name: 'PayloadTooLargeException', statusCode: 413, attempt: 1, random: 1, delayMs: undefined },
  { name: 'AccessDeniedException', statusCode: 400, attempt: 1, random: 1, delayMs: undefined },
])('$statusCode $name, attempt $attempt, random $random: $delayMs', ({ attempt, random, delayMs, ...refusal }) => {
  expect(retryDelayMs(refusal, attempt, random)).toBe(delayMs);
});
