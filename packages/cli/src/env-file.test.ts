import { parseEnv } from 'node:util';
import { describe, expect, test } from 'vitest';
import { canHold, setVariable } from './env-file.ts';

describe('one variable of a .env file', () => {
  test.for([
    { why: 'a new file', text: '', name: 'KEY', value: 'abc', after: 'KEY=abc\n' },
    { why: 'at the end', text: 'A=1\n', name: 'KEY', value: 'abc', after: 'A=1\nKEY=abc\n' },
    { why: 'a last line without an end', text: 'A=1', name: 'KEY', value: 'abc', after: 'A=1\nKEY=abc\n' },
    { why: 'in its place', text: '# mine\nKEY=old\nB=2\n', name: 'KEY', value: 'new', after: '# mine\nKEY=new\nB=2\n' },
    { why: 'over lines', text: 'KEY="a\nb"\nB=2\n', name: 'KEY', value: 'new', after: 'KEY=new\nB=2\n' },
    { why: 'with export', text: 'export KEY=1\n', name: 'KEY', value: '2', after: 'KEY=2\n' },
    {
      why: 'a longer name stays',
      text: 'MY_KEY=1\nKEYS=2\n',
      name: 'KEY',
      value: '3',
      after: 'MY_KEY=1\nKEYS=2\nKEY=3\n',
    },
    { why: 'away', text: 'A=1\nKEY=x\nB=2\n', name: 'KEY', value: undefined, after: 'A=1\nB=2\n' },
    { why: 'away where it is not', text: 'A=1\n', name: 'KEY', value: undefined, after: 'A=1\n' },
    { why: 'a dollar is no pattern', text: 'KEY=1\n', name: 'KEY', value: "$&'", after: "KEY=`$&'`\n" },
  ])('$why', ({ text, name, value, after }) => expect(setVariable(text, name, value)).toBe(after));

  test.for(['plain', '', 'two words', "it's", '"quoted"', 'a#b', 'a=b', 'line\nbreak', '\\n', '$HOME', 'ümlaut', "'`"])(
    'Node reads %j as it was given',
    (value) => expect(parseEnv(setVariable('A=1\n', 'KEY', value))).toEqual({ A: '1', KEY: value }),
  );

  test.for([
    { value: 'plain', expected: true },
    { value: `'"`, expected: true },
    { value: `'"\``, expected: false },
    { value: `'\`\\n`, expected: false },
    { value: 'one\r\ntwo', expected: false },
  ])('whether $value can be held: $expected', ({ value, expected }) => expect(canHold(value)).toBe(expected));
});
