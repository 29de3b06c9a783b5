import { describe, expect, test } from 'vitest';
import { createIntake, intakeLimits, type SharedIntake } from './intake.ts';

const { maxMessages, maxBytes, maxSharedBytes } = intakeLimits;

interface Message {
  readonly name: number;
  readonly bytes: number;
  readonly isHandled?: boolean;
}

/** An intake whose messages end when the test says so. */
function openIntake(shared: SharedIntake = { bytes: 0 }) {
  const begun: number[] = [];
  const full: boolean[] = [];
  const ends: (() => void)[] = [];
  const intake = createIntake<Message>({
    shared,
    begin({ name, bytes, isHandled = true }, onHandled) {
      begun.push(name);
      if (!isHandled) return undefined;
      ends.push(onHandled);
      return bytes;
    },
    onFull: (isFull) => full.push(isFull),
  });
  return {
    drop: () => intake.drop(),
    end: () => intake.end(),
    shared,
    begun,
    full,
    take: (count: number, bytes: number) => {
      for (let index = 0; index < count; index += 1) intake.take({ name: begun.length + 1, bytes });
    },
    /** Ends the oldest messages that run. */
    async handle(count: number): Promise<void> {
      for (const end of ends.splice(0, count)) end();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe('a connection is full', () => {
  test.for([
    { why: 'with as many messages as may be', count: maxMessages, bytes: 1 },
    { why: 'with as many bytes as may be', count: 4, bytes: maxBytes / 4 },
  ])('$why, and not before', async ({ count, bytes }) => {
    const intake = openIntake();
    intake.take(count - 1, bytes);
    expect(intake.full).toEqual([]);
    intake.take(1, bytes);
    expect(intake.full).toEqual([true]);
    intake.take(3, bytes);
    expect(intake.begun.length).toBe(count);
    await intake.handle(1);
    expect(intake.begun.length).toBe(count + 1);
    expect(intake.full).toEqual([true]);
    await intake.handle(3);
    expect(intake.full).toEqual([true, false]);
    expect(intake.begun.length).toBe(count + 3);
  });

  test('when others have filled the gateway, but never without a message of its own', async () => {
    const shared = { bytes: 0 };
    const others = Array.from({ length: maxSharedBytes / maxBytes }, () => openIntake(shared));
    for (const other of others) other.take(1, maxBytes);
    const late = openIntake(shared);
    late.take(1, 10);
    expect([late.begun.length, late.full]).toEqual([1, [true]]);
    late.take(1, 10);
    expect(late.begun.length).toBe(1);
    await late.handle(1);
    expect(late.begun.length).toBe(2);
    await others[0]?.handle(1);
    await late.handle(1);
    expect(late.full).toEqual([true, false]);
    for (const other of others) await other.handle(1);
    expect(shared.bytes).toBe(0);
  });
});

test('what waits begins in its order', () => {
  const begun: number[] = [];
  const shared = { bytes: 0 };
  const ends: (() => void)[] = [];
  const intake = createIntake<Message>({
    shared,
    begin({ name, bytes }, onHandled) {
      begun.push(name);
      ends.push(onHandled);
      return bytes;
    },
    onFull: () => {},
  });
  for (let name = 0; name < 3 * maxMessages; name += 1) intake.take({ name, bytes: 1 });
  expect(begun.length).toBe(maxMessages);
  // Those that begin meanwhile are handled too.
  for (const end of ends) end();
  expect(begun.length).toBe(3 * maxMessages);
  expect(begun).toEqual(begun.toSorted((a, b) => a - b));
});

describe('the end of a connection', () => {
  test('lets what waits begin', () => {
    const intake = openIntake();
    intake.take(maxMessages + 5, 1);
    intake.end();
    expect(intake.begun.length).toBe(maxMessages + 5);
  });

  test('but no more than the gateway has room for', () => {
    const intake = openIntake({ bytes: maxSharedBytes - 10 });
    intake.take(1, 4);
    intake.take(1, 6);
    intake.take(3, 4);
    intake.end();
    expect(intake.begun).toEqual([1, 2]);
  });

  test('or nothing, when it broke the protocol', async () => {
    const intake = openIntake();
    intake.take(maxMessages + 5, 1);
    intake.drop();
    await intake.handle(maxMessages);
    intake.end();
    expect(intake.begun.length).toBe(maxMessages);
    expect(intake.shared.bytes).toBe(0);
  });
});

test('a message that is handled at once takes no room', () => {
  const shared = { bytes: 0 };
  let begun = 0;
  const intake = createIntake<Message>({
    shared,
    begin({ bytes }, onHandled) {
      begun += 1;
      onHandled();
      return bytes;
    },
    onFull: () => expect.fail('Expected room.'),
  });
  for (let name = 0; name < 2 * maxMessages; name += 1) intake.take({ name, bytes: maxBytes });
  expect(begun).toBe(2 * maxMessages);
  expect(shared.bytes).toBe(0);
});

test('a message that is none takes no room', () => {
  const begun: Message[] = [];
  const intake = createIntake<Message>({
    shared: { bytes: 0 },
    begin: (message) => void begun.push(message),
    onFull: () => expect.fail('Expected room.'),
  });
  for (let name = 0; name < 2 * maxMessages; name += 1) intake.take({ name, bytes: maxBytes });
  expect(begun.length).toBe(2 * maxMessages);
});
