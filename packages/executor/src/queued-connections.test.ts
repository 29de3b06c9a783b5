import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzzRuns } from '../../../test/support/fuzz-runs.ts';
import { createQueuedConnections } from './queued-connections.ts';

test('events of a connection wait in one place until the last of them has left', () => {
  const queued = createQueuedConnections<string>();
  const leaves = [queued.add('1=', 'a'), queued.add('1=', 'a')];
  expect(queued.placeOf('1=')).toBe('a');
  leaves[0]?.();
  leaves[0]?.();
  expect(queued.placeOf('1=')).toBe('a');
  leaves[1]?.();
  expect(queued.placeOf('1=')).toBeUndefined();
  queued.add('1=', 'b');
  expect([queued.placeOf('1='), queued.placeOf('2='), queued.placeOf(undefined)]).toEqual(['b', undefined, undefined]);
});

test('however many connections come and go, those of which something waits are known', () => {
  const turns = fc.array(fc.tuple(fc.nat(40), fc.nat(1500), fc.boolean()), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(turns, (steps) => {
      const queued = createQueuedConnections<number>();
      const waiting = new Map<string, { place: number; leaves: (() => void)[] }>();
      for (const [place, count, leaveAll] of steps) {
        for (let index = 0; index < count; index += 1) {
          const id = String(index * (place + 1));
          const own = waiting.get(id) ?? { place, leaves: [] };
          own.leaves.push(queued.add(id, own.place));
          waiting.set(id, own);
          if (leaveAll || index % 3 === 0) {
            own.leaves.forEach((leave) => leave());
            waiting.delete(id);
          }
        }
        for (const [id, own] of waiting) if (queued.placeOf(id) !== own.place) return false;
        if (queued.placeOf('0') !== waiting.get('0')?.place) return false;
      }
      return true;
    }),
    fuzzRuns(60),
  );
});
