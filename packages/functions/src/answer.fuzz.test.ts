import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzzRuns } from '../../../test/support/fuzz-runs.ts';
import { parseObject, readRefusal } from './answer.ts';

const text = fc.string({ unit: 'binary', maxLength: 60 });
const body = fc.oneof(
  text,
  fc.json(),
  fc
    .record({ __type: fc.jsonValue(), code: fc.jsonValue(), message: fc.jsonValue() })
    .map((said) => JSON.stringify(said)),
  fc.constantFrom('', '<html>', 'null', '{"__proto__":{"message":"x"}}', '['.repeat(50_000)),
);
const header = fc.oneof(text, fc.array(text), fc.constantFrom('GoneException:http://x/', 'a#b#', ':', '#', undefined));

test('any answer is read, whatever a proxy made of it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1000 }), header, body, (statusCode, errorType, sent) => {
      const refusal = readRefusal({ statusCode, headers: { 'x-amzn-errortype': errorType }, body: sent });
      const isFine = statusCode >= 200 && statusCode < 300;
      expect(refusal === undefined).toBe(isFine);
      if (refusal === undefined) return;
      expect(refusal).toEqual({ name: expect.stringMatching(/./), statusCode, message: expect.any(String) });
      expect(typeof parseObject(sent)).toBe('object');
    }),
    fuzzRuns(1000),
  );
});
