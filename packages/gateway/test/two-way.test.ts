import type { Outcome, WsMessageEvent } from '@furrow/protocol';
import { describe, expect, test } from 'vitest';
import { openTestGateway, returned, wsRoutes, type Handlers, type Setup } from './open-gateway.ts';

/** All routes of the app are two-way, but `oneway`. */
const routes = {
  ws: wsRoutes(['$connect', '$default', '$disconnect', 'oneway']).map((route) =>
    route.routeKey === 'oneway' ? route : { ...route, hasRouteResponse: true },
  ),
};
const openSite = (handlers: Handlers, setup: Setup = {}) => openTestGateway({ routes, handlers, ...setup });

async function ask(outcome: Outcome): Promise<string> {
  await using site = await openSite({ default: () => outcome });
  using client = await site.connect();
  client.socket.send('x');
  return await client.next();
}

describe('a two-way route', () => {
  test.for([
    { why: 'C15, T088 its body', result: { statusCode: 200, body: 'hello' }, text: 'hello' },
    { why: 'C15 its body as it is', result: { statusCode: 200, body: ' {"a" : 1}\n' }, text: ' {"a" : 1}\n' },
    { why: 'C17, T090 an empty message', result: { statusCode: 200 }, text: '' },
    { why: 'C18, T091 the body of an error', result: { statusCode: 500, body: 'e' }, text: 'e' },
    {
      why: 'C19 a body in base64, as text',
      result: { statusCode: 200, body: 'xb5sdcWlb3XEjWvDvQ==', isBase64Encoded: true },
      text: 'žluťoučký',
    },
    {
      why: 'C19 bytes that are no text',
      result: { statusCode: 200, body: 'Yf/+Yg==', isBase64Encoded: true },
      text: 'a\ufffd\ufffdb',
    },
    { why: 'E10 128 KB', result: { statusCode: 200, body: 'x'.repeat(131_072) }, text: 'x'.repeat(131_072) },
  ])('sends $why', async ({ result, text }) => {
    expect(await ask(returned(result))).toBe(text);
  });

  test.for<{ why: string; outcome: Outcome }>([
    { why: 'H6 of one byte more', outcome: returned({ statusCode: 200, body: 'x'.repeat(131_073) }) },
    { why: 'C10 of a result that is none', outcome: returned('hello') },
    { why: 'C10 of a failure', outcome: { type: 'failed', failure: { errorType: 'E', errorMessage: 'm', trace: [] } } },
  ])('sends the error frame $why', async ({ outcome }) => {
    expect(await ask(outcome)).toMatch(/^\{"message": "Internal server error", /);
  });

  test('C22, T094, T112 sends text, in frames that are short enough', async () => {
    await using site = await openSite({ default: () => returned({ statusCode: 200, body: 'x'.repeat(70_000) }) });
    using client = await site.connect('/testing', [], { perMessageDeflate: false });
    client.socket.send('x');
    expect(await client.next()).toBe('x'.repeat(70_000));
  });

  test('C24 answers as soon as it can, after what its function sent', async () => {
    const waiting: (() => void)[] = [];
    await using site = await openSite({
      default: async ({ body, requestContext: { connectionId } }: WsMessageEvent, gateway) => {
        if (body === 'slow') await new Promise<void>((resolve) => waiting.push(resolve));
        gateway.manage({ type: 'send', connectionId, data: Buffer.from(`sent ${body}`) });
        return returned({ statusCode: 200, body: `answer ${body}` });
      },
    });
    using client = await site.connect();
    client.socket.send('slow');
    client.socket.send('fast');
    expect([await client.next(), await client.next()]).toEqual(['sent fast', 'answer fast']);
    for (const go of waiting) go();
    expect([await client.next(), await client.next()]).toEqual(['sent slow', 'answer slow']);
    expect(site.events.at(-1)).toMatchObject({ type: 'message', answer: 'answer slow', errorFrame: undefined });
  });

  test('C20, T092 sends nothing at its beginning and its end', async () => {
    const hello = returned({ statusCode: 200, body: 'hello' });
    await using site = await openSite({ connect: () => hello, disconnect: () => hello, default: () => hello });
    using client = await site.connect();
    await client.pong();
    expect(client.messages).toEqual([]);
    client.socket.close(1000);
    expect(await client.closed).toMatchObject({ code: 1000 });
    expect(client.messages).toEqual([]);
  });
});

test('C14, T087, T089 another route sends nothing', async () => {
  await using site = await openSite({ oneway: () => returned({ statusCode: 200, body: 'hello' }) });
  using client = await site.connect();
  client.socket.send('{"action":"oneway"}');
  await expect.poll(() => site.events.some(({ type }) => type === 'message')).toBe(true);
  await client.pong();
  expect(client.messages).toEqual([]);
});
