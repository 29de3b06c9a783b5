import { expect, test } from 'vitest';
import { createIdempotency } from './idempotency.ts';
import { refusalName } from './outcome.ts';

test('a token is known for ten minutes, and for one transaction', () => {
  let nowMs = 0;
  const idempotency = createIdempotency(() => nowMs);
  const input = { ClientRequestToken: 'token', TransactItems: [1] };
  expect(idempotency.known(input)).toBeUndefined();
  idempotency.remember(input);
  expect(idempotency.known({ TransactItems: [1], ClientRequestToken: 'token' })).toEqual({ type: 'done', value: {} });
  const other = idempotency.known({ ...input, TransactItems: [2] });
  expect(other && refusalName(other)).toBe('IdempotentParameterMismatchException');
  expect(idempotency.known({ ...input, ClientRequestToken: 'other' })).toBeUndefined();
  nowMs = 10 * 60_000 - 1;
  expect(idempotency.known(input)).toBeDefined();
  nowMs += 1;
  expect(idempotency.known(input)).toBeUndefined();
});

test('without a token nothing is remembered', () => {
  const idempotency = createIdempotency(() => 0);
  idempotency.remember({ TransactItems: [1] });
  expect(idempotency.known({ TransactItems: [1] })).toBeUndefined();
});
