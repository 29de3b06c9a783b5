import { once } from 'node:events';
import { constants, createDeflateRaw, deflateRawSync, inflateRawSync } from 'node:zlib';
import type { WsDisconnectEvent, WsMessageEvent } from '@furrow/protocol';
import { describe, expect, test } from 'vitest';
import { closePayload, echo, eventually, frame, openTestGateway, type TestGateway } from './open-gateway.ts';

const offered = { 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' };
const flushed = { finishFlush: constants.Z_SYNC_FLUSH };
const tail = Buffer.from([0x00, 0x00, 0xff, 0xff]);

/** A message as a client compresses it. */
const deflated = (message: Buffer | string) => deflateRawSync(message, flushed).subarray(0, -tail.length);
const inflated = (payload: Buffer) => String(inflateRawSync(Buffer.concat([payload, tail]), flushed));
/** Its first frame, or all of it. */
const compressed = (message: Buffer | string, parts = {}) => frame(1, deflated(message), { reserved: 4, ...parts });

const letters = (length: number) => 'a'.repeat(length);
/** Text that compresses by a quarter at best; the same each time. */
function noise(length: number): string {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  let state = 1;
  let text = '';
  while (text.length < length) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    text += digits[(state >> 16) & 63];
  }
  return text;
}

/** A client whose frames are made by hand, open, with compression. */
async function openRaw(site: TestGateway, headers: Readonly<Record<string, string>> = offered) {
  const client = await site.connectRaw({ headers });
  await eventually(() => client.head).not.toBe('');
  return client;
}

describe('a client is told', () => {
  test.for([
    { why: 'T131 that messages may be compressed', offer: 'permessage-deflate', said: 'permessage-deflate' },
    {
      why: 'F5 nothing of what it did not offer',
      offer: offered['Sec-WebSocket-Extensions'],
      said: 'permessage-deflate',
    },
    {
      why: 'F5 API Gateway’s window where it asked for one',
      offer: 'permessage-deflate; server_max_window_bits=15',
      said: 'permessage-deflate; server_max_window_bits=12',
    },
    { why: 'T132 nothing where it offered nothing', offer: undefined, said: undefined },
    { why: 'nothing where its offer makes no sense', offer: 'permessage-deflate; x', said: undefined },
    { why: 'nothing of other extensions', offer: 'x-webkit-deflate-frame', said: undefined },
  ])('$why', async ({ offer, said }) => {
    await using site = await openTestGateway();
    using client = await openRaw(site, offer === undefined ? {} : { 'Sec-WebSocket-Extensions': offer });
    expect(client.head).toMatch(/^HTTP\/1\.1 101 /);
    expect(/sec-websocket-extensions: (.*)/i.exec(client.head)?.[1]?.trim()).toBe(said);
  });
});

/** The frames in which these texts reach a client. */
async function sent(texts: readonly string[], headers?: Readonly<Record<string, string>>) {
  await using site = await openTestGateway();
  using client = await openRaw(site, headers);
  const connectionId = site.calls[0]?.event.requestContext.connectionId ?? '';
  for (const text of texts) site.gateway.manage({ type: 'send', connectionId, data: Buffer.from(text) });
  site.gateway.manage({ type: 'close', connectionId });
  await eventually(() => client.frames.at(-1)?.opcode).toBe(8);
  return client.frames.slice(0, -1);
}

describe('what is sent', () => {
  test('is compressed when it is long', async () => {
    const long = JSON.stringify(Array.from({ length: 50 }, (_, id) => ({ id, text: 'hello' })));
    const [first, second, third] = await sent([letters(1023), long, long]);
    expect(first).toMatchObject({ first: 0x81, payload: Buffer.from(letters(1023)) });
    // Nothing is asked of what the client remembers.
    for (const one of [second, third]) {
      expect(one?.first).toBe(0xc1);
      expect(one?.payload.length).toBeLessThan(long.length / 3);
      expect(inflated(one!.payload)).toBe(long);
    }
  });

  test('is not when the client did not offer it', async () => {
    expect(await sent([letters(50_000)], {})).toMatchObject([{ first: 0x01 }, { first: 0x80 }]);
  });

  test('is not when that would not make it shorter', async () => {
    const emoji = String.fromCodePoint(
      ...Array.from({ length: 1100 }, (_, index) => 0x4e00 + ((index * 7919) % 20_000)),
    );
    const [only] = await sent([emoji]);
    expect(String(only?.first === 0xc1 ? inflated(only.payload) : only?.payload)).toBe(emoji);
    expect(only?.payload.length).toBeLessThanOrEqual(Buffer.byteLength(emoji));
  });

  test('D18 is cut into frames of 32 KB after that, and only the first says so', async () => {
    const text = noise(131_072);
    const frames = await sent([text]);
    expect(frames.map(({ first }) => first)).toEqual([0x41, 0x00, 0x00, 0x80].slice(0, frames.length - 1).concat(0x80));
    expect(frames.length).toBeGreaterThan(2);
    expect(frames.every(({ payload }) => payload.length <= 32_768)).toBe(true);
    expect(inflated(Buffer.concat(frames.map(({ payload }) => payload)))).toBe(text);
  });

  test('keeps its order, pongs and the end included', async () => {
    await using site = await openTestGateway({
      handlers: {
        default: (event: WsMessageEvent, gateway, invocation) => {
          const { connectionId } = event.requestContext;
          if (event.body !== 'close') return echo(event, gateway, invocation);
          gateway.manage({ type: 'close', connectionId });
          return { type: 'returned', value: { statusCode: 200 } };
        },
      },
    });
    using client = await openRaw(site);
    const texts = Array.from({ length: 60 }, (_, index) => `${index} ${letters((index % 3) * 20_000)}`);
    for (const text of texts) client.socket.write(Buffer.concat([compressed(text), frame(9, text.slice(0, 2))]));
    client.socket.write(frame(1, 'close'));
    const heard = () =>
      client.frames.reduce<string[]>((all, { first, opcode, payload }) => {
        if (opcode === 8) return [...all, 'close'];
        if (opcode === 10) return [...all, `pong ${String(payload)}`];
        return (first & 0x40) === 0 && opcode === 1 ? [...all, String(payload)] : [...all, inflated(payload)];
      }, []);
    await eventually(() => heard().at(-1)).toBe('close');
    expect(heard().filter((one) => !one.startsWith('pong'))).toEqual([...texts, 'close']);
    expect(heard().filter((one) => one.startsWith('pong'))).toEqual(texts.map((text) => `pong ${text.slice(0, 2)}`));
  });
});

describe('what is heard', () => {
  test('of a client that remembers what it sent', async () => {
    await using site = await openTestGateway();
    using client = await openRaw(site);
    const memory = createDeflateRaw();
    const texts = ['a', noise(3000), noise(3000), '', noise(30_000), noise(30_000), noise(3000), 'ž'];
    const payloads: Buffer[] = [];
    for (const text of texts) {
      const pieces: Buffer[] = [];
      const collect = (piece: Buffer) => pieces.push(piece);
      memory.on('data', collect);
      memory.write(text);
      await new Promise<void>((resolve) => memory.flush(constants.Z_SYNC_FLUSH, () => resolve()));
      memory.off('data', collect);
      payloads.push(Buffer.concat(pieces).subarray(0, -tail.length));
    }
    expect(payloads[2]!.length).toBeLessThan(100);
    for (const payload of payloads) client.socket.write(frame(1, payload, { reserved: 4 }));
    await eventually(() => site.eventsOf<WsMessageEvent>('default').map(({ body }) => body)).toEqual(texts);
  });

  test('of compressed and plain messages, whole and in parts, in their order', async () => {
    await using site = await openTestGateway();
    using client = await openRaw(site);
    const long = deflated(letters(1000));
    const half = Math.floor(long.length / 2);
    const bytes = Buffer.concat([
      compressed('one'),
      frame(1, 'two'),
      frame(1, long.subarray(0, half), { reserved: 4, isLast: false }),
      frame(9, 'x'),
      frame(0, long.subarray(half)),
      frame(1, 'fo', { isLast: false }),
      frame(0, 'ur'),
      compressed(''),
      frame(1),
      compressed('é'),
    ]);
    for (const byte of bytes.subarray(0, 40)) client.socket.write(Buffer.of(byte));
    client.socket.write(bytes.subarray(40));
    const heard = () => site.eventsOf<WsMessageEvent>('default').map(({ body }) => body);
    await eventually(heard).toEqual(['one', 'two', letters(1000), 'four', '', '', 'é']);
  });

  test('E26 up to 32 KB in a frame, and 128 KB when it is inflated', async () => {
    await using site = await openTestGateway();
    using client = await openRaw(site);
    const wide = Buffer.from(noise(43_000));
    const sizes = Array.from({ length: 43_000 }, (_, index) => index).filter((size) => size % 500 === 0);
    const size = sizes.findLast((one) => deflated(wide.subarray(0, one)).length <= 32_768)!;
    expect(size).toBeGreaterThan(32_768);
    client.socket.write(Buffer.concat([compressed(wide.subarray(0, size)), compressed(letters(131_072))]));
    await eventually(() => site.eventsOf<WsMessageEvent>('default').map(({ body }) => body.length)).toEqual([
      size,
      131_072,
    ]);
    expect(client.frames).toEqual([]);
  });
});

describe('a client that breaks the protocol is closed, and no other', () => {
  const bomb = deflated(Buffer.alloc(25_000_000));
  test.for<{ why: string; bytes: Buffer; code: number }>([
    { why: 'E26 131,073 bytes when it is inflated', bytes: compressed(letters(131_073)), code: 1009 },
    { why: 'E26 a frame of 32,769 bytes', bytes: frame(1, Buffer.alloc(32_769), { reserved: 4 }), code: 1009 },
    { why: '25 MB in 24 KB', bytes: frame(1, bomb, { reserved: 4 }), code: 1009 },
    {
      why: 'the same in parts',
      bytes: Buffer.concat([
        frame(1, bomb.subarray(0, 10_000), { reserved: 4, isLast: false }),
        frame(0, bomb.subarray(10_000)),
      ]),
      code: 1009,
    },
    { why: 'what is not compressed', bytes: frame(1, Buffer.alloc(50, 0xff), { reserved: 4 }), code: 1007 },
    { why: 'text that is not UTF-8', bytes: compressed(Buffer.from([0x68, 0xff])), code: 1007 },
    { why: 'plain text that is not UTF-8', bytes: frame(1, Buffer.from([0x68, 0xff])), code: 1007 },
    { why: 'C21 a compressed binary message', bytes: frame(2, deflated('x'), { reserved: 4 }), code: 1003 },
    { why: 'C21 a binary message', bytes: frame(2, 'x'), code: 1003 },
    {
      why: 'a part that says it is compressed',
      bytes: Buffer.concat([compressed('x', { isLast: false }), frame(0, 'x', { reserved: 4 })]),
      code: 1002,
    },
    { why: 'a ping that says so', bytes: frame(9, 'x', { reserved: 4 }), code: 1002 },
    { why: 'a close that says so', bytes: frame(8, closePayload(1000), { reserved: 4 }), code: 1002 },
    ...[1, 2, 3, 5, 6, 7].map((reserved) => ({
      why: `reserved bits ${reserved}`,
      bytes: frame(1, deflated('x'), { reserved }),
      code: 1002,
    })),
    {
      why: 'a message inside of a message',
      bytes: Buffer.concat([compressed('x', { isLast: false }), compressed('x')]),
      code: 1002,
    },
  ])('$why → $code', async ({ bytes, code }) => {
    await using site = await openTestGateway({ handlers: { default: echo } });
    using good = await site.connect();
    using bad = await openRaw(site);
    bad.socket.write(Buffer.concat([compressed('before'), bytes, compressed('after')]));
    await eventually(() => bad.frames.map(({ opcode }) => opcode)).toContain(8);
    const last = bad.frames.findLast(({ opcode }) => opcode === 8);
    expect(last?.payload.readUInt16BE(0)).toBe(code);
    bad.socket.end(frame(8, closePayload(code)));
    await bad.ended;
    good.socket.send('still here');
    expect(await good.next()).toBe('still here');
    await eventually(() => site.eventsOf('disconnect').length).toBe(1);
    expect(site.eventsOf<WsDisconnectEvent>('disconnect')[0]?.requestContext.disconnectStatusCode).toBe(code);
    expect(site.eventsOf<WsMessageEvent>('default').map(({ body }) => body)).toEqual(['before', 'still here']);
    expect(site.events.filter(({ type }) => type === 'violation')).toMatchObject([{ code }]);
  });

  test('many bombs at once fill no memory', async () => {
    await using site = await openTestGateway({ handlers: { default: echo } });
    using good = await site.connect();
    const before = process.memoryUsage().rss;
    const bytes = Buffer.concat(Array.from({ length: 40 }, () => frame(1, bomb, { reserved: 4 })));
    const clients = await Promise.all(Array.from({ length: 50 }, () => openRaw(site)));
    for (const client of clients) client.socket.write(bytes);
    await eventually(() => clients.every((client) => client.frames.some(({ opcode }) => opcode === 8))).toBe(true);
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
    good.socket.send('still here');
    expect(await good.next()).toBe('still here');
    for (const client of clients) client[Symbol.dispose]();
  });
});

test('the ws library and the gateway understand each other', async () => {
  await using site = await openTestGateway({ handlers: { default: echo } });
  for (const perMessageDeflate of [
    true,
    { threshold: 0 },
    { threshold: 0, serverMaxWindowBits: 9, clientMaxWindowBits: 9 },
    { threshold: 0, serverNoContextTakeover: true, clientNoContextTakeover: true },
  ]) {
    using client = await site.connect('/testing', [], { perMessageDeflate });
    expect(client.socket.extensions).toBe('permessage-deflate');
    for (const text of ['a', noise(30_000), letters(30_000), noise(30_000), '', 'end']) client.socket.send(text);
    await eventually(() => client.messages).toEqual(['a', noise(30_000), letters(30_000), noise(30_000), '', 'end']);
    client.socket.close(1000);
    await once(client.socket, 'close');
  }
});
