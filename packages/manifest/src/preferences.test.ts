import { expect, test } from 'vitest';
import { readPreferences } from './preferences.ts';

test.for<{ why: string; text: string; variables?: Record<string, string> | undefined }>([
  { why: 'nothing', text: '', variables: undefined },
  { why: 'a mark of an editor', text: '\uFEFF@env\ntesting\n  KEY a', variables: { KEY: 'a' } },
  { why: 'other stages', text: '@env\nstaging\n  KEY a\nproduction\n  KEY b', variables: undefined },
  { why: 'all stages', text: '@env\ntesting\n  KEY a\nstaging\n  KEY b', variables: { KEY: 'a' } },
  { why: 'a stage without variables', text: '@env\ntesting\n', variables: {} },
  { why: 'several words', text: '@env\ntesting\n  KEY a b  c # no value', variables: { KEY: 'a b c' } },
  { why: 'quotes', text: '@env\ntesting\n  KEY "a  #b"', variables: { KEY: 'a  #b' } },
  {
    why: 'numbers and truths, as they are written',
    text: '@env\ntesting\n  A 007\n  B true',
    variables: { A: '007', B: 'true' },
  },
  {
    why: 'a URL',
    text: '@env\ntesting\n  URL postgres://db:5432/a?b=c',
    variables: { URL: 'postgres://db:5432/a?b=c' },
  },
  {
    why: 'beside other pragmas',
    text: '@create\nautocreate true\n@env\ntesting\n  A b\n@sandbox\npersist true',
    variables: { A: 'b' },
  },
])('variables: $why', ({ text, variables }) => {
  const { variables: found, faults } = readPreferences(text, 'preferences.arc');
  expect(found).toEqual(variables);
  expect(faults).toEqual([]);
});

test.for<{ text: string; line: number; message: string }>([
  { text: '@env\ntesting\n  MY-KEY a', line: 3, message: '"MY-KEY" of @env is left out: names have' },
  { text: '@env\nstaging\n  1KEY a', line: 3, message: '"1KEY" of @env is left out: names have' },
  { text: '@env\nproduction\n  KEY', line: 3, message: '"KEY" of @env is left out: it has no value.' },
  { text: '@env\ntesting\n  KEY=secret', line: 3, message: '"KEY" of @env is left out: a space, not "="' },
  { text: '@env\nKEY a', line: 2, message: '"KEY" of @env is left out: variables stand below' },
  { text: '@env\nlocal\n  KEY a', line: 2, message: '"local" of @env is left out' },
  { text: '@sandbox\npersist true\ncoldstart true', line: 3, message: '"coldstart" of @sandbox has no effect here.' },
  {
    text: '@sandbox\npersist yes\nlivereload true',
    line: 2,
    message: '"persist" of @sandbox is left out: it is "yes"; ',
  },
  { text: '@sandbox\npersist', line: 2, message: 'it has no value; expected true or false.' },
  { text: '@sandbox\nlivereload on', line: 2, message: 'it is "on"; expected true or false.' },
  { text: '@sandbox\nexternal-db 8000', line: 2, message: 'it is "8000"; expected a URL, true or false.' },
  { text: '@sandbox\nseed-data true', line: 2, message: 'it is "true"; expected the name of a file.' },
  { text: '@sandbox\ntoString yes', line: 2, message: '"toString" of @sandbox has no effect here.' },
  { text: '@sandbox\nports\n  tables 8000\n  http 99999', line: 4, message: 'no number from 1 to 65535.' },
  { text: '@sandbox\nports\n  http page', line: 3, message: 'The port of "http" is left out' },
  { text: '@sandbox\nports\n  events 4000', line: 3, message: 'The port of "events" has no effect here' },
  { text: '@sandbox-start\n"npm run css"', line: 1, message: '"@sandbox-start" has no effect here.' },
  { text: '@env\ntesting\n  KEY "open', line: 3, message: 'This text starts with " and never ends.' },
])('faults: $text', ({ text, line, message }) => {
  const { faults, variables } = readPreferences(text, 'preferences.arc');
  expect(faults).toMatchObject([{ file: 'preferences.arc', line, message: expect.stringContaining(message) }]);
  expect(JSON.stringify([faults, variables ?? {}])).not.toContain('secret');
});
