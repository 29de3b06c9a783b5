import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Compression } from '../core/compression-offer.ts';
import { createMessageFrames } from './message-frames.ts';

const window = (windowBits: number): Compression => ({ extension: 'permessage-deflate', windowBits });
const short = Buffer.from('hi');
const long = Buffer.from('hello '.repeat(1000));
const noise = Buffer.from(randomBytes(2000).toString('latin1'));

test.for([
  { why: 'one buffer, two plain connections', data: [short, short], to: [undefined, undefined], isOne: true },
  { why: 'one buffer, the same window', data: [long, long], to: [window(12), window(12)], isOne: true },
  { why: 'one short buffer, compressed or not', data: [short, short], to: [window(12), undefined], isOne: true },
  { why: 'one long buffer, compressed or not', data: [long, long], to: [window(12), undefined], isOne: false },
  { why: 'one long buffer, two windows', data: [long, long], to: [window(12), window(9)], isOne: false },
  { why: 'equal buffers', data: [short, Buffer.from(short)], to: [undefined, undefined], isOne: false },
])('$why: encoded once $isOne', ({ data, to, isOne }) => {
  const framesOf = createMessageFrames();
  const [first, second] = data.map((each, index) => framesOf(each, to[index]));
  expect(first === second).toBe(isOne);
});

test('remembers each variant of the last message, and only of that', () => {
  const framesOf = createMessageFrames();
  const all = [undefined, window(12), window(9)];
  const before = all.map((each) => framesOf(long, each));
  expect(all.map((each) => framesOf(long, each)).every((frames, index) => frames === before[index])).toBe(true);
  expect(before.map((frames) => frames[0])).toEqual([0x81, 0xc1, 0xc1]);
  framesOf(noise, undefined);
  expect(framesOf(long, undefined)).not.toBe(before[0]);
});

test.for([
  { why: 'text', data: 'grüße', hex: '81076772c3bcc39f65' },
  { why: 'the same in bytes', data: Buffer.from('grüße'), hex: '81076772c3bcc39f65' },
  { why: 'bytes that are not UTF-8', data: Buffer.from([0xff]), hex: '8103efbfbd' },
])('$why', ({ data, hex }) => {
  expect(createMessageFrames()(data, undefined).toString('hex')).toBe(hex);
});
