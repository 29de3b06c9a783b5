import { expect, test } from 'vitest';
import { createFrameReader, textFrame } from './frames.ts';

/** A server's frame, which is not masked. */
function serverFrame(text: string, opcode = 1): Buffer {
  const { length } = text;
  const head = length < 126 ? [length] : [126, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([0x80 | opcode, ...head]), Buffer.from(text)]);
}

test.for([
  { why: 'one frame', frames: [serverFrame('hello')], texts: ['hello'] },
  {
    why: 'several, an empty one too',
    frames: [serverFrame('a'), serverFrame(''), serverFrame('b')],
    texts: ['a', '', 'b'],
  },
  { why: 'a length of two bytes', frames: [serverFrame('x'.repeat(300))], texts: ['x'.repeat(300)] },
  { why: 'a ping between', frames: [serverFrame('a'), serverFrame('?', 9), serverFrame('b')], texts: ['a', 'b'] },
])('reads $why, whole and byte by byte', ({ frames, texts }) => {
  const bytes = Buffer.concat(frames);
  for (const pieceBytes of [bytes.length, 1]) {
    const read: string[] = [];
    const reader = createFrameReader((payload) => read.push(payload.toString()));
    for (let at = 0; at < bytes.length; at += pieceBytes) reader(bytes.subarray(at, at + pieceBytes));
    expect(read).toEqual(texts);
  }
});

test.for([
  { text: 'hello', head: [0x81, 0x85] },
  { text: 'x'.repeat(300), head: [0x81, 0xfe, 1, 44] },
])('a client frame of $text.length bytes is masked', ({ text, head }) => {
  const frame = textFrame(text);
  const mask = frame.subarray(head.length, head.length + 4);
  const payload = frame.subarray(head.length + 4).map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  expect([...frame.subarray(0, head.length)]).toEqual(head);
  expect(Buffer.from(payload).toString()).toBe(text);
});
