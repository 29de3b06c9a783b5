import type { HttpAnswer, LocalRequest } from '@furrow/gateway';
import type { Exchange } from './exchange.ts';

const prefix = '/_arc/invoke/';
const headers = { 'content-type': 'application/json' };

/**
 * Answers who runs a function by hand: `POST /_arc/invoke/scheduled/daily`, and for events and queues the message as the
 * body. `undefined` for other paths.
 */
export function answerInvoke({ method, path, body }: LocalRequest, exchange: Exchange): HttpAnswer | undefined {
  if (!path.startsWith(prefix)) return undefined;
  const functionName = decode(path.slice(prefix.length));
  const plan = exchange.plans.find(({ target }) => target.functionName === functionName);
  const known = exchange.plans.map(({ target }) => target.functionName);
  if (plan === undefined) return answer(404, { error: 'FUNCTION_UNKNOWN', known });
  if (method !== 'POST') return answer(405, { error: 'METHOD_NOT_ALLOWED' });
  const message = body === '' ? '{}' : body;
  const accepted = exchange.publish(functionName, { body: message, groupId: plan.name });
  return accepted.type === 'accepted' ? answer(202, { messageId: accepted.messageId }) : answer(429, { error: 'FULL' });
}

function answer(statusCode: number, value: object): HttpAnswer {
  return { statusCode, headers, body: JSON.stringify(value) };
}

/** A broken escape names no function. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
