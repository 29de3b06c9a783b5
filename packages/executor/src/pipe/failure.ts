import type { FunctionFailure } from '@furrow/protocol';

/** What a handler threw, as Lambda's Node runtime reports it (fact H7). Anything can be thrown, so nothing is trusted. */
export function failureOf(thrown: unknown, errorType?: string): FunctionFailure {
  if (!(thrown instanceof Error)) {
    return { errorType: errorType ?? typeof thrown, errorMessage: textOf(thrown), trace: [] };
  }
  const { name, message, stack } = read(thrown);
  return { errorType: errorType ?? name, errorMessage: message, trace: stack.split('\n') };
}

/** Getters of a thrown object may throw themselves. */
function read(error: Error): { name: string; message: string; stack: string } {
  try {
    return { name: String(error.name), message: String(error.message), stack: String(error.stack) };
  } catch {
    return { name: 'Error', message: 'An error that cannot be read was thrown.', stack: '' };
  }
}

function textOf(value: unknown): string {
  try {
    return typeof value === 'object' ? (JSON.stringify(value) ?? String(value)) : String(value);
  } catch {
    return 'A value that has no text was thrown.';
  }
}
