import { setImmediate } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { collectGarbage } from './collect-garbage.ts';

test('what nobody holds is gone, what somebody holds is not', async () => {
  const held = { name: 'held' };
  const refs = [new WeakRef(held), new WeakRef({ name: 'garbage' })];
  // A reference that was just made or read is held until the end of its turn.
  await setImmediate();
  collectGarbage();
  await setImmediate();
  expect(refs.map((ref) => ref.deref()?.name)).toEqual(['held', undefined]);
});

test('neither this context nor later ones see how', () => {
  collectGarbage();
  expect('gc' in globalThis).toBe(false);
  expect(runInNewContext('typeof gc')).toBe('undefined');
});
