import * as fc from 'fast-check';
import { signedHeaders, type SignableRequest } from '@furrow/protocol';
import { expect, test } from 'vitest';
import { fuzzRuns } from '../../../../test/support/fuzz-runs.ts';
import { checkAccess } from './authorization.ts';

const accessKeyId = 'AKIDEXAMPLE';
const rules = {
  secretOf: (id: string) => (id === accessKeyId ? 'secret' : undefined),
  isStrict: true,
};
const atMs = 1_708_326_702_118;
const asking = { service: 'execute-api', isLoopback: true, atMs } as const;

const text = fc.string({ unit: 'binary', maxLength: 40 });
const name = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9-]{0,9}$/),
  fc.constantFrom('__proto__', 'constructor', 'x-amz-content-sha256', 'host'),
);
const request = fc.record({
  method: fc.oneof(fc.constantFrom('POST', 'GET', 'DELETE'), text),
  path: fc.oneof(fc.webPath(), text),
  query: text,
  // No prototype, as the headers that a client sent: `__proto__` is a name like any other.
  headers: fc.dictionary(name, text).map((own) => ({ host: 'localhost', ...own })),
  body: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
});

function sign(asked: SignableRequest): SignableRequest {
  const { 'x-amz-content-sha256': _hash, ...headers } = asked.headers;
  const options = {
    credentials: { accessKeyId, secretAccessKey: 'secret' },
    region: 'us-west-2',
    service: 'execute-api',
    atMs,
  };
  return { ...asked, headers: { ...headers, ...signedHeaders({ ...asked, headers }, options) } };
}

test('nothing that anybody sends is let in without a signature, and nothing throws', () => {
  const signed = fc.oneof(name, text);
  const authorization = fc.oneof(
    text,
    fc
      .tuple(signed, signed, text)
      .map(
        ([one, two, signature]) =>
          `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20240219/us-west-2/execute-api/aws4_request, SignedHeaders=host;${one};${two}, Signature=${signature}`,
      ),
  );
  fc.assert(
    fc.property(request, authorization, fc.oneof(text, fc.constant('20240219T071142Z')), (asked, header, amzDate) => {
      const headers = { ...asked.headers, authorization: header, 'x-amz-date': amzDate };
      const access = checkAccess({ ...asked, headers }, rules, asking);
      expect(access).toMatchObject({ type: 'denied', errorType: expect.stringMatching(/Exception$/) });
    }),
    fuzzRuns(1000),
  );
});

test('what is signed is let in, and with one thing changed it is not', () => {
  const change = fc.constantFrom('method', 'path', 'body', 'signature', 'region', 'query');
  fc.assert(
    fc.property(request, change, (asked, what) => {
      const signed = sign(asked);
      expect(checkAccess(signed, rules, asking)).toEqual({ type: 'granted' });
      const authorization = signed.headers['authorization'] ?? '';
      const changed: SignableRequest = {
        ...signed,
        ...(what === 'method' && { method: `${signed.method}X` }),
        ...(what === 'path' && { path: `${signed.path}%` }),
        ...(what === 'query' && { query: `${signed.query}&added=1` }),
        ...(what === 'body' && { body: Buffer.concat([signed.body, Buffer.from('x')]) }),
        ...(what === 'signature' && {
          headers: {
            ...signed.headers,
            authorization: authorization.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
          },
        }),
        ...(what === 'region' && {
          headers: { ...signed.headers, authorization: authorization.replace('us-west-2', 'us-west-1') },
        }),
      };
      expect(checkAccess(changed, rules, asking)).toMatchObject({ type: 'denied' });
    }),
    fuzzRuns(500),
  );
});
