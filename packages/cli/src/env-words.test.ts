import { expect, test } from 'vitest';
import { readEnvWords } from './env-words.ts';

const list = { deed: 'list', stage: undefined, name: undefined, value: undefined };
const add = { deed: 'add', stage: 'staging', name: 'KEY', value: 'abc' };

test.for([
  { words: [], options: {}, request: list },
  { words: ['list'], options: {}, request: list },
  { words: [], options: { env: 'production' }, request: { ...list, stage: 'production' } },
  { words: ['add', 'KEY', 'abc'], options: { env: 'staging' }, request: add },
  { words: ['KEY', 'abc'], options: { add: true, env: 'staging' }, request: add },
  { words: ['add', 'KEY'], options: { env: 'testing' }, request: { ...add, stage: 'testing', value: undefined } },
  { words: ['remove', 'KEY'], options: { env: 'staging' }, request: { ...add, deed: 'remove', value: undefined } },
  { words: ['KEY'], options: { remove: true, env: 'staging' }, request: { ...add, deed: 'remove', value: undefined } },
  { words: ['pull'], options: {}, request: { ...list, deed: 'pull' } },
])('arc env $words $options', ({ words, options, request }) => expect(readEnvWords(words, options)).toEqual(request));

test.for([
  { words: ['ad', 'KEY', 'abc'], options: { env: 'staging' }, says: '"ad" is nothing' },
  { words: ['staging', 'KEY', 'secret'], options: {}, says: '"--env staging"' },
  { words: ['add', 'KEY', 'a', 'secret'], options: { env: 'staging' }, says: '1 word too many' },
  { words: ['add'], options: { env: 'staging' }, says: 'needs a name' },
  { words: ['add', 'KEY', 'abc'], options: {}, says: 'needs a stage' },
  { words: ['remove', 'KEY'], options: {}, says: 'needs a stage' },
  { words: [], options: { env: 'prod' }, says: 'testing, staging or production' },
  { words: ['KEY'], options: { add: true, remove: true, env: 'staging' }, says: 'do not go together' },
  { words: ['list', 'KEY'], options: {}, says: '1 word too many' },
])('arc env $words $options is refused', ({ words, options, says }) => {
  expect(() => readEnvWords(words, options)).toThrow(
    expect.objectContaining({ code: 'ENV_WORDS', message: expect.stringContaining(says) }),
  );
  expect(() => readEnvWords(words, options)).not.toThrow(/secret/);
});
