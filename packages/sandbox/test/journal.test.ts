import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openTemporaryFolder } from '../../../test/support/temporary-folder.ts';
import { loadDynalite } from '../src/tables/dynalite.ts';
import { openJournal } from '../src/tables/journal.ts';
import { keepIn } from '../src/tables/keep-in.ts';

async function contentsOf(folder: string): Promise<object> {
  const { journal, contents } = await openJournal(folder);
  await journal.close();
  return Object.fromEntries(contents);
}

test('what was written is there again, and what was removed is not', async () => {
  await using folder = await openTemporaryFolder();
  const data = join(folder.path, 'deep', 'data');
  const { journal, contents } = await openJournal(data);
  expect([...contents]).toEqual([]);
  journal.append([['put', 'a', { n: 1, text: 'a\nb\u2028' }]]);
  journal.append([
    ['put', 'b', 1],
    ['put', 'a', { n: 2 }],
    ['del', 'b'],
  ]);
  await journal.close();
  expect(await contentsOf(data)).toEqual({ a: { n: 2 } });
  // Written anew, one line a key.
  expect((await readFile(join(data, 'items.jsonl'), 'utf8')).split('\n')).toHaveLength(2);
});

test('a last line that was cut off is left out, and the next one is whole', async () => {
  await using folder = await openTemporaryFolder();
  const first = await openJournal(folder.path);
  first.journal.append([['put', 'a', 1]]);
  await first.journal.close();
  await appendFile(join(folder.path, 'items.jsonl'), '["put","b",{"n"');
  const second = await openJournal(folder.path);
  second.journal.append([['put', 'c', 3]]);
  await second.journal.close();
  expect(await contentsOf(folder.path)).toEqual({ a: 1, c: 3 });
});

test.for(['{"n"', 'garbage', '', '5', 'null', '[]', '["put","b"]', '["put",1,2]', '["drop","b",1]', '["del","b",1]'])(
  'a line that is none is said with its place: %s',
  async (line) => {
    await using folder = await openTemporaryFolder();
    const file = join(folder.path, 'items.jsonl');
    const text = `["put","a",1]\n${line}\n["put","c",1]\n`;
    await writeFile(file, text);
    await expect(openJournal(folder.path)).rejects.toMatchObject({
      code: 'TABLES_DATA_DAMAGED',
      message: `Line 2 of ${file}, where the items of tables are kept, is damaged.`,
    });
    expect(await readFile(file, 'utf8')).toBe(text);
    // As its advice says, in the same process.
    await writeFile(file, text.replace(`\n${line}\n`, '\n'));
    expect(await contentsOf(folder.path)).toEqual({ a: 1, c: 1 });
  },
);

test('is of one process, until that has ended', async () => {
  await using folder = await openTemporaryFolder();
  const { journal } = await openJournal(folder.path);
  await expect(openJournal(folder.path)).rejects.toThrow(`Process ${process.pid} uses it.`);
  await journal.close();
  // Of a process that was ended in the middle, and of none at all.
  for (const owner of ['4194305', 'nobody', '']) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await writeFile(join(folder.path, 'lock'), owner);
    // oxlint-disable-next-line no-await-in-loop
    expect(await contentsOf(folder.path)).toEqual({});
  }
});

test('what cannot be written down is refused, and ends nothing', async () => {
  await using folder = await openTemporaryFolder();
  const { db } = loadDynalite().database.create({});
  await db.open();
  const journal = await keepIn(folder.path, db);
  const put = (key: string) => new Promise((resolve) => db.put(key, { n: 1 }, resolve));
  expect(await put('a')).toBeNull();
  // As with a full disk: nothing more can be written.
  await journal.close();
  expect(await put('b')).toMatchObject({ code: 'EBADF' });
  await db.close();
  expect(await contentsOf(folder.path)).toEqual({ a: { n: 1 } });
});
