/** Takes a token for what happens at this time; `false` where there is none left. Times are milliseconds of one clock. */
export type TokenBucket = (atMs: number) => boolean;

/**
 * Lets `burst` events through at once and `ratePerSecond` of them a second after that, as API Gateway does (fact E27).
 *
 * A rate of 0 lets nothing through, and so does a burst of 0: a stage with such throttles answers 429 to everybody (A33).
 */
export function createTokenBucket(throttle: { readonly ratePerSecond: number; readonly burst: number }): TokenBucket {
  const { ratePerSecond, burst } = throttle;
  let tokens = ratePerSecond > 0 ? burst : 0;
  let filledAtMs: number | undefined;
  return (atMs) => {
    // A clock that was set back takes no tokens away.
    const passedMs = Math.max(0, atMs - (filledAtMs ?? atMs));
    tokens = Math.min(burst, tokens + (passedMs * ratePerSecond) / 1000);
    filledAtMs = atMs;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
