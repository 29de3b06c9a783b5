import { array, assert, boolean, constant, integer, oneof, property, record, string, uint8Array } from 'fast-check';
import { expect, test } from 'vitest';
import { fuzzRuns } from '../../../../test/support/fuzz-runs.ts';
import { createFrameReader, createFrameWriter } from './codec.ts';

const runs = fuzzRuns(300);

const field = oneof(
  record({ type: constant('text' as const), value: string({ unit: 'grapheme', maxLength: 200 }) }),
  record({ type: constant('uint8' as const), value: integer({ min: 0, max: 255 }) }),
  record({ type: constant('uint32' as const), value: integer({ min: 0, max: 0xffff_ffff }) }),
  record({ type: constant('bytes' as const), value: uint8Array({ maxLength: 70_000 }) }),
);
const frame = record({ kind: integer({ min: 0, max: 255 }), fields: array(field, { maxLength: 5 }) });

/** What the fields of a frame are, one behind the other. */
function bytesOf({ type, value }: { type: string; value: string | number | Uint8Array }): Buffer {
  if (typeof value === 'string') return Buffer.from(value);
  if (typeof value !== 'number') return Buffer.from(value);
  const bytes = Buffer.alloc(type === 'uint8' ? 1 : 4);
  bytes.writeUIntLE(value, 0, bytes.length);
  return bytes;
}

test('whatever is written is read, wherever the stream is cut and flushed', () => {
  assert(
    property(
      array(record({ frame, hasFlush: boolean() }), { maxLength: 12 }),
      array(integer({ min: 1, max: 80_000 }), { maxLength: 20 }),
      (items, cuts) => {
        const writer = createFrameWriter();
        const flushed: Buffer[] = [];
        for (const item of items) {
          writer.begin(item.frame.kind);
          for (const { type, value } of item.frame.fields) {
            if (type === 'text') writer.text(value);
            else if (type === 'bytes') writer.bytes(value);
            else writer[type](value);
          }
          writer.end();
          if (item.hasFlush) flushed.push(writer.flush() ?? Buffer.alloc(0));
        }
        flushed.push(writer.flush() ?? Buffer.alloc(0));

        const frames: { kind: number; payload: string }[] = [];
        const read = createFrameReader((kind, payload) => frames.push({ kind, payload: payload.toString('hex') }));
        const data = Buffer.concat(flushed);
        let at = 0;
        for (const cut of [...cuts, data.length]) {
          read(data.subarray(at, at + cut));
          at += cut;
        }
        expect(frames).toEqual(
          items.map(({ frame: { kind, fields } }) => ({
            kind,
            payload: Buffer.concat(fields.map(bytesOf)).toString('hex'),
          })),
        );
      },
    ),
    runs,
  );
});

test('bytes of anyone else are frames or a broken stream, never a hang or another error', () => {
  assert(
    property(array(uint8Array({ maxLength: 50 }), { maxLength: 10 }), (chunks) => {
      let bytes = 0;
      let problem = 'is not ours';
      const read = createFrameReader((_kind, payload) => (bytes += payload.length + 5));
      try {
        for (const chunk of chunks) read(Buffer.from(chunk));
      } catch (error) {
        problem = String(error);
      }
      expect(problem).toContain('is not ours');
      expect(bytes).toBeLessThanOrEqual(Buffer.concat(chunks).length);
    }),
    runs,
  );
});
