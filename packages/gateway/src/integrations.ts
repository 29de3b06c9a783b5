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
  /** The same with fewer promises, for what every message goes through. */
  readonly run: (invocation: Invocation, onOutcome: (outcome: IntegrationOutcome) => void) => void;
  /** Counts other work as running until it settles. */
  readonly track: <T>(work: Promise<T>) => Promise<T>;
  /** Resolves when nothing is running. */
  readonly settled: () => Promise<void>;
}

export function createIntegrations(invoke: Invoke, timeoutMs: number, clock: Clock = systemClock): Integrations {
  let running = 0;
  let onSettled: (() => void)[] = [];

  function ended(): void {
    running -= 1;
    if (running > 0) return;
    const waiting = onSettled;
    onSettled = [];
    for (const tell of waiting) tell();
  }

  function run(
    invocation: Invocation,
    onOutcome: (outcome: IntegrationOutcome) => void,
    onBroken: (error: unknown) => void = rethrow,
  ): void {
    let isTooLate = false;
    running += 1;
    const callOff = clock.after(timeoutMs, () => {
      isTooLate = true;
      onOutcome({ type: 'timedOut', afterMs: timeoutMs, ended: work });
    });
    const work = invoke(invocation).then(
      (outcome) => {
        callOff();
        if (!isTooLate) onOutcome(outcome);
        ended();
      },
      (error: unknown) => {
        callOff();
        ended();
        onBroken(error);
      },
    );
  }

  return {
    run,
    invoke: (invocation) => new Promise((resolve, reject) => run(invocation, resolve, reject)),
    track(work) {
      running += 1;
      void work.then(ended, ended);
      return work;
    },
    async settled() {
      while (running > 0) {
        // oxlint-disable-next-line no-await-in-loop -- what ends may have begun more
        await new Promise<void>((resolve) => onSettled.push(resolve));
      }
    },
  };
}

/** What breaks its contract is a bug of ours, and ends the process. */
function rethrow(error: unknown): void {
  throw error;
}
