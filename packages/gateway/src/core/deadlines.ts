import { limits } from '@furrow/protocol';

/** Whether a connection is due to be closed: 10 minutes without a message, or 2 hours old (facts A29, A30). */
export function idleOrTooOld(
  connection: { readonly connectedAtMs: number; readonly lastActiveAtMs: number },
  nowMs: number,
): boolean {
  return (
    nowMs - connection.lastActiveAtMs >= limits.idleTimeoutMs ||
    nowMs - connection.connectedAtMs >= limits.connectionLifetimeMs
  );
}
