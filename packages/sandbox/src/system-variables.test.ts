import { expect, test } from 'vitest';
import { systemVariables } from './system-variables.ts';

test('only what a process needs to run passes', () => {
  const env = {
    PATH: '/bin',
    Path: 'C:\\',
    HOME: '/me',
    NODE_OPTIONS: '--inspect',
    SECRET: 'x',
    https_proxy: 'http://p',
  };
  expect(systemVariables({ ...env, TMPDIR: undefined })).toEqual({
    PATH: '/bin',
    Path: 'C:\\',
    HOME: '/me',
    https_proxy: 'http://p',
  });
});
