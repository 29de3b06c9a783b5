import { deflateRawSync } from 'node:zlib';
import { awaitHead, leave, transportFor, write, type Attack, type Facts, type Step } from '../support/attack.ts';
import { inPieces, mutate } from '../support/mutate.ts';
import type { Random } from '../support/random.ts';
import { message } from './messages.ts';
import { handshake, requestBytes } from './http-text.ts';

export interface FrameParts {
  readonly opcode: number;
  readonly payload: Buffer;
  readonly isLast: boolean;
  readonly isMasked: boolean;
  /** 4 is the first of the three bits. */
  readonly reserved: number;
  /** In how many bytes the length is said; the fewest by default. */
  readonly lengthBytes?: 1 | 2 | 8;
  /** What is said in place of the truth. */
  readonly saidLength?: bigint;
}

const mask = Buffer.from([0x12, 0x34, 0x56, 0x78]);

/** The bytes of a frame, true or not. */
export function frameBytes(parts: FrameParts): Buffer {
  const { payload, isLast, isMasked, reserved, opcode } = parts;
  const [short, length] = saidLength(parts);
  const first = (isLast ? 0x80 : 0) | (reserved << 4) | opcode;
  const head = Buffer.from([first, (isMasked ? 0x80 : 0) | short]);
  if (!isMasked) return Buffer.concat([head, length, payload]);
  return Buffer.concat([head, length, mask, payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))]);
}

/** The seven bits of the length, and the bytes that follow them. */
function saidLength({ payload, saidLength: lie, lengthBytes }: FrameParts): [number, Buffer] {
  const said = lie ?? BigInt(payload.length);
  const fewest = said < 126n ? 1 : said < 0x1_0000n ? 2 : 8;
  const bytes = lengthBytes ?? fewest;
  if (bytes === 1) return [Number(said & 0x7fn), Buffer.alloc(0)];
  if (bytes === 2) return [126, Buffer.from([Number((said >> 8n) & 0xffn), Number(said & 0xffn)])];
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(said);
  return [127, length];
}

function plain(opcode: number, payload: Buffer | string = '', more: Partial<FrameParts> = {}): Buffer {
  return frameBytes({ opcode, payload: Buffer.from(payload), isLast: true, isMasked: true, reserved: 0, ...more });
}

/** The parts of one message, each in its own frame. */
function fragments(random: Random, payload: Buffer): readonly Buffer[] {
  const size = random.pick([1, 7, 1000, 32_768]);
  const count = Math.min(Math.max(1, Math.ceil(payload.length / size)), 300);
  return Array.from({ length: count }, (_, index) =>
    plain(index === 0 ? 1 : 0, payload.subarray(index * size, (index + 1) * size), { isLast: index === count - 1 }),
  );
}

const closePayloads = [0, 999, 1000, 1004, 1005, 1006, 1012, 1015, 2999, 3000, 4999, 5000, 65_535].map((code) =>
  Buffer.from([code >> 8, code & 0xff]),
);

const badText = ['c3', 'eda080', 'f4908080', 'c080', 'ff', 'e282'].map((hex) => Buffer.from(`7b${hex}7d`, 'hex'));

type MakeFrames = (random: Random) => readonly Buffer[];

const makers: readonly MakeFrames[] = [
  (random) => [plain(1, message(random))],
  (random) => [plain(1, message(random))],
  (random) => fragments(random, message(random)),
  (random) => [plain(random.int(0, 15), random.bytes(random.int(0, 200)), { reserved: random.int(0, 7) })],
  () => [plain(1, 'x', { isMasked: false })],
  (random) => [plain(random.pick([8, 9, 10]), random.bytes(random.int(0, 130)), { isLast: random.chance(0.8) })],
  (random) => [
    plain(8, Buffer.concat([random.pick(closePayloads), random.bytes(random.pick([0, 0, 1, 60, 123, 124]))])),
  ],
  (random) => [plain(1, random.pick(badText))],
  (random) => [plain(1, 'x', { lengthBytes: random.pick([1, 2, 8]), saidLength: random.pick(lies) })],
  (random) => [plain(1, 'y'.repeat(random.int(32_760, 32_775)))],
  (random) => [plain(0, 'x', { isLast: random.chance(0.5) })],
  (random) => [plain(1, 'a', { isLast: false }), plain(random.pick([1, 2]), 'b')],
  (random) => [plain(1, 'a', { isLast: false }), plain(9, 'ping'), plain(0, random.bytes(3))],
  (random) => random.list(50, 1500, () => plain(random.pick([9, 10]), 'p')),
  (random) => random.list(50, 400, () => plain(1, '{"action":"echo"}')),
  (random) => random.list(100, 3000, (index) => plain(index === 0 ? 1 : 0, '', { isLast: false })),
  (random) => [plain(2, random.bytes(4))],
  (random) => [random.bytes(random.int(1, 300))],
  (random) => [plain(1, random.pick(compressed()), { reserved: 4, lengthBytes: random.pick([2, 8]) })],
  (random) => [plain(1, mutate(random, random.pick(compressed())), { reserved: 4 })],
  (random) => [
    plain(1, random.pick(compressed()).subarray(0, 20), { reserved: 4, isLast: false }),
    plain(0, random.pick(compressed()).subarray(20), { reserved: random.pick([0, 4]) }),
  ],
];

const lies = [
  0n,
  5n,
  125n,
  126n,
  127n,
  200n,
  65_535n,
  65_536n,
  131_073n,
  0x7fff_ffffn,
  0x7fff_ffff_ffff_ffffn,
  0xffff_ffff_ffff_ffffn,
];

const deflate = (text: string | Buffer) => deflateRawSync(text).subarray(0, 32_768);

let made: readonly Buffer[] | undefined;

/** Small on the line, large in memory, and what ends in the middle. */
function compressed(): readonly Buffer[] {
  made ??= [
    deflate('{"action":"echo"}'),
    deflate(Buffer.alloc(131_072, 'a')),
    deflate(Buffer.alloc(131_073, 'a')),
    deflate(Buffer.alloc(20_000_000, 'a')),
    deflate(deflateRawSync(Buffer.alloc(5_000_000))),
    deflate('x').subarray(0, 1),
    Buffer.alloc(0),
    Buffer.from([0, 0, 0, 0xff, 0xff]),
    Buffer.alloc(3000, 0xff),
  ];
  return made;
}

/** Frames of a client that has gone wrong; some are right. */
export function clientFrames(random: Random): readonly Step[] {
  const frames = random.list(1, 6, () => random.pick(makers)(random)).flat();
  const bytes = Buffer.concat(frames);
  return inPieces(random, random.chance(0.15) ? mutate(random, bytes) : bytes);
}

/** A connection whose handshake is right, and whose frames are not. */
export function brokenFrames(random: Random, facts: Facts): Attack {
  const { headers, ...request } = handshake(facts);
  const offer = random.pick([
    'permessage-deflate',
    'permessage-deflate; client_max_window_bits',
    'permessage-deflate; client_no_context_takeover; server_no_context_takeover',
    'permessage-deflate; server_max_window_bits=9',
  ]);
  const offered = random.chance(0.4) ? [...headers, ['Sec-WebSocket-Extensions', offer] as const] : headers;
  const opening = requestBytes({ ...request, headers: offered });
  const isPatient = random.chance(0.9);
  const steps = [write(opening), ...(isPatient ? [awaitHead] : []), ...clientFrames(random), ...leave(random)];
  return { kind: 'frames', scripts: [{ transport: transportFor(random, facts), steps }], mayFail: false };
}
