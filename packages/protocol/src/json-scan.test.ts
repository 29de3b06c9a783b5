import { describe, expect, test } from 'vitest';
import { scanJson, type WantedValue } from './json-scan.ts';

const none = new Map<never, never>();
const leaf: WantedValue = { isWanted: true, byKey: none, byIndex: none };
const second: WantedValue = { isWanted: true, byKey: none, byIndex: none };
const list: WantedValue = { isWanted: false, byKey: none, byIndex: new Map([[1, second]]) };
const root: WantedValue = {
  isWanted: false,
  byKey: new Map([
    ['a', leaf],
    ['list', list],
    ['up', { isWanted: false, byKey: new Map([['a', second]]), byIndex: none }],
  ]),
  byIndex: none,
};

describe('values in a text', () => {
  test.for([
    { why: 'one', text: '{"a":1}', a: '1', other: undefined },
    { why: 'a text', text: String.raw`{"x":2,"a":"\"}\u0041"}`, a: String.raw`"\"}\u0041"`, other: undefined },
    { why: 'an escaped key', text: String.raw`{"\u0061":1}`, a: '1', other: undefined },
    { why: 'a container', text: '{"a":{"a":[1, {}]}}', a: '{"a":[1, {}]}', other: undefined },
    { why: 'the second of a list', text: '{"list":[0,[1,2],3]}', a: undefined, other: '[1,2]' },
    { why: 'none in a short list', text: '{"list":[0]}', a: undefined, other: undefined },
    { why: 'none in an empty list', text: '{"list":[],"up":{}}', a: undefined, other: undefined },
    { why: 'none where a list is an object', text: '{"list":{"1":2}}', a: undefined, other: undefined },
    { why: 'none where an object is a list', text: '[{"a":1}]', a: undefined, other: undefined },
    { why: 'one level down', text: '{"up":{"b":0,"a":1}}', a: undefined, other: '1' },
    { why: 'the last of two', text: '{"a":1,"a":2}', a: '2', other: undefined },
    { why: 'none of a key that came again', text: '{"up":{"a":1},"up":5}', a: undefined, other: undefined },
    { why: 'with spaces', text: ' \t{ "a" :\r\n1 , "x" : [ ] } ', a: '1', other: undefined },
    { why: 'in no object', text: 'null', a: undefined, other: undefined },
  ])('$why: $text', ({ text, a, other }) => {
    const found = scanJson(text, root);
    expect([found?.get(leaf), found?.get(second)]).toEqual([a, other]);
  });

  test('the whole of it', () => {
    expect(scanJson(' [1] ', leaf)?.get(leaf)).toBe('[1]');
  });
});

const brackets = '| |{|}|[|]|[}|{]|{}|[]|[[]]|{}{}|[],|[,]|[1,]|[1 2]|[1}|[1]x|[[1,2],[3,[4]],{}]'.split('|');
const members = '{"a"}|{"a":}|{"a":1,}|{,}|{1:2}|{a:1}|{"a":1 "b":2}|{"a":1]|{"__proto__":1}|{"a":{"b":[{}]}}'.split(
  '|',
);
const numbers = '0|-0|-|01|1.|.5|1.5|1e|1e+|1E-9|+1|0x1|1e1.5|NaN|Infinity|--1'.split('|');
const words = 'true|false|null|True|tru|truex|nul|undefined|/**/1|\u00a01|\ufeff1'.split('|');
const texts = [
  ...String.raw`"a|a"|"a""b"|"\n\b\f\r\t\/\\\""|"\x"|"\u12"|"\u12g4"|"\uD800"`.split('|'),
  ...'"\u007f"|"\u0000"|"\n"|"\ud800"'.split('|'),
  `"${'a'.repeat(100)}"`,
  `"${'a'.repeat(100)}\n"`,
  `"${'a'.repeat(31)}\\"`,
  `"${'é'.repeat(40)}\\n"`,
];

describe('it is JSON where JSON.parse says so', () => {
  test.for([...brackets, ...members, ...numbers, ...words, ...texts])('%s', (text) => {
    let isJson = true;
    try {
      JSON.parse(text);
    } catch {
      isJson = false;
    }
    expect(scanJson(text, leaf) !== undefined).toBe(isJson);
    expect(scanJson(text, root) !== undefined).toBe(isJson);
  });
});
