import type { Outcome } from '@furrow/protocol';
import { expect, test } from 'vitest';
import { failureOf, frameErrorOf } from './dispatch.ts';

const returned = (value: unknown): Outcome => ({ type: 'returned', value });
const failure = { errorType: 'TypeError', errorMessage: 'no', trace: ['at x'] };

test.for([
  { why: 'a status', value: { statusCode: 200 } },
  ...[201, 301, 401, 500, 501].map((statusCode) => ({ why: 'C13, T086 any status', value: { statusCode } })),
  { why: 'C14, T087 a body', value: { statusCode: 200, body: 'hello' } },
  { why: 'A9 a status as text', value: { statusCode: '200', headers: { a: 1 }, multiValueHeaders: {} } },
])('$why $value says nothing', ({ value }) => {
  expect(frameErrorOf(returned(value))).toBe(undefined);
  expect(failureOf(returned(value))).toBe(undefined);
});

test.for([
  { why: 'T081', value: { ConnectionId: 'x', Data: 'y', statusCode: 200 }, shown: '{"ConnectionId":"x"' },
  { why: 'T082', value: undefined, shown: 'undefined' },
  { why: 'T082', value: null, shown: 'null' },
  { why: 'C10', value: { foo: 1 }, shown: '{"foo":1}' },
  { why: 'C10', value: 'ok', shown: '"ok"' },
  { why: 'C10', value: [], shown: '[]' },
])('$why a malformed $value is an internal error', ({ value, shown }) => {
  expect(frameErrorOf(returned(value))).toBe('internal');
  const { errorType, errorMessage } = failureOf(returned(value)) ?? {};
  expect(errorType).toBe('MalformedProxyResponse');
  expect(errorMessage).toContain(`The handler returned ${shown}`);
});

test('a result that is too deep to write is named all the same', () => {
  const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
  expect(failureOf(returned(deep))?.errorMessage).toContain('too deep to show');
});

test('the time-out of the gateway', () => {
  expect(frameErrorOf({ type: 'timedOut' })).toBe('timedOut');
  expect(failureOf({ type: 'timedOut' })?.errorType).toBe('Gateway.Timedout');
});

test('C8 no function for the route', () => {
  expect(frameErrorOf(undefined)).toBe('forbidden');
  expect(failureOf(undefined)).toBe(undefined);
});

test('a long result is shown in part', () => {
  expect(failureOf(returned('x'.repeat(10_000)))?.errorMessage.length).toBeLessThan(500);
});

test('T080 a failed function is an internal error, and says why', () => {
  const outcome: Outcome = { type: 'failed', failure };
  expect(frameErrorOf(outcome)).toBe('internal');
  expect(failureOf(outcome)).toBe(failure);
});

test('T083 a function that could not run is an internal error, and says why', () => {
  const outcome: Outcome = { type: 'refused', reason: 'too many at once' };
  expect(frameErrorOf(outcome)).toBe('internal');
  expect(failureOf(outcome)).toEqual({
    errorType: 'TooManyRequestsException',
    errorMessage: 'too many at once',
    trace: [],
  });
});
