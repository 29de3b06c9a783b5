import { leave, transportFor, write, type Attack, type Facts, type Step } from '../support/attack.ts';
import { inPieces, mutate } from '../support/mutate.ts';
import type { Random } from '../support/random.ts';
import { authorization, type Headers } from './authorization.ts';
import { requestBytes, type Request } from './http-text.ts';

/** A body and what the head says of it. */
interface Framing {
  readonly headers: Headers;
  readonly body: Buffer;
}

type MakeFraming = (random: Random, body: Buffer) => Framing;

const chunk = (bytes: Buffer, size = bytes.length.toString(16)) =>
  Buffer.concat([Buffer.from(`${size}\r\n`, 'latin1'), bytes, Buffer.from('\r\n')]);
const lastChunk = Buffer.from('0\r\n\r\n');
const chunked: Headers = [['Transfer-Encoding', 'chunked']];

const chunkSizes = [
  '',
  ' ',
  '-1',
  '0x5',
  '5;a=b',
  `5;${'x'.repeat(20_000)}`,
  'ffffffffffffffff',
  '7fffffffffffffff',
  '5 5',
  '\x00',
  '00000000000000000005',
];
const lengths = ['', '-1', '+5', '5, 5', '5,6', '0x5', '5 ', '1e3', '99999999999999999999', '4294967296', 'NaN'];

/** True, and lying. */
const framings: readonly MakeFraming[] = [
  (_, body) => ({ headers: [['Content-Length', String(body.length)]], body }),
  (_, body) => ({ headers: [['Content-Length', String(body.length)]], body }),
  (_, body) => ({ headers: chunked, body: Buffer.concat([chunk(body), lastChunk]) }),
  (random, body) => ({
    headers: [['Content-Length', String(body.length + random.pick([1, 100, 1_000_000, 20_000_000]))]],
    body,
  }),
  (random, body) => ({ headers: [['Content-Length', String(Math.max(0, body.length - random.int(1, 5)))]], body }),
  (random, body) => ({ headers: [['Content-Length', random.pick(lengths)]], body }),
  (random, body) => ({
    headers: [
      ['Content-Length', String(body.length)],
      ['Content-Length', random.pick([String(body.length), '0', '5'])],
    ],
    body,
  }),
  (_, body) => ({
    headers: [...chunked, ['Content-Length', String(body.length)]],
    body: Buffer.concat([chunk(body), lastChunk]),
  }),
  (random, body) => ({ headers: chunked, body: Buffer.concat([chunk(body, random.pick(chunkSizes)), lastChunk]) }),
  (_, body) => ({ headers: chunked, body: chunk(body) }),
  (_, body) => ({
    headers: chunked,
    body: Buffer.concat([chunk(body), Buffer.from(`0\r\n${'t: x\r\n'.repeat(3000)}\r\n`)]),
  }),
  (random, body) => ({
    headers: [
      ['Transfer-Encoding', random.pick(['gzip', 'chunked, gzip', 'gzip, chunked', ' chunked', 'Chunked\x0b'])],
    ],
    body,
  }),
  (_, body) => ({ headers: [], body }),
  (_, body) => ({
    headers: [
      ['Expect', '100-continue'],
      ['Content-Length', String(body.length)],
    ],
    body,
  }),
  (_, body) => ({
    headers: [
      ['Expect', 'something'],
      ['Content-Length', String(body.length)],
    ],
    body,
  }),
];

const methods = ['GET', 'POST', 'DELETE', 'PUT', 'HEAD', 'OPTIONS', 'PATCH', 'TRACE', 'PROPFIND', 'get', 'CONNECT'];

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: Buffer;
  readonly mayFail?: boolean;
}

const smallBody = (random: Random) =>
  random.pick<() => Buffer>([
    () => Buffer.alloc(0),
    () => Buffer.from('hello'),
    () => random.bytes(random.int(1, 400)),
    () => Buffer.from('{"a":'.repeat(5000)),
    () => Buffer.alloc(random.pick([131_072, 131_073, 600_000]), 'a'),
  ])();

const ids = (random: Random, { victimId }: Facts) =>
  random.pick<() => string>([
    () => victimId,
    () => encodeURIComponent(victimId),
    () => 'AAAAAAAAAAAAAAA=',
    () => 'abc',
    () => '',
    () => '..',
    () => '../../@connections/x',
    () => '%2e%2e%2f%2e%2e%2f',
    () => '%00%0d%0a',
    () => '%',
    () => '%ff%fe',
    () => encodeURIComponent(encodeURIComponent(victimId)),
    () => `${victimId}/x`,
    () => `${victimId}?a=b`,
    () => 'A'.repeat(5000),
    () =>
      random
        .bytes(12)
        .toString('latin1')
        .replaceAll(/[\r\n ]/g, 'x'),
  ])();

/** A request to `@connections`, signed or not. */
function managementRequest(random: Random, facts: Facts): Asked {
  const base = random.pick([`/${facts.stage}`, `/${facts.stage}`, '/_arc/ws', '/other', '', `//${facts.stage}/`]);
  const path = `${base}/${random.pick(['@connections', '@connections', '%40connections', '%40Connections', '@connections/'])}/${ids(random, facts)}`;
  const method = random.pick(['POST', 'POST', 'GET', 'DELETE', random.pick(methods)]);
  const body = smallBody(random);
  return { method, path, body, headers: authorization(random, facts, { method, path, body }, 'execute-api') };
}

function ssmRequest(random: Random, facts: Facts): Asked {
  const path = random.pick(['/_arc/ssm', '/_arc/ssm/', '/', '/_arc/other', '/_arc/', '/_arc/../_arc/ssm']);
  const operation = random.pick([
    'GetParameter',
    'GetParameters',
    'GetParametersByPath',
    'PutParameter',
    '__proto__',
    '',
  ]);
  const body = Buffer.from(
    random.pick([
      '{}',
      '{"Name":"/HostileTesting/ws/wss"}',
      '{"Names":["/HostileTesting/ws/wss",null,{},1]}',
      '{"Path":"/","Recursive":true,"MaxResults":-1,"NextToken":"page-99999999"}',
      '['.repeat(50_000),
      'null',
      '{"Path":',
      '{"__proto__":{"Name":"x"}}',
    ]),
  );
  const headers = authorization(random, facts, { method: 'POST', path, body }, 'ssm');
  return {
    method: random.pick(['POST', 'POST', 'GET']),
    path,
    body,
    headers: [...headers, ['X-Amz-Target', `AmazonSSM.${operation}`]],
  };
}

const staticPaths = [
  '/_static',
  '/_static/',
  '/_static/app.js',
  '/_static/sub/',
  '/_static/.env',
  '/_static/../.env',
  '/_static/%2e%2e/.env',
  '/_static/..%2f.env',
  '/_static//app.js',
  '/_static/app.js%00',
  '/_static/%',
  '/_static/con',
  `/_static/${'a/'.repeat(3000)}`,
  `/_static/${'a'.repeat(3000)}`,
];
const routePaths = [
  '/',
  '/echo',
  '/echo?a=%ff&a&=&__proto__=1',
  '/body/x',
  '/body/',
  `/body/${'x/'.repeat(3000)}`,
  '/rooms/%2f',
  '/rooms/__proto__',
  '/rooms/%zz',
  '/rooms/',
  '/nope',
  '//',
  '/..',
  '/echo/',
  'http://other/echo',
  '/%00',
];
const failingPaths = ['/throw', '/throw', '/hang'];
const conditions: Headers = [
  ['Range', 'bytes=0-'],
  ['Range', 'bytes=99999999999999999999-'],
  ['Range', `bytes=${'0-1,'.repeat(2000)}`],
  ['Range', 'bytes=-0'],
  ['If-None-Match', '*'],
  ['If-None-Match', '"'.repeat(5000)],
  ['If-Modified-Since', 'Thu, 99 Foo 99999'],
  ['If-Range', '"x"'],
  ['Accept-Encoding', 'gzip;q=99, br'],
  ['Content-Type', 'text/plain; charset=\xff'],
  ['Content-Encoding', 'gzip'],
  ['Cookie', ';;;=;__proto__=x'],
  ['X-Forwarded-For', 'x'.repeat(3000)],
];

function httpRequest(random: Random): Asked {
  const mayFail = random.chance(0.05);
  const path = mayFail ? random.pick(failingPaths) : random.pick(random.chance(0.4) ? staticPaths : routePaths);
  const headers = random.list(0, 3, () => random.pick(conditions));
  return {
    method: random.pick(random.chance(0.6) ? ['GET', 'POST'] : methods),
    path,
    headers,
    body: smallBody(random),
    mayFail,
  };
}

const asks = { management: managementRequest, ssm: ssmRequest, http: httpRequest };

/** A request whose words, body or framing are wrong; often others follow on the same connection. */
export function brokenRequests(kind: keyof typeof asks) {
  return (random: Random, facts: Facts): Attack => {
    const all = random.list(1, random.chance(0.8) ? 2 : 20, () => asks[kind](random, facts));
    const steps: Step[] = all.flatMap((asked) => requestSteps(random, facts, asked));
    return {
      kind,
      scripts: [{ transport: transportFor(random, facts), steps: [...steps, ...leave(random)] }],
      mayFail: all.some(({ mayFail }) => mayFail === true),
    };
  };
}

function requestSteps(random: Random, facts: Facts, asked: Asked): readonly Step[] {
  const framing = random.pick(framings)(random, asked.body);
  const headers: Headers = [['Host', facts.host], ...asked.headers, ...framing.headers];
  const request: Request = { method: asked.method, target: asked.path, version: 'HTTP/1.1', headers };
  const head = requestBytes(request);
  if (random.chance(0.15)) return inPieces(random, mutate(random, Buffer.concat([head, framing.body])));
  return random.chance(0.2)
    ? [...inPieces(random, head), ...inPieces(random, framing.body)]
    : [write(head), write(framing.body)];
}
