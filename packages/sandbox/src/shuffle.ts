import type { Clock, Invocation, Invoke } from '@furrow/protocol';

export interface ShuffleOptions {
  /** 0 to 0xffffffff; the same one gives the same moments in the same order. */
  readonly seed: number;
  readonly clock: Clock;
}

/** Longest moment that a message is held for. */
export const maxHoldMs = 100;
/** Their order is AWS's too: a connection ends after it began. Whoever may come in is asked before both. */
const unheld: ReadonlySet<string> = new Set(['ws/connect', 'ws/disconnect', 'ws/authorizer']);

/** How long the event with this number, from 0 on, is held for: 0 to `maxHoldMs` milliseconds, in whole ones. */
export function holdMs(seed: number, count: number): number {
  // A finaliser of MurmurHash3 (public domain): neighbours give numbers that have nothing to do with each other.
  let mixed = (seed ^ Math.imul(count + 1, 0x9e37_79b9)) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) % (maxHoldMs + 1);
}

/**
 * Holds each message event for a random moment before its handler starts, so that messages overtake each other: AWS
 * promises no order either (facts C24, E28).
 */
export function shuffled(invoke: Invoke, { seed, clock }: ShuffleOptions): Invoke {
  let count = 0;
  return (invocation) => {
    if (!isHeld(invocation)) return invoke(invocation);
    const ms = holdMs(seed, count);
    count += 1;
    // Whether its connection is still open by then, nobody knows here: what it sends has to be confirmed.
    return new Promise((resolve) => {
      clock.after(ms, () => resolve(invoke({ ...invocation, openConnectionId: undefined })));
    });
  };
}

function isHeld({ functionName }: Invocation): boolean {
  return functionName.startsWith('ws/') && !unheld.has(functionName);
}
