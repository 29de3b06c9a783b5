import { expect, test } from 'vitest';
import { loadDynalite } from '../src/tables/dynalite.ts';
import { guardedStore } from '../src/tables/guarded-store.ts';

const mistake = new Error('a mistake of the emulator');

/** A store of the emulator, guarded for one call, and what that call failed with. */
async function openStore() {
  const store = loadDynalite().database.create({});
  await store.db.open();
  const failures: unknown[] = [];
  return {
    store,
    guarded: guardedStore(store, { fail: (error) => failures.push(error), onWrite: () => {} }),
    failures,
    [Symbol.asyncDispose]: () => store.db.close(),
  };
}

function throwMistake(): never {
  throw mistake;
}

test.for<{ why: string; run: (store: Awaited<ReturnType<typeof openStore>>['guarded']) => void }>([
  { why: 'a read', run: (store) => store.getItemDb('t').get('key', throwMistake) },
  { why: 'a write', run: (store) => store.getItemDb('t').put('key', {}, throwMistake) },
  { why: 'a removal', run: (store) => store.getIndexDb('Global', 't', 'i').del('key', throwMistake) },
  { why: 'a batch', run: (store) => store.tableDb.batch([], throwMistake) },
  { why: 'a look for a table', run: (store) => store.getTable('t', throwMistake) },
  { why: 'another look for a table', run: (store) => store.getTable('t', false, throwMistake) },
  { why: 'a lock', run: (store) => store.getItemDb('t').lock('key', throwMistake) },
])('what the emulator throws after $why ends the call', async ({ run }) => {
  await using opened = await openStore();
  run(opened.guarded);
  await expect.poll(() => opened.failures).toEqual([mistake]);
});

test('and what it had locked is free for the next', async () => {
  await using opened = await openStore();
  const { store, guarded, failures } = opened;
  guarded.getItemDb('t').lock('key', () => guarded.getItemDb('t').get('key', throwMistake));
  await expect.poll(() => failures).toEqual([mistake]);
  await new Promise<void>((resolve) => {
    store.getItemDb('t').lock('key', (release) => release(resolve)());
  });
});
