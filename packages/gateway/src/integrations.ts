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
  /** Other work counts as running from now on, until `end` is called for it. */
  readonly begin: () => void;
  readonly end: () => void;
  /** Resolves when nothing is running. */
  readonly settled: () => Promise<void>;
}

export function createIntegrations(invoke: Invoke, timeoutMs: number, clock: Clock = systemClock): Integrations {
  let running = 0;
  let onSettled: (() => void)[] = [];

  function begin(): void {
    running += 1;
  }

  function end(): void {
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
    const finish = (outcome: IntegrationOutcome): void => {
      callOff();
      if (!isTooLate) onOutcome(outcome);
      end();
    };
    const fail = (error: unknown): void => {
      callOff();
      end();
      onBroken(error);
    };
    begin();
    const callOff = clock.after(timeoutMs, () => {
      isTooLate = true;
      onOutcome({ type: 'timedOut', afterMs: timeoutMs, ended: work });
    });
    const work = invoke(invocation).then(finish, fail);
  }

  async function settled(): Promise<void> {
    if (running === 0) return;
    await new Promise<void>((resolve) => onSettled.push(resolve));
    // What has ended may have begun more.
    await settled();
  }

  return {
    begin,
    end,
    run,
    invoke: (invocation) => new Promise((resolve, reject) => run(invocation, resolve, reject)),
    settled,
  };
}

/** What breaks its contract is a bug of ours, and ends the process. */
function rethrow(error: unknown): void {
  throw error;
}
