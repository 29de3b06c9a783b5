import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openTemporaryFolder } from '../../../test/support/temporary-folder.ts';
import { gatherSaves } from '../src/gather-saves.ts';
import type { SavedFile } from '../src/plugins.ts';

async function openSaves() {
  const folder = await openTemporaryFolder({ 'a.js': 'a', 'b.js': 'b' });
  const told: (readonly SavedFile[])[] = [];
  const saves = gatherSaves((files) => told.push(files));
  return {
    told,
    file: (name: string) => join(folder.path, name),
    saves,
    async [Symbol.asyncDispose]() {
      saves.stop();
      await folder[Symbol.asyncDispose]();
    },
  };
}

test('saves that come together are told together', async () => {
  await using all = await openSaves();
  all.saves.add(all.file('a.js'), 'update');
  all.saves.add(all.file('b.js'), 'add');
  all.saves.add(all.file('b.js'), 'update');
  await expect
    .poll(() => all.told)
    .toEqual([
      [
        { file: all.file('a.js'), event: 'update' },
        { file: all.file('b.js'), event: 'add' },
      ],
    ]);
});

test('a file that was emptied is told when it is written', async () => {
  await using all = await openSaves();
  const handle = await open(all.file('a.js'), 'w');
  all.saves.add(all.file('a.js'), 'update');
  await delay(60);
  expect(all.told).toEqual([]);
  await handle.writeFile('new');
  await handle.close();
  await expect.poll(() => all.told).toEqual([[{ file: all.file('a.js'), event: 'update' }]]);
});

test('a file that stays empty, and one that is gone, are told', async () => {
  await using all = await openSaves();
  await (await open(all.file('a.js'), 'w')).close();
  all.saves.add(all.file('a.js'), 'update');
  all.saves.add(all.file('gone.js'), 'remove');
  await expect.poll(() => all.told.flat().map(({ event }) => event)).toEqual(['update', 'remove']);
});

test('nothing is told after the end', async () => {
  await using all = await openSaves();
  all.saves.add(all.file('a.js'), 'update');
  all.saves.stop();
  await delay(100);
  expect(all.told).toEqual([]);
});
