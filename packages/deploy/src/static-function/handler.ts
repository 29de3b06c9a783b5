import { accepts, encodeFor } from './content-encoding.ts';
import { fetchObject, type ObjectResponse } from './fetch-object.ts';
import {
  badGateway,
  conditions,
  encodeBody,
  isKnown,
  methodNotAllowed,
  namedHeaders,
  notFound,
  objectHeaders,
  withoutContent,
  type Answer,
} from './object-answer.ts';
import { objectAddress, objectRequest, objectStore, type ObjectQuestion, type ObjectStore } from './object-request.ts';
import { askedFile, keyRules, type AskedFile } from './static-key.ts';

/** What is read of an event of an HTTP API. */
interface Event {
  readonly rawPath: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly requestContext: { readonly http: { readonly method: string } };
}

/** Longest body that surely fits in the 6 MB of an answer of Lambda, in base64 too. */
const maxBodyBytes = 4 * 1024 * 1024;

/**
 * Serves the static folder's files from their bucket; on AWS it stands behind `/_static`, and behind the root where no
 * function does.
 *
 * Files over 4 MB are answered by a redirect to the bucket itself.
 */
export async function handler(event: Event): Promise<Answer> {
  const { method } = event.requestContext.http;
  if (method !== 'GET' && method !== 'HEAD') return methodNotAllowed();
  const store = objectStore(process.env);
  if (store === undefined) return failed('the environment names no bucket, region or keys');
  const asked = askedFile(event.rawPath, keyRules(process.env));
  const headers = event.headers ?? {};
  try {
    for (const key of asked.keys) {
      const question = { method, key, headers: conditions(method, headers), atMs: Date.now() } as const;
      // Only one of them can be there.
      // oxlint-disable-next-line no-await-in-loop
      const response = await ask(store, question);
      if (response.status === 404) response.discard();
      // oxlint-disable-next-line no-await-in-loop
      else return await answerWith(response, { store, question, headers });
    }
    if (!asked.isInFolder) return await missingPage(asked, { store, method, headers });
  } catch (error) {
    return failed(`S3 could not be reached: ${reasonOf(error)}`);
  }
  return notFound(asked);
}

/** The app's own page for what is not at the root, where it has one. */
async function missingPage(
  asked: AskedFile,
  { store, method, headers }: Pick<Asked, 'store' | 'headers'> & Pick<ObjectQuestion, 'method'>,
): Promise<Answer> {
  const question = { method, key: asked.missingKey, headers: {}, atMs: Date.now() };
  const response = await ask(store, question);
  if (response.status !== 200) {
    response.discard();
    return notFound(asked);
  }
  const of = { store, question, headers };
  const page = method === 'HEAD' ? headAnswer(response, of) : await bodyAnswer(response, of);
  return page.statusCode === 200 ? { ...page, statusCode: 404 } : notFound(asked);
}

/** One request, and one more when the line was dead, as it may be after a function has been frozen. */
async function ask(store: ObjectStore, question: ObjectQuestion): Promise<ObjectResponse> {
  const { url, headers } = objectRequest(store, question);
  const init = { method: question.method, headers };
  const response = await fetchObject(url, init).catch(() => fetchObject(url, init));
  const { range, ...others } = question.headers;
  if (range === undefined || response.status !== 206 || !response.headers.has('content-encoding')) return response;
  // A part of what is compressed is no part of the file.
  response.discard();
  return ask(store, { ...question, headers: others });
}

interface Asked {
  readonly store: ObjectStore;
  readonly question: ObjectQuestion;
  /** Of the client; lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
}

async function answerWith(response: ObjectResponse, asked: Asked): Promise<Answer> {
  const { status } = response;
  const { question, headers } = asked;
  const isObject = status === 200 || status === 206;
  if (status === 304 || (isObject && isKnown(headers['if-none-match'], response.headers))) {
    response.discard();
    return withoutContent(304, response.headers);
  }
  if (status === 416) {
    response.discard();
    return withoutContent(416, response.headers);
  }
  if (isObject) return question.method === 'HEAD' ? headAnswer(response, asked) : bodyAnswer(response, asked);
  const code = /<Code>(\w+)<\/Code>/.exec((await response.read()).toString())?.[1] ?? '';
  return failed(`S3 answered ${status} ${code} to ${question.method} ${question.key}`);
}

function headAnswer(response: ObjectResponse, asked: Asked): Answer {
  response.discard();
  const { status, headers } = response;
  const encoding = headers.get('content-encoding');
  const isStored = encoding === null || accepts(asked.headers['accept-encoding'], encoding);
  const length = headers.get('content-length');
  return {
    statusCode: status,
    headers: {
      ...headersOf(headers),
      ...(encoding !== null && { vary: 'accept-encoding' }),
      ...(encoding !== null && isStored && { 'content-encoding': encoding }),
      ...(length !== null && isStored && { 'content-length': length }),
    },
  };
}

async function bodyAnswer(response: ObjectResponse, asked: Asked): Promise<Answer> {
  if (Number(response.headers.get('content-length')) > maxBodyBytes) {
    response.discard();
    return redirect(asked);
  }
  const encoding = response.headers.get('content-encoding');
  const { body, headers } = encodeFor(asked.headers['accept-encoding'], { body: await response.read(), encoding });
  // What was stored in a content encoding may have been decoded, and have grown.
  if (body.length > maxBodyBytes) return redirect(asked);
  const all = { ...headersOf(response.headers), ...headers };
  // Compressed bytes are no text, whatever they hold.
  const type = 'content-encoding' in headers ? '' : (all['content-type'] ?? '');
  return { statusCode: response.status, headers: all, ...encodeBody(body, type) };
}

/** `ARC_STATIC_FINGERPRINT` says whether the app gives names with hashes itself. */
function headersOf(headers: Headers): Record<string, string> {
  return process.env['ARC_STATIC_FINGERPRINT'] === 'external' ? namedHeaders(headers) : objectHeaders(headers);
}

function redirect({ store, question }: Asked): Answer {
  const location = objectAddress(store, question.key, Date.now());
  return { statusCode: 302, headers: { location, 'cache-control': 'no-store' } };
}

/** Says why in the log, and nothing to the client. */
function failed(why: string): Answer {
  process.stderr.write(`static: ${why}\n`);
  return badGateway();
}

/** `ECONNREFUSED`: without the address, which holds the bucket's name. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error ? String(error.code) : error.name;
}
