import { readPreferences } from '@furrow/manifest';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { setPreference } from './preference-file.ts';

describe('one variable of @env testing', () => {
  const file = '# mine\n@env\ntesting\n  A 1 # one\n  KEY old\n\nstaging\n  KEY theirs\n\n@sandbox\npersist true\n';
  test.for([
    { why: 'in its place', text: file, name: 'KEY', value: 'new', after: file.replace('KEY old', 'KEY new') },
    { why: 'with its comment', text: file, name: 'A', value: 'x y', after: file.replace('A 1 # one', 'A "x y" # one') },
    { why: 'at the end of the block', text: file, name: 'B', value: '2', after: file.replace('old\n', 'old\n  B 2\n') },
    { why: 'away', text: file, name: 'KEY', value: undefined, after: file.replace('  KEY old\n', '') },
    { why: 'away where it is not', text: file, name: 'B', value: undefined, after: file },
    { why: 'the first', text: '@env\ntesting', name: 'A', value: '1', after: '@env\ntesting\n  A 1\n' },
    {
      why: 'a last line without an end',
      text: '@env\ntesting\n\tA 1',
      name: 'B',
      value: '2',
      after: '@env\ntesting\n\tA 1\n\tB 2\n',
    },
    {
      why: 'behind other stages',
      text: '@env\nstaging\n  A 1\ntesting\n  A 2\n',
      name: 'A',
      value: '3',
      after: '@env\nstaging\n  A 1\ntesting\n  A 3\n',
    },
    {
      why: 'over lines',
      text: '@env\ntesting\n  A "x\n  KEY 1\n"\n',
      name: 'KEY',
      value: '2',
      after: '@env\ntesting\n  A "x\n  KEY 1\n"\n  KEY 2\n',
    },
    {
      why: 'several words',
      text: '@env\ntesting\n  A x y z\n',
      name: 'A',
      value: 'p q',
      after: '@env\ntesting\n  A "p q"\n',
    },
    {
      why: 'with quotes',
      text: '@env\ntesting\n',
      name: 'A',
      value: `it's "x"`,
      after: '@env\ntesting\n  A `it\'s "x"`\n',
    },
    {
      why: 'twice is once',
      text: '@env\ntesting\n  A 1\n  A 2\n',
      name: 'A',
      value: '3',
      after: '@env\ntesting\n  A 3\n',
    },
    { why: 'no @env', text: '@sandbox\npersist true\n', name: 'A', value: '1', after: undefined },
    { why: 'no testing', text: '@env\nstaging\n  A 1\n', name: 'A', value: '1', after: undefined },
    {
      why: 'testing of another pragma',
      text: '@env\nstaging\n  A 1\n@x\ntesting\n  A 1\n',
      name: 'A',
      value: '1',
      after: undefined,
    },
  ])('$why', ({ text, name, value, after }) => expect(setPreference(text, name, value)).toBe(after));

  const values = fc.string({ unit: fc.constantFrom(...Array.from('ab7=#$@ \n\r\t\'`"\\'), 'é', 'true') });

  test('it is read as it was given, and the others stay', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('A', 'B', 'KEY'), values.filter(Boolean)),
        values.filter(Boolean),
        (all, value) => {
          const text = Object.entries(all).reduce(
            (before, [name, each]) => setPreference(before, name, each) ?? '',
            '@env\ntesting\nstaging\n  KEY 1\n',
          );
          expect({ ...readPreferences(text, '').variables }).toEqual(all);
          const { KEY: _old, ...others } = all;
          expect({ ...readPreferences(setPreference(text, 'KEY', value) ?? '', '').variables }).toEqual({
            ...others,
            KEY: value,
          });
          expect({ ...readPreferences(setPreference(text, 'KEY', undefined) ?? '', '').variables }).toEqual(others);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
