import { describe, expect, test } from 'vitest';
import { adaptQueue } from './queue-result.ts';

const named = { batchItemFailures: [{ itemIdentifier: 'a' }] };

describe('what a function of a queue returns reaches Lambda', () => {
  test.for([
    { returned: named, result: named },
    { returned: undefined, result: undefined },
    { returned: null, result: undefined },
    { returned: [undefined], result: undefined },
    { returned: 'ok', result: undefined },
    { returned: { statusCode: 200 }, result: undefined },
  ])('$returned: $result', async ({ returned, result }) => {
    const handler = adaptQueue({ handler: async () => returned }, 'handler');
    await expect(handler?.({}, {})).resolves.toEqual(result);
  });

  test('an error as it is', async () => {
    const handler = adaptQueue({ handler: () => Promise.reject(new Error('no')) }, 'handler');
    await expect(handler?.({}, {})).rejects.toThrow('no');
  });

  test('nothing, where there is no handler', () => {
    expect(adaptQueue({}, 'handler')).toBeUndefined();
  });
});
