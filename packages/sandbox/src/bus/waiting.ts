import type { Message, Received } from './message.ts';

/** How messages leave. */
export interface TakeRules {
  /** Whether messages of a group come one batch after the other, in their order. */
  readonly isOrdered: boolean;
  readonly batchSize: number;
  /** How long a batch that is not full waits for more. */
  readonly batchWindowMs: number;
}

/** Messages that wait for a function or are with it. */
export interface Waiting {
  readonly count: number;
  readonly bytes: number;
  add(message: Message, visibleAtMs: number): void;
  /** The next batch, which nobody else gets until it is dropped or put back; empty when there is none now. */
  take(rules: TakeRules, nowMs: number): readonly Received[];
  /** When there may be a batch, as far as that is known; `undefined`: not before something is added, dropped or put back. */
  nextAtMs(rules: TakeRules): number | undefined;
  drop(messageIds: readonly string[]): void;
  /** They are in the place they had, and are seen again at that time. */
  putBack(messageIds: readonly string[], visibleAtMs: number): void;
}

interface Entry {
  readonly message: Message;
  readonly bytes: number;
  visibleAtMs: number;
  isTaken: boolean;
  receiveCount: number;
  firstReceivedAtMs: number | undefined;
}

/** Keeps messages in the order in which they came. */
export function createWaiting(): Waiting {
  const entries = new Map<string, Entry>();
  let bytes = 0;

  /** What could be taken once its time has come: in a FIFO queue, of each group only what nothing stands before. */
  function candidates({ isOrdered }: TakeRules, nowMs: number): readonly Entry[] {
    if (!isOrdered) return [...entries.values()].filter(({ isTaken }) => !isTaken);
    const busy = new Set([...entries.values()].filter(({ isTaken }) => isTaken).map(({ message }) => message.groupId));
    const blocked = new Set<string | undefined>();
    return [...entries.values()].filter(({ message: { groupId }, visibleAtMs }) => {
      if (busy.has(groupId) || blocked.has(groupId)) return false;
      if (visibleAtMs > nowMs) blocked.add(groupId);
      return true;
    });
  }

  return {
    get count() {
      return entries.size;
    },
    get bytes() {
      return bytes;
    },
    add(message, visibleAtMs) {
      const entry = {
        message,
        bytes: Buffer.byteLength(message.body),
        visibleAtMs,
        isTaken: false,
        receiveCount: 0,
        firstReceivedAtMs: undefined,
      };
      entries.set(message.messageId, entry);
      bytes += entry.bytes;
    },
    take(rules, nowMs) {
      const ready = candidates(rules, nowMs).filter(({ visibleAtMs }) => visibleAtMs <= nowMs);
      const isWaited = ready.every(({ visibleAtMs }) => visibleAtMs + rules.batchWindowMs > nowMs);
      if (ready.length < rules.batchSize && isWaited) return [];
      return ready.slice(0, rules.batchSize).map((entry) => {
        entry.isTaken = true;
        entry.receiveCount += 1;
        entry.firstReceivedAtMs ??= nowMs;
        const { message, receiveCount, firstReceivedAtMs } = entry;
        return { ...message, receiveCount, firstReceivedAtMs };
      });
    },
    nextAtMs(rules) {
      const times = candidates(rules, Number.NEGATIVE_INFINITY).map(({ visibleAtMs }) => visibleAtMs);
      return times.length === 0 ? undefined : times.reduce((one, other) => Math.min(one, other)) + rules.batchWindowMs;
    },
    drop(messageIds) {
      for (const messageId of messageIds) {
        bytes -= entries.get(messageId)?.bytes ?? 0;
        entries.delete(messageId);
      }
    },
    putBack(messageIds, visibleAtMs) {
      for (const messageId of messageIds) {
        const entry = entries.get(messageId);
        if (entry !== undefined) Object.assign(entry, { isTaken: false, visibleAtMs });
      }
    },
  };
}
