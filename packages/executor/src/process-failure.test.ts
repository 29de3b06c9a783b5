import { expect, test } from 'vitest';
import { exitFailure, exitStatus, initTimeoutFailure, timeoutFailure } from './process-failure.ts';

test.for([
  { code: 0, signal: null, status: undefined },
  { code: 1, signal: null, status: 'exit status 1' },
  { code: 129, signal: null, status: 'exit status 129' },
  { code: null, signal: 'SIGKILL', status: 'signal: killed' },
  { code: null, signal: 'SIGABRT', status: 'signal: aborted' },
  { code: null, signal: 'SIGSEGV', status: 'signal: segmentation fault' },
  { code: null, signal: 'SIGUSR1', status: 'signal: SIGUSR1' },
  { code: null, signal: null, status: undefined },
])('exit $code, $signal: $status', ({ code, signal, status }) => {
  expect(exitStatus(code, signal)).toBe(status);
});

test.for([
  {
    failure: exitFailure('exit status 1', 'id'),
    errorType: 'Runtime.ExitError',
    errorMessage: 'RequestId: id Error: Runtime exited with error: exit status 1',
  },
  {
    failure: exitFailure(undefined, 'id'),
    errorType: 'Runtime.ExitError',
    errorMessage: 'RequestId: id Error: Runtime exited without providing a reason',
  },
  {
    failure: exitFailure('signal: killed', undefined),
    errorType: 'Runtime.ExitError',
    errorMessage: 'Runtime exited with error: signal: killed',
  },
  {
    failure: timeoutFailure('id', 3000),
    errorType: 'Sandbox.Timedout',
    errorMessage: 'RequestId: id Error: Task timed out after 3.00 seconds',
  },
  {
    failure: initTimeoutFailure(10_000),
    errorType: 'Sandbox.Timedout',
    errorMessage: 'Loading timed out after 10.00 seconds',
  },
])('$errorMessage', ({ failure, errorType, errorMessage }) => {
  expect(failure).toEqual({ errorType, errorMessage, trace: [] });
});
