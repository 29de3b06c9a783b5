import { managementErrors } from '@furrow/protocol';
import type { Refusal } from './errors.ts';

/** One HTTP answer, read to its end. */
export interface Answer {
  readonly statusCode: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

const namesByStatus = new Map<number, string>([
  ...Object.values(managementErrors).map(({ statusCode, name }) => [statusCode, name] as const),
  [403, 'ForbiddenException'],
]);

/**
 * What an AWS endpoint refused, `undefined` when it did not.
 *
 * The name is in the header of REST services, in the body of JSON ones, and follows from the status where a proxy answered.
 */
export function readRefusal({ statusCode, headers, body }: Answer): Refusal | undefined {
  if (statusCode >= 200 && statusCode < 300) return undefined;
  const said = parseObject(body);
  const name = [headers['x-amzn-errortype'], said['__type'], said['code']].map(shortName).find(Boolean);
  const message = said['message'] ?? said['Message'];
  return {
    name: name ?? namesByStatus.get(statusCode) ?? (statusCode >= 500 ? 'InternalServerError' : 'UnknownError'),
    statusCode,
    message: typeof message === 'string' ? message : '',
  };
}

/** `com.amazonaws.ssm#Throttled:http://internal/` is `Throttled`. */
function shortName(value: unknown): string {
  if (typeof value !== 'string') return '';
  return value.replace(/:.*$/s, '').replace(/^.*#/s, '').trim();
}

/** A body as an object; an empty one where it is none: proxies answer HTML, and a 410 of AWS has no body. */
export function parseObject(body: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(body);
    return isRecord(parsed) ? parsed : {};
  } catch {
    // Not JSON: there is nothing to read from it, and the status says enough.
    return {};
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
