import { delimiter } from 'node:path';
import { describe, expect, test } from 'vitest';
import { newestOf, nodeCandidates, nodeHomes, nodeMajor } from './node-binary.ts';

test.for<readonly [string | undefined, number | undefined]>([
  ['nodejs22.x', 22],
  ['nodejs24.x', 24],
  ['python3.13', undefined],
  ['nodejs', undefined],
  [undefined, undefined],
])('%s asks for %s', ([runtime, major]) => expect(nodeMajor(runtime)).toBe(major));

test.for<readonly [readonly string[], string | undefined]>([
  [[], undefined],
  [['v22.9.0', 'v22.14.0', 'v22.14.1', 'v24.1.0'], 'v22.14.1'],
  [['22.9.0', '22.10.0'], '22.10.0'],
  [['v20.1.0', 'system', 'lts', '22', 'v22.1.0-rc.1'], undefined],
])('of %j the newest 22 is %s', ([names, newest]) => expect(newestOf(22, names)).toBe(newest));

const home = '/home/me';
const folders = (env: Readonly<Record<string, string>>) => nodeHomes(env, home).map(({ folder }) => folder);

describe('the candidates', () => {
  test('are in the order of how much they were meant', () => {
    const env = { FURROW_NODE_22: '/opt/node', NVM_DIR: '/nvm', PATH: ['', '/a', '/b'].join(delimiter) };
    const found = nodeHomes(env, home).map(({ folder }) =>
      folder.startsWith('/nvm') || folder.includes('fnm') ? ['v20.1.0', 'v22.2.0', 'v22.10.0'] : [],
    );
    expect(nodeCandidates(22, { env, home, found })).toEqual([
      '/opt/node',
      '/a/node22',
      '/b/node22',
      '/a/node-22',
      '/b/node-22',
      '/nvm/versions/node/v22.10.0/bin/node',
      '/home/me/.local/share/fnm/node-versions/v22.10.0/installation/bin/node',
      '/opt/homebrew/opt/node@22/bin/node',
      '/usr/local/opt/node@22/bin/node',
      '/home/linuxbrew/.linuxbrew/opt/node@22/bin/node',
    ]);
  });

  test('are looked for where version managers keep them, or where they were told to', () => {
    expect(folders({})).toEqual([
      '/home/me/.nvm/versions/node',
      '/home/me/.local/share/fnm/node-versions',
      '/home/me/.volta/tools/image/node',
      '/home/me/.asdf/installs/nodejs',
      '/home/me/.local/share/mise/installs/node',
      '/home/me/.nodenv/versions',
      '/usr/local/n/versions/node',
    ]);
    const told = ['NVM_DIR', 'FNM_DIR', 'VOLTA_HOME', 'ASDF_DATA_DIR', 'MISE_DATA_DIR', 'NODENV_ROOT', 'N_PREFIX'];
    expect(
      folders(Object.fromEntries(told.map((name) => [name, `/${name}`]))).map((folder) => folder.split('/')[1]),
    ).toEqual(told);
  });
});
