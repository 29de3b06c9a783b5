import { parseEnv } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canHold, setVariable } from './env-file.ts';

// Node 20 reads some comments as variables.
const read = (file: string) => Object.fromEntries(Object.entries(parseEnv(file)).filter(([name]) => name[0] !== '#'));

const textWithout = (forbidden: RegExp) =>
  fc
    .string({ unit: fc.constantFrom(...Array.from('abK=#$ \n\'`"'), 'KEY=', 'é') })
    .filter((each) => !forbidden.test(each));

describe('one variable of a .env file', () => {
  test.for([
    { why: 'a new file', text: '', name: 'KEY', value: 'abc', after: 'KEY=abc\n' },
    { why: 'at the end', text: 'A=1\n', name: 'KEY', value: 'abc', after: 'A=1\nKEY=abc\n' },
    { why: 'a last line without an end', text: 'A=1', name: 'KEY', value: 'abc', after: 'A=1\nKEY=abc\n' },
    { why: 'in its place', text: '# mine\nKEY=old\nB=2\n', name: 'KEY', value: 'new', after: '# mine\nKEY=new\nB=2\n' },
    { why: 'with its comment', text: 'KEY=old  # one\n', name: 'KEY', value: 'a b', after: `KEY='a b'  # one\n` },
    { why: 'no comment', text: 'KEY=a#b\n', name: 'KEY', value: 'c', after: 'KEY=c\n' },
    { why: 'none in quotes', text: `KEY='a # b'\n`, name: 'KEY', value: 'c', after: 'KEY=c\n' },
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
    { why: 'not within a value', text: 'A="x\nKEY=\ny"\n', name: 'KEY', value: '1', after: 'A="x\nKEY=\ny"\nKEY=1\n' },
    { why: 'not away in a value', text: "A='\nKEY=1\n'\n", name: 'KEY', value: undefined, after: "A='\nKEY=1\n'\n" },
    { why: 'twice is once', text: 'KEY=1\nB=2\nKEY=3\n', name: 'KEY', value: '4', after: 'KEY=4\nB=2\n' },
    { why: 'both away', text: 'KEY=1\nB=2\nexport KEY="3"', name: 'KEY', value: undefined, after: 'B=2\n' },
    { why: 'a comment stays', text: '# KEY=1 "\nB=2\n', name: 'KEY', value: '3', after: '# KEY=1 "\nB=2\nKEY=3\n' },
    { why: 'a dot in a name is a dot', text: 'AxB=1\n', name: 'A.B', value: '2', after: 'AxB=1\nA.B=2\n' },
    { why: 'a name like a pattern', text: 'A=1\n', name: 'A(', value: undefined, after: 'A=1\n' },
    { why: 'with the ends of Windows', text: 'KEY=1\r\nB=2\r\n', name: 'KEY', value: '3', after: 'KEY=3\nB=2\r\n' },
    { why: 'a dollar is no pattern', text: 'KEY=1\n', name: 'KEY', value: "$&'", after: "KEY=`$&'`\n" },
  ])('$why', ({ text, name, value, after }) => expect(setVariable(text, name, value)).toBe(after));

  const names = fc.constantFrom('KEY', 'KEYS', 'A', 'MY_KEY');
  const written = fc.oneof(
    textWithout(/[\n'"`#]/).map((each) => each.trim()),
    ...["'", '"', '`'].map((mark) => textWithout(new RegExp(mark)).map((each) => mark + each + mark)),
  );
  const assignments = fc
    .tuple(fc.constantFrom('', '  ', 'export '), names, written)
    .map(([lead, name, value]) => `${lead}${name}=${value}`);
  const lines = fc.oneof(assignments, fc.constantFrom('', '# a note', '# KEY=1', `# it's`));

  test('one variable is changed for Node, and no other', () => {
    const files = fc.tuple(fc.array(lines), fc.constantFrom('\n', '')).map(([all, end]) => all.join('\n') + end);
    fc.assert(
      fc.property(
        files,
        names,
        fc.option(textWithout(/^$/).filter(canHold), { nil: undefined }),
        (file, name, value) => {
          const { [name]: _before, ...others } = read(file);
          const expected = value === undefined ? others : { ...others, [name]: value };
          expect(read(setVariable(file, name, value))).toEqual(expected);
        },
      ),
      { numRuns: 2000 },
    );
  });

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
