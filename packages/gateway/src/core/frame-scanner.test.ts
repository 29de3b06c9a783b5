import { describe, expect, test } from 'vitest';
import { FrameScanner } from './frame-scanner.ts';

/** Longest payload in these tests; more than one byte and less than two bytes of length can say. */
const maxBytes = 300;

function frame(payloadBytes: number, { opcode = 1, isLast = true, isMasked = true } = {}): Buffer {
  const [length, extended] =
    payloadBytes < 126
      ? [payloadBytes, Buffer.alloc(0)]
      : payloadBytes < 65_536
        ? [126, Buffer.from([payloadBytes >> 8, payloadBytes & 0xff])]
        : [127, Buffer.from([0, 0, 0, 0, 0, payloadBytes >> 16, (payloadBytes >> 8) & 0xff, payloadBytes & 0xff])];
  const start = [(isLast ? 0x80 : 0) | opcode, (isMasked ? 0x80 : 0) | length];
  return Buffer.concat([
    Buffer.from(start),
    extended,
    Buffer.alloc(isMasked ? 4 : 0),
    Buffer.alloc(payloadBytes, 0xff),
  ]);
}

const text = (payloadBytes: number) => frame(payloadBytes);
const part = (payloadBytes: number) => frame(payloadBytes, { isLast: false });
const more = (payloadBytes: number, isLast: boolean) => frame(payloadBytes, { opcode: 0, isLast });
const ping = (payloadBytes: number) => frame(payloadBytes, { opcode: 9 });

/** What the scanner says when the bytes come in pieces of a size. */
function scan(bytes: Buffer, pieceBytes: number): number | undefined {
  const scanner = new FrameScanner(maxBytes);
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const found = scanner.scan(bytes.subarray(at, at + pieceBytes));
    if (found !== undefined) return found;
  }
  return undefined;
}

describe.for([1, 2, 3, 7, 64, 100_000])('in pieces of %d bytes', (pieceBytes) => {
  test.for([
    { why: 'nothing', frames: [], found: undefined },
    { why: 'an empty frame', frames: [text(0)], found: undefined },
    { why: 'short frames', frames: [text(1), text(125), text(126), text(0)], found: undefined },
    { why: 'the longest', frames: [text(300), text(300)], found: undefined },
    { why: 'one byte more', frames: [text(301)], found: 0 },
    { why: 'one byte more, after messages', frames: [text(5), text(300), text(301)], found: 2 },
    { why: 'far more', frames: [text(70_000)], found: 0 },
    { why: 'a long message of short frames', frames: [part(300), more(300, false), more(300, true)], found: undefined },
    { why: 'a fragment that is too long', frames: [part(300), more(301, true)], found: 0 },
    { why: 'a fragment after a message of two', frames: [part(3), more(3, true), part(301)], found: 1 },
    { why: 'pings, which are no messages', frames: [ping(5), text(1), ping(125), text(301)], found: 1 },
    { why: 'a ping inside of a message', frames: [part(3), ping(5), more(301, true)], found: 0 },
    { why: 'binary frames', frames: [frame(301, { opcode: 2 })], found: 0 },
    { why: 'control frames, which the library measures', frames: [ping(301)], found: undefined },
    { why: 'whatever comes after a close', frames: [text(1), frame(2, { opcode: 8 }), text(301)], found: undefined },
    { why: 'frames without a mask', frames: [frame(9, { isMasked: false }), text(301)], found: 1 },
  ])('$why → $found', ({ frames, found }) => {
    expect(scan(Buffer.concat(frames), pieceBytes)).toBe(found);
  });

  test('the longest length that can be said', () => {
    const header = Buffer.from([0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    expect(scan(Buffer.concat([text(1), header]), pieceBytes)).toBe(1);
  });
});

test('says so with the header, before the payload has come', () => {
  const scanner = new FrameScanner(maxBytes);
  expect(scanner.scan(text(301).subarray(0, 3))).toBe(undefined);
  expect(scanner.scan(text(301).subarray(3, 4))).toBe(0);
});

test('shows others another first byte of each frame', () => {
  const seen: number[] = [];
  const scanner = new FrameScanner(maxBytes, {
    disguise(firstByte) {
      seen.push(firstByte);
      return 0x88 | 0x02;
    },
  });
  const pieces = [text(2), part(1), ping(0)].flatMap((bytes) => [...bytes].map((byte) => Buffer.of(byte)));
  for (const piece of pieces) expect(scanner.scan(piece)).toBe(undefined);
  expect(seen).toEqual([0x81, 0x01, 0x89]);
  expect(Buffer.concat(pieces)[0]).toBe(0x8a);
});
