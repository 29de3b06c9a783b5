import { expect, test } from 'vitest';
import { streamHandlers, type OnRecord } from './stream-handlers.ts';

const Records = ['INSERT', 'MODIFY', 'REMOVE'].map((eventName) => ({ eventName }));

test.for([
  { member: 'insert', seen: ['INSERT'] },
  { member: 'modify', seen: ['MODIFY'] },
  { member: 'update', seen: ['MODIFY'] },
  { member: 'remove', seen: ['REMOVE'] },
  { member: 'destroy', seen: ['REMOVE'] },
  { member: 'all', seen: ['INSERT', 'MODIFY', 'REMOVE'] },
  { member: 'save', seen: ['INSERT', 'MODIFY'] },
  { member: 'change', seen: ['INSERT', 'REMOVE'] },
] as const)('$member sees $seen', async ({ member, seen }) => {
  const handler = streamHandlers[member](async ({ eventName }) => eventName);
  const results = await handler({ Records });
  expect(results.filter((result) => result !== undefined)).toEqual(seen);
  expect(results).toHaveLength(Records.length);
});

test('results of callbacks stand in the order of the records', async () => {
  const handler = streamHandlers.all(({ eventName }, done) => {
    setTimeout(done, eventName === 'INSERT' ? 5 : 0, null, eventName);
  });
  expect(await handler({ Records })).toEqual(['INSERT', 'MODIFY', 'REMOVE']);
});

test.for<{ why: string; fail: OnRecord }>([
  { why: 'calls back with', fail: (_record, done) => done(new Error('mine')) },
  { why: 'rejects with', fail: async () => Promise.reject(new Error('mine')) },
  {
    why: 'throws',
    fail: () => {
      throw new Error('mine');
    },
  },
])('what a record $why is the error of the batch', async ({ fail }) => {
  await expect(streamHandlers.all(fail)({ Records })).rejects.toThrow('mine');
});
