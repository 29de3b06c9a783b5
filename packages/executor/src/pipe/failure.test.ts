import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { failureOf } from './failure.ts';

class Refusal extends Error {}
Refusal.prototype.name = 'Refusal';

const circle: { self?: unknown } = {};
circle.self = circle;

test.for<{ why: string; thrown: unknown; errorType: string; errorMessage: string; first?: string }>([
  { why: 'an error', thrown: new TypeError('no'), errorType: 'TypeError', errorMessage: 'no', first: 'TypeError: no' },
  {
    why: "the author's error",
    thrown: new Refusal('no'),
    errorType: 'Refusal',
    errorMessage: 'no',
    first: 'Refusal: no',
  },
  {
    why: 'an error of another realm',
    thrown: runInNewContext('new RangeError("far")'),
    errorType: 'RangeError',
    errorMessage: 'far',
    first: 'RangeError: far',
  },
  { why: 'a text', thrown: 'no', errorType: 'string', errorMessage: 'no' },
  { why: 'nothing', thrown: undefined, errorType: 'undefined', errorMessage: 'undefined' },
  { why: 'null', thrown: null, errorType: 'object', errorMessage: 'null' },
  { why: 'a number', thrown: 42, errorType: 'number', errorMessage: '42' },
  { why: 'a symbol', thrown: Symbol('no'), errorType: 'symbol', errorMessage: 'Symbol(no)' },
  { why: 'an object', thrown: { a: 1 }, errorType: 'object', errorMessage: '{"a":1}' },
  {
    why: 'an object without text',
    thrown: circle,
    errorType: 'Error',
    errorMessage: 'Something that cannot be read was thrown.',
  },
  {
    why: 'an error whose stack was removed',
    thrown: Object.assign(new Error('no'), { stack: undefined }),
    errorType: 'Error',
    errorMessage: 'no',
  },
  {
    why: 'an error whose name is no text',
    thrown: Object.assign(new Error('no'), { name: 7, stack: 'here' }),
    errorType: '7',
    errorMessage: 'no',
    first: 'here',
  },
  {
    why: 'an error that throws when it is read',
    thrown: Object.defineProperty(new Error('no'), 'message', {
      get() {
        throw new Error('again');
      },
    }),
    errorType: 'Error',
    errorMessage: 'Something that cannot be read was thrown.',
  },
])('$why', ({ thrown, errorType, errorMessage, first }) => {
  const failure = failureOf(thrown);
  expect(failure).toMatchObject({ errorType, errorMessage });
  expect(failure.trace[0]).toBe(first);
});

test('the type may be known already', () => {
  expect(failureOf(new Error('no'), 'Runtime.ImportModuleError').errorType).toBe('Runtime.ImportModuleError');
  expect(failureOf('no', 'Runtime.UnhandledPromiseRejection').errorType).toBe('Runtime.UnhandledPromiseRejection');
});
