import { describe, expect, test } from 'vitest';
import { createReport } from './report.ts';
import { readLines } from './tokens.ts';

function read(text: string) {
  const report = createReport();
  const lines = readLines(text, report);
  return { lines, codes: report.faults.map(({ code, at }) => `${code} ${at.line}:${at.column}+${at.length}`) };
}

describe('words of a line', () => {
  test.for([
    { why: 'text', text: 'get /a/:b', values: ['get', '/a/:b'] },
    { why: 'every plain character', text: `()/~-_.,:$*?&!%=+|^x'"\``, values: [`()/~-_.,:$*?&!%=+|^x'"\``] },
    { why: 'booleans', text: 'true false trueish', values: [true, false, 'trueish'] },
    { why: 'numbers', text: '-2.5 0x10 1e3 007 1.2.3', values: [-2.5, 16, 1000, 7, '1.2.3'] },
    { why: 'no infinite number', text: 'Infinity NaN', values: ['Infinity', 'NaN'] },
    { why: 'a comment after a word', text: 'x#y', values: ['x'] },
    { why: 'a comment after a space', text: 'x # y', values: ['x'] },
    { why: 'a comment of any text', text: 'x # é < {', values: ['x'] },
    { why: 'tabs between words', text: 'a\tb \t c', values: ['a', 'b', 'c'] },
    { why: 'double quotes', text: '"a b" c', values: ['a b', 'c'] },
    { why: 'single quotes and backticks', text: "'a b' `c d`", values: ['a b', 'c d'] },
    { why: 'anything in quotes', text: '"é {<#@"', values: ['é {<#@'] },
    { why: 'quoted words stay text', text: '"true" "42"', values: ['true', '42'] },
    { why: 'escapes', text: '"esc \\" q \\\\ \\n\\t\\r \\\' \\`"', values: ['esc " q \\ \n\t\r \' `'] },
    { why: 'a newline in quotes', text: '"a\r\nb" c', values: ['a\r\nb', 'c'] },
    { why: 'empty quotes', text: '""', values: [''] },
    { why: 'quotes inside a word', text: `don't`, values: [`don't`] },
    { why: 'a comment after quotes', text: '"a"#b', values: ['a'] },
  ])('$why', ({ text, values }) => {
    const { lines, codes } = read(text);
    expect(codes).toEqual([]);
    expect(lines.flatMap(({ words }) => words.map(({ value }) => value))).toEqual(values);
  });
});

describe('lines', () => {
  test.for([
    { why: 'LF', text: '@ws\na\nb' },
    { why: 'CRLF', text: '@ws\r\na\r\nb\r\n' },
    { why: 'CR', text: '@ws\ra\rb' },
    { why: 'comments and empty lines between', text: '#c\n\n@ws#c\n  # c\na\n\t\nb', lines: [3, 5, 7] },
  ])('$why', ({ text, lines: numbers = [1, 2, 3] }) => {
    const { lines, codes } = read(text);
    expect(codes).toEqual([]);
    expect(lines.map(({ pragma, words }) => pragma?.name ?? words[0]?.text)).toEqual(['ws', 'a', 'b']);
    expect(lines.map(({ pragma, words }) => (pragma ?? words[0])?.at.line)).toEqual(numbers);
  });

  test('indentation: a tab counts two', () => {
    expect(read('a\n b\n\tc\n \t d').lines.map(({ indent }) => indent)).toEqual([0, 1, 2, 4]);
  });

  test('a pragma may have words on its line', () => {
    const [line] = read('@app testapp').lines;
    expect(line?.pragma?.name).toBe('app');
    expect(line?.words).toEqual([{ text: 'testapp', value: 'testapp', at: { line: 1, column: 6, length: 7 } }]);
  });

  test('lines are counted through quotes', () => {
    expect(read('"a\nb" c\nd').lines.map(({ words }) => words.map(({ at }) => `${at.line}:${at.column}`))).toEqual([
      ['1:1', '2:4'],
      ['3:1'],
    ]);
  });
});

describe('faults', () => {
  test.for([
    { why: 'not ASCII', text: 'a é', codes: ['CHARACTER_UNKNOWN 1:3+1'] },
    { why: 'reserved', text: 'a\nx<yy', codes: ['CHARACTER_UNKNOWN 2:2+1'] },
    { why: 'a backslash', text: String.raw`src lib\join`, codes: ['CHARACTER_UNKNOWN 1:8+1'] },
    { why: 'no-break space', text: 'a\u00a0b', codes: ['CHARACTER_UNKNOWN 1:2+1'] },
    { why: 'one problem for a run', text: '{{{{', codes: ['CHARACTER_UNKNOWN 1:1+4'] },
    { why: '@ inside a line', text: 'a @b', codes: ['CHARACTER_UNKNOWN 1:3+1'] },
    { why: 'an open quote', text: 'a "b c\nd', codes: ['STRING_OPEN 1:3+4'] },
    { why: 'an open quote, once', text: '"a\n\\"b', codes: ['STRING_OPEN 1:1+2', 'CHARACTER_UNKNOWN 2:1+1'] },
    { why: 'an escaped end is no end', text: String.raw`"a\"`, codes: ['STRING_OPEN 1:1+4'] },
    { why: 'text after quotes', text: '"a"b', codes: ['STRING_JOINED 1:4+1'] },
    { why: 'an unknown escape', text: String.raw`"a\d"`, codes: ['ESCAPE_UNKNOWN 1:1+5'] },
    { why: 'an empty pragma', text: '@', codes: ['PRAGMA_NAME 1:1+1'] },
    { why: 'a bad pragma', text: '@w$s', codes: ['PRAGMA_NAME 1:1+4'] },
    { why: 'an indented pragma', text: '  @ws', codes: ['PRAGMA_INDENTED 1:3+3'] },
  ])('$why', ({ text, codes }) => {
    expect(read(text).codes).toEqual(codes);
  });
});
