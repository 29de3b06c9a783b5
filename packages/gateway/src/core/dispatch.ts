import { limits, readProxyResult, type FrameError, type FunctionFailure, type ProxyResult } from '@furrow/protocol';
import type { IntegrationOutcome } from '../integrations.ts';

/** What a message's outcome means for the client, and for the log. */
export interface Reply {
  /** The error that the gateway itself sends. */
  readonly error?: FrameError;
  /** The text that a two-way route sends; bytes where it was base64. */
  readonly body?: string | Buffer;
  readonly failure?: FunctionFailure;
}

const nothing: Reply = {};

/**
 * What the client gets for a message's outcome.
 *
 * A failure or a malformed result is an error (fact C10), whatever the route. The body of a result goes nowhere (C14) unless
 * the route is two-way: then it is sent whatever the status is (C13, C18), and an empty text where there is none (C17).
 */
export function replyTo(outcome: IntegrationOutcome, isTwoWay: boolean): Reply {
  if (outcome.type === 'returned') {
    const result = readProxyResult(outcome.value);
    if (result === undefined) return { error: 'internal', failure: malformed(outcome.value) };
    return isTwoWay ? bodyReply(result) : nothing;
  }
  return { error: outcome.type === 'timedOut' ? 'timedOut' : 'internal', failure: failureOfRun(outcome) };
}

function bodyReply({ body = '', isBase64Encoded }: ProxyResult): Reply {
  const data = isBase64Encoded ? Buffer.from(body, 'base64') : body;
  if (Buffer.byteLength(data) > limits.maxMessageBytes) return { error: 'internal', failure: tooLong };
  return { body: data };
}

/** Why an outcome counts as failed, for the log; `undefined` when it does not. */
export function failureOf(outcome: IntegrationOutcome): FunctionFailure | undefined {
  if (outcome.type !== 'returned') return failureOfRun(outcome);
  return readProxyResult(outcome.value) === undefined ? malformed(outcome.value) : undefined;
}

/** The same for a function that came to no result. */
export function failureOfRun(outcome: Exclude<IntegrationOutcome, { readonly type: 'returned' }>): FunctionFailure {
  switch (outcome.type) {
    case 'failed':
      return outcome.failure;
    case 'refused':
      return { errorType: 'TooManyRequestsException', errorMessage: outcome.reason, trace: [] };
    case 'timedOut':
      return {
        errorType: 'Gateway.Timedout',
        errorMessage: `No result within ${outcome.afterMs / 1000} seconds; the function runs on.`,
        trace: [],
      };
    default:
      return outcome satisfies never;
  }
}

const tooLong: FunctionFailure = {
  errorType: 'MalformedProxyResponse',
  errorMessage: `The handler returned a body of more than ${limits.maxMessageBytes} bytes, which no message holds.`,
  trace: [],
};

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
