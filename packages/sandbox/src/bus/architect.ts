import type { HttpAnswer } from '@furrow/gateway';
import { isRecord } from './call.ts';
import type { Exchange } from './exchange.ts';
import { faultOfId, maxMessageBytes } from './message.ts';

const kinds: Readonly<Record<string, 'events' | 'queues'>> = {
  '/': 'events',
  '/events': 'events',
  '/queues': 'queues',
};
const headers = { 'content-type': 'text/plain; charset=utf-8' };

/** Answers Architect's own library, which posts `{ name, payload }` to a port of its sandbox; `undefined` for other paths. */
export function answerArchitect(path: string, body: string, exchange: Exchange): HttpAnswer | undefined {
  const kind = Object.hasOwn(kinds, path) ? kinds[path] : undefined;
  if (kind === undefined) return undefined;
  const asked = parse(body);
  if (asked === undefined)
    return { statusCode: 400, headers, body: 'Expected JSON such as {"name": "likes", "payload": {}}' };
  const { name, body: message, groupID, delaySeconds } = asked;
  const functionName = `${kind}/${name}`;
  const groupId = typeof groupID === 'string' && groupID !== '' ? groupID : name;
  const fault = faultOf(exchange, { kind, functionName, message, groupId });
  if (fault !== undefined) return fault;
  const accepted = exchange.publish(functionName, {
    body: message,
    groupId,
    delaySeconds: kind === 'queues' && typeof delaySeconds === 'number' ? delaySeconds : 0,
  });
  if (accepted.type === 'accepted') return { statusCode: 200, headers, body: 'ok' };
  if (accepted.type === 'full')
    return { statusCode: 429, headers, body: `${functionName} is full: work off what waits` };
  const known = exchange.plans.filter((plan) => plan.kind === kind).map((plan) => plan.name);
  const others = known.length === 0 ? `@${kind} declares none` : `@${kind} declares ${known.join(', ')}`;
  return { statusCode: 404, headers, body: `"${name}" not found: ${others}` };
}

interface Sent {
  readonly kind: 'events' | 'queues';
  readonly functionName: string;
  readonly message: string;
  readonly groupId: string;
}

/** What AWS would not take. */
function faultOf({ plans }: Exchange, { kind, functionName, message, groupId }: Sent): HttpAnswer | undefined {
  const most = maxMessageBytes[kind];
  if (Buffer.byteLength(message) > most) {
    return { statusCode: 413, headers, body: `The payload has more than ${most} bytes, and AWS would not take it` };
  }
  const isFifo = plans.some((plan) => plan.isFifo && plan.target.functionName === functionName);
  const fault = isFifo ? faultOfId('MessageGroupId', groupId) : undefined;
  return fault === undefined ? undefined : { statusCode: 400, headers, body: fault };
}

interface Asked {
  readonly name: string;
  /** The payload as JSON text. */
  readonly body: string;
  readonly groupID: unknown;
  readonly delaySeconds: unknown;
}

function parse(text: string): Asked | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value)) return undefined;
    const { name, payload = {}, groupID, delaySeconds } = value;
    return { name: String(name), body: JSON.stringify(payload), groupID, delaySeconds };
  } catch {
    // Not JSON, or too deep to be written again: the caller says so.
    return undefined;
  }
}
