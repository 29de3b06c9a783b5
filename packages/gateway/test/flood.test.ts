import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Invoke, WsDisconnectEvent, WsMessageEvent } from '@furrow/protocol';
import { describe, expect, test } from 'vitest';
import { intakeLimits } from '../src/server/intake.ts';
import { deferred, eventually, frame, handshakeText, ok, openTestGateway } from './open-gateway.ts';
import { tlsIdentity } from './tls-identity.ts';

const megabyte = 1024 * 1024;

/** Writes the same bytes again and again, as fast as they are taken; stops at `maxBytes`, or when it is told to. */
function flood(socket: NodeJS.WritableStream & { readonly writableLength: number }, bytes: Buffer, maxBytes: number) {
  const state = { takenBytes: 0, isStopped: false };
  const write = () => {
    while (!state.isStopped && state.takenBytes < maxBytes) {
      state.takenBytes += bytes.length;
      if (!socket.write(bytes)) return void socket.once('drain', write);
    }
    return undefined;
  };
  write();
  return state;
}

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** What is still used by somebody; how much the system keeps for the process beside that is up to it. */
function liveBytes(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Resolves when a number has been the same for some time. */
async function settled(count: () => number): Promise<number> {
  let last = -1;
  let sinceMs = performance.now();
  await expect
    .poll(
      () => {
        if (count() !== last) {
          last = count();
          sinceMs = performance.now();
        }
        return performance.now() - sinceMs;
      },
      { interval: 20, timeout: 15_000 },
    )
    .toBeGreaterThan(300);
  return last;
}

describe('a client that sends faster than handlers take', () => {
  test('is read no faster: 200 MB leave the memory flat', async () => {
    const message = frame(1, Buffer.alloc(30_000, 'x'));
    const count = Math.ceil((200 * megabyte) / message.length);
    let handled = 0;
    let running = 0;
    let mostRunning = 0;
    let mostBytes = 0;
    const before = liveBytes();
    const invoke: Invoke = async ({ functionName }) => {
      if (functionName !== 'default') return ok;
      running += 1;
      mostRunning = Math.max(mostRunning, running);
      // Slower than the client, at any speed of the machine: one turn of the loop for each.
      for (let turn = 0; turn < 3; turn += 1) await setImmediate();
      running -= 1;
      handled += 1;
      if (handled % 100 === 0) mostBytes = Math.max(mostBytes, liveBytes() - before);
      return ok;
    };
    await using site = await openTestGateway({ options: { invoke, onEvent: () => {} } });
    using client = await site.connectRaw();
    await eventually(() => client.head).not.toBe('');
    flood(client.socket, message, count * message.length);
    await expect.poll(() => handled, { timeout: 60_000 }).toBe(count);
    expect(mostRunning).toBeLessThanOrEqual(Math.ceil(intakeLimits.maxBytes / 30_000));
    expect(mostBytes).toBeLessThan(32 * megabyte);
  }, 90_000);

  test('is not read at all while they take nothing, and goes on when they do', async () => {
    const opened = deferred();
    await using site = await openTestGateway({ handlers: { default: () => opened.promise.then(() => ok) } });
    using client = await site.connectRaw();
    await eventually(() => client.head).not.toBe('');
    const sent = flood(client.socket, frame(1, Buffer.alloc(30_000, 'x')), 100 * megabyte);
    const begun = () => site.calls.length - 1;
    expect(await settled(begun)).toBe(Math.ceil(intakeLimits.maxBytes / 30_000));
    // What the system keeps for us and for the client comes on top.
    expect(sent.takenBytes).toBeLessThan(40 * megabyte);
    sent.isStopped = true;
    client.socket.write(frame(9, 'still here'));
    opened.resolve();
    await eventually(() => client.frames.map(({ payload }) => String(payload))).toEqual(['still here']);
    expect(begun() * frame(1, Buffer.alloc(30_000)).length).toBe(sent.takenBytes);
  });

  test('T126 has a thousand messages on the way at once, begun in their order, and none of the others is lost', async () => {
    const opened = deferred();
    await using site = await openTestGateway({ handlers: { default: () => opened.promise.then(() => ok) } });
    using client = await site.connect('/testing', [], { perMessageDeflate: false });
    const texts = Array.from({ length: 5000 }, (_, index) => String(index));
    for (const text of texts) client.socket.send(text);
    const begun = () => site.eventsOf<WsMessageEvent>('default').map(({ body }) => body);
    expect(await settled(() => begun().length)).toBe(intakeLimits.maxMessages);
    client.socket.close(4001, 'bye');
    opened.resolve();
    expect(await client.closed).toEqual({ code: 4001, reason: 'bye' });
    await eventually(() => site.eventsOf('disconnect').length).toBe(1);
    expect(begun()).toEqual(texts);
    expect(site.eventsOf<WsDisconnectEvent>('disconnect')[0]?.requestContext.disconnectStatusCode).toBe(4001);
  });

  test('does not keep others waiting', async () => {
    const opened = deferred();
    await using site = await openTestGateway({
      handlers: { default: () => opened.promise.then(() => ok), join: () => ok },
    });
    using bad = await site.connectRaw();
    await eventually(() => bad.head).not.toBe('');
    flood(bad.socket, frame(1, Buffer.alloc(30_000, 'x')), 20 * megabyte);
    await settled(() => site.calls.length);
    using good = await site.connect();
    good.socket.send('{"action":"join"}');
    await eventually(() => site.eventsOf('join').length).toBe(1);
    expect(await good.pong()).toBe('sync');
    opened.resolve();
  });

  test('has what outlives its time on the way until it has ended', async () => {
    const opened = deferred();
    await using site = await openTestGateway({
      handlers: { default: () => opened.promise.then(() => ok) },
      options: { timeLimits: { integrationTimeoutMs: 50 } },
    });
    using client = await site.connect('/testing', [], { perMessageDeflate: false });
    for (let index = 0; index < intakeLimits.maxMessages + 50; index += 1) client.socket.send('x');
    await eventually(() => client.messages.length).toBe(intakeLimits.maxMessages);
    expect(await settled(() => site.eventsOf('default').length)).toBe(intakeLimits.maxMessages);
    opened.resolve();
    await eventually(() => site.eventsOf('default').length).toBe(intakeLimits.maxMessages + 50);
  });

  test('is closed by the gateway all the same, and heard when it ends', async () => {
    const opened = deferred();
    await using site = await openTestGateway({ handlers: { default: () => opened.promise.then(() => ok) } });
    using client = await site.connect('/testing', [], { perMessageDeflate: false });
    for (let index = 0; index < 3000; index += 1) client.socket.send('x');
    await settled(() => site.eventsOf('default').length);
    const connectionId = site.calls[0]?.event.requestContext.connectionId ?? '';
    site.gateway.manage({ type: 'close', connectionId });
    expect(await client.closed).toMatchObject({ code: 1000 });
    await eventually(() => site.eventsOf('disconnect').length).toBe(1);
    opened.resolve();
  });

  test('may vanish meanwhile', async () => {
    const opened = deferred();
    await using site = await openTestGateway({ handlers: { default: () => opened.promise.then(() => ok) } });
    using client = await site.connect('/testing', [], { perMessageDeflate: { threshold: 0 } });
    for (let index = 0; index < 3000; index += 1) client.socket.send(`${index} ${'x'.repeat(100)}`);
    await settled(() => site.eventsOf('default').length);
    client.socket.terminate();
    opened.resolve();
    await eventually(() => site.eventsOf('disconnect').length).toBe(1);
    expect(site.events.filter(({ type }) => type === 'violation')).toEqual([]);
    expect(site.eventsOf<WsDisconnectEvent>('disconnect')[0]?.requestContext.disconnectStatusCode).toBe(1006);
  });
});

test('T128 pings that come at once are all answered', async () => {
  await using site = await openTestGateway();
  using client = await site.connectRaw();
  await eventually(() => client.head).not.toBe('');
  const names = Array.from({ length: 500 }, (_, index) => `ping ${index}`);
  client.socket.write(Buffer.concat(names.map((name) => frame(9, name))));
  await eventually(() => client.frames.map(({ payload }) => String(payload))).toEqual(names);
});

describe('a client that does not read', () => {
  const clients = {
    plain: {},
    compressed: { 'Sec-WebSocket-Extensions': 'permessage-deflate' },
    tls: {},
  };
  test.for(['plain', 'compressed', 'tls'] as const)('D19, T113 is sent no more in the end: %s', async (kind) => {
    await using site = await openTestGateway({ options: { tls: tlsIdentity } });
    const socket =
      kind === 'tls'
        ? connectTls({ port: site.port, host: '127.0.0.1', ca: tlsIdentity.cert })
        : (await site.connectRaw({ headers: clients[kind] })).socket;
    if (kind === 'tls') {
      await once(socket, 'secureConnect');
      socket.write(handshakeText(site.port, {}));
    }
    await eventually(() => site.gateway.connectionCount).toBe(1);
    socket.pause();
    const connectionId = site.calls[0]?.event.requestContext.connectionId ?? '';
    // Hardly shorter when it is compressed.
    const data = Buffer.from(
      Array.from({ length: 100_000 }, (_, index) => 33 + (((index * 7919) ^ (index >> 3)) % 90)),
    );
    let count = 0;
    const send = () => {
      count += 1;
      return site.gateway.manage({ type: 'send', connectionId, data });
    };
    const before = process.memoryUsage().rss;
    while (send().type === 'done') await setImmediate();
    expect(send()).toEqual({ type: 'refused', refusal: 'slow' });
    expect(count * data.length).toBeLessThan(60 * megabyte);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * megabyte);
    // It may read on.
    socket.resume();
    await eventually(() => send().type).toBe('done');
    socket.destroy();
  });

  test('and pings is not answered beyond what it takes, and is in the end', async () => {
    await using site = await openTestGateway();
    const socket = connectTcp({ port: site.port, host: '127.0.0.1' });
    socket.write(handshakeText(site.port, {}));
    await once(socket, 'data');
    socket.pause();
    const ping = frame(9, Buffer.alloc(125, 'x'));
    const sent = flood(socket, Buffer.concat(Array.from({ length: 500 }, () => ping)), 300 * megabyte);
    await settled(() => sent.takenBytes);
    expect(sent.takenBytes).toBeLessThan(60 * megabyte);
    sent.isStopped = true;
    const pongBytes = (sent.takenBytes / ping.length) * (ping.length - 4);
    let receivedBytes = 0;
    socket.on('data', (chunk: Buffer) => (receivedBytes += chunk.length)).resume();
    await expect.poll(() => receivedBytes, { timeout: 15_000 }).toBe(pongBytes);
    socket.destroy();
  });
});
