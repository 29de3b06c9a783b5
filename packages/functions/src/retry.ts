import type { Refusal } from './errors.ts';

/** Requests for one call, the first one included. */
export const maxAttempts = 3;

/** @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html (read 2026-11) */
const failureDelayMs = 100;
const throttleDelayMs = 500;

const throttles = new Set([
  'ThrottlingException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'ProvisionedThroughputExceededException',
  'TransactionInProgressException',
  'ThrottledException',
  'RequestThrottled',
]);

/**
 * Milliseconds to wait before the next attempt; `undefined` when the refusal stands.
 *
 * Throttling (429, or the names that other services give it) and failures of the service (5xx) pass; anything else is the caller's.
 * The delay doubles per attempt and is drawn evenly from nothing to that (full jitter), so that many functions that were
 * throttled together do not come back together.
 *
 * @param attempt the number of requests made so far, from 1
 * @param random from 0 to 1
 */
export function retryDelayMs(
  refusal: Pick<Refusal, 'name' | 'statusCode'>,
  attempt: number,
  random: number,
): number | undefined {
  const isThrottled = refusal.statusCode === 429 || throttles.has(refusal.name);
  if (attempt >= maxAttempts || !(isThrottled || refusal.statusCode >= 500)) return undefined;
  return Math.round(random * (isThrottled ? throttleDelayMs : failureDelayMs) * 2 ** (attempt - 1));
}
