import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzzRuns } from '../../../test/support/fuzz-runs.ts';
import { headerOf, readProxyResult } from './results.ts';

const runs = fuzzRuns(1000);
const anything = fc.anything({
  withNullPrototype: true,
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
});
const near = fc.record(
  {
    statusCode: fc.oneof(fc.integer({ min: 0, max: 700 }), fc.integer().map(String), anything),
    headers: fc.oneof(fc.dictionary(fc.string(), fc.string()), fc.dictionary(fc.string(), anything), anything),
    body: fc.oneof(fc.string(), anything),
    isBase64Encoded: fc.oneof(fc.boolean(), anything),
    multiValueHeaders: anything,
    extra: anything,
  },
  { requiredKeys: [] },
);

test('any value is a result or none, and nothing throws', () => {
  fc.assert(
    fc.property(fc.oneof(anything, near, fc.jsonValue()), fc.string(), (value, name) => {
      const result = readProxyResult(value);
      if (result === undefined) return;
      expect(result.statusCode).toBeGreaterThanOrEqual(100);
      expect(result.statusCode).toBeLessThanOrEqual(599);
      expect(['string', 'undefined']).toContain(typeof result.body);
      expect(typeof result.isBase64Encoded).toBe('boolean');
      for (const header of Object.values(result.headers)) expect(typeof header).toBe('string');
      expect(['string', 'undefined']).toContain(typeof headerOf(result.headers, name));
      expect(readProxyResult(result)).toEqual(result);
    }),
    runs,
  );
});
