import { systemClock, type Clock, type Invocation, type Invoke, type Outcome } from '@furrow/protocol';

/** How a function's run looks from the gateway: its outcome, or the gateway's own time-out. */
export type IntegrationOutcome =
  | Outcome
  | {
      readonly type: 'timedOut';
      readonly afterMs: number;
      /** Resolves when the handler has ended after all. */
      readonly ended?: Promise<unknown>;
    };

/** Runs functions for the gateway, and knows what is still running. */
export interface Integrations {
  /** Never waits longer than the time-out; the handler runs on behind it, and its outcome is dropped (fact C11). */
  readonly invoke: (invocation: Invocation) => Promise<IntegrationOutcome>;
  /** Counts other work as running until it settles. */
  readonly track: <T>(work: Promise<T>) => Promise<T>;
  /** Resolves when nothing is running. */
  readonly settled: () => Promise<void>;
}

export function createIntegrations(invoke: Invoke, timeoutMs: number, clock: Clock = systemClock): Integrations {
  const running = new Set<Promise<unknown>>();

  function track<T>(work: Promise<T>): Promise<T> {
    running.add(work);
    void work.finally(() => running.delete(work));
    return work;
  }

  return {
    track,
    invoke: (invocation) =>
      new Promise((resolve, reject) => {
        const timeOut = () => resolve({ type: 'timedOut', afterMs: timeoutMs, ended: Promise.allSettled([work]) });
        const callOff = clock.after(timeoutMs, timeOut);
        const work = invoke(invocation);
        running.add(work);
        const settle = (report: () => void) => {
          callOff();
          running.delete(work);
          report();
        };
        work.then(
          (outcome) => settle(() => resolve(outcome)),
          (error: unknown) => settle(() => reject(error)),
        );
      }),
    async settled() {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}
