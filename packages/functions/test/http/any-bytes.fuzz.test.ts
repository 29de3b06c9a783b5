import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fuzzRuns } from '../../../../test/support/fuzz-runs.ts';
import { http as ours } from '../../src/index.ts';
import { base64, event2 } from './events.ts';
import { seen } from './result.ts';

const context = { awsRequestId: 'a', functionName: 'f', getRemainingTimeInMillis: () => 1 };
const runs = fuzzRuns(200);
const bytes = fc.uint8Array({ maxLength: 3000 });
const accept = fc.constantFrom('', 'br', 'gzip', 'gzip, deflate, br;q=0.5', '*;q=0');
const cookieOf = (setCookie: string) => setCookie.slice(0, setCookie.indexOf(';'));

describe('sessions', () => {
  test('any JSON comes back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), async (session) => {
        const { iat: _ours, exp: _theirs, ...kept }: Record<string, unknown> = JSON.parse(JSON.stringify(session));
        const setCookie = await ours.session.write(kept);
        const { iat, ...found } = await ours.session.read({ headers: { Cookie: cookieOf(setCookie) } });
        expect(found).toEqual(kept);
        expect(iat).toBeTypeOf('number');
      }),
      runs,
    );
  });

  test('no cookie is too strange to read', async () => {
    const strange = fc.oneof(
      fc.string({ unit: 'binary' }),
      bytes.map((some) => Buffer.from(some).toString('latin1')),
    );
    const value = fc.oneof(
      strange,
      fc.array(strange, { minLength: 5, maxLength: 5 }).map((parts) => parts.join('.')),
    );
    await fc.assert(
      fc.asyncProperty(value, strange, async (token, other) => {
        expect(await ours.session.read({ headers: { cookie: `${other}; _idx=${token}` } })).toEqual({});
        expect(await ours.session.read({ cookies: [other, `_idx=${token}`] })).toEqual({});
      }),
      runs,
    );
  });
});

describe('bodies', () => {
  test('bytes reach the client as they are', async () => {
    const types = fc.constantFrom('image/png', 'application/octet-stream', 'text/plain', 'x/y');
    await fc.assert(
      fc.asyncProperty(bytes, types, accept, async (some, type, accepted) => {
        const handler = ours.async(async () => ({ body: Buffer.from(some), type }));
        const result = await handler(event2({ headers: { 'accept-encoding': accepted } }), context);
        expect(Buffer.from(String(seen(result)['body']), 'latin1')).toEqual(Buffer.from(some));
      }),
      runs,
    );
  });

  test('texts reach the client as they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 500 }), accept, async (text, accepted) => {
        const handler = ours.async(async () => ({ text }));
        const result = await handler(event2({ headers: { 'accept-encoding': accepted } }), context);
        const { body } = seen(result);
        const got = result.isBase64Encoded ? Buffer.from(String(body), 'latin1').toString() : body;
        expect(got).toBe(text);
      }),
      runs,
    );
  });

  test('JSON, encoded or not, reaches middleware as it was', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), (value, isBase64Encoded) => {
        const text = JSON.stringify(value);
        const headers = { 'content-type': 'application/json' };
        const parsed: unknown = ours.helpers.bodyParser({
          headers,
          isBase64Encoded,
          body: isBase64Encoded ? base64(text) : text,
        });
        expect(parsed).toEqual(JSON.parse(text) || {});
      }),
      runs,
    );
  });

  test('forms reach middleware as they were', () => {
    const fields = fc.dictionary(fc.string({ minLength: 1 }), fc.string());
    fc.assert(
      fc.property(fields, (given) => {
        const body = base64(new URLSearchParams(given).toString());
        const headers = { 'content-type': 'application/x-www-form-urlencoded' };
        const parsed: object = ours.helpers.bodyParser({ headers, body, isBase64Encoded: true }) || {};
        expect(Object.entries(parsed)).toEqual(body === '' ? [] : Object.entries(given));
      }),
      runs,
    );
  });

  test('files and bytes are left alone', () => {
    const types = fc.constantFrom('multipart/form-data; boundary=x', 'application/octet-stream');
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), types, (some, type) => {
        const body = base64(some);
        const given = { headers: { 'content-type': type }, body, isBase64Encoded: true };
        expect(ours.helpers.bodyParser(given)).toEqual({ base64: body });
      }),
      runs,
    );
  });
});
