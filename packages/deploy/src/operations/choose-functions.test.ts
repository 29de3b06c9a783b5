import { interpretManifest } from '@furrow/manifest';
import { describe, expect, test } from 'vitest';
import { chooseFunctions, suggestFunction } from './choose-functions.ts';

const text = '@app\ntestapp\n@ws\njoin\nleave\n  src lib/leave\n@http\nget /\nget /rooms/:id\n';
const read = await interpretManifest({ file: 'app.arc', text });
if (!read.ok) throw new Error('The manifest of this test is wrong.');
const { app } = read;

describe('functions are found by every name that people use', () => {
  test.for([
    {
      words: [],
      names: [
        'ws/connect',
        'ws/default',
        'ws/disconnect',
        'ws/join',
        'ws/leave',
        'http/get-index',
        'http/get-rooms-000id',
      ],
    },
    { words: ['join'], names: ['ws/join'] },
    { words: ['ws/join'], names: ['ws/join'] },
    { words: ['src/ws/join'], names: ['ws/join'] },
    { words: ['./src/ws/join/'], names: ['ws/join'] },
    { words: ['src\\ws\\join'], names: ['ws/join'] },
    { words: ['lib/leave'], names: ['ws/leave'] },
    { words: ['get /'], names: ['http/get-index'] },
    { words: ['get', '/'], names: ['http/get-index'] },
    { words: ['join', 'get', '/rooms/:id', 'default'], names: ['ws/join', 'http/get-rooms-000id', 'ws/default'] },
    { words: ['join', 'src/ws/join'], names: ['ws/join'] },
  ])('$words', ({ words, names }) => {
    expect(chooseFunctions(app, words).map(({ name }) => name)).toEqual(names);
  });

  test.for([
    { words: ['jion'], fix: 'Did you mean "join"?' },
    { words: ['join', 'zzzzzzzz'], fix: 'Name a route ("join", "get /") or its folder.' },
    { words: ['src/ws/jion'], fix: 'Did you mean "join"?' },
    { words: ['get'], fix: 'Name a route ("join", "get /") or its folder.' },
  ])('$words is refused', ({ words, fix }) => {
    expect(() => chooseFunctions(app, words)).toThrow(expect.objectContaining({ code: 'FUNCTION_UNKNOWN', fix }));
  });

  test('a suggestion is what people type', () => {
    expect(suggestFunction(app, 'src/ws/jion')).toBe('join');
    expect(suggestFunction(app, 'somethingelse')).toBeUndefined();
  });
});
