import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzzRuns } from '../../../test/support/fuzz-runs.ts';
import { parseDotEnv } from './dot-env.ts';

const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/);
const pieces = fc.constantFrom([
  'A',
  '=',
  '"',
  "'",
  '`',
  '\\n',
  '\n',
  '\r\n',
  '\r',
  ' ',
  '#',
  'export ',
  '$',
  '{',
  '}',
  '__proto__',
  '\u0000',
  '\uFEFF',
]);

test('any text is variables and faults, none of them lost in a prototype', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, (file) => {
      const { variables, faults } = parseDotEnv(file);
      expect(Object.getPrototypeOf(variables)).toBe(Object.prototype);
      for (const [key, value] of Object.entries(variables)) {
        expect(key).toMatch(/^[A-Za-z_][A-Za-z0-9_]*$/);
        expect(typeof value).toBe('string');
      }
      // Node's parser knows no carriage return.
      for (const fault of faults) expect(file.replaceAll('\r', '')).toContain(fault);
    }),
    fuzzRuns(1000),
  );
});

test('names with plain or quoted values are read back', () => {
  const plain = fc.stringMatching(/^[A-Za-z0-9:/._-]{0,12}$/);
  const quoted = fc.stringMatching(/^[A-Za-z0-9 #=':/._\n-]{0,20}$/);
  const newline = fc.constantFrom('\n', '\r\n');
  const line = fc.oneof(
    fc.record({ name, value: plain }).map((each) => ({ ...each, line: `${each.name}=${each.value}` })),
    fc.record({ name, value: quoted }).map((each) => ({ ...each, line: `${each.name}="${each.value}"` })),
  );
  fc.assert(
    fc.property(fc.uniqueArray(line, { selector: (each) => each.name, maxLength: 6 }), newline, (lines, end) => {
      const { variables, faults } = parseDotEnv(lines.map((each) => each.line + end).join(''));
      expect(faults).toEqual([]);
      expect(variables).toEqual(Object.fromEntries(lines.map((each) => [each.name, each.value])));
    }),
    fuzzRuns(500),
  );
});
