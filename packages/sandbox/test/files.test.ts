import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openTemporaryFolder } from '../../../test/support/temporary-folder.ts';
import { openFiles } from '../src/files.ts';

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
