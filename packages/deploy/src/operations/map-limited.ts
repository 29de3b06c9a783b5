/**
 * Maps with at most `limit` calls at once; results in the order of the items.
 *
 * The first failure ends it: no other item is begun, those under way are waited for, then it rejects with that failure.
 */
export async function mapLimited<Item, Result>(
  items: readonly Item[],
  limit: number,
  map: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const failures: unknown[] = [];
  const entries = items.entries();
  const work = async () => {
    // Every worker takes from the same list, one after the other.
    for (const [index, item] of entries) {
      try {
        results[index] = await map(item);
      } catch (error) {
        failures.push(error);
      }
      if (failures.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  if (failures.length > 0) throw failures[0];
  return results;
}
