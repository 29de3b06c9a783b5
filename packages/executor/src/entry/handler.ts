/**
 * Goes into every built function, around the author's handler.
 *
 * Lambda's nodejs24.x takes only handlers that return a promise, so callbacks are turned into promises here, and the same
 * build runs on every Node runtime.
 */
type Callback = (error: unknown, value?: unknown) => void;
type Author = (event: unknown, context: unknown, callback: Callback) => unknown;
export type Adapted = (event: unknown, context: unknown) => Promise<unknown>;

/** The module of the author: ES modules export `handler`, CommonJS may also hand over one object. */
interface Source {
  readonly handler?: unknown;
  readonly default?: { readonly handler?: unknown };
}

function authorsHandler(source: Source, name: string): Author | undefined {
  const exported = source as Readonly<Record<string, unknown>>;
  const found = exported[name] ?? (exported['default'] as Record<string, unknown> | undefined)?.[name];
  return typeof found === 'function' ? (found as Author) : undefined;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | undefined | null)?.then === 'function';
}

/** The handler as a function that returns a promise, whatever its style; `undefined` when there is none. */
export function adapt(source: Source, name: string): Adapted | undefined {
  const handler = authorsHandler(source, name);
  if (handler === undefined) return undefined;
  return (event, context) =>
    new Promise((resolve, reject) => {
      const callback: Callback = (error, value) =>
        error === undefined || error === null ? resolve(value) : reject(error);
      const returned = handler(event, context, callback);
      if (isThenable(returned)) returned.then(resolve, reject);
      else if (returned !== undefined && handler.length < 3) resolve(returned);
    }).then(afterPendingSends);
}

/** Sends that the handler did not await have begun; on AWS nothing runs on after the answer, so they are waited for here. */
async function afterPendingSends(value: unknown): Promise<unknown> {
  const pending = (globalThis as Record<symbol, unknown>)[Symbol.for('furrow.pending-sends')];
  if (pending instanceof Set && pending.size > 0) await Promise.allSettled(pending);
  return value;
}
