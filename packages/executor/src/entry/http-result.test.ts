import { describe, expect, test } from 'vitest';
import { adaptHttp, completeResult } from './http-result.ts';

const html = { 'content-type': 'text/html' };

test.for<{ why: string; value: unknown; expected: unknown }>([
  {
    why: 'a type and a body',
    value: { type: 'text/html', body: '<p>' },
    expected: { statusCode: 200, headers: html, body: '<p>' },
  },
  {
    why: 'headers and a body',
    value: { headers: { 'x-a': '1' }, body: 'a' },
    expected: { statusCode: 200, headers: { 'x-a': '1' }, body: 'a' },
  },
  {
    why: 'a type and headers',
    value: { type: 'text/html', headers: { 'x-a': '1' }, body: 'a' },
    expected: { statusCode: 200, headers: { 'x-a': '1', ...html }, body: 'a' },
  },
  {
    why: 'a content type in another case, which wins over the type',
    value: { type: 'text/html', headers: { 'Content-Type': 'text/css' }, body: 'a' },
    expected: { statusCode: 200, headers: { 'Content-Type': 'text/css' }, body: 'a' },
  },
  {
    why: 'a type and a status',
    value: { type: 'text/html', statusCode: 404, body: 'a' },
    expected: { statusCode: 404, headers: html, body: 'a' },
  },
  {
    why: 'a status that is undefined',
    value: { statusCode: undefined, headers: {}, body: 'a' },
    expected: { statusCode: 200, headers: {}, body: 'a' },
  },
  {
    why: 'cookies and an encoding',
    value: { type: 'image/png', cookies: ['a=1'], isBase64Encoded: true, body: 'AA==' },
    expected: {
      statusCode: 200,
      headers: { 'content-type': 'image/png' },
      cookies: ['a=1'],
      isBase64Encoded: true,
      body: 'AA==',
    },
  },
])('$why', ({ value, expected }) => {
  expect(completeResult(value)).toEqual(expected);
});

test.for<{ why: string; value: unknown }>([
  { why: 'a whole result', value: { statusCode: 201, headers: { a: 'b' }, body: 'x' } },
  { why: 'a status alone', value: { statusCode: 204 } },
  { why: 'a body alone', value: { body: 'a' } },
  { why: 'a type alone', value: { type: 'text/html' } },
  { why: 'a type that is no text', value: { type: 1, body: 'a' } },
  { why: 'headers that are no record', value: { headers: ['a'], body: 'a' } },
  { why: 'data', value: { rooms: [1] } },
  { why: 'an array', value: [{ type: 'text/html', body: 'a' }] },
  { why: 'a text', value: 'text' },
  { why: 'null', value: null },
  { why: 'nothing', value: undefined },
])('$why stays as it is', ({ value }) => {
  expect(completeResult(value)).toEqual(value);
});

describe('adaptHttp', () => {
  test('completes what the handler answers', async () => {
    const adapted = adaptHttp({ handler: async () => ({ type: 'text/html', body: '<p>' }) }, 'handler');
    expect(await adapted?.({}, {})).toEqual({ statusCode: 200, headers: html, body: '<p>' });
  });

  test('finds no handler where there is none', () => {
    expect(adaptHttp({}, 'handler')).toBeUndefined();
  });
});
