/**
 * Works on all items, on at most `limit` of them at once; resolves with the results in the order of the items.
 *
 * The first rejection is the result, and no further item is begun.
 */
export async function withinLimit<Item, Result>(
  limit: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const left = items.entries();
  let hasFailed = false;

  async function takeTurns(): Promise<void> {
    for (const [index, item] of left) {
      // oxlint-disable-next-line no-await-in-loop -- this is how it is bounded
      results[index] = await work(item);
      if (hasFailed) return;
    }
  }

  const workers = Array.from({ length: Math.min(limit, items.length) }, () =>
    takeTurns().catch((error: unknown) => {
      hasFailed = true;
      throw error;
    }),
  );
  await Promise.all(workers);
  return results;
}
