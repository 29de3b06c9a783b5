import { describe, expect, test } from 'vitest';
import type { ManagementAnswer, WsMessageEvent } from '@furrow/protocol';
import { eventually, frame, ok, openTestGateway, type TestGateway } from './open-gateway.ts';

const gone: ManagementAnswer = { type: 'refused', refusal: 'gone' };
const slow: ManagementAnswer = { type: 'refused', refusal: 'slow' };
const done: ManagementAnswer = { type: 'done' };

const everybody = 1000;
const texts = Array.from({ length: 8 }, (_, index) => `${index} ${'hello '.repeat(300)}`);

/** One buffer to all of them, as a handler's send to many does. */
function sendToAll(site: TestGateway, ids: readonly string[], text: string): ManagementAnswer[] {
  const data = Buffer.from(text);
  return ids.map((connectionId) => site.gateway.manage({ type: 'send', connectionId, data }));
}

/** The id of the connection that came last. */
function lastId(site: TestGateway): string {
  return site.eventsOf<WsMessageEvent>('connect').at(-1)?.requestContext.connectionId ?? '';
}

/** Clients in the order of their ids, every second one with compression. */
async function openClients(site: TestGateway, count: number) {
  const clients: { readonly id: string; readonly client: Awaited<ReturnType<TestGateway['connect']>> }[] = [];
  for (let index = 0; index < count; index += 1) {
    // oxlint-disable-next-line no-await-in-loop -- so that each is known by its id
    const client = await site.connect('/testing', [], { perMessageDeflate: index % 2 === 0 });
    clients.push({ id: lastId(site), client });
  }
  return clients;
}

describe('eight messages of one turn to many', () => {
  test('reach each in order, with some gone, some slow and one that is closed in the middle', async () => {
    await using site = await openTestGateway();
    const clients = await openClients(site, everybody);
    const [left, closed, ...others] = clients;
    left!.client.socket.close();
    await left!.client.closed;
    using stuck = await site.connectRaw();
    await eventually(() => stuck.head).not.toBe('');
    stuck.socket.pause();
    const stuckId = lastId(site);
    const fill = Buffer.alloc(100_000, 'x');
    await eventually(() => site.gateway.manage({ type: 'send', connectionId: stuckId, data: fill })).toEqual(slow);

    const ids = [...clients.map(({ id }) => id), stuckId];
    for (const [index, text] of texts.entries()) {
      if (index === 4) site.gateway.manage({ type: 'close', connectionId: closed!.id });
      const answers = sendToAll(site, ids, text);
      expect(answers[0]).toEqual(gone);
      expect(answers[1]).toEqual(index < 4 ? done : gone);
      expect(answers.at(-1)).toEqual(slow);
      expect(answers.slice(2, -1).every((answer) => answer.type === 'done')).toBe(true);
    }
    expect(await closed!.client.closed).toEqual({ code: 1000, reason: 'Connection Closed Normally' });
    expect(closed!.client.messages).toEqual(texts.slice(0, 4));
    await eventually(() => others.every(({ client }) => client.messages.length === texts.length)).toBe(true);
    expect(others.every(({ client }) => client.messages.join('\n') === texts.join('\n'))).toBe(true);
  }, 60_000);

  test('reach a client that ends in the turn, before its end', async () => {
    await using site = await openTestGateway();
    using client = await site.connectRaw();
    await eventually(() => client.head).not.toBe('');
    const id = lastId(site);
    for (const text of texts) sendToAll(site, [id], text);
    await site.gateway.close();
    await client.ended;
    expect(client.frames.slice(0, -1).map(({ payload }) => String(payload))).toEqual(texts);
    expect(client.frames.at(-1)?.opcode).toBe(8);
  });
});

test('what waits for the end of the turn counts: a fast client takes more than it may leave waiting', async () => {
  await using site = await openTestGateway();
  using client = await site.connect();
  const id = lastId(site);
  const data = Buffer.alloc(30_000, 'x');
  const answers = Array.from({ length: 30 }, () => site.gateway.manage({ type: 'send', connectionId: id, data }));
  expect(answers.every(({ type }) => type === 'done')).toBe(true);
  await eventually(() => client.messages.length).toBe(30);
});

test('an answer in the turn of a close frame is sent before ours, and nothing after it', async () => {
  await using site = await openTestGateway({ routeKeys: ['$connect'], handlers: { connect: () => ok } });
  using client = await site.connectRaw();
  await eventually(() => client.head).not.toBe('');
  // Nobody takes this message, which is answered at once; the close frame is in the same packet.
  client.socket.write(Buffer.concat([frame(1, 'hello'), frame(9, 'ping'), frame(8)]));
  await client.ended;
  expect(client.frames.map(({ opcode }) => opcode)).toEqual([1, 10, 8]);
});
