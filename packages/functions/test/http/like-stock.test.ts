import type { HttpEvent } from '@furrow/protocol';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  http as ours,
  type Http,
  type HttpAsyncHandler,
  type HttpRequest,
  type HttpResponse,
} from '../../src/index.ts';
import { base64, event1, event2 } from './events.ts';
import { seen } from './result.ts';
import { stock5, stock8 } from './stock.ts';

const context = { awsRequestId: 'a', functionName: 'f', getRemainingTimeInMillis: () => 1 };

afterEach(() => vi.unstubAllEnvs());

type Run = (http: Http, event: HttpEvent, answer: unknown) => Promise<unknown>;

const runAsync: Run = (http, event, answer) =>
  http
    .async(async () => answer as HttpResponse)(event, context)
    .then(seen);
const runCallback: Run = (http, event, answer) =>
  new Promise((resolve, reject) => {
    const handler = http((_req, res) => {
      res(answer as HttpResponse);
    });
    handler(event, context, (error, result) => (error ? reject(error) : resolve(seen(result!))));
  });

/** What middleware is shown. */
async function request(http: Http, event: HttpEvent): Promise<unknown> {
  let shown: unknown;
  const spy: HttpAsyncHandler = async (req) => {
    shown = JSON.parse(JSON.stringify(req));
    return {};
  };
  await http.async(spy)(event, context);
  return shown;
}

const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const formText = 'a=1&a=2&b=%C3%A9+x&__proto__=p&empty=';

const requests: readonly { why: string; make: () => HttpEvent }[] = [
  { why: 'GET', make: () => event2() },
  {
    why: 'path and query',
    make: () =>
      event2({
        routeKey: 'GET /rooms/{id}',
        rawPath: '/rooms/7',
        pathParameters: { id: '7' },
        queryStringParameters: { q: 'x,y' },
      }),
  },
  { why: '$default', make: () => event2({ routeKey: '$default', rawPath: '/elsewhere' }) },
  { why: 'JSON', make: () => event2({ headers: json, body: '{"a":[1,"é"]}' }, 'POST') },
  { why: 'JSON in base64', make: () => event2({ headers: json, body: base64('{"a":"é"}'), isBase64Encoded: true }) },
  { why: 'JSON that is nothing', make: () => event2({ headers: json, body: 'null' }) },
  { why: 'JSON that is a list', make: () => event2({ headers: json, body: '[1]' }) },
  {
    why: 'JSON with a charset',
    make: () => event2({ headers: { 'content-type': 'application/json; charset=utf-8' }, body: '{}' }),
  },
  { why: 'JSON:API', make: () => event2({ headers: { 'content-type': 'application/vnd.api+json' }, body: '{"a":1}' }) },
  { why: 'a form', make: () => event2({ headers: form, body: base64(formText), isBase64Encoded: true }, 'POST') },
  { why: 'a form as text', make: () => event2({ headers: form, body: formText }) },
  { why: 'text', make: () => event2({ headers: { 'content-type': 'text/plain' }, body: 'hello' }) },
  {
    why: 'text in base64',
    make: () => event2({ headers: { 'content-type': 'text/plain' }, body: base64('é'), isBase64Encoded: true }),
  },
  {
    why: 'XML in base64',
    make: () => event2({ headers: { 'content-type': 'text/xml' }, body: base64('<a/>'), isBase64Encoded: true }),
  },
  {
    why: 'XML of an application',
    make: () => event2({ headers: { 'content-type': 'application/xml' }, body: base64('<a/>'), isBase64Encoded: true }),
  },
  {
    why: 'a form with files',
    make: () =>
      event2({
        headers: { 'content-type': 'multipart/form-data; boundary=x' },
        body: base64('--x'),
        isBase64Encoded: true,
      }),
  },
  {
    why: 'bytes',
    make: () =>
      event2({
        headers: { 'content-type': 'application/octet-stream' },
        body: base64(Buffer.from([0, 255])),
        isBase64Encoded: true,
      }),
  },
  {
    why: 'an image',
    make: () =>
      event2({ headers: { 'content-type': 'image/png' }, body: base64(Buffer.from([0, 255])), isBase64Encoded: true }),
  },
  { why: 'a body of no type', make: () => event2({ body: '{"a":1}' }) },
  { why: 'an empty body', make: () => event2({ headers: json, body: '' }) },
  { why: 'cookies of others', make: () => event2({ cookies: ['a=1', '_idx=broken'] }) },
  { why: 'format 1.0', make: () => event1() },
  {
    why: 'format 1.0 of an HTTP API',
    make: () =>
      event1({ version: '1.0', httpMethod: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"a":1}' }),
  },
  {
    why: 'format 1.0 with parameters',
    make: () => event1({ pathParameters: { id: '7' }, queryStringParameters: { q: 'x' } }),
  },
  {
    why: 'a path that is not filled in',
    make: () => event1({ path: '/rooms/{id}/{part}', pathParameters: { id: '7', part: 'b' } }),
  },
  {
    why: 'a body that was parsed before',
    make: () => event1({ headers: { 'Content-Type': 'application/json' }, body: { a: 1 } }),
  },
  { why: 'what an old version named', make: () => event1({ method: 'PUT', params: { a: 1 }, query: { b: 2 } }) },
];

describe('what middleware is shown', () => {
  test.for(requests)('$why', async ({ make }) => {
    expect(await request(ours, make())).toEqual(await request(stock8.http, make()));
  });

  test.for(requests)('by version 5: $why', async ({ make }) => {
    expect(await request(ours, make())).toEqual(await request(stock5.http, make()));
  });

  test.for(requests)('by the parser alone: $why', ({ make }) => {
    expect(ours.helpers.bodyParser(make())).toEqual(stock8.http.helpers.bodyParser(make()));
  });

  test('a body that should be JSON and is not', async () => {
    const message = 'Invalid request body encoding or invalid JSON';
    await expect(request(stock8.http, event2({ headers: json, body: '{' }))).rejects.toThrow(message);
    await expect(request(ours, event2({ headers: json, body: '{' }))).rejects.toMatchObject({
      message,
      code: 'BODY_INVALID',
    });
  });
});

const page = `<p>${'hello '.repeat(50)}</p>`;
const pixel = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255]);

const answers: readonly { why: string; answer: unknown }[] = [
  ...['html', 'css', 'js', 'text', 'xml'].map((name) => ({ why: name, answer: { [name]: page } })),
  { why: 'json', answer: { json: { a: [1, null, 'é'] } } },
  { why: 'json that is falsy', answer: { json: 0 } },
  { why: 'several at once', answer: { json: { a: 1 }, text: 'no', html: 'yes' } },
  { why: 'an empty html', answer: { html: '' } },
  { why: 'status', answer: { status: 201, html: page } },
  { why: 'code', answer: { code: 418, text: 'x' } },
  { why: 'statusCode', answer: { statusCode: 404, body: 'gone' } },
  { why: 'all three', answer: { status: 201, code: 202, statusCode: 203 } },
  { why: 'status as a text', answer: { status: '201' } },
  { why: 'a body', answer: { body: 'x' } },
  { why: 'a body that is an object', answer: { body: { a: 1 } } },
  { why: 'a body of a type', answer: { type: 'text/csv', body: 'a,b' } },
  { why: 'headers', answer: { headers: { 'X-One': '1', 'x-two': 2 }, body: 'x' } },
  { why: 'a header that is undefined', answer: { headers: { 'x-none': undefined }, body: 'x' } },
  { why: 'content-type', answer: { headers: { 'content-type': 'text/plain' }, html: page } },
  { why: 'Content-Type', answer: { headers: { 'Content-Type': 'text/plain' }, body: 'x' } },
  { why: 'Content-Type and html', answer: { headers: { 'Content-Type': 'text/plain' }, html: page } },
  { why: 'type and content-type', answer: { type: 'text/css', headers: { 'content-type': 'text/plain' }, body: 'x' } },
  { why: 'type and Content-Type', answer: { type: 'text/css', headers: { 'Content-Type': 'text/plain' }, body: 'x' } },
  { why: 'cache-control', answer: { headers: { 'cache-control': 'max-age=1' }, html: page } },
  { why: 'Cache-Control', answer: { headers: { 'Cache-Control': 'max-age=1' }, html: page } },
  { why: 'cacheControl', answer: { cacheControl: 'max-age=2', headers: { 'cache-control': 'max-age=1' }, html: page } },
  { why: 'a type that is kept', answer: { type: 'text/css', body: 'a{}' } },
  { why: 'cors', answer: { cors: true, json: {} } },
  { why: 'cors that is false', answer: { cors: false, json: {} } },
  { why: 'location', answer: { location: '/login' } },
  { why: 'location with a status', answer: { location: '/login', status: 303 } },
  { why: 'location with a type', answer: { location: '/login', type: 'text/css' } },
  { why: 'cookies', answer: { cookies: ['a=1', 'b=2'], html: page } },
  { why: 'a cookie', answer: { cookie: 'a=1; Path=/', html: page } },
  { why: 'base64', answer: { body: base64(pixel), type: 'image/png', isBase64Encoded: true } },
  { why: 'base64 that is not said', answer: { body: base64(pixel), type: 'image/png; x=1' } },
  { why: 'headers of several values', answer: { multiValueHeaders: { a: ['1', '2'] }, body: 'x' } },
  { why: 'content-encoding', answer: { headers: { 'content-encoding': 'x' }, body: 'x' } },
  { why: 'no compression', answer: { compression: false, html: page } },
  { why: 'compression by gzip', answer: { compression: 'gzip', html: page } },
  { why: 'compression by what nobody knows', answer: { compression: 'zstd', html: page } },
];

const plain: readonly { why: string; answer: unknown }[] = [
  { why: 'an object', answer: { a: 1 } },
  { why: 'an empty object', answer: {} },
  { why: 'only a type', answer: { type: 'text/css' } },
  { why: 'a list', answer: [1, { body: 2 }] },
  { why: 'a text', answer: 'x' },
  { why: 'a number', answer: 7 },
  { why: 'true', answer: true },
  { why: 'bytes', answer: pixel },
  { why: 'undefined', answer: undefined },
  { why: 'null', answer: null },
  { why: 'an empty text', answer: '' },
  { why: 'zero', answer: 0 },
  { why: 'false', answer: false },
];

const accepts = ['', 'br', 'gzip', 'gzip, deflate, br', 'deflate'];
const withEncoding = (accept: string) => (accept === '' ? {} : { headers: { 'accept-encoding': accept } });

const cases = accepts.flatMap((accept) => [
  ...[...answers, ...plain].map(({ why, answer }) => ({
    name: `format 2.0, ${accept || 'nothing accepted'}: ${why}`,
    make: () => event2(withEncoding(accept)),
    answer,
  })),
  ...answers.map(({ why, answer }) => ({
    name: `format 1.0, ${accept || 'nothing accepted'}: ${why}`,
    make: () => event1({ version: '1.0', ...withEncoding(accept) }),
    answer,
  })),
  ...answers.map(({ why, answer }) => ({
    name: `a REST API, ${accept || 'nothing accepted'}: ${why}`,
    make: () => event1(withEncoding(accept)),
    answer,
  })),
]);

/** There is nothing to compress in an empty body; stock sends a byte that means nothing. */
function withoutEmptyEncoding(result: unknown): unknown {
  const { body, headers, isBase64Encoded: _always, ...others }: Record<string, unknown> = { ...Object(result) };
  if (body !== '') return result;
  const { 'content-encoding': encoding, ...rest }: Record<string, unknown> = { ...Object(headers) };
  return { ...others, body, headers: encoding === 'x' ? headers : rest };
}

describe('answers', () => {
  test.for(cases)('async, $name', async ({ make, answer }) => {
    const [mine, theirs] = await Promise.all([ours, stock8.http].map((http) => runAsync(http, make(), answer)));
    expect(withoutEmptyEncoding(mine)).toEqual(withoutEmptyEncoding(theirs));
  });

  test.for(cases)('callbacks, $name', async ({ make, answer }) => {
    const [mine, theirs] = await Promise.all([ours, stock8.http].map((http) => runCallback(http, make(), answer)));
    expect(withoutEmptyEncoding(mine)).toEqual(withoutEmptyEncoding(theirs));
  });
});

/** Version 5 writes this header with a capital, and lets redirects be kept. */
function asVersion8(result: unknown): unknown {
  const { headers, ...others }: Record<string, unknown> = { ...Object(result) };
  const { Location, ...rest }: Record<string, unknown> = { ...Object(headers) };
  return { ...others, headers: Location === undefined ? rest : { ...rest, location: Location } };
}

test.for(cases.filter(({ name }) => !name.endsWith('location with a type')))(
  'answers, by version 5: $name',
  async ({ make, answer }) => {
    const [mine, theirs] = await Promise.all([ours, stock5.http].map((http) => runAsync(http, make(), answer)));
    expect(withoutEmptyEncoding(mine)).toEqual(withoutEmptyEncoding(asVersion8(theirs)));
  },
);

const marked = (http: Http) =>
  http.async(
    async (req) => Object.assign({ ...req }, { marked: true }),
    async () => {},
    async (req: HttpRequest & { readonly marked?: boolean }) => ({ json: { marked: req.marked, path: req.path } }),
  );

test('a changed request goes on', async () => {
  const [mine, theirs] = await Promise.all([ours, stock8.http].map((http) => marked(http)(event2(), context)));
  expect(seen(mine!)).toMatchObject({ body: '{"marked":true,"path":"/"}' });
  expect(seen(mine!)).toEqual(seen(theirs!));
});

test.for(['staging', 'production', 'testing'])('the path of a page in %s', (stage) => {
  vi.stubEnv('ARC_ENV', stage);
  expect(ours.helpers.url('/x')).toBe(stock8.http.helpers.url('/x'));
  vi.stubEnv('ARC_LOCAL', '1');
  expect(ours.helpers.url('/x')).toBe('/x');
});
