import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzzRuns } from '../../../../test/support/fuzz-runs.ts';
import { frame } from '../../../../test/support/raw-frames.ts';
import { FrameScanner } from './frame-scanner.ts';

const maxBytes = 300;

/** What the scanner says of bytes that come cut into pieces, and of how many bytes it saw. */
function scan(bytes: Buffer, cuts: readonly number[]): { found: number | undefined; seenBytes: number } {
  const scanner = new FrameScanner(maxBytes);
  let at = 0;
  for (const cut of [...cuts, bytes.length]) {
    const found = scanner.scan(bytes.subarray(at, at + cut));
    at = Math.min(at + cut, bytes.length);
    if (found !== undefined) return { found, seenBytes: at };
  }
  return { found: undefined, seenBytes: at };
}

const cuts = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 40 });
const part = fc.record({
  opcode: fc.constantFrom(0, 1, 2, 9, 10),
  isLast: fc.boolean(),
  isMasked: fc.boolean(),
  payloadBytes: fc.oneof(fc.integer({ min: 0, max: 130 }), fc.integer({ min: 290, max: 310 }), fc.constant(70_000)),
});

test('finds the first frame that is too long, wherever the bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), cuts, (parts, pieces) => {
      const bytes = parts.map(({ opcode, payloadBytes, ...more }) => frame(opcode, Buffer.alloc(payloadBytes), more));
      const long = parts.findIndex(({ opcode, payloadBytes }) => opcode < 8 && payloadBytes > maxBytes);
      const ended = parts.slice(0, long).filter(({ opcode, isLast }) => opcode < 8 && isLast);
      const { found, seenBytes } = scan(Buffer.concat(bytes), pieces);
      expect(found).toBe(long === -1 ? undefined : ended.length);
      const bytesBefore = long === -1 ? 0 : Buffer.concat(bytes.slice(0, long)).length;
      expect(seenBytes).toBeGreaterThanOrEqual(bytesBefore);
    }),
    fuzzRuns(300),
  );
});

test('any bytes give the same in one piece and in many', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), cuts, (bytes, pieces) => {
      const whole = Buffer.from(bytes);
      const { found } = scan(whole, pieces);
      expect(found).toBe(scan(whole, []).found);
      expect(found).toBe(
        scan(
          whole,
          Array.from(whole, () => 1),
        ).found,
      );
    }),
    fuzzRuns(500),
  );
});

test('what comes after a close counts for nothing', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), cuts, (bytes, pieces) => {
      expect(scan(Buffer.concat([frame(8), Buffer.from(bytes)]), pieces).found).toBeUndefined();
    }),
    fuzzRuns(200),
  );
});
