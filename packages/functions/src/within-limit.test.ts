import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { withinLimit } from './within-limit.ts';

const items = [5, 1, 4, 2, 3, 0];

test.for([
  { limit: 1, most: 1 },
  { limit: 4, most: 4 },
  { limit: 50, most: items.length },
])('at most $limit at once', async ({ limit, most }) => {
  let running = 0;
  let seen = 0;
  const results = await withinLimit(limit, items, async (turns) => {
    running += 1;
    seen = Math.max(seen, running);
    for (let turn = 0; turn < turns; turn += 1) await setImmediate(); // oxlint-disable-line no-await-in-loop -- takes that long
    running -= 1;
    return turns * 10;
  });
  expect(results).toEqual(items.map((turns) => turns * 10));
  expect(seen).toBe(most);
});

test('nothing', async () => {
  expect(await withinLimit(3, [], async () => 'x')).toEqual([]);
});

test('after a rejection no more are begun', async () => {
  const begun: number[] = [];
  const work = async (item: number) => {
    begun.push(item);
    await setImmediate();
    throw new Error(String(item));
  };
  await expect(withinLimit(2, items, work)).rejects.toThrow('5');
  expect(begun).toEqual([5, 1]);
});
