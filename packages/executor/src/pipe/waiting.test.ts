import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzzRuns } from '../../../../test/support/fuzz-runs.ts';
import { createWaiting } from './waiting.ts';

/** The last numbers, then the first ones again: 0 is none. */
const firsts = fc.constantFrom(1, 5, 0xffff_fff0, 0xffff_ffff);
const nextOf = (operation: number) => (operation % 0xffff_ffff) + 1;
/** Adds so many, then takes one of those that wait, by its place from the end or the start; or one who does not. */
const steps = fc.array(
  fc.record({ adds: fc.nat(40), takes: fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 60 }) }),
  { maxLength: 30 },
);

test('whoever waits is found once, in whatever order', () => {
  fc.assert(
    fc.property(firsts, steps, (first, script) => {
      const waiting = createWaiting<object>();
      const expected = new Map<number, object>();
      let operation: number = first;
      for (const { adds, takes } of script) {
        for (let count = 0; count < adds; count += 1) {
          const waiter = {};
          waiting.add(operation, waiter);
          expected.set(operation, waiter);
          operation = nextOf(operation);
        }
        for (const place of takes) {
          const wanted = [...expected.keys()].at(place) ?? operation;
          expect(waiting.take(wanted)).toBe(expected.get(wanted));
          expected.delete(wanted);
          expect(waiting.take(wanted)).toBeUndefined();
          expect(waiting.count).toBe(expected.size);
        }
      }
    }),
    fuzzRuns(300),
  );
});

test('as many begin as end, for long', () => {
  const waiting = createWaiting<{ readonly operation: number }>();
  for (let operation = 1; operation <= 20_000; operation += 1) waiting.add(operation, { operation });
  for (let operation = 1; operation <= 20_000; operation += 1) {
    expect(waiting.take(operation)).toEqual({ operation });
    waiting.add(20_000 + operation, { operation: 20_000 + operation });
  }
  expect(waiting.count).toBe(20_000);
  expect(waiting.take(40_000)).toEqual({ operation: 40_000 });
  expect(waiting.take(1)).toBeUndefined();
});
