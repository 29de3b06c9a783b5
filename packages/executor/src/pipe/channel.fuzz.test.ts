import { setImmediate } from 'node:timers/promises';
import type { ManagementAnswer, ManagementRefusal, ManagementRequest } from '@furrow/protocol';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzzRuns } from '../../../../test/support/fuzz-runs.ts';
import { createBatch } from './batch.ts';
import { createChannel, type Channel, type OpenConnection } from './channel.ts';
import { createFrameReader, toChild, toParent } from './codec.ts';
import { createManagementReader } from './management.ts';

/** What the app's connections answer, by the id's first letter; those in capitals take a moment. */
const refusals: Readonly<Record<string, ManagementRefusal | undefined>> = { g: 'gone', s: 'slow', i: 'invalidId' };
const ids = fc.constantFrom('open', 'own', 'gone', 'slow', 'invalid', 'Open', 'Gone');
const payloads = fc.constantFrom('', 'a', 'a', 'b', 'x'.repeat(20_000), 'y'.repeat(200_000));

const steps = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('send' as const), id: ids, payload: payloads }) },
  fc.record({ type: fc.constant('sendMany' as const), list: fc.array(ids, { maxLength: 5 }), payload: payloads }),
  fc.record({ type: fc.constantFrom('close' as const, 'info' as const), id: ids }),
  fc.record({ type: fc.constant('pause' as const) }),
);

const refusalOf = (id: string) => refusals[id[0]?.toLowerCase() ?? ''];

function answerOf({ type, connectionId }: ManagementRequest): ManagementAnswer {
  const refusal = refusalOf(connectionId);
  if (refusal !== undefined) return { type: 'refused', refusal };
  if (type !== 'info') return { type: 'done' };
  return { type: 'info', info: { connectedAt: connectionId, identity: { sourceIp: '' }, lastActiveAt: '' } };
}

/** Both ends of a pipe, without the pipe. */
function open() {
  const delivered: string[] = [];
  const waiting: boolean[] = [];
  const own: OpenConnection = { openConnectionId: 'own', unconfirmedBytesLeft: 50_000 };
  const toGateway = createBatch((data) => fromHandler(data));
  const toHandler = createBatch(
    createFrameReader((kind, payload) => {
      if (kind === toChild.answer) channel.answered(payload);
    }),
  );
  const channel = createChannel({ batch: toGateway, current: () => own, onWaiting: (is) => waiting.push(is) });
  const managed = createManagementReader(toHandler, (request) => {
    delivered.push(`${request.type} ${request.connectionId} ${'data' in request ? request.data.toString() : ''}`);
    const answer = answerOf(request);
    return /^[A-Z]/.test(request.connectionId) ? setImmediate(answer) : answer;
  });
  const kinds = { [toParent.send]: 'send', [toParent.close]: 'close', [toParent.info]: 'info' } as const;
  const read = createFrameReader((kind, payload) => managed.read(kinds[kind as keyof typeof kinds], payload));
  function fromHandler(data: Buffer): void {
    read(data);
    managed.writeAnswers();
  }
  return { channel, delivered, waiting };
}

/** What one step does, what it should be answered, and what the gateway should hear of it. */
interface Asked {
  readonly answer: Promise<unknown>;
  readonly expected: unknown;
  readonly heard: readonly string[];
}

type Step = typeof steps extends fc.Arbitrary<infer Value> ? Value : never;

function ask(channel: Channel, step: Step): Asked {
  if (step.type === 'pause') return { answer: setImmediate(), expected: undefined, heard: [] };
  if (step.type === 'send') {
    const operation = channel.send(step.id, Buffer.from(step.payload));
    const answer = new Promise((sent) => {
      if (operation === 0) sent(step.id === 'own' ? undefined : 'nobody asks');
      else channel.whenSent(operation, { sent });
    });
    return { answer, expected: refusalOf(step.id), heard: [`send ${step.id} ${step.payload}`] };
  }
  if (step.type === 'sendMany') {
    const { list, payload } = step;
    const answer = channel.manage({ type: 'sendMany', connectionIds: list, data: Buffer.from(payload) });
    const refused = list.flatMap((id, index) => {
      const refusal = refusalOf(id);
      return refusal === undefined ? [] : [{ index, refusal }];
    });
    return { answer, expected: { type: 'sentMany', refused }, heard: list.map((id) => `send ${id} ${payload}`) };
  }
  const request = { type: step.type, connectionId: step.id };
  return { answer: channel.manage(request), expected: answerOf(request), heard: [`${step.type} ${step.id} `] };
}

test('whatever a handler asks in whatever order, each gets its own answer, and all arrives in that order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { maxLength: 40 }), async (script) => {
      const { channel, delivered, waiting } = open();
      const asked: Asked[] = [];
      for (const step of script) {
        asked.push(ask(channel, step));
        if (step.type === 'pause') await setImmediate(); // oxlint-disable-line no-await-in-loop
      }
      expect(await Promise.all(asked.map(({ answer }) => answer))).toEqual(asked.map(({ expected }) => expected));
      await setImmediate();
      expect(delivered).toEqual(asked.flatMap(({ heard }) => heard));
      expect([channel.isWaiting, waiting.at(-1) ?? false]).toEqual([false, false]);
    }),
    fuzzRuns(200),
  );
});

test('what is known at once is answered in the order of its requests', async () => {
  const { channel } = open();
  const answered: string[] = [];
  for (const id of ['open', 'open', 'gone', 'open', 'slow', 'gone', 'open']) {
    const sent = (refusal: ManagementRefusal | undefined) => void answered.push(refusal ?? 'done');
    channel.whenSent(channel.send(id, Buffer.from('hi')), { sent });
  }
  await setImmediate();
  expect(answered).toEqual(['done', 'done', 'gone', 'done', 'slow', 'gone', 'done']);
});

test('what an event sends to its own connection is not waited for, until it has closed it', async () => {
  const { channel } = open();
  expect(channel.send('own', Buffer.from('hi'))).toBe(0);
  expect(channel.send('open', Buffer.from('hi'))).toBe(1);
  expect(await channel.manage({ type: 'close', connectionId: 'own' })).toEqual({ type: 'done' });
  expect(channel.send('own', Buffer.from('hi'))).toBe(3);
});

test('a thousand sends of one go are answered together, and one that is far too long at once', async () => {
  const { channel, waiting } = open();
  const sent: (ManagementRefusal | undefined)[] = [];
  const listener = { sent: (refusal: ManagementRefusal | undefined) => void sent.push(refusal) };
  for (let count = 0; count < 1000; count += 1) {
    channel.whenSent(channel.send(count === 500 ? 'gone' : 'open', Buffer.from('hi')), listener);
  }
  await setImmediate();
  expect(sent.filter((refusal) => refusal === undefined)).toHaveLength(999);
  expect(sent).toContain('gone');
  channel.whenSent(channel.send('open', Buffer.alloc(8 * 1024 * 1024 + 1)), listener);
  expect(sent).toHaveLength(1000);
  await Promise.resolve();
  expect(sent.at(-1)).toBe('tooLarge');
  expect(waiting).toEqual([true, false, true, false]);
});
