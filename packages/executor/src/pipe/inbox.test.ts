import { expect, test } from 'vitest';
import { noTicket, type ReceivedEvent } from './event-frame.ts';
import { createInbox } from './inbox.ts';

const event = (ticket: number, openConnectionId = ''): ReceivedEvent => ({
  sequence: ticket,
  ticket,
  timeoutMs: 1000,
  requestId: '1a247ca3-ee00-4000-8000-000000000000',
  openConnectionId,
  make: () => ({}),
});

/** Tickets of which somebody else draws some in between. */
function openShared() {
  let next = 0;
  return {
    draw: () => next++,
    drawElsewhere: (count: number) => (next += count),
  };
}

test.for<{ why: string; given: readonly number[]; drawnElsewhere: number; runs: readonly number[] }>([
  { why: 'all are ours', given: [0, 1, 2], drawnElsewhere: 0, runs: [0, 1, 2] },
  { why: 'one without a ticket begins at once', given: [noTicket, 0], drawnElsewhere: 0, runs: [noTicket, 0] },
  { why: 'the first two are run elsewhere', given: [0, 1, 2], drawnElsewhere: 2, runs: [2] },
  { why: 'all are run elsewhere', given: [0, 1], drawnElsewhere: 2, runs: [] },
])('$why', ({ given, drawnElsewhere, runs }) => {
  const tickets = openShared();
  const inbox = createInbox(tickets);
  for (const ticket of given) inbox.put(event(ticket));
  tickets.drawElsewhere(drawnElsewhere);
  const ran: number[] = [];
  for (let next = inbox.next(); next !== undefined; next = inbox.next()) ran.push(next.ticket);
  expect(ran).toEqual(runs);
  expect(inbox.isEmpty).toBe(true);
});

test('a ticket that was drawn before its event came is not drawn again', () => {
  const tickets = openShared();
  const inbox = createInbox(tickets);
  inbox.put(event(0));
  tickets.drawElsewhere(1);
  expect(inbox.next()).toBeUndefined();
  inbox.put(event(1));
  inbox.put(event(2));
  expect([inbox.next()?.ticket, inbox.next()?.ticket]).toEqual([1, 2]);
});

test('what is taken back is not drawn for', () => {
  const tickets = openShared();
  const inbox = createInbox(tickets);
  for (const ticket of [0, 1, 2]) inbox.put(event(ticket));
  tickets.drawElsewhere(3);
  inbox.dropFrom(0);
  inbox.put(event(3));
  expect(inbox.next()?.ticket).toBe(3);
});

test('an event that waits hears that its connection has ended', () => {
  const inbox = createInbox(openShared());
  inbox.put(event(0, 'a='));
  inbox.put(event(1, 'b='));
  inbox.gone('a=');
  expect([inbox.next()?.openConnectionId, inbox.next()?.openConnectionId]).toEqual(['', 'b=']);
});
