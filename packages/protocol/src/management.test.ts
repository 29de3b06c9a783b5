import { describe, expect, test } from 'vitest';
import { handlerChannelKey, managementErrors, managementMessage } from './management.ts';

describe('refusals', () => {
  test.for([
    { id: 'D15', refusal: 'gone', name: 'GoneException', statusCode: 410, message: '' },
    {
      id: 'D16',
      refusal: 'invalidId',
      name: 'BadRequestException',
      statusCode: 400,
      message: 'Invalid connectionId: abc',
    },
    { id: 'D17', refusal: 'tooLarge', name: 'PayloadTooLargeException', statusCode: 413, message: 'Message too long' },
    {
      id: 'D19',
      refusal: 'slow',
      name: 'LimitExceededException',
      statusCode: 429,
      message: 'Client side buffer is full',
    },
  ] as const)('$id $refusal is $statusCode $name', ({ refusal, name, statusCode, message }) => {
    expect(managementErrors[refusal]).toMatchObject({ name, statusCode });
    expect(managementMessage(refusal, 'abc')).toBe(message);
  });

  test('there are no others', () => {
    expect(Object.keys(managementErrors)).toEqual(['gone', 'invalidId', 'tooLarge', 'slow']);
  });
});

test('two copies of the package find the same channel', () => {
  expect(handlerChannelKey).toBe(Symbol.for('furrow.handler-channel'));
});
