import type { HttpAnswer } from '@furrow/gateway';
import { isRecord } from './call.ts';
import type { Exchange } from './exchange.ts';

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
  const { name, payload, groupID, delaySeconds } = asked;
  const functionName = `${kind}/${String(name)}`;
  const accepted = exchange.publish(functionName, {
    body: JSON.stringify(payload ?? {}),
    groupId: kind === 'queues' && typeof groupID === 'string' ? groupID : String(name),
    delaySeconds: typeof delaySeconds === 'number' ? delaySeconds : 0,
  });
  if (accepted.type === 'accepted') return { statusCode: 200, headers, body: 'ok' };
  if (accepted.type === 'full')
    return { statusCode: 429, headers, body: `${functionName} is full: work off what waits` };
  const known = exchange.plans.filter((plan) => plan.kind === kind).map((plan) => plan.name);
  const others = known.length === 0 ? `@${kind} declares none` : `@${kind} declares ${known.join(', ')}`;
  return { statusCode: 404, headers, body: `"${String(name)}" not found: ${others}` };
}

function parse(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isRecord(value) ? value : undefined;
  } catch {
    // Not JSON: the caller says so.
    return undefined;
  }
}
