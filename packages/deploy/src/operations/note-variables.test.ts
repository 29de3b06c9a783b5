import { expect, test } from 'vitest';
import { deployTarget } from '../target.ts';
import type { DeployEvent } from './deploy-event.ts';
import { noteVariables } from './note-variables.ts';

const target = deployTarget('testapp', 'staging');
const packaged = { key: '', codeSha256: '', handler: '', zip: Buffer.alloc(0), unzippedBytes: 0, files: [] };
const plain = { ...packaged, name: 'ws/default', label: 'default', usesSessions: false };
const login = { ...packaged, name: 'http/post-login', label: 'post /login', usesSessions: true };

test.for([
  { names: [], functions: [plain], expected: [], says: [] },
  {
    names: [],
    functions: [plain, login],
    expected: [],
    says: [{ type: 'secret-missing', target, labels: ['post /login'] }],
  },
  { names: ['ARC_APP_SECRET'], functions: [login], expected: ['ARC_APP_SECRET'], says: [] },
  {
    names: [],
    functions: [login],
    expected: ['ARC_APP_SECRET'],
    says: [{ type: 'secret-missing', target, labels: ['post /login'] }],
  },
  {
    names: [],
    functions: [plain],
    expected: ['ARC_APP_SECRET'],
    says: [{ type: 'variables-missing', target, names: ['ARC_APP_SECRET'] }],
  },
  {
    names: ['A'],
    functions: [plain],
    expected: ['A', 'B', 'AWS_REGION', 'ARC_ENV'],
    says: [{ type: 'variables-missing', target, names: ['B'] }],
  },
])('$names of $expected: $says', ({ names, functions, expected, says }) => {
  const said: DeployEvent[] = [];
  noteVariables(names, { target, functions, expected, onEvent: (event) => said.push(event) });
  expect(said).toEqual(says);
});
