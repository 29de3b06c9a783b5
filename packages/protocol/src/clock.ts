/** Time as gateways and executors see it; tests move one of their own. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Runs `task` once, `ms` milliseconds from now. The returned function calls it off. */
  readonly after: (ms: number, task: () => void) => () => void;
}

/** The machine's own time. */
export const systemClock: Clock = {
  now: Date.now,
  after(ms, task) {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};
