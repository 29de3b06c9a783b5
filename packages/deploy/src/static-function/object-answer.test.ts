import { describe, expect, test } from 'vitest';
import { conditions, encodeBody, isKnown, notFound, objectHeaders, withoutContent } from './object-answer.ts';

const range = 'bytes=0-9';
const date = 'Mon, 19 Feb 2024 07:11:42 GMT';

describe('conditions that S3 is asked', () => {
  test.for<{ why: string; method?: 'GET' | 'HEAD'; headers: Record<string, string>; asked: Record<string, string> }>([
    { why: 'none', headers: { accept: '*/*', cookie: 'a=b' }, asked: {} },
    { why: 'an ETag', headers: { 'if-none-match': '"a"' }, asked: { 'if-none-match': '"a"' } },
    { why: 'a weak ETag', headers: { 'if-none-match': 'W/"a"' }, asked: { 'if-none-match': '"a"' } },
    { why: 'several ETags', headers: { 'if-none-match': '"a", "b"' }, asked: {} },
    { why: 'any ETag', headers: { 'if-none-match': '*' }, asked: {} },
    { why: 'a date', headers: { 'if-modified-since': date }, asked: { 'if-modified-since': date } },
    {
      why: 'a date beside an ETag',
      headers: { 'if-modified-since': date, 'if-none-match': '"a"' },
      asked: { 'if-none-match': '"a"' },
    },
    { why: 'a range', headers: { range }, asked: { range } },
    { why: 'a range of what may have changed', headers: { range, 'if-range': '"a"' }, asked: {} },
    { why: 'a range of HEAD', method: 'HEAD', headers: { range }, asked: {} },
  ])('$why', ({ method = 'GET', headers, asked }) => {
    expect(conditions(method, headers)).toEqual(asked);
  });
});

test.for([
  { etags: undefined, known: false },
  { etags: '"b"', known: false },
  { etags: '"b", W/"a"', known: true },
  { etags: '*', known: true },
  { etags: 'a', known: false },
])('of $etags the client knows "a": $known', ({ etags, known }) => {
  expect(isKnown(etags, new Headers({ etag: '"a"' }))).toBe(known);
});

describe('headers', () => {
  test('of an object, and nothing that S3 says of itself', () => {
    const headers = new Headers({ etag: '"a"', 'content-type': 'text/css', 'x-amz-id-2': 'x', server: 'AmazonS3' });
    expect(objectHeaders(headers)).toEqual({
      'cache-control': 'public, max-age=0, must-revalidate',
      'content-type': 'text/css',
      etag: '"a"',
    });
  });

  test("an object's own cache-control counts", () => {
    expect(objectHeaders(new Headers({ 'cache-control': 'max-age=60' }))['cache-control']).toBe('max-age=60');
  });

  test('without content', () => {
    const headers = new Headers({ etag: '"a"', 'content-type': 'text/css', 'content-range': 'bytes */9' });
    expect(withoutContent(416, headers)).toEqual({
      statusCode: 416,
      headers: { 'cache-control': expect.any(String), etag: '"a"', 'content-range': 'bytes */9' },
    });
  });
});

describe('a body', () => {
  test.for<{ why: string; body: string | Buffer; type: string; isText: boolean }>([
    { why: 'a page', body: '<p>€', type: 'text/html; charset=utf-8', isText: true },
    { why: 'JSON', body: '{"a":1, "b": 2}', type: 'application/json', isText: true },
    { why: 'a manifest', body: '{"name":"an app"}', type: 'application/manifest+json; charset=utf-8', isText: true },
    { why: 'a drawing', body: '<svg/>', type: 'image/svg+xml', isText: true },
    { why: 'a picture', body: 'PNG', type: 'image/png', isText: false },
    { why: 'no type', body: 'text', type: '', isText: false },
    { why: 'text that is not UTF-8', body: Buffer.from([0xe9]), type: 'text/plain', isText: false },
    { why: 'text that JSON makes longer than base64 does', body: '"'.repeat(99), type: 'text/plain', isText: false },
    { why: 'nothing', body: '', type: 'text/plain', isText: true },
  ])('$why is text: $isText', ({ body, type, isText }) => {
    const bytes = Buffer.from(body);
    const encoded = encodeBody(bytes, type);
    expect(encoded.isBase64Encoded).toBe(!isText);
    expect(Buffer.from(encoded.body!, isText ? 'utf8' : 'base64')).toEqual(bytes);
  });

  test('never is longer in JSON than in base64', () => {
    const { body } = encodeBody(Buffer.from('\u0001'.repeat(4 * 1024 * 1024)), 'text/plain');
    expect(JSON.stringify(body).length).toBeLessThan(6_000_000);
  });
});

test.for([
  { isInFolder: true, body: 'Not found' },
  { isInFolder: false, body: '{"message":"Not Found"}' },
])('what is not there: $body', ({ isInFolder, body }) => {
  expect(notFound({ isInFolder })).toMatchObject({ statusCode: 404, body });
});
