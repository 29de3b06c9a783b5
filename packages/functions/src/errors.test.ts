import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { atCallSite, captureCallSite, describeValue, errors } from './errors.ts';

describe('a value in a few words', () => {
  test.for([
    { value: undefined, words: 'undefined' },
    { value: null, words: 'null' },
    { value: '', words: 'an empty string' },
    { value: 'secret', words: 'a string' },
    { value: 5, words: 'a number' },
    { value: [], words: 'an array' },
    { value: {}, words: 'an object (Object)' },
    { value: new Date(0), words: 'an object (Date)' },
  ])('$words', ({ value, words }) => {
    expect(describeValue(value)).toBe(words);
  });
});

function enter() {
  return captureCallSite(enter);
}

/** The first frame of an error of a call that is made here. */
function placed(): string {
  const error = errors.endpointMissing();
  atCallSite(error, enter());
  return error.stack?.split('\n')[1] ?? '';
}

describe('the stack of an error', () => {
  test('begins where the library was called', () => {
    const error = errors.connectionRefused({ name: 'GoneException', statusCode: 410, message: '' }, 'X');
    atCallSite(error, enter());
    const lines = error.stack?.split('\n') ?? [];
    expect(lines[0]).toBe('GoneException: Connection X is gone (410).');
    expect(lines[1]).toContain('errors.test.ts');
  });

  test('begins there for the first 16 calls that are begun in one go, and again after a pause', async () => {
    await Promise.resolve();
    const places = Array.from({ length: 18 }, placed);
    expect(places.findIndex((place) => !place.includes('errors.test.ts'))).toBe(16);
    expect(places.at(-1)).toContain('more than 16 calls');
    await Promise.resolve();
    expect(placed()).toContain('errors.test.ts');
  });

  test('of an error from elsewhere stays', () => {
    const error = new Error('elsewhere');
    const { stack } = error;
    atCallSite(error, enter());
    expect(error.stack).toBe(stack);
  });

  test.for([{ site: {} }, { site: { stack: 'Error' } }, { site: { stack: [] } }])(
    'stays without frames: $site',
    ({ site }) => {
      const error = errors.endpointMissing();
      const { stack } = error;
      atCallSite(error, site);
      expect(error.stack).toBe(stack);
    },
  );
});

test('a 5xx is the fault of the server, and a refusal without words has its name', () => {
  const error = errors.connectionRefused({ name: 'InternalServerError', statusCode: 500, message: '' }, 'X');
  expect(error).toMatchObject({ $fault: 'server', message: 'Connection X refused (500). InternalServerError' });
});

describe('the first line of a printed error', () => {
  const gone = { name: 'GoneException', statusCode: 410, message: '' };
  test.for([
    { error: errors.connectionRefused(gone, 'X'), line: 'GoneException: Connection X is gone (410).' },
    { error: errors.timedOut('http://x', 5), line: 'Error [TimeoutError]: No answer from http://x within 5 ms.' },
    { error: errors.payloadInvalid('x'), line: 'TypeError: Expected a payload' },
    { error: errors.endpointMissing(), line: 'Error: No endpoint' },
  ])('$line', ({ error, line }) => {
    expect(inspect(error).startsWith(line)).toBe(true);
    expect(inspect(error)).not.toContain('name:');
  });
});
