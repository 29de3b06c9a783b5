import { describe, expect, test } from 'vitest';
import { fileResponse, type FileConditions, type FileFacts } from './static-response.ts';

const file: FileFacts = { size: 10, modifiedAtNs: 1_708_326_702_500_000_001n, contentType: 'text/plain' };
const etag = `"a-${file.modifiedAtNs.toString(16)}"`;
const modified = 'Mon, 19 Feb 2024 07:11:42 GMT';
const respond = (conditions: FileConditions, facts: Partial<FileFacts> = {}, method: 'GET' | 'HEAD' = 'GET') =>
  fileResponse(method, { ...file, ...facts }, conditions);

test('a whole file', () => {
  expect(respond({})).toEqual({
    statusCode: 200,
    headers: [
      ['content-type', 'text/plain'],
      ['content-length', '10'],
      ['accept-ranges', 'bytes'],
      ['cache-control', 'public, max-age=0, must-revalidate'],
      ['etag', etag],
      ['last-modified', modified],
    ],
    bytes: { first: 0, last: 9 },
  });
});

test('HEAD has the headers and sends nothing', () => {
  const { headers, statusCode } = respond({ range: 'bytes=0-1' }, {}, 'HEAD');
  expect({ headers, statusCode }).toEqual({ headers: respond({}).headers, statusCode: 200 });
  expect(respond({}, {}, 'HEAD').bytes).toBeUndefined();
});

test('an empty file', () => {
  const response = respond({}, { size: 0 });
  expect(response.statusCode).toBe(200);
  expect(response.headers).toContainEqual(['content-length', '0']);
  expect(response.bytes).toBeUndefined();
});

describe('conditions', () => {
  test.for<{ why: string; conditions: FileConditions; statusCode: number }>([
    { why: 'the same tag', conditions: { ifNoneMatch: etag }, statusCode: 304 },
    { why: 'a weak form of it', conditions: { ifNoneMatch: `W/${etag}` }, statusCode: 304 },
    { why: 'one of several', conditions: { ifNoneMatch: `"x", ${etag}` }, statusCode: 304 },
    { why: 'any', conditions: { ifNoneMatch: '*' }, statusCode: 304 },
    { why: 'another tag', conditions: { ifNoneMatch: '"x"' }, statusCode: 200 },
    {
      why: 'another tag beats an equal date',
      conditions: { ifNoneMatch: '"x"', ifModifiedSince: modified },
      statusCode: 200,
    },
    { why: 'the same date', conditions: { ifModifiedSince: modified }, statusCode: 304 },
    { why: 'a later date', conditions: { ifModifiedSince: 'Tue, 20 Feb 2024 00:00:00 GMT' }, statusCode: 304 },
    { why: 'an earlier date', conditions: { ifModifiedSince: 'Mon, 19 Feb 2024 07:11:41 GMT' }, statusCode: 200 },
    { why: 'no date', conditions: { ifModifiedSince: 'yesterday' }, statusCode: 200 },
    { why: 'fresh beats a range', conditions: { ifNoneMatch: etag, range: 'bytes=0-1' }, statusCode: 304 },
    { why: 'a range of this version', conditions: { ifRange: etag, range: 'bytes=0-1' }, statusCode: 206 },
    { why: 'a range of this date', conditions: { ifRange: modified, range: 'bytes=0-1' }, statusCode: 206 },
    { why: 'a range of another version', conditions: { ifRange: '"x"', range: 'bytes=0-1' }, statusCode: 200 },
  ])('$why: $statusCode', ({ conditions, statusCode }) => {
    expect(respond(conditions).statusCode).toBe(statusCode);
  });

  test('304 has the validators and no content', () => {
    const response = respond({ ifNoneMatch: etag });
    expect(response.bytes).toBeUndefined();
    expect(response.headers.map(([name]) => name)).toEqual(['cache-control', 'etag', 'last-modified']);
  });
});

describe('ranges of ten bytes', () => {
  test.for([
    { range: 'bytes=0-3', bytes: { first: 0, last: 3 }, content: 'bytes 0-3/10' },
    { range: 'bytes=4-', bytes: { first: 4, last: 9 }, content: 'bytes 4-9/10' },
    { range: 'bytes=-3', bytes: { first: 7, last: 9 }, content: 'bytes 7-9/10' },
    { range: 'bytes=-99', bytes: { first: 0, last: 9 }, content: 'bytes 0-9/10' },
    { range: 'bytes=8-99999999999999999999999', bytes: { first: 8, last: 9 }, content: 'bytes 8-9/10' },
    { range: 'Bytes= 9-9 ', bytes: { first: 9, last: 9 }, content: 'bytes 9-9/10' },
  ])('$range', ({ range, bytes, content }) => {
    const response = respond({ range });
    expect(response).toMatchObject({ statusCode: 206, bytes });
    expect(response.headers).toContainEqual(['content-range', content]);
    expect(response.headers).toContainEqual(['content-length', String(bytes.last - bytes.first + 1)]);
  });

  test.for([
    { range: 'bytes=10-', size: 10 },
    { range: 'bytes=99-100', size: 10 },
    { range: 'bytes=-0', size: 10 },
    { range: 'bytes=0-', size: 0 },
    { range: 'bytes=-1', size: 0 },
  ])('$range of $size is 416', ({ range, size }) => {
    const response = respond({ range }, { size });
    expect(response.statusCode).toBe(416);
    expect(response.headers).toContainEqual(['content-range', `bytes */${size}`]);
    expect(response.bytes).toBeUndefined();
  });

  test.for(['bytes=0-1,3-4', 'bytes=3-1', 'bytes=-', 'bytes=', 'bytes=a-b', 'lines=0-1', '', 'bytes=1', 'bytes=-1-2'])(
    '"%s" asks for nothing',
    (range) => {
      expect(respond({ range })).toEqual(respond({}));
    },
  );
});
