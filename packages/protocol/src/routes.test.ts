import { describe, expect, test } from 'vitest';
import { lifecycleRoutes, routeSelectionExpression, selectRoute } from './routes.ts';

const keys = ['join', '1', '-0.5', '1000', '0', 'true', 'false', 'null', 'undefined', '', ' join', 'caf\u00e9'];
/** Keys that no manifest lets through; a message still must not reach them. */
const forbiddenKeys = ['$connect', '$default', '$disconnect', '$other', '[object Object]', '[a]'];
const routeKeys = new Set([...keys, ...forbiddenKeys]);

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
    { why: '__proto__', body: '{"action":"__proto__"}', route: '$default' },
    { why: 'constructor', body: '{"action":"constructor"}', route: '$default' },
    { why: 'has', body: '{"action":"has"}', route: '$default' },
    { why: 'action in __proto__', body: '{"__proto__":{"action":"join"}}', route: '$default' },
    { why: '__proto__ beside it', body: '{"__proto__":null,"action":"join"}', route: 'join' },
  ])('$why: $body', ({ body, route }) => {
    expect(selectRoute(body, routeKeys)).toBe(route);
    expect(selectRoute(body, new Map([...routeKeys].map((key) => [key, 'src'])))).toBe(route);
  });

  test('an app without custom routes has one', () => {
    expect(selectRoute('{"action":"join"}', new Set())).toBe('$default');
  });
});

describe('hostile bodies are quick', () => {
  const depth = 100_000;
  test.for([
    { why: 'deep lists', body: `{"action":"join","x":${'['.repeat(depth)}${']'.repeat(depth)}}`, route: 'join' },
    { why: 'deep objects', body: `${'{"action":'.repeat(depth)}1${'}'.repeat(depth)}`, route: '$default' },
    { why: 'a deep action', body: `{"action":${'['.repeat(depth)}${']'.repeat(depth)}}`, route: '$default' },
    { why: 'lists that never end', body: '['.repeat(depth), route: '$default' },
    { why: 'a long action', body: `{"action":"${'a'.repeat(depth)}"}`, route: '$default' },
    { why: 'a long number', body: `{"action":${'9'.repeat(depth)}}`, route: '$default' },
    { why: 'the same key again and again', body: `{${'"action":"x",'.repeat(8000)}"action":"join"}`, route: 'join' },
  ])('$why', ({ body, route }) => {
    const startedAtMs = performance.now();
    expect(selectRoute(body, routeKeys)).toBe(route);
    expect(performance.now() - startedAtMs).toBeLessThan(1000);
  });
});

test('the names of AWS', () => {
  expect(lifecycleRoutes).toEqual({ connect: '$connect', default: '$default', disconnect: '$disconnect' });
  expect(routeSelectionExpression).toBe('$request.body.action');
});
