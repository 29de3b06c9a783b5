import type { Outcome } from '@furrow/protocol';
import { describe, expect, test } from 'vitest';
import { sequenceNumber, streamRecord } from './stream-record.ts';
import { failedFromFirst } from './streams.ts';

const source = {
  region: 'us-west-2',
  accountId: '123456789012',
  tableName: 'App-RoomsTable-1',
  keys: ['id', 'at'],
  startedAtMs: Date.UTC(2026, 10, 28, 7, 0, 0, 5),
};
const key = { id: { S: 'a' }, at: { N: '1' } };
const old = { ...key, topic: { S: 'x' } };
const fresh = { ...key, topic: { S: 'y' } };

describe('a change', () => {
  test.for([
    { eventName: 'INSERT', before: undefined, after: fresh, images: { NewImage: fresh } },
    { eventName: 'MODIFY', before: old, after: fresh, images: { NewImage: fresh, OldImage: old } },
    { eventName: 'REMOVE', before: old, after: undefined, images: { OldImage: old } },
  ])('$eventName', ({ eventName, before, after, images }) => {
    const write = { tableName: source.tableName, before, after };
    const record = streamRecord(source, { write, by: 'call', atMs: 1_700_000_000_999, count: 3 });
    expect(record).toEqual({
      eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
      eventName,
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'us-west-2',
      dynamodb: {
        ApproximateCreationDateTime: 1_700_000_000,
        Keys: key,
        ...images,
        SequenceNumber: sequenceNumber(3),
        SizeBytes: expect.any(Number),
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
      eventSourceARN: 'arn:aws:dynamodb:us-west-2:123456789012:table/App-RoomsTable-1/stream/2026-11-28T07:00:00.005',
    });
  });

  test('that time made says so', () => {
    const write = { tableName: source.tableName, before: old, after: undefined };
    expect(streamRecord(source, { write, by: 'expiry', atMs: 0, count: 1 })).toMatchObject({
      eventName: 'REMOVE',
      userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
    });
  });

  test.for([
    { why: 'the same item again', before: old, after: { ...old } },
    { why: 'what was not there', before: undefined, after: undefined },
  ])('of nothing, $why, is none', ({ before, after }) => {
    const write = { tableName: source.tableName, before, after };
    expect(streamRecord(source, { write, by: 'call', atMs: 0, count: 1 })).toBeUndefined();
  });
});

test('sequence numbers are in order as texts', () => {
  const numbers = [1, 2, 9, 10, 99, 100, 1e9].map(sequenceNumber);
  expect(numbers.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(numbers);
});

const named = (...ids: unknown[]) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

describe('what comes again', () => {
  const batch = ['1', '2', '3'].map((messageId) => ({ messageId }));
  const failed: Outcome = { type: 'failed', failure: { errorType: 'Error', errorMessage: 'no', trace: [] } };

  test.for<{ why: string; outcome: Outcome; again: string[] }>([
    { why: 'nothing was returned', outcome: { type: 'returned', value: undefined }, again: [] },
    { why: 'something else was', outcome: { type: 'returned', value: { statusCode: 500 } }, again: [] },
    { why: 'nothing is named', outcome: { type: 'returned', value: named() }, again: [] },
    { why: 'one is named', outcome: { type: 'returned', value: named('2') }, again: ['2', '3'] },
    { why: 'several are, in any order', outcome: { type: 'returned', value: named('3', '2') }, again: ['2', '3'] },
    {
      why: 'one is named that was not there',
      outcome: { type: 'returned', value: named('4') },
      again: ['1', '2', '3'],
    },
    { why: 'the function failed', outcome: failed, again: ['1', '2', '3'] },
  ])('$why', ({ outcome, again }) => {
    expect(failedFromFirst(outcome, batch)).toEqual(again);
  });
});
