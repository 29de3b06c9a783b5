import { describe, expect, test } from 'vitest';
import { frame } from '../../test/support/raw-frames.ts';
import { faultsOf } from './answers.ts';

const status = (code: number) => `HTTP/1.1 ${code} Words\r\nContent-Length: 0\r\n\r\n`;
const upgraded = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n';
const compressing = upgraded.replace('Upgrade', 'Sec-WebSocket-Extensions: permessage-deflate\r\nUpgrade');
const server = (opcode: number, payload: Buffer | string = '', more = {}) =>
  frame(opcode, payload, { isMasked: false, ...more });
const bytes = (...parts: (string | Buffer)[]) => Buffer.concat(parts.map((part) => Buffer.from(part)));

describe('nothing is wrong with', () => {
  test.for([
    { why: 'nothing', received: bytes('') },
    { why: 'refusals', received: bytes(status(400), status(200), status(426), status(505)) },
    { why: 'an alert of TLS', received: Buffer.from('15030300020232', 'hex') },
    {
      why: 'messages, in parts too',
      received: bytes(upgraded, server(1, 'a'), server(1, 'b', { isLast: false }), server(0)),
    },
    {
      why: 'pongs inside of a message',
      received: bytes(upgraded, server(1, 'b', { isLast: false }), server(10), server(0)),
    },
    { why: 'a close', received: bytes(upgraded, server(8, Buffer.from([0x03, 0xe8]))) },
    { why: 'a frame that was cut off', received: bytes(upgraded, server(1, 'abc').subarray(0, 3)) },
    {
      why: 'compressed text where it was agreed',
      received: bytes(compressing, server(1, Buffer.from([0xff]), { reserved: 4 })),
    },
  ])('$why', ({ received }) => {
    expect(faultsOf(received, false)).toEqual([]);
  });

  test('a failure that was asked for', () => {
    expect(faultsOf(bytes(status(502), status(500)), true)).toEqual([]);
  });
});

describe('is wrong', () => {
  test.for<{ fault: string; received: Buffer }>([
    { fault: 'answered 500', received: bytes(status(200), status(500)) },
    { fault: 'answered what is not HTTP: "hello"', received: bytes('hello') },
    { fault: 'sent a masked frame', received: bytes(upgraded, frame(1)) },
    { fault: 'sent reserved bits 4', received: bytes(upgraded, server(1, '', { reserved: 4 })) },
    { fault: 'sent reserved bits 2', received: bytes(compressing, server(1, '', { reserved: 2 })) },
    { fault: 'sent opcode 2', received: bytes(upgraded, server(2)) },
    { fault: 'sent a frame of 32769 bytes', received: bytes(upgraded, server(1, Buffer.alloc(32_769))) },
    { fault: 'sent a control frame that is none', received: bytes(upgraded, server(9, '', { isLast: false })) },
    { fault: 'sent a continuation out of order', received: bytes(upgraded, server(0)) },
    { fault: 'sent text that is not UTF-8', received: bytes(upgraded, server(1, Buffer.from([0xff]))) },
    { fault: 'sent a frame after its close frame', received: bytes(upgraded, server(8), server(1)) },
    { fault: 'sent half a close code', received: bytes(upgraded, server(8, 'a')) },
    { fault: 'sent close code 1005', received: bytes(upgraded, server(8, Buffer.from([0x03, 0xed]))) },
    {
      fault: 'sent close code 1011, an internal error',
      received: bytes(upgraded, server(8, Buffer.from([0x03, 0xf3]))),
    },
    { fault: 'sent a reason that is not UTF-8', received: bytes(upgraded, server(8, Buffer.from([0x03, 0xe8, 0xff]))) },
  ])('$fault', ({ fault, received }) => {
    expect(faultsOf(received, false)).toEqual([fault]);
  });

  test('a 508, whatever was asked for', () => {
    expect(faultsOf(bytes(status(508)), true)).toEqual(['answered 508']);
  });
});
