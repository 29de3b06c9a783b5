/** Lets work run beside other work, or alone; all of it in the order in which it was asked for. */
export interface Gate {
  beside<T>(work: () => Promise<T>): Promise<T>;
  alone<T>(work: () => Promise<T>): Promise<T>;
}

export function createGate(): Gate {
  /** Ends with the latest work that runs alone; never fails. */
  let last: Promise<unknown> = Promise.resolve();
  const running = new Set<Promise<unknown>>();
  return {
    beside(work) {
      const result = last.then(work);
      const forget = () => running.delete(ended);
      const ended: Promise<unknown> = result.then(forget, forget);
      running.add(ended);
      return result;
    },
    alone(work) {
      const result = Promise.all([last, ...running]).then(work);
      last = result.catch(() => {});
      return result;
    },
  };
}
