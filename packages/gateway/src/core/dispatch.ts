import { readProxyResult, type FrameError, type FunctionFailure } from '@furrow/protocol';
import type { IntegrationOutcome } from '../integrations.ts';

/**
 * The error that the gateway itself sends for a message's outcome; `undefined` when it sends nothing.
 *
 * A status code never matters (fact C13) and a body goes nowhere (C14); only a failure or a malformed result shows (C10).
 *
 * @param outcome `undefined` where the app has no function for the route (C8).
 */
export function frameErrorOf(outcome: IntegrationOutcome | undefined): FrameError | undefined {
  if (outcome === undefined) return 'forbidden';
  if (outcome.type === 'timedOut') return 'timedOut';
  if (outcome.type === 'returned' && readProxyResult(outcome.value) !== undefined) return undefined;
  return 'internal';
}

/** Why an outcome counts as failed, for the log; `undefined` when it does not. */
export function failureOf(outcome: IntegrationOutcome | undefined): FunctionFailure | undefined {
  if (outcome === undefined) return undefined;
  switch (outcome.type) {
    case 'failed':
      return outcome.failure;
    case 'refused':
      return { errorType: 'TooManyRequestsException', errorMessage: outcome.reason, trace: [] };
    case 'timedOut':
      return {
        errorType: 'Gateway.Timedout',
        errorMessage: 'No result within 29 seconds; the function runs on.',
        trace: [],
      };
    case 'returned':
      return readProxyResult(outcome.value) === undefined ? malformed(outcome.value) : undefined;
    default:
      return outcome satisfies never;
  }
}

const maxShown = 200;

function malformed(value: unknown): FunctionFailure {
  return {
    errorType: 'MalformedProxyResponse',
    errorMessage: `The handler returned ${shown(value)}; expected { statusCode: 200 } with no keys but statusCode, headers, multiValueHeaders, body (text) and isBase64Encoded.`,
    trace: [],
  };
}

function shown(value: unknown): string {
  try {
    return (JSON.stringify(value) ?? 'undefined').slice(0, maxShown);
  } catch {
    // Nested so deep that it cannot be written; that it is wrong is known without it.
    return 'a value that is too deep to show';
  }
}
