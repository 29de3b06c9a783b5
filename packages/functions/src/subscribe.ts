import type { Callback } from './callback.ts';

/** What Lambda gives: messages of SNS or SQS. */
export interface SubscriberEvent {
  readonly Records?: readonly SubscriberRecord[];
}

interface SubscriberRecord {
  readonly messageId?: string;
  readonly body?: string;
  readonly eventSourceARN?: string;
  readonly Sns?: { readonly Message?: string };
}

/** What is called with each payload: returns a promise, or calls back. */
// oxlint-disable-next-line typescript/no-explicit-any -- the payload is what the app's own code published
export type Subscriber = (payload: any, callback: Callback<unknown>) => unknown;

interface Failed {
  readonly messageId: string;
  readonly error: unknown;
}

/** Makes `arc.events.subscribe` or `arc.queues.subscribe`. */
export function subscribeTo(
  kind: 'events' | 'queues',
): (subscriber: Subscriber) => (event: SubscriberEvent) => Promise<unknown> {
  return (subscriber) => (kind === 'events' ? ofEvents(subscriber) : ofQueues(subscriber));
}

function ofEvents(subscriber: Subscriber) {
  return (event: SubscriberEvent) => {
    // Run by hand, an event may hold nothing.
    const records = event?.Records ?? [{ Sns: { Message: '{}' } }];
    return Promise.all(
      records.map(({ Sns }) => called(subscriber, { text: Sns?.Message, isAlone: records.length === 1 })),
    );
  };
}

function ofQueues(subscriber: Subscriber) {
  return async ({ Records: records = [] }: SubscriberEvent): Promise<unknown> => {
    const isOrdered = records.some(({ eventSourceARN = '' }) => eventSourceARN.endsWith('.fifo'));
    const failed = await (isOrdered ? inOrder(subscriber, records) : atOnce(subscriber, records));
    const [first] = failed;
    if (first === undefined) return undefined;
    // An event of which nothing was taken has failed, and Lambda counts it so.
    if (failed.length === records.length) throw first.error;
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}

async function atOnce(subscriber: Subscriber, records: readonly SubscriberRecord[]): Promise<readonly Failed[]> {
  const failed = await Promise.all(
    records.map(async ({ messageId = '', body }) => {
      try {
        await called(subscriber, { text: body, isAlone: records.length === 1 });
        return [];
      } catch (error) {
        return [{ messageId, error }];
      }
    }),
  );
  return failed.flat();
}

/** Stops at the first that fails: what is behind it comes again with it. */
async function inOrder(subscriber: Subscriber, records: readonly SubscriberRecord[]): Promise<readonly Failed[]> {
  for (const [index, { body }] of records.entries()) {
    try {
      // One after the other is what the order of a FIFO queue means.
      // oxlint-disable-next-line no-await-in-loop
      await called(subscriber, { text: body, isAlone: records.length === 1 });
    } catch (error) {
      return records.slice(index).map(({ messageId = '' }) => ({ messageId, error }));
    }
  }
  return [];
}

/** Waits for the promise that the subscriber returns, or for its callback where it takes one. */
async function called(
  subscriber: Subscriber,
  { text, isAlone }: { readonly text: string | undefined; readonly isAlone: boolean },
): Promise<unknown> {
  try {
    const payload: unknown = JSON.parse(text ?? '');
    return await new Promise((resolve, reject) => {
      const returned = subscriber(payload, (error, result) => (error ? reject(error) : resolve(result)));
      if (isThenable(returned)) returned.then(resolve, reject);
      else if (subscriber.length < 2) resolve(returned);
    });
  } catch (error) {
    // Of several that fail only one reaches the log of Lambda, and none when others succeed.
    // oxlint-disable-next-line no-console
    if (!isAlone) console.log('Subscribe error:', error);
    throw error;
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
