import { expect, test } from 'vitest';
import { handlerExport, handlerFileNames } from './handler-file.ts';

test.for([
  { handler: 'index.handler', first: 'index.js', name: 'handler' },
  { handler: 'lib/main.run', first: 'lib/main.js', name: 'run' },
  { handler: 'get-web-socket-url.default', first: 'get-web-socket-url.js', name: 'default' },
  { handler: 'index', first: 'index.js', name: 'index' },
])('$handler', ({ handler, first, name }) => {
  expect(handlerFileNames(handler)[0]).toBe(first);
  expect(handlerExport(handler)).toBe(name);
});

test('JavaScript comes first, in the order of Architect', () => {
  expect(handlerFileNames('index.handler')).toEqual(
    ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts', 'tsx', 'jsx'].map((ending) => `index.${ending}`),
  );
});
