import type { WsDisconnectEvent } from '@furrow/protocol';
import { describe, expect, test } from 'vitest';
import { eventually, deferred, ok, openTestGateway, returned, type TestGateway } from './open-gateway.ts';

const goingAway = { code: 1001, reason: 'Going away' };

const disconnects = (site: TestGateway) =>
  site.eventsOf<WsDisconnectEvent>('disconnect').map(({ requestContext }) => requestContext.disconnectStatusCode);

/** A promise that can be asked whether it is still one. */
function settling(work: Promise<void>) {
  const state = { isSettled: false, settled: work.finally(() => (state.isSettled = true)) };
  return state;
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

describe('a gateway that closes', () => {
  test('ends every connection with 1001, once', async () => {
    const gone: string[] = [];
    await using site = await openTestGateway({ options: { onGone: (connectionId) => gone.push(connectionId) } });
    const clients = await Promise.all(Array.from({ length: 20 }, () => site.connect()));
    const [first, second] = [site.gateway.close(), site.gateway.close()];
    expect(site.gateway.connectionCount).toBe(0);
    for (const client of clients) expect(await client.closed).toEqual(goingAway);
    await Promise.all([first, second, site.gateway[Symbol.asyncDispose]()]);
    expect(disconnects(site)).toEqual(clients.map(() => 1001));
    const ids = site.eventsOf('connect').map(({ requestContext }) => requestContext.connectionId);
    expect(gone.toSorted()).toEqual(ids.toSorted());
  });

  test('waits for the disconnect function, then frees its port', async () => {
    const disconnecting = deferred();
    await using site = await openTestGateway({ handlers: { disconnect: () => disconnecting.promise.then(() => ok) } });
    using client = await site.connect();
    const closing = settling(site.gateway.close());
    await client.closed;
    await eventually(() => disconnects(site)).toEqual([1001]);
    expect(closing.isSettled).toBe(false);
    disconnecting.resolve();
    await closing.settled;
    await using next = await openTestGateway({ options: { port: site.port } });
    expect(next.port).toBe(site.port);
  });

  test('waits for messages that are being handled', async () => {
    const handling = deferred();
    await using site = await openTestGateway({ handlers: { default: () => handling.promise.then(() => ok) } });
    using client = await site.connect();
    client.socket.send('x');
    await eventually(() => site.eventsOf('default').length).toBe(1);
    const closing = site.gateway.close();
    await client.closed;
    expect(site.events.some(({ type }) => type === 'message')).toBe(false);
    handling.resolve();
    await closing;
    expect(site.events.some(({ type }) => type === 'message')).toBe(true);
  });

  test('waits for HTTP requests that are being answered', async () => {
    const handling = deferred();
    const routes = {
      ws: undefined,
      http: [{ method: 'get', path: '/', functionName: 'page' }],
      staticFolder: undefined,
    };
    await using site = await openTestGateway({
      handlers: { page: () => handling.promise.then(() => returned('page')) },
      options: { routes },
    });
    const answer = site.http({ path: '/' });
    await eventually(() => site.calls.length).toBe(1);
    const closing = site.gateway.close();
    handling.resolve();
    expect(await answer).toMatchObject({ statusCode: 200, body: 'page' });
    await closing;
  });

  test('waits no longer than it may', async () => {
    await using site = await openTestGateway({
      handlers: {
        connect: ({ headers }) => (headers['X-Wait'] === undefined ? ok : new Promise(() => {})),
        default: () => new Promise(() => {}),
        disconnect: () => new Promise(() => {}),
      },
    });
    using client = await site.connect();
    using pending = await site.connectRaw({ headers: { 'X-Wait': '1' } });
    client.socket.send('x');
    await eventually(() => site.calls.length).toBe(3);
    expect(await milliseconds(() => site.gateway.close(300))).toBeLessThan(2000);
    await pending.ended;
    expect(pending.head).toBe('');
  });

  test.for([
    { why: 'at once', graceMs: 0, atLeastMs: 0, atMostMs: 1000 },
    { why: 'in half of its time', graceMs: 1000, atLeastMs: 490, atMostMs: 980 },
    { why: 'in a second', graceMs: 5000, atLeastMs: 990, atMostMs: 3000 },
  ])('cuts off a client that does not answer, $why', async ({ graceMs, atLeastMs, atMostMs }) => {
    await using site = await openTestGateway();
    using client = await site.connectRaw();
    await eventually(() => client.head).not.toBe('');
    const tookMs = await milliseconds(() => site.gateway.close(graceMs));
    expect(tookMs).toBeGreaterThanOrEqual(atLeastMs);
    expect(tookMs).toBeLessThan(atMostMs);
    await client.ended;
    expect(client.frames).toMatchObject([{ opcode: 8 }]);
    await eventually(() => disconnects(site)).toEqual([1001]);
  });

  test('cuts off one that had not answered before, too', async () => {
    await using site = await openTestGateway();
    using client = await site.connectRaw();
    await eventually(() => client.head).not.toBe('');
    const connectionId = site.calls[0]?.event.requestContext.connectionId ?? '';
    site.gateway.manage({ type: 'close', connectionId });
    expect(await milliseconds(() => site.gateway.close(1000))).toBeLessThan(980);
    expect(disconnects(site)).toEqual([1000]);
  });

  test('ends a connection that opens meanwhile, and waits for its end', async () => {
    const connecting = deferred();
    const disconnecting = deferred();
    await using site = await openTestGateway({
      handlers: {
        connect: () => connecting.promise.then(() => ok),
        disconnect: () => disconnecting.promise.then(() => ok),
      },
    });
    const opening = site.connect();
    await eventually(() => site.calls.length).toBe(1);
    const closing = settling(site.gateway.close());
    connecting.resolve();
    using client = await opening;
    expect(await client.closed).toEqual(goingAway);
    await eventually(() => disconnects(site)).toEqual([1001]);
    expect(closing.isSettled).toBe(false);
    disconnecting.resolve();
    await closing.settled;
  });

  test('takes nobody new', async () => {
    const connecting = deferred();
    await using site = await openTestGateway({ handlers: { connect: () => connecting.promise.then(() => ok) } });
    const opening = site.connect();
    await eventually(() => site.calls.length).toBe(1);
    const closing = site.gateway.close();
    await expect(site.connect()).rejects.toThrow('503');
    expect(await site.http({ path: '/' })).toMatchObject({ statusCode: 503, body: '' });
    connecting.resolve();
    using client = await opening;
    expect(await client.closed).toEqual(goingAway);
    await closing;
  });
});
