import { limits, type Outcome, type WsDisconnectEvent, type WsMessageEvent } from '@furrow/protocol';
import { describe, expect, test } from 'vitest';
import { createMovableClock } from '../../../test/support/movable-clock.ts';
import {
  deferred,
  eventually,
  ok,
  openTestGateway,
  refusal,
  returned,
  wsRoutes,
  type Setup,
  type TestGateway,
} from './open-gateway.ts';

const minute = 60_000;
const goingAway = { code: 1001, reason: 'Going away' };

async function openSite({ options, ...setup }: Setup = {}) {
  const clock = createMovableClock();
  return { clock, site: await openTestGateway({ ...setup, options: { clock, ...options } }) };
}

type Client = Awaited<ReturnType<TestGateway['connect']>>;
const isOpen = ({ socket }: Client) => socket.readyState === socket.OPEN;

/** Sends, and waits until the gateway has it. */
async function send({ socket }: Client, site: TestGateway, text = 'x'): Promise<void> {
  const before = site.calls.length;
  socket.send(text);
  await eventually(() => site.calls.length).toBe(before + 1);
}

describe('a silent connection', () => {
  test('A29, F2, T034 ends after ten minutes, not before', async () => {
    const { clock, site } = await openSite();
    await using _ = site;
    using client = await site.connect();
    clock.advance(10 * minute - 1000);
    await client.pong();
    expect(isOpen(client)).toBe(true);
    clock.advance(2000);
    expect(await client.closed).toEqual(goingAway);
    await eventually(() => site.eventsOf<WsDisconnectEvent>('disconnect')).toMatchObject([
      { requestContext: { disconnectStatusCode: 1001, disconnectReason: 'Going away' } },
    ]);
    expect(client.pings).toEqual([]);
  });

  test.for([
    { why: 'T035 a message', keep: (client: Client, site: TestGateway) => send(client, site) },
    {
      why: 'T036 a message to it',
      async keep(_client: Client, { gateway, calls }: TestGateway) {
        const { connectionId } = calls[0]!.event.requestContext;
        gateway.manage({ type: 'send', connectionId, data: Buffer.from('x') });
      },
    },
  ])('stays with $why every nine minutes', async ({ keep }) => {
    const { clock, site } = await openSite();
    await using _ = site;
    using client = await site.connect();
    for (let passed = 0; passed < 27 * minute; passed += 9 * minute) {
      clock.advance(9 * minute);
      await keep(client, site);
    }
    expect(isOpen(client)).toBe(true);
    clock.advance(10 * minute + 1000);
    expect(await client.closed).toEqual(goingAway);
  });

  test.for([
    { why: 'T036 a two-way answer', ws: wsRoutes(['$default']).map((route) => ({ ...route, hasRouteResponse: true })) },
    { why: 'T036 an error of the gateway', ws: [] },
  ])('stays after $why', async ({ ws }) => {
    const handling = deferred<Outcome>();
    const { clock, site } = await openSite({
      routes: { ws },
      handlers: { default: () => handling.promise },
      options: { timeLimits: { integrationTimeoutMs: 60 * minute } },
    });
    await using _ = site;
    using client = await site.connect();
    client.socket.send('x');
    if (ws.length > 0) {
      await eventually(() => site.calls.length).toBe(1);
      clock.advance(9 * minute);
      handling.resolve(returned({ statusCode: 200, body: 'late' }));
    }
    await client.next();
    clock.advance(9 * minute);
    await client.pong();
    expect(isOpen(client)).toBe(true);
  });

  test.for([
    { why: 'F3, T130 pings do not count', pingsKeepOpen: false },
    { why: 'F3 unless the gateway was told so', pingsKeepOpen: true },
  ])('$why', async ({ pingsKeepOpen }) => {
    const { clock, site } = await openSite({ options: { pingsKeepOpen } });
    await using _ = site;
    using client = await site.connect();
    clock.advance(9 * minute);
    await client.pong();
    clock.advance(2 * minute);
    await (pingsKeepOpen ? client.pong() : client.closed);
    expect(isOpen(client)).toBe(pingsKeepOpen);
  });
});

test('A30, T037 a connection ends after two hours, whatever its traffic', async () => {
  const { clock, site } = await openSite();
  await using _ = site;
  using client = await site.connect();
  for (let passed = 0; passed < 119; passed += 7) {
    clock.advance(7 * minute);
    await send(client, site);
  }
  expect(isOpen(client)).toBe(true);
  clock.advance(minute + 1000);
  expect(await client.closed).toEqual(goingAway);
});

test.for([
  { why: 'an idle time', timeLimits: { idleTimeoutMs: 5000 } },
  { why: 'a lifetime', timeLimits: { connectionLifetimeMs: 5000 } },
])('$why may be shorter', async ({ timeLimits }) => {
  const { clock, site } = await openSite({ options: { timeLimits } });
  await using _ = site;
  using client = await site.connect();
  clock.advance(4400);
  await client.pong();
  clock.advance(1100);
  expect(await client.closed).toEqual(goingAway);
});

test('D11 lastActiveAt goes with the clock', async () => {
  const { clock, site } = await openSite();
  await using _ = site;
  using client = await site.connect();
  const { connectionId } = site.calls[0]!.event.requestContext;
  const lastActiveAt = () => {
    const answer = site.gateway.manage({ type: 'info', connectionId });
    return answer.type === 'info' ? Date.parse(answer.info.lastActiveAt) : 0;
  };
  const before = lastActiveAt();
  clock.advance(minute);
  await client.pong();
  expect(lastActiveAt()).toBe(before);
  await send(client, site);
  expect(lastActiveAt()).toBeGreaterThanOrEqual(before + minute);
});

describe.for([
  { limitMs: limits.integrationTimeoutMs, timeLimits: {}, said: '29 seconds' },
  { limitMs: 300, timeLimits: { integrationTimeoutMs: 300 }, said: '0.3 seconds' },
])('a function without an answer for $limitMs ms', ({ limitMs, timeLimits, said }) => {
  test('C11, T085 gives the client a frame, runs on and may send', async () => {
    const handling = deferred<Outcome>();
    const { clock, site } = await openSite({ handlers: { default: () => handling.promise }, options: { timeLimits } });
    await using _ = site;
    using client = await site.connect();
    await send(client, site);
    const [{ requestContext } = { requestContext: undefined }] = site.eventsOf<WsMessageEvent>('default');
    const { connectionId = '', requestId } = requestContext ?? {};
    clock.advance(limitMs - 100);
    await client.pong();
    expect(client.messages).toEqual([]);
    clock.advance(100);
    expect(await client.next()).toBe(
      `{"message": "Endpoint request timed out", "connectionId":"${connectionId}", "requestId":"${requestId}"}`,
    );
    expect(site.events.at(-1)).toMatchObject({
      failure: { errorType: 'Gateway.Timedout', errorMessage: `No result within ${said}; the function runs on.` },
    });
    site.gateway.manage({ type: 'send', connectionId, data: Buffer.from('late') });
    handling.resolve(returned('not even a result'));
    expect(await client.next()).toBe('late');
    await client.pong();
    expect(client.messages).toEqual([]);
  });

  test('A11, T019 gives a handshake 504, and what comes later does not count', async () => {
    const connecting = deferred<Outcome>();
    const { clock, site } = await openSite({
      handlers: { connect: () => connecting.promise },
      options: { timeLimits },
    });
    await using _ = site;
    const refused = refusal(site.wsUrl);
    await eventually(() => site.calls.length).toBe(1);
    clock.advance(limitMs);
    expect(await refused).toMatchObject({ statusCode: 504, body: '{"message": "Endpoint request timed out"}' });
    connecting.resolve(ok);
    await site.gateway.close();
    expect(site.calls.map(({ functionName }) => functionName)).toEqual(['connect']);
  });
});
