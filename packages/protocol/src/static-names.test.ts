import { describe, expect, test } from 'vitest';
import { fillNamesOfFiles, mayNameFiles, namesOfFiles } from './static-names.ts';

const named = (name: string) => ({ 'a.js': 'a-1.js', 'css/ü.css': 'css/ü-2.css' })[name] ?? name;

describe('names of static files in a text', () => {
  test.for([
    { text: `<a href="\${STATIC('a.js')}">`, filled: '<a href="a-1.js">' },
    { text: '/_static${STATIC("/a.js")}', filled: '/_static/a-1.js' },
    { text: '`${arc.static(`a.js`)}`', filled: '`a-1.js`' },
    { text: "${STATIC('css/ü.css')} ü", filled: 'css/ü-2.css ü' },
    { text: "${STATIC('a.js')} ${arc.static('/a.js')}", filled: 'a-1.js /a-1.js' },
    { text: "${STATIC('other.js')}", filled: 'other.js' },
    { text: "${STATIC( 'a.js' )}", filled: 'a-1.js' },
    // None of these is a name.
    { text: "STATIC('a.js')", filled: "STATIC('a.js')" },
    { text: '${STATIC(name)}', filled: '${STATIC(name)}' },
    { text: '${STATIC(\'a.js")}', filled: '${STATIC(\'a.js")}' },
    { text: "${STATIC('a\n.js')}", filled: "${STATIC('a\n.js')}" },
    { text: "${static('a.js')}", filled: "${static('a.js')}" },
  ])('$text', ({ text, filled }) => {
    expect(fillNamesOfFiles(Buffer.from(text), named).toString()).toBe(filled);
  });

  test('are those of the folder, without a slash', () => {
    const text = Buffer.from("${STATIC('/a.js')}${arc.static('css/ü.css')}${STATIC(x)}");
    expect(namesOfFiles(text)).toEqual(['a.js', 'css/ü.css']);
    expect(namesOfFiles(Buffer.from('a.js'))).toEqual([]);
  });

  test('what is no UTF-8 stays to the byte', () => {
    const bytes = Buffer.from([0xff, 0x00, 0xc3, 0x28]);
    const text = Buffer.concat([bytes, Buffer.from("${STATIC('a.js')}"), bytes]);
    expect(fillNamesOfFiles(text, named)).toEqual(Buffer.concat([bytes, Buffer.from('a-1.js'), bytes]));
  });

  test.for(['', 'a.js', '${STATIC(', "${STATIC('a'"])('%j names none, and is the same buffer', (text) => {
    const buffer = Buffer.from(text);
    expect(fillNamesOfFiles(buffer, named)).toBe(buffer);
  });

  test('stand in texts', () => {
    expect(['text/css; charset=utf-8', 'application/json; charset=utf-8'].map(mayNameFiles)).toEqual([true, true]);
    expect(['image/png', 'application/wasm', 'application/octet-stream'].map(mayNameFiles)).toEqual([
      false,
      false,
      false,
    ]);
  });
});
