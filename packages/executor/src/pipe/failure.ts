import { inspect, types } from 'node:util';
import type { FunctionFailure } from '@furrow/protocol';

/** What a handler threw, as Lambda's Node runtime reports it (fact H7). Anything can be thrown, so nothing is trusted. */
export function failureOf(thrown: unknown, errorType?: string): FunctionFailure {
  try {
    if (!isError(thrown)) return { errorType: errorType ?? typeof thrown, errorMessage: textOf(thrown), trace: [] };
    const { name, message, stack } = read(thrown);
    return { errorType: errorType ?? name, errorMessage: message, trace: stack === '' ? [] : stack.split('\n') };
  } catch {
    return { errorType: errorType ?? 'Error', errorMessage: 'Something that cannot be read was thrown.', trace: [] };
  }
}

/** Errors of another realm, as `node:vm` makes them, are no instances of ours. */
function isError(thrown: unknown): thrown is Error {
  return types.isNativeError(thrown) || thrown instanceof Error;
}

/** Fields of a thrown object may hold anything, and their getters may throw themselves. */
function read(error: Error): { readonly name: string; readonly message: string; readonly stack: string } {
  const { name, message, stack }: { name: unknown; message: unknown; stack?: unknown } = error;
  return { name: textOf(name), message: textOf(message), stack: typeof stack === 'string' ? stack : '' };
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const json = typeof value === 'object' ? JSON.stringify(value) : undefined;
  return json ?? inspect(value);
}
