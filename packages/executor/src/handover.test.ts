import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock, type Outcome } from '@furrow/protocol';
import { createHandover, type HandoverOptions } from './handover.ts';
import { createBatch } from './pipe/batch.ts';
import { createFrameReader, toChild } from './pipe/codec.ts';
import { readEvent } from './pipe/event-frame.ts';
import { createInbox } from './pipe/inbox.ts';
import { createKnownConnections } from './pipe/known-connections.ts';
import { closeTicketFile, openTicketFile, openTickets, prepareTicketFile } from './pipe/tickets.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'furrow-tickets-'));
  await prepareTicketFile(join(folder, 'tickets'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Both sides of the pipe of one process: `begin` is what the process would do next. */
function open({
  clock = systemClock,
  onTimeout = () => {},
}: Partial<Pick<HandoverOptions, 'clock' | 'onTimeout'>> = {}) {
  const descriptor = openTicketFile(join(folder, 'tickets'));
  if (descriptor === undefined) throw new Error('Expected the file to be there.');
  const inbox = createInbox(openTickets(descriptor));
  const read = createFrameReader((kind, payload) => {
    if (kind === toChild.invoke) inbox.put(readEvent(payload));
    if (kind === toChild.takenBack) inbox.dropFrom(payload.readUInt32LE(0));
  });
  const batch = createBatch(read);
  const ended: string[] = [];
  const known = createKnownConnections(batch);
  const options = { batch, known, clock, isConcurrent: false, tickets: descriptor };
  const handover = createHandover({ ...options, onTimeout, onIdle() {} });
  return {
    handover,
    ended,
    give(...names: readonly string[]) {
      for (const name of names) {
        const onEnd = (outcome: Outcome | undefined) =>
          ended.push(`${name} ${outcome === undefined ? 'elsewhere' : 'here'}`);
        handover.give({ event: JSON.stringify(name) }, 60_000, onEnd);
      }
    },
    /** The name and the sequence of the event that the process begins. */
    begin() {
      batch.flush();
      const event = inbox.next();
      return (
        event && { name: event.make(), answer: () => handover.answered(event.sequence, { type: 'returned', value: 1 }) }
      );
    },
    [Symbol.dispose]() {
      handover.endAll(() => ({ errorType: 'x', errorMessage: '', trace: [] }));
      closeTicketFile(descriptor);
    },
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('what is behind the running event is taken back, in its order', () => {
  using pipe = open();
  pipe.give('a', 'b', 'c');
  expect(pipe.begin()?.name).toBe('a');
  pipe.handover.takeBack();
  expect(pipe.ended).toEqual(['c elsewhere', 'b elsewhere']);
  expect(pipe.begin()).toBeUndefined();
});

test('the first one is taken back too when it has not begun', () => {
  using pipe = open();
  pipe.give('a', 'b', 'c');
  pipe.begin()?.answer();
  // The process has answered a, and has not come to b yet.
  pipe.handover.takeBack();
  expect(pipe.ended).toEqual(['a here', 'c elsewhere', 'b elsewhere']);
  pipe.give('d', 'e');
  expect(pipe.begin()?.name).toBe('d');
  pipe.begin()?.answer();
  expect(pipe.ended.slice(3)).toEqual(['e here']);
});

test('what has begun stays, whatever the executor knows of it', () => {
  using pipe = open();
  pipe.give('a', 'b', 'c');
  const a = pipe.begin();
  // Its answer is on the way when the process begins b.
  const b = pipe.begin();
  pipe.handover.takeBack();
  expect(pipe.ended).toEqual(['c elsewhere']);
  a?.answer();
  b?.answer();
  expect(pipe.ended.slice(1)).toEqual(['a here', 'b here']);
});

test('an event whose answer is on its way has not timed out', async () => {
  const tasks: (() => void)[] = [];
  let timeouts = 0;
  const clock = { now: Date.now, after: (_ms: number, task: () => void) => (tasks.push(task), () => {}) };
  using pipe = open({ clock, onTimeout: () => (timeouts += 1) });
  pipe.give('a', 'b', 'c');
  const a = pipe.begin();
  const b = pipe.begin();
  tasks[0]?.();
  await turn();
  expect(timeouts).toBe(0);
  expect(pipe.ended).toEqual(['c elsewhere']);
  a?.answer();
  tasks[1]?.();
  await turn();
  expect(timeouts).toBe(1);
  b?.answer();
  expect(pipe.ended.slice(1)).toEqual(['a here', 'b here']);
});

test('every event ends once, however givings, takings back and answers meet', () => {
  using pipe = open();
  const given = Array.from({ length: 3000 }, (_, index) => String(index));
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  const begun: (() => void)[] = [];
  const steps = [
    () => pipe.handover.mayQueue && pipe.give(...given.splice(0, random(5))),
    () => {
      const event = pipe.begin();
      if (event !== undefined) begun.push(event.answer);
    },
    () => begun.shift()?.(),
    () => random(3) === 0 && pipe.handover.takeBack(),
  ];
  while (given.length > 0) steps[random(steps.length)]?.();
  for (let event = pipe.begin(); event !== undefined; event = pipe.begin()) begun.push(event.answer);
  for (const answer of begun) answer();
  expect(pipe.handover.count).toBe(0);
  expect(new Set(pipe.ended.map((line) => line.split(' ')[0])).size).toBe(3000);
  expect(pipe.ended).toHaveLength(3000);
});
