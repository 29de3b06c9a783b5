import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { openNodeFinder } from '../src/node-binary.ts';

/** A home whose files are programs that say their version. */
async function homeWith(programs: Readonly<Record<string, string>>) {
  const home = await mkdtemp(join(tmpdir(), 'furrow-nodes-'));
  for (const [name, version] of Object.entries(programs)) {
    // oxlint-disable-next-line no-await-in-loop -- two may share a folder
    await mkdir(dirname(join(home, name)), { recursive: true });
    // oxlint-disable-next-line no-await-in-loop
    await writeFile(join(home, name), `#!/bin/sh\necho ${version}\n`, { mode: 0o755 });
  }
  return { home, [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true }) };
}

const nvm = '.nvm/versions/node';

test.for([
  {
    why: 'of a version manager',
    programs: { [`${nvm}/v98.2.0/bin/node`]: 'v98.2.0' },
    found: `${nvm}/v98.2.0/bin/node`,
  },
  { why: 'of the PATH', programs: { 'bin/node98': 'v98.0.0' }, found: 'bin/node98' },
  { why: 'that says another version is left out', programs: { [`${nvm}/v98.2.0/bin/node`]: 'v97.0.0' } },
  { why: 'of another major is left out', programs: { [`${nvm}/v97.2.0/bin/node`]: 'v97.2.0' } },
])('a Node $why', async ({ programs, found }) => {
  await using place = await homeWith(programs);
  const { home } = place;
  const said: string[] = [];
  const env = { PATH: `${join(home, 'bin')}:/usr/bin:/bin`, HOME: home };
  const finder = openNodeFinder({ env, version: 'v20.20.0', onMissing: (text) => said.push(text) });
  const [first, second] = await Promise.all([finder.find(98), finder.find(98)]);
  expect(second).toBe(first);
  expect(first).toBe(found === undefined ? undefined : join(home, found));
  const missing = 'Node 98 is not here: functions for nodejs98.x run on 20.20.0. FURROW_NODE_98 may say where it is.';
  expect(said).toEqual(found === undefined ? [missing] : []);
});

test('the one that runs here is taken without a word', async () => {
  const said: string[] = [];
  const finder = openNodeFinder({ env: {}, version: 'v20.20.0', onMissing: (text) => said.push(text) });
  expect(await finder.find(20)).toBe(undefined);
  expect(said).toEqual([]);
});
