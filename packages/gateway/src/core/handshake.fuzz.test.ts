import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzzRuns } from '../../../../test/support/fuzz-runs.ts';
import { checkHandshake, decideConnect } from './handshake.ts';
import { connectHeaders, headerPairs } from './handshake-headers.ts';
import { hostName, isAllowedHost } from './host.ts';

const text = fc.string({ unit: 'binary', maxLength: 60 });
const valid = { upgrade: 'websocket', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', 'sec-websocket-version': '13' };
const value = fc.oneof(text, fc.constantFrom(...Object.values(valid), 'WebSocket', 'h2c, websocket', '8', ''));
const headers = fc.oneof(
  fc.constant(valid),
  fc.record({ upgrade: value, 'sec-websocket-key': value, 'sec-websocket-version': value }, { requiredKeys: [] }),
);
const url = fc.oneof(
  fc.constantFrom('/', '/testing', '/testing/', '/testing?a=1', '/testing/x', '*', '', '//', '/testing%2f', '/TESTING'),
  text,
  text.map((rest) => `/testing${rest}`),
  fc.integer({ min: 4080, max: 4110 }).map((length) => `/testing?${'a'.repeat(length - 9)}`),
);
const method = fc.oneof(fc.constantFrom('GET', 'POST', 'get', 'CONNECT', ''), text);

test('a request that is let in is a handshake', () => {
  fc.assert(
    fc.property(method, url, headers, (asked, path, sent) => {
      const decision = checkHandshake({ method: asked, url: path, headers: sent, headerBytes: 200 }, 'testing');
      if (decision.type === 'refuse') return;
      expect(asked).toBe('GET');
      expect(path).toMatch(/^\/(?:testing\/?)?(?:\?|$)/);
      expect(path.length).toBeLessThanOrEqual(4096);
      expect(sent).toMatchObject({ 'sec-websocket-version': '13' });
    }),
    fuzzRuns(1000),
  );
});

test('any other is refused in the words of HTTP', () => {
  fc.assert(
    fc.property(method, url, headers, (asked, path, sent) => {
      const decision = checkHandshake({ method: asked, url: path, headers: sent, headerBytes: 200 }, 'testing');
      if (decision.type === 'accept') return;
      expect([400, 403, 414, 426]).toContain(decision.statusCode);
      expect(JSON.parse(decision.body)).toEqual({ message: expect.any(String) });
    }),
    fuzzRuns(1000),
  );
});

test('any outcome of the connect handler opens or refuses', () => {
  const anything = fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true });
  const status = fc.oneof(fc.integer({ min: 0, max: 700 }), fc.integer().map(String), anything);
  const result = fc.record(
    { statusCode: status, headers: fc.oneof(fc.dictionary(text, text), anything), body: anything },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(anything, result), (returned) => {
      const decision = decideConnect({ type: 'returned', value: returned });
      if (decision.type === 'accept') return;
      expect(decision.statusCode).toBeGreaterThanOrEqual(300);
      expect(decision.statusCode).toBeLessThanOrEqual(599);
      expect(JSON.parse(decision.body)).toEqual({ message: expect.any(String) });
    }),
    fuzzRuns(1000),
  );
});

test('any headers become sorted ones, none lost but those of the hop', () => {
  const name = fc.oneof(
    text,
    fc.constantFrom('__proto__', 'Host', 'COOKIE', 'Upgrade', 'x-forwarded-for', 'constructor'),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(name, text)), (pairs) => {
      const received = headerPairs(pairs.flat());
      const made = connectHeaders(received, { sourceIp: '127.0.0.1', atMs: 1_708_326_702_118 });
      const names = made.map(([each]) => each.toLowerCase());
      expect(names).toEqual(names.toSorted());
      const own = new Set(['connection', 'upgrade', 'content-length', 'x-amzn-trace-id']);
      const lower = (all: readonly (readonly [string, string])[]) =>
        all
          .map(([each]) => each.toLowerCase())
          .filter((each) => !own.has(each) && !each.startsWith('x-forwarded-'))
          .toSorted();
      expect(lower(made)).toEqual(lower(received));
    }),
    fuzzRuns(500),
  );
});

test('a host that is let in is a loopback name, an address or one of the list', () => {
  const host = fc.oneof(
    text,
    fc.domain(),
    fc.ipV4().map((address) => `${address}:80`),
    fc.ipV6().map((address) => `[${address}]`),
    fc.constantFrom('localhost', 'localhost:1', 'evil.localhost.com', 'localhost\n', '127.0.0.1.evil', '[::1]:x', '@'),
  );
  fc.assert(
    fc.property(host, (sent) => {
      if (!isAllowedHost(sent, ['app.test'])) return;
      const name = hostName(sent) ?? '';
      expect(name).toMatch(/^(?:(?:.*\.)?localhost|app\.test|127\.[\d.]+|[0:.]*1|::ffff:127\.[\d.]+)$/);
    }),
    fuzzRuns(1000),
  );
});
