import { errors } from '../errors.ts';
import type { BodySource, HttpRequest } from './middleware-types.ts';

/** An event while it becomes a request: payload format 2.0, 1.0, or what Architect's old versions made of it. */
type Fields = Record<string, unknown>;

const nothingIfUndefined = ['body', 'pathParameters', 'queryStringParameters'] as const;
const nothingIfNull = [...nothingIfUndefined, 'multiValueQueryStringParameters'] as const;

/** Adds to an event, in place, what middleware of other web servers is used to; returns it. */
export function interpolate(event: object): HttpRequest {
  const request: Fields = Object.assign(event);
  if (request['body']) request['rawBody'] = request['body'];
  if (request['version'] === '2.0') fillFormat2(request);
  for (const name of nothingIfNull) if (request[name] === null) request[name] = {};
  request['method'] ||= request['httpMethod'];
  request['params'] ||= request['pathParameters'];
  request['query'] ||= request['queryStringParameters'];
  if (typeof request['path'] === 'string') request['path'] = fillPath(request['path'], request['params']);
  // What was an event has by now all that a request has.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return request as unknown as HttpRequest;
}

/** Payload format 2.0 leaves out what the one before gave as `null`, and names things anew. */
function fillFormat2(request: Fields): void {
  const { http } = Object(request['requestContext']);
  if (http?.method) request['httpMethod'] = http.method;
  for (const name of nothingIfUndefined) if (request[name] === undefined) request[name] = {};
  const routeKey = String(request['routeKey']);
  request['resource'] = routeKey.split(' ')[1] || routeKey;
  request['path'] = request['rawPath'];
}

function fillPath(path: string, params: unknown): string {
  const values: Fields = { ...Object(params) };
  return path.replaceAll(/\{(\w+)\}/g, (_placeholder, name: string) => String(values[name]));
}

/** See `Http`. */
export function bodyParser({ headers, body, isBase64Encoded }: BodySource): unknown {
  const type = contentType(headers);
  if (typeof body !== 'string' || body === '' || type === '') return body;
  const includes = (...names: readonly string[]) => names.some((name) => type.includes(name));
  if (includes('application/json', 'application/vnd.api+json')) return parseJson(isBase64Encoded ? decode(body) : body);
  // API Gateway encodes all but text and JSON; what is not encoded was parsed by somebody before.
  if (!isBase64Encoded) return body;
  if (includes('text/plain', 'text/xml', 'application/xml')) return decode(body);
  if (includes('application/x-www-form-urlencoded')) return parseForm(decode(body));
  return includes('multipart/form-data', 'application/octet-stream') ? { base64: body } : body;
}

function contentType(headers: BodySource['headers']): string {
  return (headers?.['content-type'] || headers?.['Content-Type'] || '').toLowerCase();
}

function decode(base64: string): string {
  return Buffer.from(base64, 'base64').toString();
}

function parseForm(text: string): unknown {
  return process.getBuiltinModule('node:querystring').parse(text);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) || {};
  } catch (error) {
    throw errors.bodyInvalid(error);
  }
}
