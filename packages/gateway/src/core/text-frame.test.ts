import { expect, test } from 'vitest';
import { textFrames } from './text-frame.ts';

const hex = (size: number, max = 32_768) => textFrames(Buffer.alloc(size, 'a'), max);

test('RFC 6455, section 5.7: a single-frame unmasked text message', () => {
  expect(textFrames(Buffer.from('Hello'), 32_768).toString('hex')).toBe('810548656c6c6f');
});

test.for([
  { size: 0, header: '8100' },
  { size: 125, header: '817d' },
  { size: 126, header: '817e007e' },
  { size: 32_768, header: '817e8000' },
])('$size bytes begin with $header', ({ size, header }) => {
  const bytes = hex(size);
  expect(bytes.toString('hex', 0, header.length / 2)).toBe(header);
  expect(bytes).toHaveLength(header.length / 2 + size);
});

test('a length that needs eight bytes', () => {
  expect(hex(0x1_0000, 0x2_0000).toString('hex', 0, 10)).toBe('817f0000000000010000');
});

test('D18 a longer message is cut; the first frame says text, the last that it is the last', () => {
  const bytes = textFrames(Buffer.from('abcdefg'), 3);
  expect(bytes.toString('hex')).toBe('01036162630003646566800167');
});

test('T131 of a compressed message only the first frame says so', () => {
  expect(textFrames(Buffer.from('abc'), 3, true).toString('hex')).toBe('c103616263');
  expect(textFrames(Buffer.from('abcdefg'), 3, true).toString('hex')).toBe('41036162630003646566800167');
});
