import { readProxyResult, type FrameError, type FunctionFailure, type Outcome } from '@furrow/protocol';

/**
 * The error that the gateway itself sends for a message's outcome; `undefined` when it sends nothing.
 *
 * A status code never matters (fact C13) and a body goes nowhere (C14); only a failure or a malformed result shows (C10).
 */
export function frameErrorOf(outcome: Outcome): FrameError | undefined {
  if (outcome.type === 'returned' && readProxyResult(outcome.value) !== undefined) return undefined;
  return 'internal';
}

/** Why an outcome counts as failed, for the log; `undefined` when it does not. */
export function failureOf(outcome: Outcome): FunctionFailure | undefined {
  if (outcome.type === 'failed') return outcome.failure;
  if (outcome.type === 'refused') {
    return { errorType: 'TooManyRequestsException', errorMessage: outcome.reason, trace: [] };
  }
  if (readProxyResult(outcome.value) !== undefined) return undefined;
  const shown = JSON.stringify(outcome.value) ?? 'undefined';
  return {
    errorType: 'MalformedProxyResponse',
    errorMessage: `The handler returned ${shown.slice(0, 200)}; expected { statusCode: 200 } with no keys but statusCode, headers, multiValueHeaders, body (text) and isBase64Encoded.`,
    trace: [],
  };
}
