import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fuzzRuns } from '../../../../test/support/fuzz-runs.ts';
import { createWaiting, type TakeRules } from './waiting.ts';

const loose: TakeRules = { isOrdered: false, batchSize: 2, batchWindowMs: 0 };
const ordered: TakeRules = { ...loose, isOrdered: true };

function message(messageId: string, groupId?: string) {
  return { messageId, body: messageId, attributes: {}, sentAtMs: 0, groupId };
}

function waitingWith(...ids: readonly string[]) {
  const waiting = createWaiting();
  for (const id of ids) waiting.add(message(id, id.charAt(0)), 0);
  return waiting;
}

function ofGroup(messageIds: readonly string[], group: string): readonly string[] {
  return messageIds.filter((id) => id.startsWith(group));
}

const ids = (batch: readonly { readonly messageId: string }[]) => batch.map(({ messageId }) => messageId);

describe('messages without an order', () => {
  test('leave in batches, each once', () => {
    const waiting = waitingWith('a', 'b', 'c');
    expect(ids(waiting.take(loose, 0))).toEqual(['a', 'b']);
    expect(ids(waiting.take(loose, 0))).toEqual(['c']);
    expect(ids(waiting.take(loose, 0))).toEqual([]);
    expect(waiting.nextAtMs(loose)).toBeUndefined();
  });

  test('come again when they were put back, and count it', () => {
    const waiting = waitingWith('a', 'b');
    waiting.take(loose, 5);
    waiting.drop(['b']);
    waiting.putBack(['a'], 100);
    expect(waiting.take(loose, 99)).toEqual([]);
    expect(waiting.nextAtMs(loose)).toBe(100);
    expect(waiting.take(loose, 100)).toMatchObject([{ messageId: 'a', receiveCount: 2, firstReceivedAtMs: 5 }]);
  });

  test('wait for a fuller batch no longer than the window', () => {
    const rules = { ...loose, batchSize: 3, batchWindowMs: 1000 };
    const waiting = waitingWith('a', 'b');
    expect(waiting.take(rules, 999)).toEqual([]);
    expect(waiting.nextAtMs(rules)).toBe(1000);
    expect(ids(waiting.take(rules, 1000))).toEqual(['a', 'b']);
    const full = waitingWith('a', 'b', 'c', 'd');
    expect(ids(full.take(rules, 0))).toEqual(['a', 'b', 'c']);
  });
});

describe('messages of groups', () => {
  test('hold those of their group while they are away', () => {
    const waiting = waitingWith('a1', 'b1', 'a2', 'b2', 'c1');
    expect(ids(waiting.take(ordered, 0))).toEqual(['a1', 'b1']);
    expect(ids(waiting.take(ordered, 0))).toEqual(['c1']);
    waiting.drop(['b1']);
    expect(ids(waiting.take(ordered, 0))).toEqual(['b2']);
  });

  test('hold them while they wait to come again', () => {
    const waiting = waitingWith('a1', 'a2', 'b1');
    waiting.take({ ...ordered, batchSize: 1 }, 0);
    waiting.putBack(['a1'], 100);
    expect(ids(waiting.take(ordered, 0))).toEqual(['b1']);
    expect(waiting.nextAtMs(ordered)).toBe(100);
    expect(ids(waiting.take(ordered, 100))).toEqual(['a1', 'a2']);
  });

  test('keep their order, whatever fails and whenever', () => {
    const deed = fc.record({ dropped: fc.boolean(), afterMs: fc.integer({ min: 0, max: 5 }) });
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 20 }),
        fc.integer({ min: 1, max: 4 }),
        fc.array(deed, { minLength: 1, maxLength: 40 }),
        (groups, batchSize, deeds) => {
          const all = groups.map((group, index) => `${group}${index}`);
          const waiting = waitingWith(...all);
          const done: string[] = [];
          let nowMs = 0;
          for (let turn = 0; waiting.count > 0 && turn < 500; turn += 1) {
            const { dropped, afterMs } = turn < deeds.length ? deeds[turn]! : { dropped: true, afterMs: 1 };
            nowMs += 1;
            const batch = ids(waiting.take({ ...ordered, batchSize }, nowMs));
            if (dropped) {
              waiting.drop(batch);
              done.push(...batch);
            } else waiting.putBack(batch, nowMs + afterMs);
          }
          expect(waiting.bytes).toBe(0);
          for (const group of ['a', 'b', 'c']) expect(ofGroup(done, group)).toEqual(ofGroup(all, group));
        },
      ),
      fuzzRuns(200),
    );
  });
});
