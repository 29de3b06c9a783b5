import { expect, test } from 'vitest';
import { languageOf, otherHandlerFile, type Language } from './language.ts';

test.for<readonly [string | undefined, readonly string[], Language]>([
  [undefined, [], 'node'],
  ['nodejs24.x', [], 'node'],
  ['python3.13', [], 'python'],
  ['ruby3.4', [], 'ruby'],
  ['provided.al2023', [], 'bootstrap'],
  ['provided.al2', [], 'bootstrap'],
  ['java21', [], 'unknown'],
  ['deno', [], 'unknown'],
  ['deno', ['deno', 'run', 'main.ts'], 'command'],
  ['nodejs24.x', ['bun', 'main.ts'], 'command'],
])('%s, %j: %s', ([runtime, command, language]) => {
  expect(languageOf({ ...(runtime !== undefined && { runtime }), command })).toBe(language);
});

test.for<readonly [string, string, string | undefined]>([
  ['python3.13', 'index.handler', 'index.py'],
  ['python3.13', 'lib/main.handler', 'lib/main.py'],
  ['python3.13', 'lib.main.handler', 'lib/main.py'],
  ['ruby3.4', 'lib/main.handler', 'lib/main.rb'],
  ['provided.al2023', 'index.handler', 'bootstrap'],
  ['java21', 'com.example.Handler::handle', undefined],
])('%s %s is in %s', ([runtime, handler, file]) => expect(otherHandlerFile(runtime, handler)).toBe(file));
