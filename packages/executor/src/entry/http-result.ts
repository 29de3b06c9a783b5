import { adapt, type Adapted, type Source } from './handler.ts';

/**
 * Goes into every built `@http` function: `{type, body}` and `{headers, body}` without a `statusCode` mean 200.
 *
 * API Gateway would answer such a result as JSON, all of it. Any other result passes as it is.
 */
export function adaptHttp(source: Source, name: string): Adapted | undefined {
  const handler = adapt(source, name);
  return handler && (async (event, context) => completeResult(await handler(event, context)));
}

/** The result with a status and a content type where the author left them out. */
export function completeResult(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const { type, ...result } = value;
  const hasType = typeof type === 'string';
  const isResponse = 'body' in result && (hasType || isRecord(result['headers']));
  if (!isResponse) return value;
  const headers = isRecord(result['headers']) ? result['headers'] : {};
  const hasContentType = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  return {
    ...result,
    statusCode: result['statusCode'] ?? 200,
    headers: hasType && !hasContentType ? { ...headers, 'content-type': type } : headers,
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
