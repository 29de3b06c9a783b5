import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { appOf, inputOf, resourcesOf } from '../../test/support/template-input.ts';
import { deployTarget } from '../target.ts';
import { createTemplate } from './create-template.ts';
import { templateFaults } from './limits.ts';
import { policyCharacters } from './sizes.ts';

const large = fc.record({
  name: fc.stringMatching(/^[b-rt-z][a-z]{0,99}$/),
  stage: fc.constantFrom('staging' as const, 'production' as const),
  prefix: fc.oneof(fc.stringMatching(/^[a-z]{1,8}$/), fc.stringMatching(/^[a-zA-Z0-9._-]{1,200}$/)),
  tables: fc.integer({ min: 0, max: 100 }),
  routes: fc.integer({ min: 0, max: 150 }),
  hasIndexes: fc.boolean(),
  hasOwnRole: fc.boolean(),
});
type Large = typeof large extends fc.Arbitrary<infer T> ? T : never;

function numbered(count: number, line: (index: number) => string): readonly string[] {
  return Array.from({ length: count }, (_, index) => line(index));
}

function manifestOf({ name, prefix, tables, routes, hasIndexes, hasOwnRole }: Large): string {
  return [
    `@app\n${name}\n@http\nget /\n@ws`,
    ...numbered(routes, (index) => `route${index}`),
    '@tables',
    ...numbered(tables, (index) => `${prefix}${index}x\n  id *String`),
    ...(hasIndexes ? ['@indexes', ...numbered(tables, (index) => `${prefix}${index}x\n  at *Number`)] : []),
    ...(hasOwnRole ? ['@aws', 'policies AmazonS3ReadOnlyAccess'] : []),
  ].join('\n');
}

test('up to 100 tables and 150 routes, every role has room for its policies', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(large, async (each) => {
      const target = deployTarget(each.name, each.stage);
      const template = createTemplate(inputOf(await appOf(manifestOf(each)), { target }));
      for (const { id, properties } of resourcesOf(template, 'AWS::IAM::Role')) {
        expect(policyCharacters(properties['Policies'], target.stackName), id).toBeLessThan(10_240);
      }
      expect(templateFaults(template).filter((fault) => fault.includes('role'))).toEqual([]);
    }),
    { numRuns: 60, seed: 20_261_124 },
  );
});
