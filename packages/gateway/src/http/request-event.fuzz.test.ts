import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzzRuns } from '../../../../test/support/fuzz-runs.ts';
import { httpEvent, type HttpRequestFacts } from './request-event.ts';
import { createRouter } from './router.ts';

const text = fc.string({ unit: 'binary', maxLength: 40 });
const pieces = fc.constantFrom(
  ...'/ // a b :id * .. . %2f %3f %25 %2525 %zz %ff %00 ? & = + # __proto__ constructor é'.split(' '),
);
const target = fc.oneof(
  text,
  fc.array(pieces, { maxLength: 10 }).map((parts) => parts.join('')),
);
const name = fc.oneof(
  text,
  fc.constantFrom('__proto__', 'Cookie', 'content-type', 'Content-Encoding', 'X-Forwarded-For', 'te', 'constructor'),
);
const value = fc.oneof(text, fc.constantFrom('text/plain', 'application/json; charset=utf-8', 'gzip', 'a=1; b=2', ';'));
const facts: fc.Arbitrary<HttpRequestFacts> = fc.record({
  method: text,
  rawPath: target,
  rawQuery: target,
  headers: fc.array(fc.tuple(name, value), { maxLength: 8 }),
  body: fc
    .oneof(
      fc.uint8Array(),
      text.map((body) => Buffer.from(body)),
    )
    .map((bytes) => Buffer.from(bytes)),
  sourceIp: fc.ipV4(),
  scheme: fc.constantFrom('http', 'https'),
  port: fc.nat(65_535),
  match: fc.record({
    routeKey: text,
    functionName: text,
    pathParameters: fc.option(fc.dictionary(name, text), { nil: undefined }),
  }),
  domainName: text,
  apiId: fc.constant('abcdef1234'),
  requestId: fc.constant('PJqCFEqHqRcFd0w='),
  traceId: fc.constant('Root=1-65d3003e-0123456789abcdef01234567'),
  atMs: fc.nat(),
});

test('any request is an event that keeps its body, its headers and its query', () => {
  fc.assert(
    fc.property(facts, (request) => {
      const event = httpEvent(request);
      // Half a character is the one thing that JSON writes and UTF-8 cannot carry; it becomes U+FFFD on the way.
      expect(JSON.parse(JSON.stringify(event))).toEqual(event);

      const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
      expect(Buffer.compare(body, request.body)).toBe(0);
      expect(event.headers['content-length']).toBe(String(request.body.length));

      const names = Object.keys(event.headers);
      for (const each of names) expect(each).toBe(each.toLowerCase());
      const left = new Set(
        'connection expect keep-alive proxy-connection te trailer transfer-encoding upgrade cookie'.split(' '),
      );
      for (const [each] of request.headers) {
        const lower = each.toLowerCase();
        expect(Object.hasOwn(event.headers, lower)).toBe(!left.has(lower));
      }
      for (const each of new URLSearchParams(request.rawQuery).keys()) {
        expect(Object.hasOwn(event.queryStringParameters ?? {}, each)).toBe(true);
      }
      expect(event.rawQueryString).toBe(request.rawQuery);
    }),
    fuzzRuns(1000),
  );
});

test('any path has at most one route, and its parameters are own ones', () => {
  const segment = fc.oneof(
    fc.constantFrom('a', 'b', ':id', ':__proto__', 'é', '%2f'),
    fc.stringMatching(/^[a-z]{1,3}$/),
  );
  const route = fc
    .tuple(fc.array(segment, { maxLength: 4 }), fc.boolean())
    .map(([segments, isGreedy]) => `/${[...segments, ...(isGreedy ? ['*'] : [])].join('/')}`);
  const routes = fc.array(
    fc.record({ method: fc.constantFrom('get', 'any', 'POST'), path: route, functionName: fc.constant('f') }),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(routes, fc.oneof(fc.constantFrom('GET', 'post', '__proto__'), text), target, (all, method, path) => {
      const match = createRouter(all)(method, path);
      if (match === undefined) return;
      expect(match.functionName).toBe('f');
      const names = [...match.routeKey.matchAll(/\{([^}+]+)\+?\}/g)].map(([, each]) => each);
      expect(new Set(Object.keys(match.pathParameters ?? {}))).toEqual(new Set(names));
      for (const each of Object.values(match.pathParameters ?? {})) expect(typeof each).toBe('string');
    }),
    fuzzRuns(1000),
  );
});

test('a path of many segments is looked up at once', () => {
  const router = createRouter(
    ['/:a/:b/:c/x', '/:a/:b/*', '/a/*', '/*'].map((path) => ({ method: 'get', path, functionName: path })),
  );
  const startedAtMs = performance.now();
  for (const path of ['/a'.repeat(10_000), '/'.repeat(20_000), '/%61'.repeat(5000)])
    expect(router('GET', path)).toBeDefined();
  expect(performance.now() - startedAtMs).toBeLessThan(500);
});
