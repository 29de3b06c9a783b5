import { expect, test } from 'vitest';
import { createWaitingEvents, type Arrived } from './waiting-events.ts';

function open() {
  const waiting = createWaitingEvents();
  const arrive = (name: string, openConnectionId?: string) =>
    waiting.arrived({ event: { event: name, openConnectionId }, resolve() {} });
  return { waiting, arrive };
}

const names = (items: readonly Arrived[]) => items.map(({ event }) => event.event);

test('what comes back takes the place that it had, from however many environments', () => {
  const { waiting, arrive } = open();
  const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map((name) => arrive(name)) as [Arrived, ...Arrived[]];
  for (const item of [e, d, b, c, a]) if (item !== undefined) waiting.add(item);
  expect(waiting.count).toBe(5);
  expect(names(waiting.takeAll())).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(waiting.next()).toBeUndefined();
});

test('an event hears that its connection has ended, and others do not', () => {
  const { waiting, arrive } = open();
  waiting.add(arrive('a', '1='));
  waiting.add(arrive('b', '2='));
  waiting.gone('1=');
  waiting.gone('3=');
  expect(waiting.takeAll().map(({ event }) => event.openConnectionId)).toEqual([undefined, '2=']);
});
