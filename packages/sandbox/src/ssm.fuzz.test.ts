import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzzRuns } from '../../../test/support/fuzz-runs.ts';
import { createSsm } from './ssm.ts';

const names = [
  '/TestappTesting/ws/wss',
  '/TestappTesting/ws/https',
  '/TestappTesting/a',
  '/__proto__/constructor',
  '/b',
];
const service = createSsm(() => new Map(names.map((name) => [name, 'value'])), {
  region: 'us-west-2',
  createdAtMs: 1_708_326_702_118,
});

interface Said {
  readonly ['__type']?: string;
  readonly message?: string;
  readonly Parameter?: { readonly Name: string };
  readonly Parameters?: readonly { readonly Name: string }[];
}

const text = fc.string({ unit: 'binary', maxLength: 40 });
const name = fc.oneof(text, fc.constantFrom(...names, '/', '//', '/TestappTesting', '/TestappTesting/', '__proto__'));
const value = fc.oneof(name, fc.jsonValue(), fc.constantFrom('page-1', 'page-999999999', 0, -1, 1e308, null));
const input = fc.oneof(
  fc.record(
    {
      Name: value,
      Names: fc.oneof(fc.array(value), value),
      Path: value,
      Recursive: value,
      WithDecryption: value,
      NextToken: value,
      MaxResults: value,
      ParameterFilters: value,
      __proto__: value,
    },
    { requiredKeys: [] },
  ),
  fc.jsonValue(),
);
const body = fc.oneof(
  input.map((each) => JSON.stringify(each)),
  text,
  fc.constantFrom('', '{', '{"Name":', '['.repeat(100_000), '{"a":'.repeat(10_000), '{"Name":"/b","Name":5}'),
);
const operation = fc.oneof(
  fc.constantFrom(
    'GetParameter',
    'GetParameters',
    'GetParametersByPath',
    'PutParameter',
    '__proto__',
    'constructor',
    '',
  ),
  text,
);

test('any input gets an answer of AWS, and no parameter that it did not ask for', () => {
  fc.assert(
    fc.property(fc.constantFrom('/_arc/ssm', '/', '/_arc/ssm/'), operation, body, (path, asked, sent) => {
      const answer = service({
        method: 'POST',
        path,
        headers: { 'x-amz-target': `AmazonSSM.${asked}` },
        body: sent,
      });
      expect([200, 400]).toContain(answer?.statusCode);
      const said = JSON.parse(answer?.body ?? '') as Said;
      expect(answer?.statusCode === 400).toBe(
        /^[A-Za-z]+$/.test(said['__type'] ?? '') && typeof said.message === 'string',
      );
      const { Parameter, Parameters = [] } = said;
      for (const { Name } of [...(Parameter ? [Parameter] : []), ...Parameters]) expect(names).toContain(Name);
    }),
    fuzzRuns(2000),
  );
});

test('pages of any size have every parameter once', () => {
  fc.assert(
    fc.property(fc.oneof(fc.integer({ min: 1, max: 10 }), value), (size) => {
      const found: string[] = [];
      let token: unknown;
      do {
        const answer = service({
          method: 'POST',
          path: '/',
          headers: { 'x-amz-target': 'AmazonSSM.GetParametersByPath' },
          body: JSON.stringify({ Path: '/', Recursive: true, MaxResults: size, NextToken: token }),
        });
        if (answer?.statusCode !== 200) return;
        const page = JSON.parse(answer.body) as { NextToken?: string; Parameters: { Name: string }[] };
        found.push(...page.Parameters.map(({ Name }) => Name));
        token = page.NextToken;
      } while (token !== undefined && found.length <= names.length);
      expect(found).toEqual(names.toSorted());
    }),
    fuzzRuns(300),
  );
});
