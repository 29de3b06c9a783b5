import type { Clock, FunctionRun, Invoke, Outcome } from '@furrow/protocol';
import type { Message, Received } from './message.ts';
import { createWaiting, type TakeRules } from './waiting.ts';

/** A run of a function that no client waits for. */
export interface BackgroundRun extends FunctionRun {
  readonly type: 'background';
  readonly atMs: number;
  /** `events/likes` */
  readonly functionName: string;
  /** `event likes` */
  readonly label: string;
  /** Messages that it was given. */
  readonly count: number;
  /** How often the first of them has been given to it, from 1. */
  readonly attempt: number;
  /** How many of them failed. */
  readonly failed: number;
  /** When those come again, in milliseconds; absent where none do. */
  readonly againInMs?: number | undefined;
  /** How many were given up. */
  readonly givenUp: number;
}

export interface ChannelRules extends TakeRules {
  /** How often a message is given to the function before it is given up. */
  readonly maxAttempts: number;
  /** Milliseconds until a message comes again that has failed so often. */
  readonly retryDelayMs: (attempt: number) => number;
  /** Batches at once. */
  readonly maxRunning: number;
}

/** What a channel carries to which function. */
export interface ChannelTarget {
  readonly functionName: string;
  readonly label: string;
  readonly rules: ChannelRules;
  /** The event of a batch, as JSON text. */
  readonly encode: (batch: readonly Received[]) => string;
  /** The messages of a batch that were not taken. */
  readonly failedOf: (outcome: Outcome, batch: readonly Received[]) => readonly string[];
}

export interface ChannelOptions {
  readonly invoke: Invoke;
  readonly clock: Clock;
  /** It MUST return at once. */
  readonly onRun: (run: BackgroundRun) => void;
}

/** Brings messages to a function, again where it fails. */
export interface Channel {
  readonly count: number;
  readonly bytes: number;
  /** From the next batch on. */
  setTarget(target: ChannelTarget): void;
  add(message: Message, delayMs?: number): void;
  /** Begins no more batches; resolves when those that run have ended. */
  close(): Promise<void>;
}

export function openChannel(first: ChannelTarget, { invoke, clock, onRun }: ChannelOptions): Channel {
  const waiting = createWaiting();
  const running = new Set<Promise<void>>();
  let target = first;
  let callOff = nothing;
  let isClosed = false;

  function pump(): void {
    callOff();
    if (isClosed) return;
    while (running.size < target.rules.maxRunning) {
      const nowMs = clock.now();
      const batch = waiting.take(target.rules, nowMs);
      if (batch.length === 0) {
        const atMs = waiting.nextAtMs(target.rules);
        if (atMs !== undefined) callOff = clock.after(Math.max(1, atMs - nowMs), pump);
        return;
      }
      const run: Promise<void> = give(target, batch).finally(() => {
        running.delete(run);
        pump();
      });
      running.add(run);
    }
  }

  async function give(to: ChannelTarget, batch: readonly Received[]): Promise<void> {
    const event = to.encode(batch);
    const startedAtMs = clock.now();
    const started = performance.now();
    const outcome = await invoke({ functionName: to.functionName, event });
    const failed = new Set(to.failedOf(outcome, batch));
    const last = batch.filter(({ messageId, receiveCount }) => {
      return failed.has(messageId) && receiveCount >= to.rules.maxAttempts;
    });
    const again = batch.filter(({ messageId, receiveCount }) => {
      return failed.has(messageId) && receiveCount < to.rules.maxAttempts;
    });
    const attempt = batch[0]?.receiveCount ?? 1;
    const againInMs = again.length === 0 ? undefined : to.rules.retryDelayMs(attempt);
    waiting.drop([...batch.filter(({ messageId }) => !failed.has(messageId)), ...last].map(idOf));
    waiting.putBack(again.map(idOf), clock.now() + (againInMs ?? 0));
    onRun({
      type: 'background',
      atMs: startedAtMs,
      functionName: to.functionName,
      label: to.label,
      count: batch.length,
      attempt,
      failed: failed.size,
      againInMs,
      givenUp: last.length,
      durationMs: performance.now() - started,
      event,
      ...resultOf(outcome),
    });
  }

  return {
    get count() {
      return waiting.count;
    },
    get bytes() {
      return waiting.bytes;
    },
    setTarget(next) {
      target = next;
      pump();
    },
    add(message, delayMs = 0) {
      waiting.add(message, clock.now() + delayMs);
      pump();
    },
    async close() {
      isClosed = true;
      callOff();
      await Promise.all(running);
    },
  };
}

function nothing(): void {}

function idOf({ messageId }: Message): string {
  return messageId;
}

function resultOf(outcome: Outcome): Pick<FunctionRun, 'result' | 'failure'> {
  if (outcome.type === 'returned') return { result: outcome.value };
  if (outcome.type === 'failed') return { failure: outcome.failure };
  return { failure: { errorType: 'TooManyRequestsException', errorMessage: outcome.reason, trace: [] } };
}
