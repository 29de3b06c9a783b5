import { expect, test } from 'vitest';
import { authorizerHeaders, connectHeaders, headerBytes, headerPairs, traceId } from './handshake-headers.ts';

const request = { sourceIp: '203.0.113.7', atMs: 1_708_326_702_116 };
const added = ['X-Amzn-Trace-Id', 'X-Forwarded-For', 'X-Forwarded-Port', 'X-Forwarded-Proto'];

/** The headers that came from the client. */
const kept = (raw: readonly string[]) =>
  connectHeaders(headerPairs(raw), request).filter(([name]) => !added.includes(name));

test('raw headers as pairs', () => {
  expect(headerPairs(['A', '1', 'b', '2', 'A', ''])).toEqual([
    ['A', '1'],
    ['b', '2'],
    ['A', ''],
  ]);
  expect(headerPairs([])).toEqual([]);
  expect(headerPairs(['A'])).toEqual([['A', '']]);
});

test.for([
  { why: 'B5 a known name gets its form', raw: ['user-agent', 'x'], headers: [['User-Agent', 'x']] },
  { why: 'B5 whatever it had', raw: ['SEC-WEBSOCKET-KEY', 'x'], headers: [['Sec-WebSocket-Key', 'x']] },
  { why: 'B5 what a proxy says of the host', raw: ['x-forwarded-host', 'me'], headers: [['X-Forwarded-Host', 'me']] },
  { why: 'B5 another keeps its own', raw: ['HeaderAuth1', 'x'], headers: [['HeaderAuth1', 'x']] },
  { why: 'B5 in any case', raw: ['x-api-KEY', 'x'], headers: [['x-api-KEY', 'x']] },
  {
    why: 'B4 both of one name, in order',
    raw: ['cookie', 'b=1', 'Cookie', 'a=1'],
    headers: [
      ['Cookie', 'b=1'],
      ['Cookie', 'a=1'],
    ],
  },
  {
    why: 'B6 nothing of the hop',
    raw: ['Connection', 'Upgrade', 'upgrade', 'websocket', 'Content-Length', '0', 'Accept', '*/*'],
    headers: [['Accept', '*/*']],
  },
  {
    why: 'B1 sorted by name',
    raw: ['Pragma', 'x', 'Accept', 'x', 'Host', 'x', 'Cache-Control', 'x'],
    headers: [
      ['Accept', 'x'],
      ['Cache-Control', 'x'],
      ['Host', 'x'],
      ['Pragma', 'x'],
    ],
  },
  {
    why: 'B25 sorted in any case',
    raw: ['x-b', '1', 'X-C', '2', 'X-A', '3', 'X-B', '4'],
    headers: [
      ['X-A', '3'],
      ['x-b', '1'],
      ['X-B', '4'],
      ['X-C', '2'],
    ],
  },
  { why: 'a name that objects have', raw: ['__proto__', 'x'], headers: [['__proto__', 'x']] },
])('$why', ({ raw, headers }) => {
  expect(kept(raw)).toEqual(headers);
});

test('B7 what a load balancer adds', () => {
  expect(connectHeaders([], request)).toEqual([
    ['X-Amzn-Trace-Id', expect.stringMatching(/^Root=1-65d2ff2e-[0-9a-f]{24}$/)],
    ['X-Forwarded-For', '203.0.113.7'],
    ['X-Forwarded-Port', '443'],
    ['X-Forwarded-Proto', 'https'],
  ]);
});

test('B7 what the client says of these does not count, but for who it came for', () => {
  const raw = ['x-forwarded-for', '192.0.2.1', 'x-forwarded-proto', 'gopher', 'x-forwarded-port', '1'];
  const headers = new Map(connectHeaders(headerPairs([...raw, 'x-amzn-trace-id', 'mine']), request));
  expect(headers.size).toBe(4);
  expect(headers.get('X-Forwarded-For')).toBe('192.0.2.1, 203.0.113.7');
  expect(headers.get('X-Forwarded-Port')).toBe('443');
  expect(headers.get('X-Forwarded-Proto')).toBe('https');
  expect(headers.get('X-Amzn-Trace-Id')).toMatch(/^Root=/);
});

test.for([
  [0, '00000000'],
  [1000, '00000001'],
  [1_708_326_702_999, '65d2ff2e'],
] as const)('B8 the trace id of %d has %s', ([atMs, seconds]) => {
  expect(traceId(atMs)).toMatch(new RegExp(`^Root=1-${seconds}-[0-9a-f]{24}$`));
});

test('B8 no two are the same', () => {
  expect(traceId(0)).not.toBe(traceId(0));
});

test('B6, T064 an authorizer sees the hop', () => {
  const headers = connectHeaders(headerPairs(['Host', 'x', 'connection', 'Upgrade', 'a', '1', 'vary', '1']), request);
  expect(authorizerHeaders(headers).map(([name, value]) => `${name}: ${value.slice(0, 9)}`)).toEqual([
    'a: 1',
    'Connection: upgrade',
    'content-length: 0',
    'Host: x',
    'Upgrade: websocket',
    'vary: 1',
    'X-Amzn-Trace-Id: Root=1-65',
    'X-Forwarded-For: 203.0.113',
    'X-Forwarded-Port: 443',
    'X-Forwarded-Proto: https',
  ]);
});

test.for([
  { raw: [], bytes: 0 },
  { raw: ['Host', 'x'], bytes: 5 },
  { raw: ['Host', 'x', 'A', ''], bytes: 6 },
])('E22 $raw are $bytes bytes', ({ raw, bytes }) => {
  expect(headerBytes(raw)).toBe(bytes);
});
