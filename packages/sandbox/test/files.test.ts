import { EventEmitter, once } from 'node:events';
import { join, relative, sep } from 'node:path';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openTemporaryFolder, type TemporaryFolder } from '../../../test/support/temporary-folder.ts';
import { openFiles } from '../src/files.ts';

/** Follows paths of a folder, and keeps what is told as `add src/x.js`. */
async function follow(folder: TemporaryFolder, paths: readonly string[]) {
  const saved: string[] = [];
  const files = openFiles({
    projectDir: join(folder.path, 'app'),
    readAtMs: Date.now() + 1,
    onSaved: (file, event) => saved.push(`${event} ${relative(folder.path, file).replaceAll(sep, '/')}`),
    onTrouble: (message) => expect.fail(message),
  });
  files.add(paths.map((path) => join(folder.path, path)));
  await files.ready;
  return { saved, [Symbol.asyncDispose]: () => files.close() };
}

test('files that were there are not told as saved, however many they are', async () => {
  const names = Array.from({ length: 300 }, (_, index) => `src/${index % 7}/${index % 5}/${index}.js`);
  await using folder = await openTemporaryFolder(Object.fromEntries(names.map((name) => [name, ''])));
  const saved: string[] = [];
  const told = new EventEmitter();
  const files = openFiles({
    projectDir: folder.path,
    readAtMs: Date.now() + 1,
    onSaved(file, event) {
      saved.push(`${event} ${file}`);
      told.emit('saved');
    },
    onTrouble: (message) => expect.fail(message),
  });
  // As an app has it that shares no code; what is not there may come.
  files.add(['src', 'src/shared', 'src/views', 'lib', 'more/code'].map((name) => join(folder.path, name)));
  await files.ready;
  const next = once(told, 'saved');
  await folder.write('src/1/new.js', '');
  await next;
  expect(saved).toEqual([`add ${join(folder.path, 'src/1/new.js')}`]);
  for (const name of ['lib/word.js', 'more/code/word.js']) {
    await folder.write(name, '');
    await expect.poll(() => saved).toContain(`add ${join(folder.path, name)}`);
  }
  await files.close();
});

test('a file in a folder that was made just before is told, at whatever moment it comes', async () => {
  await using folder = await openTemporaryFolder({ 'app/src/there.js': '' });
  await using followed = await follow(folder, ['app/src']);
  const names = Array.from({ length: 200 }, (_, index) => `app/src/${index}/code/new.js`);
  await Promise.all(
    names.map(async (name, index) => {
      await folder.write(name.replace('new.js', 'first.js'), '');
      await sleep(index / 4);
      await folder.write(name, '');
    }),
  );
  await expect
    .poll(() => followed.saved.toSorted())
    .toEqual(expect.arrayContaining(names.map((name) => `add ${name}`)));
});

test.for([
  ['a folder', 'app/lib', 'app/lib/word.js', 'app/lib'],
  ['a folder in a folder', 'app/more/code', 'app/more/code/word.js', 'app/more/code'],
  ['a folder that goes with the one that it is in', 'app/more/code', 'app/more/code/word.js', 'app/more'],
  ['a folder beside the project', 'beside/code', 'beside/code/word.js', 'beside/code'],
  ['a file', 'app/more/word.js', 'app/more/word.js', 'app/more/word.js'],
  ['a file beside the project', 'beside/word.js', 'beside/word.js', 'beside/word.js'],
] as const)('%s is followed when it comes, and when it has gone and comes again', async ([, path, file, gone]) => {
  await using folder = await openTemporaryFolder({ 'app/src/there.js': '', 'beside/there.js': '' });
  await using followed = await follow(folder, ['app/src', path]);
  for (let times = 1; times <= 3; times++) {
    await folder.write(file, '');
    await expect.poll(() => followed.saved).toEqual([`add ${file}`]);
    await sleep(100);
    await rm(join(folder.path, gone), { recursive: true });
    await expect.poll(() => followed.saved).toEqual([`add ${file}`, `remove ${file}`]);
    followed.saved.length = 0;
  }
});
