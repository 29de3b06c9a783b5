/** The two limits of a connection's life. */
export interface LifeLimits {
  readonly idleTimeoutMs: number;
  readonly connectionLifetimeMs: number;
}

/** How often connections are looked at, where their limits are as long as AWS's. */
const longestCheckMs = 1000;

/** Whether a connection is due to be closed: too long without a message, or too old (facts A29, A30). */
export function idleOrTooOld(
  connection: { readonly connectedAtMs: number; readonly lastActiveAtMs: number },
  limits: LifeLimits,
  nowMs: number,
): boolean {
  return (
    nowMs - connection.lastActiveAtMs >= limits.idleTimeoutMs ||
    nowMs - connection.connectedAtMs >= limits.connectionLifetimeMs
  );
}

/** How often to look, so that no connection lives a tenth longer than it may. */
export function checkEveryMs({ idleTimeoutMs, connectionLifetimeMs }: LifeLimits): number {
  return Math.min(longestCheckMs, Math.max(1, Math.floor(Math.min(idleTimeoutMs, connectionLifetimeMs) / 10)));
}
