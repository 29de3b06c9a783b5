import { describe, expect, test } from 'vitest';
import { authorsPlace } from './authors-place.ts';

const folders = { projectDir: '/app', sourceDir: '/lib/join' };

describe('the author’s line in a stack', () => {
  test.for<{ why: string; frames: readonly string[]; nearest: string | undefined; direct?: string }>([
    {
      why: 'a call of the handler',
      frames: ['handler (/app/src/ws/default/index.js:12:3)'],
      nearest: 'src/ws/default/index.js:12',
      direct: 'src/ws/default/index.js:12',
    },
    {
      why: 'an ES module',
      frames: ['file:///app/src/my%20ws/index.mjs:1:2'],
      nearest: 'src/my ws/index.mjs:1',
      direct: 'src/my ws/index.mjs:1',
    },
    {
      why: 'what Node has in between',
      frames: ['new Promise (<anonymous>)', 'node:timers:1:1', 'sleep (/app/src/shared/sleep.ts:3:9)'],
      nearest: 'src/shared/sleep.ts:3',
      direct: 'src/shared/sleep.ts:3',
    },
    {
      why: 'a package that the author called',
      frames: ['send (/app/node_modules/client/index.js:1:1)', 'async notify (/app/src/index.js:5:1)'],
      nearest: 'src/index.js:5',
    },
    {
      why: 'without a name',
      frames: ['async /app/src/index.js:5:1'],
      nearest: 'src/index.js:5',
      direct: 'src/index.js:5',
    },
    {
      why: 'a folder elsewhere',
      frames: ['/lib/join/index.js:1:1'],
      nearest: '../lib/join/index.js:1',
      direct: '../lib/join/index.js:1',
    },
    { why: 'a package alone', frames: ['a (/app/node_modules/a/b.js:1:1)'], nearest: undefined },
    { why: 'code that was built', frames: ['a (/app/.furrow/build/x/index.js:1:1)'], nearest: undefined },
    { why: 'a folder of a similar name', frames: ['a (/app-2/index.js:1:1)'], nearest: undefined },
    { why: 'none', frames: [], nearest: undefined },
    { why: 'nonsense', frames: ['eval at x (1:1)', 'native', '(x:1:1)'], nearest: undefined },
  ])('$why', ({ frames, nearest, direct }) => {
    const stack = ['Error', ...frames.map((frame) => `    at ${frame}`)].join('\n');
    expect(authorsPlace(stack, folders, false)).toBe(nearest);
    expect(authorsPlace(stack, folders, true)).toBe(direct);
  });
});
