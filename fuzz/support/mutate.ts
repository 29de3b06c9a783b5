import type { Step } from './attack.ts';
import { wait, write } from './attack.ts';
import type { Random } from './random.ts';

/** Bytes that parsers stumble over. */
const awkward = [
  '\0',
  '\r',
  '\n',
  '\r\n',
  '\r\n\r\n',
  ' ',
  '\t',
  ':',
  ';',
  ',',
  '"',
  '%',
  '%00',
  '%ff',
  '../',
  '\x7f',
  '\x80',
  '\xff',
  '\xc3',
  '\xef\xbb\xbf',
  '\x16\x03\x01',
  '{',
  '}',
  '[',
  '__proto__',
  '-1',
  '0x10',
  '99999999999999999999',
];

type Change = (random: Random, bytes: Buffer, at: number) => Buffer;

const changes: readonly Change[] = [
  (random, bytes, at) => replace(bytes, at, at + 1, random.bytes(1)),
  (random, bytes, at) => replace(bytes, at, at, Buffer.from(random.pick(awkward), 'latin1')),
  (random, bytes, at) => replace(bytes, at, at + random.int(1, 12), Buffer.alloc(0)),
  (random, bytes, at) => replace(bytes, at, at, bytes.subarray(at, at + random.int(1, 40))),
  (_, bytes, at) => bytes.subarray(0, at),
  (random, bytes, at) =>
    replace(bytes, at, at, Buffer.alloc(random.pick([10, 300, 5000, 20_000]), random.pick(['a', '\0', ' ', '\xff']))),
  (_, bytes, at) => replace(bytes, at, at + 1, Buffer.from([(bytes[at] ?? 0) ^ 0x20])),
];

function replace(bytes: Buffer, from: number, to: number, by: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, from), by, bytes.subarray(to)]);
}

/** A few changes anywhere. */
export function mutate(random: Random, bytes: Buffer, most = 4): Buffer {
  let changed = bytes;
  for (let left = random.int(1, most); left > 0; left -= 1) {
    changed = random.pick(changes)(random, changed, random.int(0, Math.max(0, changed.length - 1)));
  }
  return changed;
}

/** The bytes in one piece, in several, or dripping. */
export function inPieces(random: Random, bytes: Buffer): readonly Step[] {
  if (random.chance(0.6) || bytes.length < 2) return [write(bytes)];
  const cuts = random.list(1, 6, () => random.int(1, bytes.length - 1)).toSorted((a, b) => a - b);
  const pieces = [...cuts, bytes.length].map((cut, index) => bytes.subarray(cuts[index - 1] ?? 0, cut));
  return pieces.flatMap((piece) => [write(piece), wait(random.int(0, 3))]);
}
