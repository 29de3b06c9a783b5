import { EventEmitter, once } from 'node:events';
import { join, relative, sep } from 'node:path';
import { mkdir, rename, rm } from 'node:fs/promises';
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
  ['a folder beside the project, with the one that it is in', 'beside/code', 'beside/code/word.js', 'beside'],
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

test.for([
  ['moved away, and another one in its place', 'app/src/ws'],
  ['moved away with the one that it is in', 'app/src'],
] as const)('a folder that is %s is still followed', async ([, folderName]) => {
  await using folder = await openTemporaryFolder({
    'app/src/ws/chat/index.js': '1',
    [`${folderName.replace('app', 'fresh')}/${relative(folderName, 'app/src/ws/chat/index.js')}`]: '2',
  });
  await using followed = await follow(folder, ['app/src']);
  await rename(join(folder.path, folderName), join(folder.path, 'old'));
  await rename(join(folder.path, folderName.replace('app', 'fresh')), join(folder.path, folderName));
  await expect.poll(() => followed.saved).toContain('update app/src/ws/chat/index.js');
  await sleep(100);
  followed.saved.length = 0;
  await folder.write('app/src/ws/chat/index.js', '3');
  await expect.poll(() => followed.saved).toContain('update app/src/ws/chat/index.js');
  await folder.write('app/src/ws/chat/new.js', '');
  await expect.poll(() => followed.saved).toContain('add app/src/ws/chat/new.js');
});

test('a folder that is removed and made again at once is still followed, with whatever is done in between', async () => {
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      await using folder = await openTemporaryFolder({ 'app/src/ws/index.js': '' });
      await using followed = await follow(folder, ['app/src']);
      await rm(join(folder.path, 'app/src'), { recursive: true });
      await folder.write('app/src/ws/index.js', '2');
      await sleep(300);
      followed.saved.length = 0;
      await folder.write('app/src/new.js', '');
      await expect.poll(() => followed.saved).toContain('add app/src/new.js');
      await folder.write('app/src/ws/index.js', '3');
      await expect.poll(() => followed.saved).toContain('update app/src/ws/index.js');
    }),
  );
});

test('a folder beside the project that goes in two steps is followed when it comes again', async () => {
  await using folder = await openTemporaryFolder({ 'app/src/there.js': '', 'beside/code/there.js': '' });
  await using followed = await follow(folder, ['app/src', 'beside/code']);
  await rm(join(folder.path, 'beside/code'), { recursive: true });
  await expect.poll(() => followed.saved).toEqual(['remove beside/code/there.js']);
  await rm(join(folder.path, 'beside'), { recursive: true });
  await sleep(200);
  await folder.write('beside/code/word.js', '');
  await expect.poll(() => followed.saved).toContain('add beside/code/word.js');
});

test('a file where a folder was is no trouble', async () => {
  await using folder = await openTemporaryFolder({ 'app/src/there.js': '', 'app/lib/word.js': '' });
  await using followed = await follow(folder, ['app/src', 'app/lib/word.js']);
  await rm(join(folder.path, 'app/lib'), { recursive: true });
  await folder.write('app/lib', '');
  await expect.poll(() => followed.saved).toContain('remove app/lib/word.js');
  await rm(join(folder.path, 'app/lib'));
  await expect.poll(() => followed.saved).toContain('remove app/lib');
  await mkdir(join(folder.path, 'app/lib'));
  await folder.write('app/lib/word.js', '');
  await expect.poll(() => followed.saved).toContain('add app/lib/word.js');
});
