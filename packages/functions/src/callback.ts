/** Node's form: the error or `null`, then the result. */
export type Callback<Result> = (error: Error | null, result?: Result) => void;

/** The promise itself, or nothing once a callback waits for it. */
export function settle<Result>(
  promise: Promise<Result>,
  callback: Callback<Result> | undefined,
): Promise<Result> | undefined {
  if (typeof callback !== 'function') return promise;
  void report(promise, callback);
  return undefined;
}

/** Never rejects: what the callback throws is an uncaught exception with its own stack, not a rejection of ours. */
async function report<Result>(promise: Promise<Result>, callback: Callback<Result>): Promise<void> {
  let outcome: Parameters<Callback<Result>>;
  try {
    outcome = [null, await promise];
  } catch (error) {
    outcome = [error instanceof Error ? error : new Error(String(error))];
  }
  queueMicrotask(() => callback(...outcome));
}
