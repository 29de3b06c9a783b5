import { describe, expect, test } from 'vitest';
import type { DataNode } from './data.ts';
import { parseJson } from './json.ts';
import { createReport } from './report.ts';

function parse(text: string) {
  const report = createReport();
  const node = parseJson(text, report);
  return { node, faults: report.faults.map(({ at, message }) => `${at.line}:${at.column} ${message}`) };
}

function plain(node: DataNode): unknown {
  if (node.kind === 'map') return node.entries.map(({ key, value }) => [plain(key), plain(value)]);
  if (node.kind === 'list') return node.items.map(plain);
  return node.kind === 'scalar' ? node.value : undefined;
}

describe('values', () => {
  test.for([
    { text: '{}', value: [] },
    { text: ' [ ] ', value: [] },
    {
      text: '{"a" : 1 ,\n"b":[true,false,null]}',
      value: [
        ['a', 1],
        ['b', [true, false, null]],
      ],
    },
    { text: '[-1.5e3, 0, 10]', value: [-1500, 0, 10] },
    { text: String.raw`"\u00e9 \" \\ \n"`, value: 'é " \\ \n' },
    { text: '{"__proto__":{"a":1}}', value: [['__proto__', [['a', 1]]]] },
    {
      text: '{"a":1,"a":2}',
      value: [
        ['a', 1],
        ['a', 2],
      ],
    },
  ])('$text', ({ text, value }) => {
    const { node, faults } = parse(text);
    expect(faults).toEqual([]);
    expect(plain(node!)).toEqual(value);
  });

  test('places', () => {
    const { node } = parse('{\n  "a": [1, "xy"]\n}');
    expect(node).toMatchObject({
      at: { line: 1, column: 1 },
      entries: [
        {
          key: { at: { line: 2, column: 3, length: 3 } },
          value: { items: [{ at: { line: 2, column: 9, length: 1 } }, { at: { line: 2, column: 12, length: 4 } }] },
        },
      ],
    });
  });

  test.for(['', ' \n'])('nothing in %j', (text) => {
    expect(parse(text)).toEqual({ node: undefined, faults: [] });
  });
});

describe('faults', () => {
  test.for([
    { text: '{"a" 1}', fault: '1:6 Expected ":" after the key.' },
    { text: '{"a":1 "b"}', fault: '1:8 Expected "," or "}".' },
    { text: '[1 2]', fault: '1:4 Expected "," or "]".' },
    { text: '[1,]', fault: '1:4 Expected another value after the comma.' },
    { text: '{"a":1,\n}', fault: '2:1 Expected another value after the comma.' },
    { text: '{a:1}', fault: '1:2 Expected a key in double quotes.' },
    { text: "{'a':1}", fault: '1:2 Expected a key in double quotes.' },
    { text: '{"a":}', fault: '1:6 Expected a value.' },
    { text: '[01]', fault: '1:2 Expected a value.' },
    { text: '[', fault: '1:2 Expected a value.' },
    { text: '{} x', fault: '1:4 Expected the end of the file.' },
    { text: '{ // c\n}', fault: '1:3 JSON has no comments.' },
    { text: '["a', fault: '1:2 This text is not as JSON has it: an end quote or an escape is wrong.' },
    { text: String.raw`["\x"]`, fault: '1:2 This text is not as JSON has it: an end quote or an escape is wrong.' },
    { text: '["a\\', fault: '1:2 This text is not as JSON has it: an end quote or an escape is wrong.' },
    { text: '['.repeat(100_000), fault: '1:102 The file is nested too deeply to be read.' },
  ])('$fault', ({ text, fault }) => {
    expect(parse(text)).toEqual({ node: undefined, faults: [fault] });
  });
});
