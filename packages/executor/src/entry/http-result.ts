import { adapt, type Adapted } from './handler.ts';

/**
 * Goes into every built `@http` function: `{type, body}` and `{headers, body}` without a `statusCode` mean 200.
 *
 * API Gateway would answer such a result as JSON, all of it. Any other result passes as it is.
 */
export function adaptHttp(source: Parameters<typeof adapt>[0], name: string): Adapted | undefined {
  const handler = adapt(source, name);
  return handler && (async (event, context) => completeResult(await handler(event, context)));
}

export function completeResult(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { type, ...result } = value as Record<string, unknown>;
  const hasType = typeof type === 'string';
  const isResponse = 'body' in result && (hasType || isRecord(result['headers']));
  if (!isResponse) return value;
  const headers = isRecord(result['headers']) ? result['headers'] : {};
  const hasContentType = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  return {
    statusCode: 200,
    ...result,
    headers: hasType && !hasContentType ? { ...headers, 'content-type': type } : headers,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
