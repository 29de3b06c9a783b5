import { afterEach, describe, expect, test, vi } from 'vitest';
import { http, type HttpHandler, type HttpResponse, type HttpResult } from '../../src/index.ts';
import { event1, event2 } from './events.ts';
import { seen } from './result.ts';
import { stock8 } from './stock.ts';

const context = { awsRequestId: 'a', functionName: 'f', getRemainingTimeInMillis: () => 1 };
const invalid = 7 as never;

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** As Lambda calls a function that takes a callback. */
function call(handlers: readonly HttpHandler[]): Promise<HttpResult> {
  return new Promise((resolve, reject) => {
    http(...handlers)(event2(), context, (error, result) => (error ? reject(error) : resolve(result!)));
  });
}

const hand: HttpHandler = (_req, _res, next) => next();
const twice: HttpHandler = (_req, res) => {
  res({ text: 'first' });
  res({ text: 'second' });
};

describe('callbacks', () => {
  test('each hands on to the one after it, now or later', async () => {
    const order: number[] = [];
    const later: HttpHandler = (req, _res, next) => {
      order.push(1);
      Object.assign(req, { account: 'Ann' });
      setImmediate(next);
    };
    const last: HttpHandler = (req, res) => {
      order.push(3);
      res({ text: String(Object(req).account) });
    };
    const now: HttpHandler = (_req, _res, next) => {
      order.push(2);
      next();
    };
    expect(await call([later, now, last])).toMatchObject({ body: 'Ann' });
    expect(order).toEqual([1, 2, 3]);
  });

  test.for<{ why: string; handlers: readonly HttpHandler[]; message: string }>([
    {
      why: 'what throws',
      handlers: [
        () => {
          throw new Error('mine');
        },
      ],
      message: 'mine',
    },
    {
      why: 'an async function that rejects',
      handlers: [(_req, _res, next) => next(), async () => Promise.reject(new Error('mine'))],
      message: 'mine',
    },
    { why: 'next of the last', handlers: [(_req, _res, next) => next()], message: 'next() called from last function' },
  ])('$why fails the function', async ({ handlers, message }) => {
    await expect(call(handlers)).rejects.toThrow(message);
  });

  test('an async function among them may answer either way', async () => {
    expect(await call([hand, async (_req, res) => res({ text: 'given' })])).toMatchObject({ body: 'given' });
    expect(await call([hand, async () => ({ text: 'returned' })])).toMatchObject({ body: 'returned' });
  });

  test('the first answer counts', async () => {
    expect(await call([twice])).toMatchObject({ body: 'first' });
  });

  test('without a callback the function returns a promise', async () => {
    expect(await http((_req, res) => res({ text: 'x' }))(event2())).toMatchObject({ body: 'x' });
  });

  test('functions that take a callback have three parameters, others two', () => {
    expect(http(() => {})).toHaveLength(3);
    expect(http(async () => {})).toHaveLength(2);
    expect(http.async(async () => {})).toHaveLength(2);
  });
});

describe('async', () => {
  test('an async function first makes http what http.async is', async () => {
    const handler = http(async (req) => ({ text: req.path }));
    expect(await handler(event2(), context)).toMatchObject({ body: '/' });
  });

  test('functions that are not async may be among them', async () => {
    const handler = http.async(
      () => undefined,
      () => ({ text: 'x' }),
    );
    expect(await handler(event2(), context)).toMatchObject({ body: 'x' });
  });

  test('what throws fails the function', async () => {
    const handler = http.async(async () => Promise.reject(new Error('mine')));
    await expect(handler(event2(), context)).rejects.toThrow('mine');
  });

  test('no answer is an empty one, but to format 1.0 a failure', async () => {
    const handler = http.async(async () => {});
    expect(await handler(event2(), context)).toMatchObject({ statusCode: 200, body: '' });
    await expect(handler(event1(), context)).rejects.toMatchObject({ code: 'HTTP_UNANSWERED' });
  });

  test.for([
    { why: 'nothing', make: () => http() },
    { why: 'nothing, async', make: () => http.async() },
    { why: 'a number', make: () => http(invalid) },
    { why: 'a number after a function', make: () => http.async(async () => {}, invalid) },
  ])('no middleware: $why', ({ make }) => {
    expect(make).toThrow(expect.objectContaining({ name: 'TypeError', code: 'MIDDLEWARE_INVALID' }));
  });
});

const page = async (error: Error) => seen(await http.async(async () => error)(event2(), context));

describe('an error as an answer', () => {
  const failure = Object.assign(new TypeError('No <b>room</b>'), { statusCode: 404 });

  test('is a page like that of stock', async () => {
    const ours = await page(failure);
    const theirs = seen(await stock8.http.async(async () => failure)(event2(), context));
    expect({ ...ours, body: '' }).toEqual({ ...theirs, body: '' });
    expect(ours['statusCode']).toBe(404);
    expect(ours['body']).toContain('<title>404 error: TypeError</title>');
    expect(theirs['body']).toContain('<title>404 error: TypeError</title>');
  });

  test('shows text as text', async () => {
    const { body } = await page(failure);
    expect(body).toContain('<p>No &lt;b&gt;room&lt;/b&gt;</p>');
    expect(body).not.toContain('<b>room');
  });

  test('has the stack in the sandbox', async () => {
    vi.stubEnv('ARC_ENV', 'testing');
    expect((await page(failure))['body']).toContain('middleware.test.ts');
  });

  test.for(['staging', 'production'])('has none in %s, where the log has it', async (stage) => {
    vi.stubEnv('ARC_ENV', stage);
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { body } = await page(failure);
    expect(body).not.toMatch(/\.ts|\.js|<pre>/);
    expect(write.mock.calls.join('')).toContain('middleware.test.ts');
  });

  test.for([
    { why: 'none', fields: {}, statusCode: 500 },
    { why: 'a status', fields: { status: 403 }, statusCode: 403 },
    { why: 'the name of a system’s error', fields: { code: 'ENOENT' }, statusCode: 500 },
    { why: 'a number that is no status', fields: { code: 7 }, statusCode: 500 },
  ])('with $why', async ({ fields, statusCode }) => {
    expect(await page(Object.assign(new Error('x'), fields))).toMatchObject({ statusCode });
  });
});

const answer = async (response: HttpResponse, headers: Readonly<Record<string, string>> = {}) =>
  http.async(async () => response)(event2({ headers }), context);
const unfilled = () => event1({ path: '/a/{id}', pathParameters: { id: '7' } });

/** Where stock fails, or loses something, and ours does not. */
describe('better than stock', () => {
  test('bytes to a client that accepts compression', async () => {
    const image = { body: Buffer.from([137, 80, 0, 255]), type: 'image/png' };
    const result = await answer(image, { 'accept-encoding': 'br' });
    expect(result).toMatchObject({ isBase64Encoded: true, body: image.body.toString('base64') });
    expect(result.headers).not.toHaveProperty('content-encoding');
    const text = await answer({ body: Buffer.from('x'.repeat(99)), type: 'text/css' }, { 'accept-encoding': 'br' });
    expect(text.headers).toHaveProperty('content-encoding', 'br');
    expect(seen(text)['body']).toBe('x'.repeat(99));
    const stock = stock8.http.async(async () => image)(event2({ headers: { 'accept-encoding': 'br' } }), context);
    await expect(stock).rejects.toThrow('not a function');
  });

  test.for([
    { accepts: 'gzip,br', encoding: 'br' },
    { accepts: 'br;q=0, gzip;q=0.5', encoding: 'gzip' },
    { accepts: 'BR', encoding: 'br' },
    { accepts: 'br;q=0.0', encoding: undefined },
    { accepts: 'identity', encoding: undefined },
  ])('accept-encoding: $accepts', async ({ accepts, encoding }) => {
    const { headers } = await answer({ text: 'x' }, { 'accept-encoding': accepts });
    expect(headers?.['content-encoding']).toBe(encoding);
  });

  test('Content-Encoding in capitals is kept', async () => {
    const encoded = { headers: { 'Content-Encoding': 'zstd' }, body: 'x' };
    expect((await answer(encoded, { 'accept-encoding': 'br' })).headers).toHaveProperty('content-encoding', 'zstd');
  });

  test('an event without headers', async () => {
    const bare = { ...event2(), headers: undefined as never };
    expect(await http.async(async (req) => ({ json: req.session }))(bare, context)).toMatchObject({ body: '{}' });
    expect(http.helpers.bodyParser({ body: 'x' })).toBe('x');
  });

  test('a path is filled in at every call', () => {
    expect([unfilled(), unfilled()].map((event) => http.helpers.interpolate(event).path)).toEqual(['/a/7', '/a/7']);
  });
});
