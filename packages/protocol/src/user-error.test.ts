import { describe, expect, test } from 'vitest';
import { isUserError, UserError } from './user-error.ts';

const problem = { code: 'PORT_TAKEN', message: 'Port 3333 is already in use.', fix: 'Stop the other process.' };

describe('UserError', () => {
  test('is an Error with a code and a way out', () => {
    const error = new UserError(problem);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ ...problem, name: 'UserError' });
    expect(String(error)).toBe('UserError: Port 3333 is already in use.');
    expect(Object.hasOwn(error, 'cause')).toBe(false);
  });

  test('keeps what caused it', () => {
    const cause = new Error('EADDRINUSE');
    expect(new UserError({ ...problem, cause }).cause).toBe(cause);
  });
});

describe('isUserError', () => {
  test.for<{ why: string; error: unknown; is: boolean }>([
    { why: 'a UserError', error: new UserError(problem), is: true },
    { why: "another copy's UserError", error: Object.assign(new Error(problem.message), problem), is: true },
    { why: 'an Error', error: new Error('x'), is: false },
    { why: "Node's own error", error: Object.assign(new Error('x'), { code: 'EADDRINUSE' }), is: false },
    { why: 'a numeric code', error: Object.assign(new Error('x'), { code: 1, fix: '' }), is: false },
    { why: 'a fix that is no text', error: Object.assign(new Error('x'), { code: 'X', fix: true }), is: false },
    { why: 'no Error', error: problem, is: false },
    { why: 'a text', error: 'PORT_TAKEN', is: false },
    { why: 'null', error: null, is: false },
    { why: 'nothing', error: undefined, is: false },
  ])('$why: $is', ({ error, is }) => {
    expect(isUserError(error)).toBe(is);
  });
});
