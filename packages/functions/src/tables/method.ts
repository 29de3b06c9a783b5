import { settle, type Callback } from '../callback.ts';
import { atCallSite, captureCallSite } from '../errors.ts';

// What goes in and comes out is typed where a method gets its name.
/* oxlint-disable typescript/no-explicit-any */

/** Returns what stands for the result; with a callback, nothing. The callback may stand where there is no input. */
export interface Method<Begun = Promise<any>> {
  (input?: any): Begun;
  (input: any, callback: Callback<any>): undefined;
  (callback: Callback<any>): undefined;
}

/** A deed as users call it. Its errors have the stack of the caller. */
export function createMethod(deed: (input: any) => Promise<unknown>): Method {
  return createMethodFrom(deed, (result) => result);
}

/** The same, where `begin` makes of the promise what users get. */
export function createMethodFrom<Begun>(
  deed: (input: any) => Promise<unknown>,
  begin: (result: Promise<unknown>) => Begun,
): Method<Begun> {
  function method(input?: any): Begun;
  function method(input: any, callback: Callback<any>): undefined;
  function method(callback: Callback<any>): undefined;
  function method(input?: unknown, callback?: Callback<unknown>): Begun | undefined {
    const [given, done] = isCallback(input) ? [undefined, input] : [input, callback];
    const site = captureCallSite(method);
    const result = deed(given).catch((error: unknown) => {
      throw atCallSite(error, site);
    });
    if (!isCallback(done)) return begin(result);
    void settle(result, done);
    return undefined;
  }
  return method;
}
/* oxlint-enable typescript/no-explicit-any */

function isCallback(value: unknown): value is Callback<unknown> {
  return typeof value === 'function';
}
