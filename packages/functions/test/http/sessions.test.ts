import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { http as ours, type Http, type HttpAsyncHandler } from '../../src/index.ts';
import { event1, event2 } from './events.ts';
import { stock5, stock8 } from './stock.ts';

const variables = [
  'ARC_APP_SECRET',
  'ARC_APP_SECRET_ALGO',
  'ARC_FORCE_LEGACY_JWE_SECRET',
  'ARC_SESSION_DOMAIN',
  'ARC_SESSION_SAME_SITE',
  'ARC_SESSION_TTL',
  'SESSION_TABLE_NAME',
  'SESSION_TTL',
];
const secret = 'a secret of thirty-two letters, or more';
const context = { awsRequestId: 'a', functionName: 'f', getRemainingTimeInMillis: () => 1 };

beforeEach(() => {
  for (const name of variables) vi.stubEnv(name, undefined);
  vi.stubEnv('ARC_SESSION_TABLE_NAME', 'jwe');
  vi.stubEnv('ARC_ENV', 'testing');
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

const set = (env: Readonly<Record<string, string>>) => {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
};
/** What a browser sends back. */
const pair = (setCookie: string) => setCookie.slice(0, setCookie.indexOf(';'));
const read = (http: Http, cookie: string) => http.session.read({ headers: { cookie } });
const attributes = async (http: Http) => (await http.session.write({ a: 1 })).replace(/^_idx=[^;]+/, '_idx=');
const session = { account: { name: 'Ann é ', roles: ['a'] }, count: 7, none: null };

const settings: readonly { why: string; env: Readonly<Record<string, string>> }[] = [
  { why: 'no secret', env: {} },
  { why: 'a secret', env: { ARC_APP_SECRET: secret } },
  { why: 'a secret that is not ASCII', env: { ARC_APP_SECRET: 'é'.repeat(40) } },
  { why: '192 bits', env: { ARC_APP_SECRET: secret, ARC_APP_SECRET_ALGO: 'A192GCM' } },
  { why: '128 bits', env: { ARC_APP_SECRET: secret, ARC_APP_SECRET_ALGO: 'A128GCM' } },
  { why: 'the form of old', env: { ARC_APP_SECRET: secret, ARC_FORCE_LEGACY_JWE_SECRET: '1' } },
  { why: 'the form of old, no secret', env: { ARC_FORCE_LEGACY_JWE_SECRET: '1' } },
];

describe('cookies that stock and ours read alike', () => {
  test.for(settings)('$why', async ({ env }) => {
    set(env);
    const [mine, stocks] = await Promise.all([ours, stock8.http].map((http) => http.session.write({ ...session })));
    for (const http of [ours, stock8.http])
      for (const cookie of [mine!, stocks!])
        expect(await read(http, pair(cookie))).toEqual({ ...session, iat: expect.any(Number) });
  });

  test('of version 5, without a secret', async () => {
    const cookie = pair(await stock5.http.session.write({ ...session }));
    expect(await read(ours, cookie)).toMatchObject(session);
    vi.stubEnv('ARC_FORCE_LEGACY_JWE_SECRET', '1');
    expect(await read(stock5.http, pair(await ours.session.write(session)))).toMatchObject(session);
  });

  test('a larger one than is made now', async () => {
    vi.stubEnv('ARC_APP_SECRET', secret);
    const large = pair(await stock8.http.session.write({ ...session }));
    vi.stubEnv('ARC_APP_SECRET_ALGO', 'A128GCM');
    expect(await read(stock8.http, large)).toEqual({});
    expect(await read(ours, large)).toEqual({});
  });
});

describe('the attributes of the cookie are those of stock', () => {
  test.for([
    { why: 'by default', env: {} },
    { why: 'for a day', env: { SESSION_TTL: '86400' } },
    { why: 'for a day, in Architect’s word', env: { ARC_SESSION_TTL: '86400', SESSION_TTL: '1' } },
    { why: 'on another site', env: { ARC_SESSION_SAME_SITE: 'none' } },
    { why: 'strictly', env: { ARC_SESSION_SAME_SITE: 'Strict' } },
    { why: 'of a domain', env: { ARC_SESSION_DOMAIN: 'example.com' } },
    { why: 'of a domain, in the short word', env: { SESSION_DOMAIN: 'example.com' } },
    { why: 'on AWS', env: { ARC_ENV: 'production', ARC_APP_SECRET: secret } },
  ])('$why', async ({ env }) => {
    set(env);
    vi.useFakeTimers({ toFake: ['Date'], now: 1_790_000_000_000 });
    expect(await attributes(ours)).toBe(await attributes(stock8.http));
  });
});

describe('where a session is found', () => {
  const sources: readonly { why: string; source: (cookie: string) => object }[] = [
    { why: 'cookies of format 2.0', source: (cookie) => event2({ cookies: ['a=1', cookie, 'b=2'] }) },
    { why: 'the header of format 1.0', source: (cookie) => event1({ headers: { Cookie: `a=1; ${cookie}; b=2` } }) },
    { why: 'the header of a web socket of Chromium', source: (cookie) => ({ headers: { Cookie: cookie } }) },
    { why: 'a header in lower case', source: (cookie) => ({ headers: { cookie } }) },
    { why: 'the last of several', source: (cookie) => ({ headers: { cookie: `_idx=other; x_idx=1; ${cookie}` } }) },
  ];
  test.for(sources)('$why', async ({ source }) => {
    const cookie = pair(await stock8.http.session.write({ a: 1 }));
    for (const http of [ours, stock8.http])
      expect(await http.session.read(source(cookie))).toEqual({ a: 1, iat: expect.any(Number) });
  });

  test('in any case of its letters', async () => {
    const cookie = pair(await ours.session.write({ a: 1 }));
    expect(await ours.session.read({ headers: { COOKIE: cookie } })).toMatchObject({ a: 1 });
  });

  test.for<{ why: string; source: unknown }>([
    { why: 'nothing', source: {} },
    { why: 'headers that are null', source: { headers: null } },
    { why: 'no event', source: undefined },
    { why: 'an event of null', source: null },
    { why: 'a header that is no text', source: { headers: { Cookie: 5 } } },
    { why: 'cookies that are no list', source: { cookies: 'a=1' } },
    { why: 'a cookie that is no text', source: { cookies: [null, 5, Symbol.iterator] } },
    { why: 'no session', source: { headers: { cookie: 'a=1; _idx' } } },
    { why: 'an empty one', source: { headers: { cookie: '_idx=' } } },
    { why: 'three parts', source: { headers: { cookie: '_idx=a.b.c' } } },
    { why: 'five parts', source: { headers: { cookie: '_idx=a.b.c.d.e' } } },
    { why: 'a broken escape', source: { headers: { cookie: '_idx=%E0%A4%A' } } },
  ])('not in $why', async ({ source }) => {
    expect(await ours.session.read(source as Parameters<Http['session']['read']>[0])).toEqual({});
  });
});

describe('what is no session', () => {
  const week = 7 * 24 * 60 * 60 * 1000;

  test.for([
    { why: 'a moment before a week', laterMs: week - 1000, expected: { a: 1, iat: 1_790_000_000 } },
    { why: 'a moment after a week', laterMs: week + 1000, expected: {} },
  ])('$why', async ({ laterMs, expected }) => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_790_000_000_000 });
    const cookie = pair(await ours.session.write({ a: 1 }));
    vi.setSystemTime(1_790_000_000_000 + laterMs);
    for (const http of [ours, stock8.http]) {
      expect(await read(http, cookie)).toEqual(expected);
    }
  });

  test('one that says it has ended', async () => {
    const cookie = pair(await ours.session.write({ a: 1, exp: Math.floor(Date.now() / 1000) - 1 }));
    for (const http of [ours, stock8.http]) expect(await read(http, cookie)).toEqual({});
  });

  test('one of another secret', async () => {
    const cookie = pair(await ours.session.write({ a: 1 }));
    vi.stubEnv('ARC_APP_SECRET', secret);
    for (const http of [ours, stock8.http]) expect(await read(http, cookie)).toEqual({});
  });

  test('one that was changed anywhere', async () => {
    const cookie = pair(await ours.session.write({ a: 1 }));
    for (let place = '_idx='.length; place < cookie.length; place += 7) {
      // Not 'B': at the end of a part its lowest bits mean nothing.
      const other = cookie[place] === 'A' ? 'Q' : 'A';
      expect(await read(ours, cookie.slice(0, place) + other + cookie.slice(place + 1))).toEqual({});
    }
  });
});

const login: HttpAsyncHandler = async (req) => ({
  session: { ...req.session, count: (req.session['count'] ?? 0) + 1 },
  location: '/',
});

describe('middleware keeps sessions', () => {
  test.for([
    { why: 'ours, then stock', first: ours, second: stock8.http },
    { why: 'stock, then ours', first: stock8.http, second: ours },
  ])('$why', async ({ first, second }) => {
    vi.stubEnv('ARC_APP_SECRET', secret);
    const answer = await first.async(login)(event2(), context);
    expect(answer).toMatchObject({ statusCode: 302, headers: { location: '/' } });
    const cookie = pair(String(answer.headers!['set-cookie']));
    const again = await second.async(login)(event2({ cookies: [cookie] }), context);
    expect(await read(first, pair(String(again.headers!['set-cookie'])))).toMatchObject({ count: 2 });
  });

  test('an empty session ends it', async () => {
    const answer = await ours.async(async () => ({ session: {} }))(event2(), context);
    expect(await read(ours, pair(String(answer.headers!['set-cookie'])))).toEqual({ iat: expect.any(Number) });
  });

  test('the session that was given is left as it is', async () => {
    const given = { a: 1 };
    await ours.session.write(given);
    expect(given).toEqual({ a: 1 });
  });

  test('with callbacks', async () => {
    const cookie = await new Promise<string>((resolve, reject) => {
      expect(ours.session.write({ a: 1 }, (error, result) => (error ? reject(error) : resolve(result!)))).toBe(
        undefined,
      );
    });
    const found = await new Promise((resolve) => {
      ours.session.read({ headers: { cookie: pair(cookie) } }, (_error, result) => resolve(result));
    });
    expect(found).toMatchObject({ a: 1 });
  });
});

describe('settings that cannot be', () => {
  test.for([
    { code: 'SESSION_SECRET_SHORT', env: { ARC_APP_SECRET: 'short' } },
    { code: 'SESSION_SECRET_SHORT', env: { ARC_APP_SECRET: 'short', ARC_FORCE_LEGACY_JWE_SECRET: '1' } },
    { code: 'SESSION_ALGORITHM_INVALID', env: { ARC_APP_SECRET_ALGO: 'none' } },
    { code: 'SESSION_COOKIE_INVALID', env: { ARC_SESSION_SAME_SITE: 'sometimes' } },
    { code: 'SESSION_COOKIE_INVALID', env: { SESSION_TTL: 'a day' } },
    { code: 'SESSION_COOKIE_INVALID', env: { SESSION_DOMAIN: 'a;b' } },
  ])('$code: $env', async ({ code, env }) => {
    set(env);
    await expect(ours.session.write({ a: 1 })).rejects.toMatchObject({ code });
    await expect(async () => stock8.http.session.write({ a: 1 })).rejects.toThrow(/invalid|must be/i);
  });

  test('a short secret fails requests that bring a session, too', async () => {
    vi.stubEnv('ARC_APP_SECRET', 'short');
    await expect(read(ours, '_idx=a.b.c.d.e')).rejects.toMatchObject({ code: 'SESSION_SECRET_SHORT' });
  });

  test('a session that is none', async () => {
    await expect(ours.session.write(7 as never)).rejects.toMatchObject({ code: 'SESSION_INVALID' });
  });
});

describe('an app without a secret', () => {
  test('is warned of, where others can reach it', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    await ours.session.write({ a: 1 });
    expect(warn).not.toHaveBeenCalled();
    vi.stubEnv('ARC_ENV', 'staging');
    await ours.session.write({ a: 1 });
    await ours.session.write({ a: 1 });
    expect(warn.mock.calls).toEqual([[expect.stringContaining('ARC_APP_SECRET'), { code: 'SESSION_SECRET_MISSING' }]]);
    warn.mockRestore();
  });
});

test.for([
  { why: 'that browsers keep', length: 2900, warnings: 0 },
  { why: 'that they do not', length: 3000, warnings: 1 },
])('a session $why', async ({ length, warnings }) => {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  await ours.session.write({ text: 'x'.repeat(length) });
  await ours.session.write({ text: 'x'.repeat(length) });
  expect(warn.mock.calls).toHaveLength(warnings);
  warn.mockRestore();
});
