import { AsyncLocalStorage } from 'node:async_hooks';
import { limits, maxUnconfirmedBytes } from '@furrow/protocol';
import { takeOut } from '../take-out.ts';
import type { AuthorFolders } from './authors-place.ts';
import type { Batch } from './batch.ts';
import type { OpenConnection } from './channel.ts';
import { toParent } from './codec.ts';
import { createContext, type FunctionFacts } from './context.ts';
import type { ReceivedEvent } from './event-frame.ts';
import { failureOf } from './failure.ts';
import type { Inbox } from './inbox.ts';
import type { Begun, WorkWatch } from './left-behind.ts';

export type Handler = (event: unknown, context: object) => unknown;

/** A function that takes events. */
export interface Loaded {
  readonly handler: Handler;
  readonly facts: FunctionFacts;
  readonly folders: AuthorFolders;
  /** Whether nothing goes on between two events, as on Lambda. */
  readonly isFrozen: boolean;
  /** Whether events run beside each other. */
  readonly isConcurrent: boolean;
}

export interface RunningEvent extends OpenConnection {
  readonly sequence: number;
  readonly requestId: string;
}

export interface RunnerOptions {
  readonly batch: Batch;
  readonly inbox: Inbox;
  readonly watch: WorkWatch;
  /** Calls back when all that was written before has left this process. */
  readonly afterWrites: (then: () => void) => void;
  /** Told before an event begins and when it has ended, with how many are running then. */
  readonly onRunning: (count: number) => void;
}

/** Runs the events of one function: one after the other, or all at once. */
export interface Runner {
  start(loaded: Loaded): void;
  put(event: ReceivedEvent): void;
  /** The event whose code is running, as far as that is known. */
  current(): RunningEvent | undefined;
  /** Ends an event from outside of its handler: with a failure, or with `null` for a result. */
  end(event: RunningEvent, failure: object | undefined): void;
  readonly running: readonly RunningEvent[];
  /** The sequence number of the last event that began. */
  readonly begun: number;
}

export function createRunner({ batch, inbox, watch, afterWrites, onRunning }: RunnerOptions): Runner {
  const running: RunningEvent[] = [];
  const scope = new AsyncLocalStorage<RunningEvent>();
  let loaded: Loaded | undefined;
  /** The only running event, where they run one after the other. */
  let lone: RunningEvent | undefined;
  let begun = 0;
  let isNextDue = false;

  function result(sequence: number, text: string, startedAt: number): void {
    batch.push(toParent.result, (frame) => {
      frame.uint32(sequence);
      frame.double(performance.now() - startedAt);
      frame.text(text);
    });
  }

  function fail(sequence: number, failure: object): void {
    batch.push(toParent.failed, (frame) => {
      frame.uint32(sequence);
      frame.text(JSON.stringify(failure));
    });
  }

  function begin({ sequence, requestId, openConnectionId }: ReceivedEvent, { isConcurrent }: Loaded): RunningEvent {
    const own = { sequence, requestId, openConnectionId, unconfirmedBytesLeft: maxUnconfirmedBytes };
    running.push(own);
    begun = sequence;
    onRunning(running.length);
    if (!isConcurrent) {
      lone = own;
      watch.begin();
    }
    return own;
  }

  function finish(own: RunningEvent): void {
    takeOut(running, own);
    own.openConnectionId = '';
    if (own === lone) {
      lone = undefined;
      const left = watch.end();
      if (loaded !== undefined && left.length > 0) setImmediate(report, left, loaded.folders);
    }
    onRunning(running.length);
    soonNext();
  }

  async function run(event: ReceivedEvent, to: Loaded): Promise<void> {
    const own = begin(event, to);
    const { sequence, requestId } = own;
    const startedAt = performance.now();
    try {
      const context = createContext(to.facts, { requestId, deadlineMs: Date.now() + event.timeoutMs });
      const call = () => to.handler(event.make(), context);
      const value = await (to.isConcurrent ? scope.run(own, call) : call());
      if (!running.includes(own)) return;
      const text = JSON.stringify(value) ?? 'null';
      if (isTooLong(text)) fail(sequence, tooLong);
      else result(sequence, text, startedAt);
      finish(own);
    } catch (error) {
      if (!running.includes(own)) return;
      fail(sequence, failureOf(error));
      finish(own);
    }
  }

  /** After what the last handler has put off to the end of its turn. */
  function soonNext(): void {
    if (isNextDue || loaded?.isConcurrent !== false) return;
    isNextDue = true;
    setImmediate(next);
  }

  /**
   * What the last event said has left this process before the next one begins: when the process dies, it is known which
   * events had not begun.
   */
  function next(): void {
    batch.flush();
    afterWrites(() => {
      isNextDue = false;
      if (running.length > 0 || loaded === undefined) return;
      const event = inbox.next();
      if (event !== undefined) void run(event, loaded);
    });
  }

  /** Behind the result, which is not kept waiting for it. */
  function report(left: readonly Begun[], folders: AuthorFolders): void {
    for (const one of watch.describe(left, folders)) {
      batch.push(toParent.leftBehind, (frame) => frame.text(JSON.stringify(one)));
    }
  }

  return {
    running,
    start(found) {
      loaded = found;
    },
    put(event) {
      if (loaded === undefined) return;
      inbox.put(event);
      if (!loaded.isConcurrent && (running.length > 0 || isNextDue)) return;
      const first = inbox.next();
      if (first !== undefined) void run(first, loaded);
    },
    current: () => (loaded?.isConcurrent === true ? scope.getStore() : lone),
    end(event, failure) {
      if (failure === undefined) result(event.sequence, 'null', performance.now());
      else fail(event.sequence, failure);
      finish(event);
    },
    get begun() {
      return begun;
    },
  };
}

/** No character takes more than three bytes, so most results need not be measured. */
function isTooLong(text: string): boolean {
  return text.length * 3 > limits.maxResultBytes && Buffer.byteLength(text) > limits.maxResultBytes;
}

/** Fact H6. */
const tooLong = {
  errorType: 'Function.ResponseSizeTooLarge',
  errorMessage: `Response payload size exceeded maximum allowed payload size (${limits.maxResultBytes} bytes).`,
  trace: [],
};
