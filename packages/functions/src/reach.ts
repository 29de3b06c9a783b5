import type { HandlerChannel } from '@furrow/protocol';

/** Protocol's `handlerChannelKey`, here as a value: loading protocol would cost more than this whole library. */
const handlerChannelKey = Symbol.for('furrow.handler-channel');
const pendingSendsKey = Symbol.for('furrow.pending-sends');

type Shared = typeof globalThis & {
  readonly [handlerChannelKey]?: HandlerChannel;
  [pendingSendsKey]?: Set<Promise<unknown>>;
};

/** The way to the gateway that this process was given; `undefined` on AWS, where requests go over HTTP. */
export function handlerChannel(): HandlerChannel | undefined {
  return (globalThis as Shared)[handlerChannelKey];
}

/**
 * Keeps requests in flight where the entry around a handler finds them. Lambda freezes a process as soon as its handler
 * has answered, and a request that nobody awaited would be frozen with it, so the entry first waits until
 * `globalThis[Symbol.for('furrow.pending-sends')]` is empty. What is in the set never rejects.
 */
export function trackSend<Result>(sending: Promise<Result>): Promise<Result> {
  const shared = globalThis as Shared;
  const pending = (shared[pendingSendsKey] ??= new Set());
  const settled: Promise<unknown> = sending
    .catch(() => {
      // The caller has the same rejection in its own promise; this one only marks the end.
    })
    .finally(() => pending.delete(settled));
  pending.add(settled);
  return sending;
}
