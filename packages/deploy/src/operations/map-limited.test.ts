import { expect, test } from 'vitest';
import { mapLimited } from './map-limited.ts';

test('no more calls than the limit run at once, and results keep their order', async () => {
  let running = 0;
  let most = 0;
  const results = await mapLimited([30, 10, 20, 1, 2], 2, async (item) => {
    running += 1;
    most = Math.max(most, running);
    for (let turn = 0; turn < item; turn += 1) await Promise.resolve();
    running -= 1;
    return item * 2;
  });
  expect(results).toEqual([60, 20, 40, 2, 4]);
  expect(most).toBe(2);
});

test('nothing to do is done', async () => {
  expect(await mapLimited([], 5, () => Promise.reject(new Error('not called')))).toEqual([]);
});

test('a failure is the caller’s', async () => {
  await expect(mapLimited([1, 2, 3], 2, (item) => Promise.reject(new Error(`no ${item}`)))).rejects.toThrow('no 1');
});

test('after a failure nothing is begun, and what runs is waited for', async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const mapped = mapLimited([1, 2, 3, 4], 2, async (item) => {
    begun.push(item);
    if (item === 1) throw new Error('no 1');
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    ended.push(item);
  });
  await expect(mapped).rejects.toThrow('no 1');
  expect({ begun, ended }).toEqual({ begun: [1, 2], ended: [2] });
});
