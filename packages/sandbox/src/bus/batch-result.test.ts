import { describe, expect, test } from 'vitest';
import { failedAsOne, failedOfBatch } from './batch-result.ts';

const batch = ['a', 'b', 'c'].map((messageId) => ({ messageId }));
const failure = { errorType: 'Error', errorMessage: '', trace: [] };

describe('what comes again of a batch', () => {
  test.for([
    { value: undefined, again: [] },
    { value: null, again: [] },
    { value: {}, again: [] },
    { value: [null], again: [] },
    { value: 'ok', again: [] },
    { value: { batchItemFailures: null }, again: [] },
    { value: { batchItemFailures: [] }, again: [] },
    { value: { batchItemFailures: [{ itemIdentifier: 'b' }] }, again: ['b'] },
    { value: { batchItemFailures: [{ itemIdentifier: 'c' }, { itemIdentifier: 'a' }] }, again: ['a', 'c'] },
    { value: { batchItemFailures: [{ itemIdentifier: 'x' }] }, again: ['a', 'b', 'c'] },
    { value: { batchItemFailures: [{ itemIdentifier: '' }] }, again: ['a', 'b', 'c'] },
    { value: { batchItemFailures: [{ itemIdentifier: null }] }, again: ['a', 'b', 'c'] },
    { value: { batchItemFailures: [{ id: 'a' }] }, again: ['a', 'b', 'c'] },
    { value: { batchItemFailures: 'a' }, again: ['a', 'b', 'c'] },
  ])('$value: $again', ({ value, again }) => {
    expect(failedOfBatch({ type: 'returned', value }, batch)).toEqual(again);
  });

  test('all of it, when the function failed or did not run', () => {
    expect(failedOfBatch({ type: 'failed', failure }, batch)).toEqual(['a', 'b', 'c']);
    expect(failedOfBatch({ type: 'refused', reason: 'Rate Exceeded.' }, batch)).toEqual(['a', 'b', 'c']);
  });
});

test('what is given one by one has no parts', () => {
  const value = { batchItemFailures: [{ itemIdentifier: 'a' }] };
  expect(failedAsOne({ type: 'returned', value }, batch.slice(0, 1))).toEqual([]);
  expect(failedAsOne({ type: 'failed', failure }, batch.slice(0, 1))).toEqual(['a']);
});
