import { beforeEach, describe, expect, test, vi } from 'vitest';
import { subscribeTo, type Subscriber, type SubscriberEvent } from './subscribe.ts';

const printed = vi.spyOn(console, 'log').mockImplementation(() => {});

beforeEach(() => printed.mockClear());

const sns = (...payloads: readonly unknown[]): SubscriberEvent => ({
  Records: payloads.map((payload) => ({ Sns: { Message: JSON.stringify(payload) } })),
});
const sqs = (name: string, ...payloads: readonly unknown[]): SubscriberEvent => ({
  Records: payloads.map((payload) => ({
    messageId: `id-${String(payload)}`,
    body: JSON.stringify(payload),
    eventSourceARN: `arn:aws:sqs:us-west-2:123456789012:${name}`,
  })),
});
const failing = (...bad: readonly unknown[]) => {
  const seen: unknown[] = [];
  const subscriber: Subscriber = async (payload) => {
    seen.push(payload);
    if (bad.includes(payload)) throw new Error(`not ${String(payload)}`);
    return payload;
  };
  return { subscriber, seen };
};

describe('every way to write a subscriber', () => {
  test.for<{ why: string; subscriber: Subscriber }>([
    { why: 'async', subscriber: async (payload) => payload },
    { why: 'a promise', subscriber: (payload) => Promise.resolve(payload) },
    { why: 'a callback', subscriber: (payload, callback) => void setTimeout(() => callback(null, payload), 1) },
    { why: 'a value', subscriber: (payload: unknown) => payload },
  ])('$why', async ({ subscriber }) => {
    await expect(subscribeTo('events')(subscriber)(sns({ a: 1 }, [2]))).resolves.toEqual([{ a: 1 }, [2]]);
    await expect(subscribeTo('queues')(subscriber)(sqs('jobs', 1, 2))).resolves.toBeUndefined();
  });

  test.for<{ why: string; subscriber: Subscriber }>([
    { why: 'rejects', subscriber: () => Promise.reject(new Error('no')) },
    {
      why: 'throws',
      subscriber: () => {
        throw new Error('no');
      },
    },
    { why: 'calls back with an error', subscriber: (_payload, callback) => callback(new Error('no')) },
  ])('one that $why fails the event', async ({ subscriber }) => {
    await expect(subscribeTo('events')(subscriber)(sns(1))).rejects.toThrow('no');
    await expect(subscribeTo('queues')(subscriber)(sqs('jobs', 1))).rejects.toThrow('no');
    // Lambda prints what fails an event; only what could be lost among others is printed here.
    expect(printed).not.toHaveBeenCalled();
    await expect(subscribeTo('events')(subscriber)(sns(1, 2))).rejects.toThrow('no');
    expect(printed.mock.calls).toEqual(Array.from({ length: 2 }, () => ['Subscribe error:', new Error('no')]));
  });
});

describe('a batch of a queue', () => {
  test('names what failed, and only that', async () => {
    const { subscriber, seen } = failing(2);
    await expect(subscribeTo('queues')(subscriber)(sqs('jobs', 1, 2, 3))).resolves.toEqual({
      batchItemFailures: [{ itemIdentifier: 'id-2' }],
    });
    expect(seen).toEqual([1, 2, 3]);
    expect(printed.mock.calls).toEqual([['Subscribe error:', new Error('not 2')]]);
  });

  test('of a FIFO queue stops at what fails, and names all from there', async () => {
    const { subscriber, seen } = failing(2);
    await expect(subscribeTo('queues')(subscriber)(sqs('jobs.fifo', 1, 2, 3))).resolves.toEqual({
      batchItemFailures: [{ itemIdentifier: 'id-2' }, { itemIdentifier: 'id-3' }],
    });
    expect(seen).toEqual([1, 2]);
  });

  test('of which nothing was taken fails', async () => {
    const { subscriber } = failing(1, 2);
    await expect(subscribeTo('queues')(subscriber)(sqs('jobs', 1, 2))).rejects.toThrow('not 1');
    await expect(subscribeTo('queues')(subscriber)(sqs('jobs.fifo', 1, 2))).rejects.toThrow('not 1');
  });

  test('of a FIFO queue is handled one by one', async () => {
    let running = 0;
    let most = 0;
    const subscriber: Subscriber = async () => {
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => setTimeout(resolve, 2));
      running -= 1;
    };
    await subscribeTo('queues')(subscriber)(sqs('jobs.fifo', 1, 2, 3));
    expect(most).toBe(1);
    await subscribeTo('queues')(subscriber)(sqs('jobs', 1, 2, 3));
    expect(most).toBe(3);
  });
});

test('an event that holds nothing, as a console sends it, is one message without a payload', async () => {
  await expect(subscribeTo('events')((payload: unknown) => payload)({})).resolves.toEqual([{}]);
});

test('what is no JSON fails', async () => {
  const event = { Records: [{ Sns: { Message: 'hello' } }] };
  await expect(subscribeTo('events')(() => {})(event)).rejects.toThrow(SyntaxError);
});
