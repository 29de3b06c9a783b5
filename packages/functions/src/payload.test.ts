import { describe, expect, test } from 'vitest';
import { encodePayload } from './payload.ts';

describe('what is sent', () => {
  test.for([
    { why: 'a string, verbatim', payload: 'hello', text: 'hello' },
    { why: 'JSON text, not encoded twice', payload: '{"a":1}', text: '{"a":1}' },
    { why: 'an empty string, as an empty message', payload: '', text: '' },
    { why: 'UTF-8', payload: 'grüße 🌱', text: 'grüße 🌱' },
    { why: 'a Buffer, as text', payload: Buffer.from('bytes'), text: 'bytes' },
    { why: 'a Uint8Array, as text', payload: new TextEncoder().encode('bytes'), text: 'bytes' },
    { why: 'a part of a larger array', payload: new TextEncoder().encode('-part-').subarray(1, 5), text: 'part' },
    { why: 'an object', payload: { text: 'hi' }, text: '{"text":"hi"}' },
    { why: 'an array', payload: [1, 'two', null], text: '[1,"two",null]' },
    { why: 'a number', payload: 42, text: '42' },
    { why: 'true', payload: true, text: 'true' },
    { why: 'false', payload: false, text: 'false' },
    { why: 'zero', payload: 0, text: '0' },
    { why: 'null', payload: null, text: 'null' },
    { why: 'a date, by its toJSON', payload: new Date(0), text: '"1970-01-01T00:00:00.000Z"' },
    { why: 'what JSON leaves out of an object', payload: { a: undefined, b: 1 }, text: '{"b":1}' },
  ])('$why', ({ payload, text }) => {
    expect(encodePayload(payload).toString()).toBe(text);
  });
});

test('bytes that are no UTF-8 stay as they are', () => {
  expect([...encodePayload(Buffer.from([0xff, 0xfe]))]).toEqual([0xff, 0xfe]);
});

test('bytes are copied: what the caller does to them later has no effect', () => {
  const bytes = Buffer.from('before');
  const data = encodePayload(bytes);
  bytes.write('after.');
  expect(data.toString()).toBe('before');
});

const cycle: { self?: unknown } = {};
cycle.self = cycle;

describe('what has no JSON form', () => {
  test.for([
    { payload: undefined, got: 'got undefined.' },
    { payload: () => 'x', got: 'got a function.' },
    { payload: Symbol('s'), got: 'got a symbol.' },
    {
      payload: 1n,
      got: 'got a bigint that JSON.stringify refuses (Do not know how to serialize a BigInt).',
    },
    {
      payload: { deep: [1n] },
      got: 'got an object (Object) that JSON.stringify refuses (Do not know how to serialize a BigInt).',
    },
    {
      payload: cycle,
      got: 'got an object (Object) that JSON.stringify refuses (Converting circular structure to JSON).',
    },
    { payload: { toJSON: () => undefined }, got: 'got an object (Object).' },
    { payload: new ArrayBuffer(1), got: 'got an object (ArrayBuffer); wrap it in a Buffer.' },
    { payload: new Float64Array(1), got: 'got an object (Float64Array); wrap it in a Buffer.' },
  ])('$got', ({ payload, got }) => {
    expect(() => encodePayload(payload)).toThrow(
      expect.objectContaining({
        name: 'TypeError',
        code: 'PAYLOAD_INVALID',
        message: `Expected a payload that is a string, a Buffer or any JSON value; ${got}`,
      }),
    );
  });

  test('what a toJSON throws is the cause', () => {
    const thrown = new Error('no');
    const payload = {
      toJSON() {
        throw thrown;
      },
    };
    expect(() => encodePayload(payload)).toThrow(expect.objectContaining({ cause: thrown }));
  });

  test('a toJSON that throws no error is refused as well', () => {
    const payload = {
      toJSON() {
        // oxlint-disable-next-line typescript/only-throw-error
        throw 'no';
      },
    };
    expect(() => encodePayload(payload)).toThrow('got an object (Object) that JSON.stringify refuses.');
  });
});
