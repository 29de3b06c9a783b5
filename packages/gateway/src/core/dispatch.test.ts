import type { Outcome } from '@furrow/protocol';
import { describe, expect, test } from 'vitest';
import { failureOf, replyTo } from './dispatch.ts';

const returned = (value: unknown): Outcome => ({ type: 'returned', value });
const failure = { errorType: 'TypeError', errorMessage: 'no', trace: ['at x'] };

describe('a one-way route', () => {
  test.for([
    { why: 'a status', value: { statusCode: 200 } },
    ...[201, 301, 401, 500, 501].map((statusCode) => ({ why: 'C13, T086 any status', value: { statusCode } })),
    { why: 'C14, T087 a body', value: { statusCode: 200, body: 'hello' } },
    { why: 'C14 a body that no message holds', value: { statusCode: 200, body: 'x'.repeat(131_073) } },
    { why: 'A9 a status as text', value: { statusCode: '200', headers: { a: 1 }, multiValueHeaders: {} } },
  ])('says nothing to $why', ({ value }) => {
    expect(replyTo(returned(value), false)).toEqual({});
    expect(failureOf(returned(value))).toBe(undefined);
  });
});

describe('a two-way route', () => {
  test.for([
    { why: 'C15, T088 a body', value: { statusCode: 200, body: 'hello' }, body: 'hello' },
    { why: 'C15 a body as it is', value: { statusCode: 200, body: ' {"a" : 1}\n' }, body: ' {"a" : 1}\n' },
    { why: 'C17, T090 no body', value: { statusCode: 200 }, body: '' },
    { why: 'C17 null', value: { statusCode: 204, body: null }, body: '' },
    { why: 'C18, T091 an error status', value: { statusCode: 500, body: 'e' }, body: 'e' },
    { why: '131,072 bytes', value: { statusCode: 200, body: 'é'.repeat(65_536) }, body: 'é'.repeat(65_536) },
  ])('sends $why', ({ value, body }) => {
    expect(replyTo(returned(value), true)).toEqual({ body });
  });

  test.for([
    { why: 'C19 text', body: 'aGVsbG8=', bytes: 'hello' },
    { why: 'bytes that are no text', body: '//4=', bytes: '\u00ff\u00fe' },
    { why: 'nothing', body: '', bytes: '' },
    { why: 'what is no base64', body: '!', bytes: '' },
  ])('C19 decodes $why', ({ body, bytes }) => {
    expect(replyTo(returned({ statusCode: 200, body, isBase64Encoded: true }), true)).toEqual({
      body: Buffer.from(bytes, 'latin1'),
    });
  });

  test.for([
    { why: '131,073 bytes', value: { statusCode: 200, body: 'x'.repeat(131_073) } },
    { why: 'as many in two-byte letters', value: { statusCode: 200, body: `${'é'.repeat(65_536)}x` } },
    {
      why: 'as many in base64',
      value: { statusCode: 200, body: Buffer.alloc(131_073).toString('base64'), isBase64Encoded: true },
    },
  ])('H6 $why are an internal error', ({ value }) => {
    const { error, failure: said } = replyTo(returned(value), true);
    expect(error).toBe('internal');
    expect(said?.errorMessage).toContain('131072 bytes');
  });
});

describe.for([false, true])('whether it is two-way (%s) or not', (isTwoWay) => {
  test.for([
    { why: 'T081', value: { ConnectionId: 'x', Data: 'y', statusCode: 200 }, shown: '{"ConnectionId":"x"' },
    { why: 'T082', value: undefined, shown: 'undefined' },
    { why: 'T082', value: null, shown: 'null' },
    { why: 'C10', value: { foo: 1 }, shown: '{"foo":1}' },
    { why: 'C10', value: 'ok', shown: '"ok"' },
    { why: 'C10', value: [], shown: '[]' },
  ])('$why a malformed $value is an internal error', ({ value, shown }) => {
    const reply = replyTo(returned(value), isTwoWay);
    expect(reply.error).toBe('internal');
    expect(reply.failure).toEqual(failureOf(returned(value)));
    expect(reply.failure?.errorType).toBe('MalformedProxyResponse');
    expect(reply.failure?.errorMessage).toContain(`The handler returned ${shown}`);
  });

  test.for([29_000, 500, 1500])('the time-out of the gateway says its %d ms', (afterMs) => {
    expect(replyTo({ type: 'timedOut', afterMs }, isTwoWay)).toEqual({
      error: 'timedOut',
      failure: {
        errorType: 'Gateway.Timedout',
        errorMessage: `No result within ${afterMs / 1000} seconds; the function runs on.`,
        trace: [],
      },
    });
  });

  test('T080 a failed function is an internal error, and says why', () => {
    expect(replyTo({ type: 'failed', failure }, isTwoWay)).toEqual({ error: 'internal', failure });
    expect(failureOf({ type: 'failed', failure })).toBe(failure);
  });

  test('T083 a function that could not run is an internal error, and says why', () => {
    expect(replyTo({ type: 'refused', reason: 'too many at once' }, isTwoWay)).toEqual({
      error: 'internal',
      failure: { errorType: 'TooManyRequestsException', errorMessage: 'too many at once', trace: [] },
    });
  });
});

test('a result that is too deep to write is named all the same', () => {
  const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
  expect(failureOf(returned(deep))?.errorMessage).toContain('too deep to show');
});

test('a long result is shown in part', () => {
  expect(failureOf(returned('x'.repeat(10_000)))?.errorMessage.length).toBeLessThan(500);
});
