import type { WsDisconnectEvent, WsMessageEvent } from '@furrow/protocol';
import { describe, expect, test } from 'vitest';
import { eventually, closePayload, echo, frame, openTestGateway } from './open-gateway.ts';

const kilobyte = 1024;
const text = (bytes: number) => Buffer.alloc(bytes, 'a');
const part = (opcode: number, bytes: number) => frame(opcode, text(bytes), { isLast: false });

describe('a client that breaks the protocol is closed, and no other', () => {
  const badCloseCodes = [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535];
  test.for<{ why: string; bytes: Buffer | readonly Buffer[]; code: number }>([
    { why: 'F7 text that is not UTF-8', bytes: frame(1, Buffer.from([0x68, 0xff, 0xfe])), code: 1007 },
    { why: 'text that ends too early', bytes: frame(1, Buffer.from([0xc3])), code: 1007 },
    { why: 'text with half of a pair', bytes: frame(1, Buffer.from([0xed, 0xa0, 0x80])), code: 1007 },
    { why: 'a reason that is not UTF-8', bytes: frame(8, closePayload(1000, Buffer.from([0xff]))), code: 1007 },
    { why: 'F7 no mask', bytes: frame(1, 'x', { isMasked: false }), code: 1002 },
    ...[1, 2, 4].map((reserved) => ({
      why: `F7 reserved bits ${reserved}`,
      bytes: frame(1, 'x', { reserved }),
      code: 1002,
    })),
    ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode) => ({
      why: `opcode ${opcode}`,
      bytes: frame(opcode, 'x'),
      code: 1002,
    })),
    { why: 'a close of one byte', bytes: frame(8, 'x'), code: 1002 },
    ...badCloseCodes.map((code) => ({ why: `close code ${code}`, bytes: frame(8, closePayload(code)), code: 1002 })),
    { why: 'a ping of 126 bytes', bytes: frame(9, text(126)), code: 1002 },
    { why: 'a pong of 126 bytes', bytes: frame(10, text(126)), code: 1002 },
    { why: 'a close of 126 bytes', bytes: frame(8, text(126)), code: 1002 },
    { why: 'a ping in parts', bytes: part(9, 1), code: 1002 },
    { why: 'a continuation of nothing', bytes: frame(0, 'x'), code: 1002 },
    { why: 'a message inside of a message', bytes: Buffer.concat([part(1, 1), frame(1, 'x')]), code: 1002 },
    { why: 'C21, T093 a binary message', bytes: frame(2, 'x'), code: 1003 },
    { why: 'C21 an empty binary message', bytes: frame(2), code: 1003 },
    { why: 'C21 a binary message in parts', bytes: Buffer.concat([part(2, 1), frame(0, 'x')]), code: 1003 },
    { why: 'E25, T121 a frame of 32,769 bytes', bytes: frame(1, text(32_769)), code: 1009 },
    { why: 'a continuation of 32,769 bytes', bytes: Buffer.concat([part(1, 1), frame(0, text(32_769))]), code: 1009 },
    { why: 'a frame of 200,000 bytes', bytes: frame(1, text(200_000)), code: 1009 },
    {
      why: 'a frame of as many bytes as can be said',
      bytes: Buffer.from([0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4]),
      code: 1009,
    },
    {
      why: 'T123 a message of 131,073 bytes',
      bytes: [part(1, 32_768), part(0, 32_768), part(0, 32_768), part(0, 32_768), frame(0, 'x')],
      code: 1009,
    },
    {
      why: 'more parts than anybody needs',
      bytes: Buffer.concat(Array.from({ length: 20_000 }, (_, index) => part(index === 0 ? 1 : 0, 1))),
      code: 1008,
    },
  ])('$why → $code', async ({ bytes, code }) => {
    await using site = await openTestGateway({ handlers: { default: echo } });
    using good = await site.connect();
    using bad = await site.connectRaw();
    await eventually(() => site.gateway.connectionCount).toBe(2);
    for (const piece of [bytes].flat()) bad.socket.write(piece);
    await eventually(() => bad.frames.length).toBe(1);
    const [answer] = bad.frames;
    expect(answer).toMatchObject({ opcode: 8, isMasked: false });
    expect(answer?.payload.readUInt16BE(0)).toBe(code);
    bad.socket.write(frame(8, closePayload(code)));
    bad.socket.end();
    await bad.ended;

    good.socket.send('still here');
    expect(await good.next()).toBe('still here');
    await eventually(() => site.eventsOf('disconnect').length).toBe(1);
    // T124
    expect(site.eventsOf<WsDisconnectEvent>('disconnect')[0]?.requestContext).toMatchObject({
      disconnectStatusCode: code,
      disconnectReason: '',
    });
    expect(site.events.filter(({ type }) => type === 'violation')).toMatchObject([{ code }]);
    expect(site.eventsOf<WsMessageEvent>('default').map(({ body }) => body)).toEqual(['still here']);
    expect(site.gateway.connectionCount).toBe(1);
  });

  test('what came whole before the fault is still a message', async () => {
    await using site = await openTestGateway({ handlers: { default: echo } });
    using client = await site.connectRaw();
    await eventually(() => client.head).not.toBe('');
    const bad = Buffer.concat([
      frame(1, 'a'),
      part(1, 1),
      frame(9),
      frame(0, 'b'),
      frame(1, text(32_769)),
      frame(1, 'c'),
    ]);
    client.socket.write(bad);
    await eventually(() => client.frames.findLast(({ opcode }) => opcode === 8)?.payload).toEqual(closePayload(1009));
    expect(site.eventsOf<WsMessageEvent>('default').map(({ body }) => body)).toEqual(['a', 'ab']);
  });

  test('a fault after the client’s own close is none', async () => {
    await using site = await openTestGateway();
    using client = await site.connectRaw();
    await eventually(() => client.head).not.toBe('');
    client.socket.write(Buffer.concat([frame(8, closePayload(4001, 'bye')), frame(1, text(40_000)), frame(2, 'x')]));
    await eventually(() => client.frames.map(({ payload }) => payload)).toEqual([closePayload(4001, 'bye')]);
    client.socket.end();
    await eventually(() => site.eventsOf('disconnect').length).toBe(1);
    expect(site.eventsOf<WsDisconnectEvent>('disconnect')[0]?.requestContext).toMatchObject({
      disconnectStatusCode: 4001,
      disconnectReason: 'bye',
    });
    expect(site.events.some(({ type }) => type === 'violation')).toBe(false);
  });

  test('a client that does not answer is cut off', async () => {
    await using site = await openTestGateway();
    using client = await site.connectRaw();
    await eventually(() => client.head).toMatch(/^HTTP\/1\.1 101 /);
    client.socket.write(frame(2, 'x'));
    await eventually(() => client.frames.length).toBe(1);
    const { connectionId } = site.calls[0]!.event.requestContext;
    expect(site.gateway.manage({ type: 'info', connectionId })).toEqual({ type: 'refused', refusal: 'gone' });
    await client.ended;
    expect(client.frames.at(-1)?.payload.readUInt16BE(0)).toBe(1003);
    await eventually(() => site.eventsOf<WsDisconnectEvent>('disconnect')).toMatchObject([
      { requestContext: { disconnectStatusCode: 1003 } },
    ]);
  });

  test('bytes that are no frames at all', async () => {
    await using site = await openTestGateway({ handlers: { default: echo } });
    using good = await site.connect();
    for (let seed = 1; seed <= 50; seed += 1) {
      using bad = await site.connectRaw();
      await eventually(() => bad.head).not.toBe('');
      bad.socket.end(Buffer.from(Array.from({ length: 500 }, (_, index) => (index * 7919 * seed) >> 3)));
      await bad.ended;
    }
    good.socket.send('x');
    expect(await good.next()).toBe('x');
    await eventually(() => site.gateway.connectionCount).toBe(1);
  });
});

describe('a client within the limits is heard', () => {
  test.for([
    { why: 'E9, T120 a frame of 32,768 bytes', frames: [frame(1, text(32_768))], bytes: 32_768 },
    {
      why: 'T122 a message of 131,072 bytes',
      frames: [part(1, 32_768), part(0, 32_768), part(0, 32_768), frame(0, text(32_768))],
      bytes: 131_072,
    },
    {
      why: 'C23, T095 three parts',
      frames: [part(1, 30 * kilobyte), part(0, 30 * kilobyte), frame(0, text(30 * kilobyte))],
      bytes: 92_160,
    },
    { why: 'empty parts', frames: [part(1, 0), part(0, 3), frame(0)], bytes: 3 },
    { why: 'a ping between parts', frames: [part(1, 1), frame(9, 'x'), frame(0, 'a')], bytes: 2 },
    { why: 'an empty message', frames: [frame(1)], bytes: 0 },
  ])('$why', async ({ frames, bytes }) => {
    await using site = await openTestGateway();
    using client = await site.connectRaw();
    for (const piece of frames) client.socket.write(piece);
    await eventually(() => site.eventsOf('default').length).toBe(1);
    const [event] = site.eventsOf<WsMessageEvent>('default');
    expect(event?.body).toBe('a'.repeat(bytes));
    expect(client.frames.some(({ opcode }) => opcode === 8)).toBe(false);
  });

  test('byte by byte', async () => {
    await using site = await openTestGateway({ handlers: { default: echo } });
    using client = await site.connectRaw();
    client.socket.setNoDelay();
    for (const byte of Buffer.concat([frame(1, 'žluť'), frame(1, text(200))])) {
      await new Promise<void>((resolve) => {
        client.socket.write(Buffer.from([byte]), () => resolve());
      });
    }
    await eventually(() => client.frames.map(({ payload }) => String(payload))).toEqual(['žluť', 'a'.repeat(200)]);
  });

  test('a letter that is cut in two by its parts', async () => {
    await using site = await openTestGateway();
    using client = await site.connectRaw();
    const [first, second] = Buffer.from('é');
    client.socket.write(frame(1, Buffer.from([first!]), { isLast: false }));
    client.socket.write(frame(0, Buffer.from([second!])));
    await eventually(() => site.eventsOf<WsMessageEvent>('default').map(({ body }) => body)).toEqual(['é']);
  });

  test('frames that come with the handshake', async () => {
    await using site = await openTestGateway({ handlers: { default: echo } });
    using client = await site.connectRaw();
    client.socket.write(Buffer.concat([frame(1, 'early'), frame(1, 'bird')]));
    await eventually(() => client.frames.map(({ payload }) => String(payload))).toEqual(['early', 'bird']);
  });

  test('and what is sent to it is in frames of at most 32 KB', async () => {
    await using site = await openTestGateway();
    using client = await site.connectRaw();
    await eventually(() => client.head).not.toBe('');
    const connectionId = site.calls[0]?.event.requestContext.connectionId ?? '';
    const send = (data: Buffer) => site.gateway.manage({ type: 'send', connectionId, data });
    send(text(32_768));
    send(text(32_769));
    send(text(100_000));
    send(Buffer.alloc(0));
    const sizes = () => client.frames.map(({ first, payload }) => [first, payload.length]);
    await eventually(sizes).toEqual([
      [0x81, 32_768],
      [0x01, 32_768],
      [0x80, 1],
      [0x01, 32_768],
      [0x00, 32_768],
      [0x00, 32_768],
      [0x80, 1696],
      [0x81, 0],
    ]);
    expect(client.frames.some(({ isMasked }) => isMasked)).toBe(false);
  });
});
