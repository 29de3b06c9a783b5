import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzzRuns } from '../../../../test/support/fuzz-runs.ts';
import { readFrames } from '../../../../test/support/raw-frames.ts';
import { textFrames } from './text-frame.ts';

/** Around the lengths at which the header changes its form, and any other. */
const length = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.integer({ min: 65_530, max: 65_540 }),
  fc.integer({ min: 0, max: 140_000 }),
);

test('whatever is written is read, in frames of at most the size', () => {
  const limit = fc.oneof(
    fc.constant(32_768),
    fc.integer({ min: 1, max: 300 }),
    fc.integer({ min: 60_000, max: 70_000 }),
  );
  fc.assert(
    fc.property(length, limit, fc.nat(255), (payloadBytes, maxFrameBytes, first) => {
      // Enough frames to see how they follow each other, and no more.
      const bytes = Math.min(payloadBytes, maxFrameBytes * 20);
      const payload = Buffer.alloc(bytes).map((_, index) => (first + index * 7) & 0xff);
      const frames = readFrames(textFrames(Buffer.from(payload), maxFrameBytes));

      expect(Buffer.compare(Buffer.concat(frames.map((frame) => frame.payload)), payload)).toBe(0);
      expect(frames).toHaveLength(Math.max(1, Math.ceil(bytes / maxFrameBytes)));
      for (const [index, frame] of frames.entries()) {
        const isLast = index === frames.length - 1;
        expect(frame.isMasked).toBe(false);
        expect(frame.first).toBe((index === 0 ? 1 : 0) | (isLast ? 0x80 : 0));
        expect(frame.payload).toHaveLength(isLast ? bytes - index * maxFrameBytes : maxFrameBytes);
      }
    }),
    fuzzRuns(300),
  );
});
