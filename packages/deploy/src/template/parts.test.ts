import { expect, test } from 'vitest';
import { mergeResources } from './parts.ts';

const resource = { Type: 'AWS::S3::Bucket' };

test('resources come together in their order', () => {
  expect(Object.keys(mergeResources([{ B: resource }, {}, { A: resource }]))).toEqual(['B', 'A']);
});

test('two with one id are a bug', () => {
  expect(() => mergeResources([{ A: resource, B: resource }, { A: resource }])).toThrow('one logical id: A');
});
