import type { FunctionFailure } from '@furrow/protocol';

/** Signals in the words of Lambda's supervisor, which is written in Go; others keep their names. */
const signalWords: Readonly<Record<string, string>> = {
  SIGABRT: 'aborted',
  SIGBUS: 'bus error',
  SIGFPE: 'floating point exception',
  SIGHUP: 'hangup',
  SIGILL: 'illegal instruction',
  SIGINT: 'interrupt',
  SIGKILL: 'killed',
  SIGQUIT: 'quit',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
  SIGTRAP: 'trace/breakpoint trap',
};

/** Lambda's words for an event that took longer than the function may (fact H8). */
export function timeoutFailure(requestId: string, timeoutMs: number): FunctionFailure {
  return failure('Sandbox.Timedout', requestId, `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`);
}

/** Why a function that is still loading is given up (fact H22). */
export function initTimeoutFailure(timeoutMs: number): FunctionFailure {
  return failure('Sandbox.Timedout', undefined, `Loading timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`);
}

/** How a process ended, as Lambda says it; `undefined` for an exit that gives no reason. */
export function exitStatus(code: number | null, signal: string | null): string | undefined {
  if (signal !== null) return `signal: ${signalWords[signal] ?? signal}`;
  return code === 0 || code === null ? undefined : `exit status ${code}`;
}

/** Lambda's words for a runtime that ended in the middle of an event (fact H9). */
export function exitFailure(status: string | undefined, requestId: string | undefined): FunctionFailure {
  const what =
    status === undefined ? 'Runtime exited without providing a reason' : `Runtime exited with error: ${status}`;
  return failure('Runtime.ExitError', requestId, what);
}

/** What came over the pipe between executor and process cannot be read. */
export function pipeFailure(error: unknown): FunctionFailure {
  const why = error instanceof Error ? error.message : String(error);
  const what = `Descriptor 3 belongs to the runtime, and the handler has written into it, so its process was ended. ${why}`;
  return failure('Runtime.PipeBroken', undefined, what);
}

function failure(errorType: string, requestId: string | undefined, what: string): FunctionFailure {
  const errorMessage = requestId === undefined ? what : `RequestId: ${requestId} Error: ${what}`;
  return { errorType, errorMessage, trace: [] };
}
