import { describe, expect, test } from 'vitest';
import { createFrameReader, createFrameWriter, toParent, type FrameWriter } from './codec.ts';

interface Frame {
  readonly kind: number;
  readonly payload: string;
}

/** Reads chunks; payloads are hexadecimal. */
function readAll(chunks: readonly Buffer[]): Frame[] {
  const frames: Frame[] = [];
  const read = createFrameReader((kind, payload) => frames.push({ kind, payload: payload.toString('hex') }));
  for (const chunk of chunks) read(chunk);
  return frames;
}

function write(...fills: readonly ((frame: FrameWriter) => void)[]): Buffer {
  const writer = createFrameWriter();
  fills.forEach((fill, index) => {
    writer.begin(index + 1);
    fill(writer);
    writer.end();
  });
  return writer.flush() ?? Buffer.alloc(0);
}

function hex(text: string): string {
  return Buffer.from(text).toString('hex');
}

test.for<{ field: string; fill: (frame: FrameWriter) => void; payload: string }>([
  { field: 'nothing', fill: () => {}, payload: '' },
  { field: 'uint8', fill: (frame) => frame.uint8(255), payload: 'ff' },
  { field: 'uint32', fill: (frame) => frame.uint32(0xffff_fffe), payload: 'feffffff' },
  { field: 'double', fill: (frame) => frame.double(1.5), payload: '000000000000f83f' },
  { field: 'text', fill: (frame) => frame.text('é𝄞'), payload: hex('é𝄞') },
  { field: 'short text', fill: (frame) => frame.shortText('TXz_-='), payload: `06${hex('TXz_-=')}` },
  { field: 'empty short text', fill: (frame) => frame.shortText(''), payload: '00' },
  { field: 'short text beyond ASCII', fill: (frame) => frame.shortText('aé𝄞\ud834'), payload: `0a${hex('aé𝄞\ud834')}` },
  {
    field: 'longest short text',
    fill: (frame) => frame.shortText('€'.repeat(85)),
    payload: `ff${hex('€'.repeat(85))}`,
  },
  { field: 'bytes', fill: (frame) => frame.bytes(new Uint8Array([0, 1, 255])), payload: '0001ff' },
  {
    field: 'several',
    fill(frame) {
      frame.uint8(1);
      frame.text('');
      frame.text('a');
    },
    payload: `01${hex('a')}`,
  },
  { field: 'more than a slab', fill: (frame) => frame.text('é'.repeat(100_000)), payload: hex('é'.repeat(100_000)) },
])('$field comes back as it went', ({ fill, payload }) => {
  expect(readAll([write(fill)])).toEqual([{ kind: 1, payload }]);
});

describe('a stream', () => {
  const data = write(
    (frame) => frame.text('one'),
    () => {},
    (frame) => frame.uint32(7),
    (frame) => frame.text('four'),
  );
  const frames = [
    { kind: 1, payload: hex('one') },
    { kind: 2, payload: '' },
    { kind: 3, payload: '07000000' },
    { kind: 4, payload: hex('four') },
  ];

  test('may come as a whole', () => {
    expect(readAll([data])).toEqual(frames);
  });

  test('may be cut at every byte', () => {
    for (let at = 0; at <= data.length; at += 1) {
      expect(readAll([data.subarray(0, at), data.subarray(at)])).toEqual(frames);
    }
  });

  test('may come byte by byte', () => {
    expect(readAll(Array.from(data, (byte) => Buffer.of(byte)))).toEqual(frames);
  });

  test('keeps back what is not whole', () => {
    expect(readAll([data.subarray(0, -1)])).toEqual(frames.slice(0, -1));
  });
});

test.for([
  { why: 'no room for a kind', bytes: [0, 0, 0, 0, 0] },
  { why: 'longer than any frame of ours', bytes: [1, 0, 0, 4, 1] },
  { why: 'text that a handler has written', bytes: [...Buffer.from('hello')] },
])('a length that is broken throws: $why', ({ bytes }) => {
  expect(() => readAll([Buffer.from(bytes)])).toThrow(/^A frame of \d+ bytes is not ours.$/);
  expect(() => readAll(bytes.map((byte) => Buffer.of(byte)))).toThrow('is not ours');
});

describe('the writer', () => {
  test('hands over each byte once', () => {
    const writer = createFrameWriter();
    expect(writer.flush()).toBeUndefined();
    const flushed: Buffer[] = [];
    for (let index = 0; index < 3000; index += 1) {
      writer.begin(toParent.output);
      writer.text(String(index).repeat(20));
      writer.end();
      if (index % 7 === 0) flushed.push(writer.flush() ?? Buffer.alloc(0));
    }
    flushed.push(writer.flush() ?? Buffer.alloc(0));
    expect(writer.flush()).toBeUndefined();
    expect(readAll(flushed).map(({ payload }) => payload)).toEqual(
      Array.from({ length: 3000 }, (_, index) => hex(String(index).repeat(20))),
    );
  });

  test('leaves alone what it has handed over', () => {
    const writer = createFrameWriter();
    writer.begin(1);
    writer.text('first');
    writer.end();
    const first = writer.flush();
    const before = first?.toString('hex');
    writer.begin(2);
    writer.text('x'.repeat(200_000));
    writer.end();
    writer.flush();
    expect(first?.toString('hex')).toBe(before);
  });

  test('keeps little memory when a long frame has left', () => {
    const writer = createFrameWriter();
    for (const length of [2_000_000, 10]) {
      writer.begin(1);
      writer.text('x'.repeat(length));
      writer.end();
      expect(writer.flush()?.length).toBe(length + 5);
    }
    writer.begin(1);
    writer.end();
    expect(writer.flush()?.buffer.byteLength).toBeLessThan(500_000);
  });
});
