import { expect, test } from 'vitest';
import { defaultHandler } from './default-handler.ts';

test.for([
  { runtime: 'python3.13', names: ['index.py', 'handler.py', 'lambda.py'], handler: 'lambda.handler' },
  { runtime: 'python3.13', names: ['index.py', 'handler.py'], handler: 'handler.handler' },
  { runtime: 'python3.13', names: ['index.py', 'lambda.js'], handler: 'index.handler' },
  { runtime: 'python3.13', names: [], handler: 'lambda.handler' },
  { runtime: 'ruby3.4', names: ['index.rb', 'lambda.py'], handler: 'index.handler' },
  { runtime: 'nodejs24.x', names: ['lambda.js'], handler: 'index.handler' },
  { runtime: 'provided.al2023', names: ['lambda.py'], handler: 'index.handler' },
])('a folder with $names runs $handler on $runtime', ({ runtime, names, handler }) => {
  expect(defaultHandler(runtime, new Set(names))).toBe(handler);
});
