import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzzRuns } from '../../../../test/support/fuzz-runs.ts';
import { fileResponse } from './static-response.ts';

const number = fc.oneof(
  fc.integer({ min: 0, max: 30 }).map(String),
  fc.constantFrom('', '99999999999999999999', '007'),
);
const range = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.tuple(number, number).map(([from, to]) => `bytes=${from}-${to}`),
  fc.array(fc.constantFrom('bytes', '=', '-', ',', ' ', '1', '5', 'BYTES')).map((parts) => parts.join('')),
);
const tag = fc.oneof(fc.string(), fc.constantFrom('*', 'W/"a-0"', '"a-0"', '"a-0", *', ','));
const date = fc.oneof(fc.string(), fc.constantFrom('Thu, 01 Jan 1970 00:00:00 GMT', '0', '1e999', '-271821-04-20'));
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

test('whatever is asked, only bytes of the file are sent, and as many as are announced', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('GET' as const, 'HEAD' as const),
      fc.integer({ min: 0, max: 20 }),
      fc.record({
        ifNoneMatch: optional(tag),
        ifModifiedSince: optional(date),
        ifRange: optional(tag),
        range: optional(range),
      }),
      (method, size, conditions) => {
        const { statusCode, headers, bytes } = fileResponse(
          method,
          { size, modifiedAtNs: 0n, contentType: 'text/plain' },
          conditions,
        );
        const length = new Map(headers).get('content-length');
        expect([200, 206, 304, 416]).toContain(statusCode);
        expect(bytes === undefined || statusCode < 300).toBe(true);
        if (bytes === undefined) return;
        expect(method).toBe('GET');
        expect(bytes.first).toBeGreaterThanOrEqual(0);
        expect(bytes.first).toBeLessThanOrEqual(bytes.last);
        expect(bytes.last).toBeLessThan(size);
        expect(length).toBe(String(bytes.last - bytes.first + 1));
        expect(statusCode === 206 || length === String(size)).toBe(true);
      },
    ),
    fuzzRuns(1000),
  );
});
