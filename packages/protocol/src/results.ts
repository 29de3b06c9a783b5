/** What a handler returned, in the form of Lambda's proxy integration. */
export interface ProxyResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly isBase64Encoded: boolean;
}

/** What a result is read from: the same fields, of any type. */
type Unread = { readonly [Field in keyof ProxyResult]?: unknown };

const knownKeys = new Set(['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded']);

/**
 * Reads a web socket handler's result; `undefined` means that API Gateway calls it malformed (facts A8, A9).
 *
 * Malformed is: no object, no integer `statusCode` from 100 to 599 (a text of one is accepted), a `body` that is no text,
 * a header that is no text, number or boolean, or any key that the proxy integration does not know.
 */
export function readProxyResult(value: unknown): ProxyResult | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const result: Unread = value;
  if (Object.keys(result).some((key) => !knownKeys.has(key))) return undefined;
  const statusCode = readStatusCode(result.statusCode);
  const headers = readHeaders(result.headers);
  const body = result.body ?? undefined;
  if (statusCode === undefined || headers === undefined) return undefined;
  if (body !== undefined && typeof body !== 'string') return undefined;
  return { statusCode, headers, body, isBase64Encoded: result.isBase64Encoded === true };
}

function readStatusCode(value: unknown): number | undefined {
  const isIntegerText = typeof value === 'string' && /^[1-9]\d{2}$/.test(value);
  const number = isIntegerText ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 100 && number <= 599 ? number : undefined;
}

/**
 * Header values as text; `undefined` where `headers` is no object or one of them is not a scalar.
 *
 * An object is never turned into text: its `toString` may be the handler's own data, and its depth has no limit.
 */
function readHeaders(value: unknown): Record<string, string> | undefined {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) return undefined;
  const entries: [string, unknown][] = Object.entries(value);
  const read: [string, string][] = [];
  for (const [name, item] of entries) {
    if (item === undefined || item === null) continue;
    if (typeof item !== 'string' && typeof item !== 'number' && typeof item !== 'boolean') return undefined;
    read.push([name, String(item)]);
  }
  return Object.fromEntries(read);
}

/** A header by its name in any letter case. */
export function headerOf(headers: Readonly<Record<string, string>>, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return Object.entries(headers).find(([key]) => key.toLowerCase() === wanted)?.[1];
}
