import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzzRuns } from '../../../test/support/fuzz-runs.ts';
import { canonicalPath, canonicalRequest, parseAuthorization, signedHeaders } from './signature.ts';

const runs = fuzzRuns(1000);
const text = fc.string({ unit: 'binary', maxLength: 40 });
const pieces = fc.constantFrom(
  'AWS4-HMAC-SHA256 ',
  'Credential=',
  'AKID/d/r/s/aws4_request',
  'SignedHeaders=',
  'host',
  '__proto__',
  'constructor',
  'Signature=',
  'ab',
  ...';,/= \t%'.split(''),
);
const header = fc.oneof(
  text,
  text.map((rest) => `AWS4-HMAC-SHA256 ${rest}`),
  fc.array(pieces, { maxLength: 14 }).map((parts) => `AWS4-HMAC-SHA256 ${parts.join('')}`),
  fc
    .tuple(fc.array(pieces, { maxLength: 4 }), text)
    .map(
      ([names, signature]) =>
        `AWS4-HMAC-SHA256 Credential=A/d/r/s/aws4_request,SignedHeaders=${names.join('')},Signature=${signature}`,
    ),
);

test('any header is a whole one or none, and what it names can be verified', () => {
  fc.assert(
    fc.property(header, text, text, (authorization, path, query) => {
      const parsed = parseAuthorization(authorization);
      if (parsed === undefined) return;
      expect(parsed.signature).not.toBe('');
      expect(parsed.signedHeaders).not.toContain('');
      expect(new Set(parsed.signedHeaders).size).toBe(parsed.signedHeaders.length);
      const request = { method: 'POST', path, query, headers: { authorization }, body: Buffer.alloc(0) };
      expect(typeof canonicalRequest(request, parsed.signedHeaders)).toBe('string');
    }),
    runs,
  );
});

test('any path becomes plain ASCII that says the same', () => {
  fc.assert(
    fc.property(fc.oneof(text, fc.webPath(), fc.string({ unit: 'grapheme' })), (path) => {
      const canonical = canonicalPath(path);
      expect(canonical).toMatch(/^(?:[A-Za-z0-9\-._~/]|%[0-9A-F]{2})*$/);
      expect(canonical).not.toContain('//');
      // Half a character becomes U+FFFD, as in every UTF-8 encoder.
      const wellFormed = Buffer.from(path).toString();
      expect(decodeURIComponent(canonical)).toBe(wellFormed.replaceAll(/\/{2,}/g, '/'));
    }),
    runs,
  );
});

test('what is signed here is read here', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,9}$/);
  const word = fc.stringMatching(/^[A-Za-z0-9]{1,12}$/);
  fc.assert(
    fc.property(fc.dictionary(name, text), word, word, text, (headers, accessKeyId, region, path) => {
      const request = { method: 'POST', path, query: '', headers, body: Buffer.from(path) };
      const added = signedHeaders(request, {
        credentials: { accessKeyId, secretAccessKey: 'secret' },
        region,
        service: 'execute-api',
        atMs: 1_708_326_702_118,
      });
      expect(parseAuthorization(added['authorization']!)).toMatchObject({
        accessKeyId,
        scope: { date: '20240219', region, service: 'execute-api' },
        signedHeaders: [...new Set([...Object.keys(headers), 'x-amz-date'])].toSorted(),
      });
    }),
    runs,
  );
});
