import {
  badGateway,
  conditions,
  encodeBody,
  isKnown,
  methodNotAllowed,
  notFound,
  objectHeaders,
  withoutContent,
  type Answer,
} from './object-answer.ts';
import { objectAddress, objectRequest, objectStore, type ObjectQuestion, type ObjectStore } from './object-request.ts';
import { askedFile } from './static-key.ts';

/** What is read of an event of an HTTP API. */
interface Event {
  readonly rawPath: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly requestContext: { readonly http: { readonly method: string } };
}

/** Longest body that surely fits in the 6 MB of an answer of Lambda, in base64 too. */
const maxBodyBytes = 4 * 1024 * 1024;

/**
 * Serves the static folder's files from their bucket; on AWS it stands behind `/_static`.
 *
 * Files over 4 MB are answered by a redirect to the bucket itself.
 */
export async function handler(event: Event): Promise<Answer> {
  const { method } = event.requestContext.http;
  if (method !== 'GET' && method !== 'HEAD') return methodNotAllowed();
  const store = objectStore(process.env);
  if (store === undefined) return failed('the environment names no bucket, region or keys');
  const asked = askedFile(event.rawPath);
  const headers = event.headers ?? {};
  try {
    for (const key of asked.keys) {
      const question = { method, key, headers: conditions(method, headers), atMs: Date.now() } as const;
      // Only one of them can be there.
      // oxlint-disable-next-line no-await-in-loop
      const response = await ask(store, question);
      if (response.status === 404) await response.body?.cancel();
      // oxlint-disable-next-line no-await-in-loop
      else return await answerWith(response, { store, question, ifNoneMatch: headers['if-none-match'] });
    }
  } catch (error) {
    return failed(`S3 could not be reached: ${reasonOf(error)}`);
  }
  return notFound(asked);
}

/** One request, and one more when the line was dead, as it may be after a function has been frozen. */
async function ask(store: ObjectStore, question: ObjectQuestion): Promise<Response> {
  const { url, headers } = objectRequest(store, question);
  const init = { method: question.method, headers, redirect: 'manual' } as const;
  return fetch(url, init).catch(() => fetch(url, init));
}

interface Asked {
  readonly store: ObjectStore;
  readonly question: ObjectQuestion;
  readonly ifNoneMatch: string | undefined;
}

async function answerWith(response: Response, { store, question, ifNoneMatch }: Asked): Promise<Answer> {
  const { status } = response;
  const isObject = status === 200 || status === 206;
  if (status === 304 || (isObject && isKnown(ifNoneMatch, response.headers))) {
    await response.body?.cancel();
    return withoutContent(304, response.headers);
  }
  if (status === 416) {
    await response.body?.cancel();
    return withoutContent(416, response.headers);
  }
  if (isObject) return question.method === 'HEAD' ? headAnswer(response) : bodyAnswer(response, { store, question });
  const code = /<Code>(\w+)<\/Code>/.exec(await response.text())?.[1] ?? '';
  return failed(`S3 answered ${status} ${code} to ${question.method} ${question.key}`);
}

function headAnswer({ status, headers }: Response): Answer {
  const length = headers.get('content-length');
  return {
    statusCode: status,
    headers: { ...objectHeaders(headers), ...(length !== null && { 'content-length': length }) },
  };
}

async function bodyAnswer(response: Response, { store, question }: Pick<Asked, 'store' | 'question'>): Promise<Answer> {
  if (Number(response.headers.get('content-length')) > maxBodyBytes) {
    await response.body?.cancel();
    return redirect(store, question);
  }
  const body = Buffer.from(await response.arrayBuffer());
  // What was stored in a content encoding has been decoded, and may have grown.
  if (body.length > maxBodyBytes) return redirect(store, question);
  const headers = objectHeaders(response.headers);
  return { statusCode: response.status, headers, ...encodeBody(body, headers['content-type'] ?? '') };
}

function redirect(store: ObjectStore, { key }: ObjectQuestion): Answer {
  const location = objectAddress(store, key, Date.now());
  return { statusCode: 302, headers: { location, 'cache-control': 'no-store' } };
}

/** Says why in the log, and nothing to the client. */
function failed(why: string): Answer {
  process.stderr.write(`static: ${why}\n`);
  return badGateway();
}

/** `ECONNREFUSED`: without the address, which holds the bucket's name. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return error instanceof Error ? error.name : 'unknown';
}
