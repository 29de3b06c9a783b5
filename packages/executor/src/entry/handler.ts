/**
 * Goes into every built function, around the author's handler.
 *
 * Lambda's nodejs24.x takes only handlers that return a promise, so callbacks are turned into promises here, and the same
 * build runs on every Node runtime.
 */
type Callback = (error?: unknown, value?: unknown) => void;
type Author = (event: unknown, context: unknown, callback: Callback) => unknown;
export type Adapted = (event: unknown, context: unknown) => Promise<unknown>;

/** The module of the author: ES modules export `handler`, CommonJS may also hand over one object. */
export type Source = Readonly<Record<string, unknown>>;

interface Shared {
  /** Requests over HTTP that the library has begun. */
  [pendingSendsKey]?: Set<Promise<unknown>>;
  /** The handler has returned no promise, so nobody can expect it to be settled. */
  [awaitsCallbackKey]: boolean;
}

const pendingSendsKey = Symbol.for('furrow.pending-sends');
const awaitsCallbackKey = Symbol.for('furrow.awaits-callback');
const shared: Shared = Object.assign(globalThis, { [awaitsCallbackKey]: false });

/** The handler as a function that returns a promise, whatever its style; `undefined` when there is none. */
export function adapt(source: Source, name: string): Adapted | undefined {
  const handler = authorsHandler(source, name);
  if (handler === undefined) return undefined;
  return (event, context) =>
    new Promise((resolve, reject) => {
      const callback: Callback = (error, value) =>
        error === undefined || error === null ? resolve(value) : reject(error);
      const returned = handler(event, context, callback);
      const isPromised = isThenable(returned);
      if (isPromised) returned.then(resolve, reject);
      else if (returned !== undefined && handler.length < 3) resolve(returned);
      if (shared[awaitsCallbackKey] === isPromised) shared[awaitsCallbackKey] = !isPromised;
    }).then(afterPendingSends, afterPendingSendsThrow);
}

function authorsHandler(source: Source, name: string): Author | undefined {
  const fallback = source['default'];
  const found = source[name] ?? (isRecord(fallback) ? fallback[name] : undefined);
  return isAuthor(found) ? found : undefined;
}

function isAuthor(value: unknown): value is Author {
  return typeof value === 'function';
}

/** Modules may hand over a function that has properties. */
function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return isRecord(value) && typeof value['then'] === 'function';
}

/** Sends that the handler did not await have begun; on AWS nothing runs on after the answer, so they are waited for here. */
async function afterPendingSends(value: unknown): Promise<unknown> {
  const pending = shared[pendingSendsKey];
  if (pending !== undefined && pending.size > 0) await Promise.allSettled(pending);
  return value;
}

async function afterPendingSendsThrow(error: unknown): Promise<never> {
  await afterPendingSends(undefined);
  throw error;
}
