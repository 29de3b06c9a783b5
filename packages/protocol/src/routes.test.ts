import { describe, expect, test } from 'vitest';
import { createRouteSelector, lifecycleRoutes, routeSelectionExpression, type RouteSelector } from './routes.ts';

function selectorFor(expression: string): RouteSelector {
  const selector = createRouteSelector(expression);
  if (selector === undefined) throw new Error(`Expected an expression: ${expression}`);
  return selector;
}

const selectRoute = selectorFor(routeSelectionExpression);
const plainKeys = ['join', '1', '-0.5', '1000', '0', 'true', 'false', 'null', 'undefined', '', ' join', 'caf\u00e9'];
const numberKeys = ['9007199254740993', '-12345678901234567890', '12345678901234567000', 'Infinity', '1e+21'];
const objectKeys = ['__proto__', 'constructor'];
/** Keys that no manifest lets through; a message still must not reach them. */
const forbiddenKeys = ['$connect', '$default', '$disconnect', '$other', '[object Object]'];
const routeKeys = new Set([...plainKeys, ...numberKeys, ...objectKeys, ...forbiddenKeys]);

describe('messages and their routes', () => {
  test.for([
    { why: 'T067 exact', body: '{"action":"join"}', route: 'join' },
    { why: 'T068 another case', body: '{"action":"JOIN"}', route: '$default' },
    { why: 'T069 no JSON', body: 'hello', route: '$default' },
    { why: 'T070 empty', body: '', route: '$default' },
    { why: 'T071 no action', body: '{"x":1}', route: '$default' },
    { why: 'T072 a list', body: '[1]', route: '$default' },
    { why: 'T072 a number', body: '5', route: '$default' },
    { why: 'T072 a text', body: '"join"', route: '$default' },
    { why: 'T073 a number', body: '{"action":1}', route: '1' },
    { why: 'T079 $connect', body: '{"action":"$connect"}', route: '$default' },
    { why: 'T079 $disconnect', body: '{"action":"$disconnect"}', route: '$default' },
    { why: '$default', body: '{"action":"$default"}', route: '$default' },
    { why: 'another $', body: '{"action":"$other"}', route: '$default' },
    { why: '$ as an escape', body: String.raw`{"action":"\u0024connect"}`, route: '$default' },
    { why: 'null as the body', body: 'null', route: '$default' },
    { why: 'true as the body', body: 'true', route: '$default' },
    { why: 'null', body: '{"action":null}', route: '$default' },
    { why: 'true', body: '{"action":true}', route: 'true' },
    { why: 'false', body: '{"action":false}', route: 'false' },
    { why: '1.0', body: '{"action":1.0}', route: '1' },
    { why: '1e3', body: '{"action":1e3}', route: '1000' },
    { why: '-0', body: '{"action":-0}', route: '0' },
    { why: '-0.5', body: '{"action":-0.5}', route: '-0.5' },
    { why: 'a number no route has', body: '{"action":2}', route: '$default' },
    { why: 'an object', body: '{"action":{"a":1}}', route: '$default' },
    { why: 'no text', body: '{"action":""}', route: '$default' },
    { why: 'a list', body: '{"action":["a"]}', route: '$default' },
    { why: 'a list of one key', body: '{"action":["join"]}', route: '$default' },
    { why: 'one level down', body: '{"body":{"action":"join"}}', route: '$default' },
    { why: 'in a list', body: '[{"action":"join"}]', route: '$default' },
    { why: 'the last of two', body: '{"action":"zzz","action":"join"}', route: 'join' },
    { why: 'not the first of two', body: '{"action":"join","action":"zzz"}', route: '$default' },
    { why: 'the key in another case', body: '{"Action":"join"}', route: '$default' },
    { why: 'an escaped key', body: String.raw`{"\u0061ction":"join"}`, route: 'join' },
    { why: 'odd spaces', body: ' {\t"action" :\r\n"join" } ', route: 'join' },
    { why: 'a space in the name', body: '{"action":"join "}', route: '$default' },
    { why: 'a space that a route has', body: '{"action":" join"}', route: ' join' },
    { why: 'an accent', body: '{"action":"caf\u00e9"}', route: 'caf\u00e9' },
    { why: 'an accent made of two', body: '{"action":"cafe\u0301"}', route: '$default' },
    { why: 'a name without quotes', body: '{action:"join"}', route: '$default' },
    { why: 'a comma too many', body: '{"action":"join",}', route: '$default' },
    { why: 'text behind', body: '{"action":"join"}x', route: '$default' },
    { why: 'a byte order mark', body: '\uFEFF{"action":"join"}', route: '$default' },
    { why: 'half a message', body: '{"action":"jo', route: '$default' },
    { why: '2^53 + 1', body: '{"action":9007199254740993}', route: '9007199254740993' },
    { why: 'its neighbour', body: '{"action":9007199254740992}', route: '$default' },
    { why: 'twenty digits', body: '{"action":-12345678901234567890}', route: '-12345678901234567890' },
    { why: 'not what a double has of them', body: '{"action":12345678901234567890}', route: '$default' },
    { why: 'the last of two numbers', body: '{"action":1,"action":9007199254740993}', route: '9007199254740993' },
    { why: '1e21', body: '{"action":1e21}', route: '1e+21' },
    { why: 'more than a double holds', body: '{"action":1e999}', route: '$default' },
    { why: '__proto__', body: '{"action":"__proto__"}', route: '__proto__' },
    { why: 'constructor', body: '{"action":"constructor"}', route: 'constructor' },
    { why: 'a key that objects have', body: '{"action":"toString"}', route: '$default' },
    { why: 'a lone surrogate', body: String.raw`{"action":"\ud800"}`, route: '$default' },
    { why: 'a lone surrogate beside it', body: String.raw`{"action":"join","x":"\udfff"}`, route: 'join' },
    { why: 'has', body: '{"action":"has"}', route: '$default' },
    { why: 'action in __proto__', body: '{"__proto__":{"action":"join"}}', route: '$default' },
    { why: '__proto__ beside it', body: '{"__proto__":null,"action":"join"}', route: 'join' },
  ])('$why: $body', ({ body, route }) => {
    expect(selectRoute(body, routeKeys)).toBe(route);
    expect(selectRoute(body, new Map([...routeKeys].map((key) => [key, 'src'])))).toBe(route);
    // Long bodies are read in another way.
    expect(selectRoute(body === '' ? body : `${body}${' '.repeat(20_000)}`, routeKeys)).toBe(route);
  });

  test('an app without custom routes has one', () => {
    expect(selectRoute('{"action":"join"}', new Set())).toBe('$default');
  });
});

describe('other expressions', () => {
  const custom = new Set([
    'chat/join',
    'join-',
    '-',
    'action',
    'join',
    '7/true',
    '[a, 1, true, null]/',
    '[[a], b]',
    'x',
    '$connect',
  ]);
  const both = '${request.body.service}/${request.body.action}';
  test.for([
    { why: 'T074', expression: both, body: '{"service":"chat","action":"join"}', route: 'chat/join' },
    { why: 'C4 numbers and booleans', expression: both, body: '{"service":7,"action":true}', route: '7/true' },
    { why: 'C3 a list', expression: both, body: '{"service":["a",1,true,null]}', route: '[a, 1, true, null]/' },
    { why: 'C3 a list in a list', expression: '$request.body.a', body: '{"a":[["a"],"b"]}', route: '[[a], b]' },
    { why: 'C4 an object', expression: both, body: '{"service":{},"action":"join"}', route: '$default' },
    { why: 'C4 an object in a list', expression: both, body: '{"service":[{}],"action":"join"}', route: '$default' },
    {
      why: 'T075',
      expression: '${request.body.action}-${request.body.nope}',
      body: '{"action":"join"}',
      route: 'join-',
    },
    { why: 'C6 no object', expression: '${request.body.a}-${request.body.b}', body: '5', route: '-' },
    { why: 'C5 no JSON', expression: '${request.body.a}-${request.body.b}', body: 'hello', route: '$default' },
    { why: 'T076', expression: '$request.body.meta.action', body: '{"meta":{"action":"join"}}', route: 'join' },
    { why: 'T076 not above', expression: '$request.body.meta.action', body: '{"action":"join"}', route: '$default' },
    {
      why: 'T076 the last of two',
      expression: '$request.body.meta.action',
      body: '{"meta":{"action":"join"},"meta":{}}',
      route: '$default',
    },
    { why: 'C3 an index', expression: '$request.body.list[1]', body: '{"list":["a","join"]}', route: 'join' },
    { why: 'C3 no such index', expression: '$request.body.list[2]', body: '{"list":["a","join"]}', route: '$default' },
    { why: 'C3 no list', expression: '$request.body.list[0]', body: '{"list":{"0":"join"}}', route: '$default' },
    { why: 'C3 a name of a list', expression: '$request.body.list.length', body: '{"list":[]}', route: '$default' },
    { why: 'C3 a letter of a text', expression: '$request.body.a[0]', body: '{"a":"x"}', route: '$default' },
    { why: 'C3 the body', expression: '$request.body', body: '"join"', route: 'join' },
    { why: 'T077', expression: 'action', body: '{"action":"join"}', route: 'action' },
    { why: 'T077 no JSON', expression: 'action', body: 'hello', route: 'action' },
    { why: 'no such route', expression: 'other', body: '{}', route: '$default' },
    { why: 'C2 $default', expression: String.raw`\$default`, body: '{"action":"join"}', route: '$default' },
    { why: 'C25 $connect', expression: String.raw`\$connect`, body: '{"action":"join"}', route: '$default' },
    {
      why: 'one value twice',
      expression: '${request.body.a}${request.body.b}${request.body.a}',
      body: '{"a":"","b":"x"}',
      route: 'x',
    },
    { why: 'a key that objects have', expression: '$request.body.constructor', body: '{}', route: '$default' },
    { why: '__proto__', expression: '$request.body.__proto__.a', body: '{"__proto__":{"a":"x"}}', route: 'x' },
    { why: 'no __proto__', expression: '$request.body.__proto__.a', body: '{"a":"x"}', route: '$default' },
  ])('$why: $expression of $body', ({ expression, body, route }) => {
    const select = selectorFor(expression);
    expect(select(body, custom)).toBe(route);
    expect(select(`${body}${' '.repeat(20_000)}`, custom)).toBe(route);
  });

  test('what is none makes no selector', () => {
    expect(createRouteSelector('$request.header.a')).toBe(undefined);
  });
});

const maxBytes = 131_072;
const half = maxBytes / 2;
const numbered = (from: number, length: number, text: (name: string) => string) =>
  Array.from({ length }, (_, index) => text((from + index).toString(36))).join(',');

/** The shortest of some runs, in milliseconds, because others use this machine as well. */
function quickest(work: () => void): number {
  const times = Array.from({ length: 20 }, () => {
    const startedAtMs = performance.now();
    work();
    return performance.now() - startedAtMs;
  });
  return Math.min(...times);
}

// On a machine of 2026 an ordinary body of this length takes 1 ms, and the worst of these 3.5 ms.
describe('no body of 128 KB is slow', () => {
  test.for([
    { why: 'lists in lists', body: '['.repeat(half) + ']'.repeat(half), route: '$default' },
    { why: 'lists that never end', body: '['.repeat(maxBytes), route: '$default' },
    { why: 'deep beside it', body: `{"action":"join","x":${'['.repeat(60_000)}${']'.repeat(60_000)}}`, route: 'join' },
    { why: 'deep objects', body: `${'{"action":'.repeat(11_000)}1${'}'.repeat(11_000)}`, route: '$default' },
    { why: 'a deep action', body: `{"action":${'['.repeat(60_000)}${']'.repeat(60_000)}}`, route: '$default' },
    { why: 'a long action', body: `{"action":"${'a'.repeat(130_000)}"}`, route: '$default' },
    { why: 'an action in escapes', body: `{"action":"${String.raw`\u0061`.repeat(21_000)}"}`, route: '$default' },
    { why: 'a long number', body: `{"action":${'9'.repeat(130_000)}}`, route: '$default' },
    { why: 'a long fraction', body: `{"action":0.${'3'.repeat(130_000)}}`, route: '$default' },
    { why: 'many numbers', body: `[${'1,'.repeat(half - 2)}1]`, route: '$default' },
    { why: 'many keys', body: `{${numbered(0, 12_000, (name) => `"${name}":1`)}}`, route: '$default' },
    { why: 'many shapes', body: `[${numbered(0, 11_000, (name) => `{"${name}":1}`)}]`, route: '$default' },
    { why: 'many texts', body: `[${'"",'.repeat(43_000)}""]`, route: '$default' },
    { why: 'many empty lists', body: `[${'[],'.repeat(43_000)}[]]`, route: '$default' },
    { why: 'one key again and again', body: `{${'"action":"x",'.repeat(10_000)}"action":"join"}`, route: 'join' },
    {
      why: '__proto__ again and again',
      body: `${'{"__proto__":'.repeat(9000)}1${'}'.repeat(9000)}`,
      route: '$default',
    },
    { why: 'spaces', body: ' '.repeat(maxBytes), route: '$default' },
    {
      why: 'just short enough to be parsed',
      body: `{"action":"join","x":${'['.repeat(8000)}${']'.repeat(8000)}}`,
      route: 'join',
    },
  ])('$why', ({ body, route }) => {
    expect(body.length).toBeLessThanOrEqual(maxBytes);
    // As it comes out of a socket: in one piece.
    const text = Buffer.from(body).toString('utf8');
    const ordinary = JSON.stringify({
      items: Array.from({ length: 2800 }, (_, id) => ({ id, name: `name ${id}`, isOnline: true })),
    });
    const ordinaryMs = quickest(() => selectRoute(ordinary, routeKeys));
    expect(quickest(() => expect(selectRoute(text, routeKeys)).toBe(route))).toBeLessThan(8 * ordinaryMs);
  });
});

test('the names of AWS', () => {
  expect(lifecycleRoutes).toEqual({ connect: '$connect', default: '$default', disconnect: '$disconnect' });
  expect(routeSelectionExpression).toBe('$request.body.action');
});
