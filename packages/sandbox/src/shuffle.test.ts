import { describe, expect, test } from 'vitest';
import type { Invocation, Outcome } from '@furrow/protocol';
import { holdMs, maxHoldMs, shuffled } from './shuffle.ts';

const many = Array.from({ length: 1000 }, (_, count) => count);
const holds = (seed: number) => many.map((count) => holdMs(seed, count));

describe('how long an event is held', () => {
  test.for([0, 1, 7, 0xffff_ffff])('seed %s: whole milliseconds, all of them, evenly', (seed) => {
    const times = holds(seed);
    expect(times.every((ms) => Number.isInteger(ms) && ms >= 0 && ms <= maxHoldMs)).toBe(true);
    expect(new Set(times).size).toBeGreaterThan(maxHoldMs * 0.9);
    const average = times.reduce((sum, ms) => sum + ms, 0) / times.length;
    expect(Math.abs(average - maxHoldMs / 2)).toBeLessThan(maxHoldMs / 10);
  });

  test('the same seed gives the same, another one another', () => {
    expect(holds(7)).toEqual(holds(7));
    expect(holds(7).slice(0, 5)).toEqual([71, 29, 41, 29, 54]);
    expect(holds(8).slice(0, 5)).not.toEqual(holds(7).slice(0, 5));
  });
});

/** Stands still until it is moved. */
function createStillClock() {
  const due: { readonly atMs: number; readonly task: () => void }[] = [];
  let nowMs = 0;
  return {
    now: () => nowMs,
    after(ms: number, task: () => void) {
      due.push({ atMs: nowMs + ms, task });
      return () => {};
    },
    advance(ms: number) {
      nowMs += ms;
      const ready = due.filter(({ atMs }) => atMs <= nowMs).toSorted((a, b) => a.atMs - b.atMs);
      for (const one of ready) {
        due.splice(due.indexOf(one), 1);
        one.task();
      }
    },
  };
}

function open(seed: number) {
  const clock = createStillClock();
  const started: Invocation[] = [];
  const invoke = shuffled(
    async (invocation): Promise<Outcome> => {
      started.push(invocation);
      return { type: 'returned', value: invocation.event };
    },
    { seed, clock },
  );
  return { clock, started, invoke, order: () => started.map(({ event }) => event) };
}

describe('shuffled', () => {
  test('messages start in the order of their moments, each once, and get their own outcome', async () => {
    const { clock, invoke, order } = open(7);
    const events = many.slice(0, 20).map(String);
    const outcomes = events.map((event) => invoke({ functionName: 'ws/default', event }));
    expect(order()).toEqual([]);
    clock.advance(maxHoldMs);
    const expected = events.toSorted((a, b) => holdMs(7, Number(a)) - holdMs(7, Number(b)));
    expect(order()).toEqual(expected);
    expect(order()).not.toEqual(events);
    expect(await Promise.all(outcomes)).toEqual(events.map((value) => ({ type: 'returned', value })));
  });

  test.for(['ws/connect', 'ws/disconnect', 'ws/authorizer', 'http/get-index'])(
    '%s is not held and takes no turn',
    async (functionName) => {
      const { clock, invoke, started, order } = open(7);
      const whole = { functionName, event: 'a', openConnectionId: 'c' };
      await invoke(whole);
      expect(started).toEqual([whole]);
      void invoke({ functionName: 'ws/join', event: 'b' });
      clock.advance(holdMs(7, 0) - 1);
      expect(order()).toEqual(['a']);
      clock.advance(1);
      expect(order()).toEqual(['a', 'b']);
    },
  );

  test('nobody can say that a connection is open when its message was held', () => {
    const { clock, invoke, started } = open(1);
    void invoke({ functionName: 'ws/default', event: 'a', openConnectionId: 'c' });
    clock.advance(maxHoldMs);
    expect(started[0]?.openConnectionId).toBeUndefined();
  });
});
