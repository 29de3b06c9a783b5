import { environment } from '../environment.ts';
import type { HttpResult } from '../http-result.ts';
import type { Asker, Draft, Fields } from './draft.ts';
import { encodeBody } from './encode-body.ts';
import { errorPage } from './error-page.ts';
import { settleHeaders } from './response-headers.ts';

/** Without one of these, what is returned to payload format 2.0 is itself the body, as JSON. */
const known = new Set(
  'statusCode body headers isBase64Encoded cookies code cookie cors location session status html css js text json xml'.split(
    ' ',
  ),
);

const shortcuts = [
  { name: 'html', type: 'text/html; charset=utf8' },
  { name: 'css', type: 'text/css; charset=utf8' },
  { name: 'js', type: 'text/javascript; charset=utf8' },
  { name: 'text', type: 'text/plain; charset=utf8' },
  { name: 'json', type: 'application/json; charset=utf8' },
  { name: 'xml', type: 'application/xml; charset=utf8' },
] as const;

/** What middleware gave as a result of a Lambda function: status, headers, cache rules and an encoded body. */
export function formatResponse(asker: Asker, given: unknown): HttpResult {
  const error = isError(given) ? given : undefined;
  const fields = error ? { ...Object(error) } : readFields(asker, given);
  const draft = error ? draftError(error, fields) : draftResponse(fields);
  // What a user without types gave goes on as it is; API Gateway refuses it, as it does without this library.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return encodeBody(asker, withLocation(draft, fields), fields) as HttpResult;
}

/** Errors of another realm are no instances of ours. */
function isError(given: unknown): given is Error {
  return given instanceof Error || Object.prototype.toString.call(given) === '[object Error]';
}

function readFields({ version }: Asker, given: unknown): Fields {
  if (version === '2.0' && isBody(given)) return { body: JSON.stringify(given) };
  return typeof given === 'object' && given !== null ? { ...given } : {};
}

function isBody(given: unknown): boolean {
  if (typeof given === 'number') return true;
  if (typeof given === 'string') return given !== '';
  return typeof given === 'object' && (Array.isArray(given) || !Object.keys(given ?? {}).some((key) => known.has(key)));
}

function draftResponse(fields: Fields): Draft {
  const shortcut = shortcuts.find(({ name }) => fields[name]);
  const { multiValueHeaders, cookies, isBase64Encoded } = fields;
  return {
    headers: settleHeaders(fields, shortcut?.type),
    statusCode: statusOf(fields) ?? 200,
    body: shortcut === undefined ? fields['body'] || '' : shortcutBody(shortcut.name, fields),
    ...(multiValueHeaders ? { multiValueHeaders } : {}),
    ...(cookies ? { cookies } : {}),
    ...(isBase64Encoded ? { isBase64Encoded: true } : {}),
  };
}

function shortcutBody(name: string, fields: Fields): unknown {
  return name === 'json' ? JSON.stringify(fields['json']) : fields[name];
}

function statusOf({ status, code, statusCode }: Fields): unknown {
  return status || code || statusCode || undefined;
}

/** Codes of errors are often names, such as `ENOENT`, so only a number is a status here. */
function draftError(error: Error, fields: Fields): Draft {
  const status = Number(statusOf(fields));
  const isStatus = Number.isInteger(status) && status >= 200 && status < 600;
  const isLocal = environment()['ARC_ENV'] === 'testing';
  // What the page keeps from visitors the log has.
  if (!isLocal) process.stderr.write(`${error.stack ?? String(error)}\n`);
  return errorPage(isStatus ? status : 500, error, isLocal);
}

function withLocation(draft: Draft, fields: Fields): Draft {
  const { location } = fields;
  if (typeof location !== 'string' || location === '') return draft;
  return {
    ...draft,
    statusCode: statusOf(fields) ?? 302,
    headers: { ...draft.headers, location },
  };
}
