import { awaitHead, leave, transportFor, type Attack, type Facts, type Step } from '../support/attack.ts';
import { inPieces, mutate } from '../support/mutate.ts';
import type { Random } from '../support/random.ts';
import { clientFrames } from './frames.ts';
import { handshake, handshakeKey, requestBytes, type Request } from './http-text.ts';

const targets = [
  '/',
  '*',
  '//testing',
  '/testing/',
  '/testing/../testing',
  '/%74esting',
  '/testing%00',
  '/testing#a',
  '/testing/@connections',
  'testing',
  'localhost:80',
  'http://localhost/testing',
  'http://other.example/testing',
  '/testing?',
  '/testing?%',
  '/testing?a&a=&=a&a=%ff%fe&__proto__=1&constructor=2',
];

/** Names that mean something to one of the parsers on the way, with values that should not be there. */
const oddHeaders: readonly (readonly [string, string])[] = [
  ['Sec-WebSocket-Key', ''],
  ['Sec-WebSocket-Key', 'AAAA'],
  ['Sec-WebSocket-Key', handshakeKey],
  ['Sec-WebSocket-Version', '8'],
  ['Sec-WebSocket-Version', '13, 8'],
  ['Sec-WebSocket-Version', '99999999999999999999'],
  ['Sec-WebSocket-Protocol', ',,,'],
  ['Sec-WebSocket-Protocol', 'a, a'],
  ['Sec-WebSocket-Protocol', '\x80\xff'],
  ['Sec-WebSocket-Extensions', 'permessage-deflate'],
  ['Sec-WebSocket-Extensions', 'permessage-deflate; client_max_window_bits=8; server_max_window_bits=8'],
  ['Sec-WebSocket-Extensions', 'permessage-deflate; server_max_window_bits=99'],
  ['Sec-WebSocket-Extensions', 'permessage-deflate; server_no_context_takeover; server_no_context_takeover'],
  ['Sec-WebSocket-Extensions', 'permessage-deflate; client_max_window_bits="'],
  ['Sec-WebSocket-Extensions', `${'permessage-deflate, '.repeat(500)}x`],
  ['Sec-WebSocket-Extensions', '; = , "'],
  ['Sec-WebSocket-Accept', 'x'],
  ['Upgrade', 'h2c'],
  ['Upgrade', 'websocket, h2c'],
  ['Upgrade', ''],
  ['Connection', 'close'],
  ['Connection', 'keep-alive, Upgrade, host'],
  ['Content-Length', '5'],
  ['Content-Length', '-1'],
  ['Transfer-Encoding', 'chunked'],
  ['Transfer-Encoding', 'identity, chunked'],
  ['Expect', '100-continue'],
  ['Host', ''],
  ['Host', 'other.example'],
  ['Host', 'localhost:99999'],
  ['Host', '[::1'],
  ['Origin', 'null'],
  ['Cookie', '='.repeat(9000)],
  ['X-Forwarded-For', ','.repeat(2000)],
  ['Authorization', 'AWS4-HMAC-SHA256 Credential=/'],
  ['__proto__', 'x'],
  ['constructor', 'x'],
  ['User-Agent', '\xff\x80\x01'.repeat(3)],
  ['A'.repeat(70_000), 'x'],
  ['x', 'y'.repeat(70_000)],
  ['', 'x'],
  ['a b', 'x'],
  ['x\x00', 'x'],
];

const queries = ['', '?do=refuse', '?auth=deny', '?protocol=a', '?protocol=a%0d%0ab:c', '?protocol=%00', '?do=slow'];
const failing = ['?do=throw', '?do=malformed', '?do=throw', '?do=hang', '?auth=throw', '?auth=malformed'];

type Bend = (random: Random, request: Request) => Request;

const bends: readonly Bend[] = [
  (random, request) => ({
    ...request,
    method: random.pick(['POST', 'get', 'CONNECT', 'PRI', 'M-SEARCH', 'GET\t', '', 'A'.repeat(3000)]),
  }),
  (random, request) => ({
    ...request,
    target: random.pick([...targets, `/testing?${'a=b&'.repeat(random.int(900, 1100))}`, `/${'a'.repeat(70_000)}`]),
  }),
  (random, request) => ({
    ...request,
    version: random.pick(['HTTP/1.0', 'HTTP/0.9', 'HTTP/2.0', 'HTTP/9.9', 'http/1.1', '', 'HTTP/1.1 x']),
  }),
  (random, request) => ({ ...request, headers: request.headers.filter(() => random.chance(0.8)) }),
  (random, request) => ({
    ...request,
    headers: [...request.headers, ...random.list(1, 4, () => random.pick(oddHeaders))],
  }),
  (random, request) => ({
    ...request,
    headers: [...random.list(1, 2, () => random.pick(oddHeaders)), ...request.headers],
  }),
  (random, request) => ({
    ...request,
    headers: [...request.headers, ...random.list(100, 3000, (index) => [`x${index}`, 'y'] as const)],
  }),
  (random, request) => ({
    ...request,
    headers: request.headers.flatMap((header) => (random.chance(0.3) ? [header, header] : [header])),
  }),
  (random, request) => ({
    ...request,
    headers: request.headers.map(([name, value]) =>
      random.chance(0.3) ? [`${name} `, ` \t${value}\t `] : [name.toLowerCase(), value],
    ),
  }),
  (random, request) => ({
    ...request,
    headers: request.headers.map(([name, value]) => [
      name,
      random.chance(0.3) ? `${value.slice(0, 3)}\r\n ${value.slice(3)}` : value,
    ]),
  }),
];

/** A handshake that is bent, broken, cut, dripping, or followed by what should not follow. */
export function brokenHandshake(random: Random, facts: Facts): Attack {
  const mayFail = random.chance(0.05);
  const query = random.pick(mayFail ? failing : queries);
  let request = handshake(facts, query);
  if (random.chance(0.8)) {
    for (let left = random.int(1, 3); left > 0; left -= 1) request = random.pick(bends)(random, request);
  }
  const text = requestBytes(request, random.chance(0.95) ? '\r\n' : random.pick(['\n', '\r', '\n\r']));
  const bytes = random.chance(0.5) ? mutate(random, text) : text;
  const steps = [...inPieces(random, bytes), ...after(random, facts, bytes), ...leave(random)];
  return { kind: 'handshake', scripts: [{ transport: transportFor(random, facts), steps }], mayFail };
}

function after(random: Random, facts: Facts, bytes: Buffer): readonly Step[] {
  const plain = requestBytes({ ...handshake(facts), target: '/', headers: [['Host', facts.host]] });
  return random.pick<() => readonly Step[]>([
    () => [],
    () => [],
    () => [awaitHead],
    () => [awaitHead, ...clientFrames(random)],
    () => clientFrames(random),
    () => inPieces(random, bytes),
    () => inPieces(random, plain),
    () => inPieces(random, random.bytes(random.int(1, 200))),
  ])();
}
