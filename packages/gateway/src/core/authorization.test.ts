import { createHash } from 'node:crypto';
import {
  canonicalRequest,
  sha256,
  signatureOf,
  signedHeaders,
  stringToSign,
  type SignableRequest,
} from '@furrow/protocol';
import { describe, expect, test } from 'vitest';
import { checkAccess, type AccessRules, type Asking } from './authorization.ts';

const nowMs = Date.UTC(2026, 10, 23, 15, 30);
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI' };
const strict: AccessRules = {
  secretOf: (accessKeyId) => (accessKeyId === credentials.accessKeyId ? credentials.secretAccessKey : undefined),
  isStrict: true,
};
const relaxed: AccessRules = { ...strict, isStrict: false };
const asking: Asking = { service: 'execute-api', isLoopback: true, atMs: nowMs };

const plain: SignableRequest = {
  method: 'POST',
  path: '/testing/@connections/TXzPWdn-_jECGjA%3D',
  query: '',
  headers: { host: 'localhost:3333', 'content-type': 'application/octet-stream' },
  body: Buffer.from('hello'),
};

function sign(
  request: SignableRequest = plain,
  options: {
    service?: string;
    region?: string;
    atMs?: number;
    keys?: Parameters<typeof signedHeaders>[1]['credentials'];
  } = {},
): SignableRequest {
  const { service = 'execute-api', region = 'us-west-2', atMs = nowMs, keys = credentials } = options;
  const added = signedHeaders(request, { credentials: keys, region, service, atMs });
  return { ...request, headers: { ...request.headers, ...added } };
}

const withHeader = (request: SignableRequest, name: string, value: string): SignableRequest => ({
  ...request,
  headers: { ...request.headers, [name]: value },
});

function withAuthorization(request: SignableRequest, edit: (header: string) => string): SignableRequest {
  return withHeader(request, 'authorization', edit(request.headers['authorization'] ?? ''));
}

const withoutHeader = (request: SignableRequest, name: string): SignableRequest => ({
  ...request,
  headers: Object.fromEntries(Object.entries(request.headers).filter(([header]) => header !== name)),
});

function errorOf(request: SignableRequest, rules = strict, who = asking): string | undefined {
  const access = checkAccess(request, rules, who);
  return access.type === 'denied' ? access.errorType : undefined;
}

describe('a signature opens', () => {
  test.for([
    { why: 'D4 a path with escapes', request: sign() },
    { why: 'D4 escaped once more', request: sign({ ...plain, path: '/testing/%40connections/X%3D' }) },
    { why: 'D4 without escapes', request: sign({ ...plain, path: '/testing/@connections/X=' }) },
    { why: 'D5 with slashes that the signer left out', request: { ...sign(), path: plain.path.replace('/@', '//@') } },
    {
      why: 'D6 with a hash of the body',
      request: sign(
        withHeader(plain, 'x-amz-content-sha256', '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'),
      ),
    },
    {
      why: 'D6 with no hash of the body',
      request: sign(withHeader(plain, 'x-amz-content-sha256', 'UNSIGNED-PAYLOAD')),
    },
    { why: 'D6 with a token', request: sign(plain, { keys: { ...credentials, sessionToken: 'token' } }) },
    { why: 'D7 with headers that were not signed', request: withHeader(sign(), 'x-more', '1') },
    { why: 'an empty body', request: sign({ ...plain, body: Buffer.alloc(0) }) },
    { why: 'a query', request: sign({ ...plain, query: 'b=2&a=1' }) },
    { why: 'five minutes ago', request: sign(plain, { atMs: nowMs - 5 * 60_000 }) },
    { why: 'in five minutes', request: sign(plain, { atMs: nowMs + 5 * 60_000 }) },
    { why: 'for another region', request: sign(plain, { region: 'eu-west-1' }) },
    { why: 'twice, as nothing counts requests', request: sign() },
  ])('$why', ({ request }) => {
    expect(checkAccess(request, strict, asking)).toEqual({ type: 'granted' });
  });

  test('from anywhere', () => {
    expect(errorOf(sign(), strict, { ...asking, isLoopback: false })).toBe(undefined);
  });

  test('for the service that is asked', () => {
    expect(errorOf(sign(plain, { service: 'ssm' }), strict, { ...asking, service: 'ssm' })).toBe(undefined);
  });
});

const nibble = (header: string) => header.replace(/.$/, (last) => (last === '0' ? '1' : '0'));

describe('T116 a signature that was tampered with does not', () => {
  const signed = sign();
  test.for([
    { why: 'one digit', request: withAuthorization(signed, nibble) },
    { why: 'one digit less', request: withAuthorization(signed, (header) => header.slice(0, -1)) },
    { why: 'one digit more', request: withAuthorization(signed, (header) => `${header}0`) },
    {
      why: 'in capitals',
      request: withAuthorization(signed, (header) =>
        header.replace(/Signature=.*/, (all) => `Signature=${all.slice(10).toUpperCase()}`),
      ),
    },
    {
      why: 'as long, but not ASCII',
      request: withAuthorization(signed, (header) => header.replace(/Signature=.*/, `Signature=${'é'.repeat(64)}`)),
    },
    { why: 'the body', request: { ...signed, body: Buffer.from('hellO') } },
    { why: 'the path', request: { ...signed, path: `${plain.path}x` } },
    { why: 'the method', request: { ...signed, method: 'DELETE' } },
    { why: 'the query', request: { ...signed, query: 'a=1' } },
    { why: 'a header', request: withHeader(signed, 'content-type', 'text/plain') },
    { why: 'the host', request: withHeader(signed, 'host', 'evil.com') },
    { why: 'a header taken away', request: withoutHeader(signed, 'content-type') },
    { why: 'the time', request: withHeader(signed, 'x-amz-date', '20261123T153001Z') },
    {
      why: 'the date of the scope',
      request: withAuthorization(signed, (header) => header.replace('/20261123/', '/20261122/')),
    },
    { why: 'the region', request: withAuthorization(signed, (header) => header.replace('us-west-2', 'us-east-1')) },
    {
      why: 'the headers that are signed',
      request: withAuthorization(signed, (header) => header.replace('content-type;', '')),
    },
    {
      why: 'the order of those',
      request: withAuthorization(signed, (header) => header.replace('content-type;host', 'host;content-type')),
    },
    { why: 'the secret', request: sign(plain, { keys: { ...credentials, secretAccessKey: 'guessed' } }) },
    {
      why: 'the body under a hash that was signed',
      request: { ...sign(withHeader(plain, 'x-amz-content-sha256', 'a'.repeat(64))), body: Buffer.from('hello') },
    },
    {
      why: 'names that objects have',
      request: withAuthorization(signed, (header) => header.replace('host', 'constructor;__proto__;host;toString')),
    },
    { why: 'no signed host', request: sign({ ...plain, headers: {} }) },
  ])('$why', ({ request }) => {
    expect(errorOf(request)).toBe('InvalidSignatureException');
    expect(errorOf(request, relaxed)).toBe('InvalidSignatureException');
  });

  test('D21 it is told what should have been signed', () => {
    const access = checkAccess({ ...signed, body: Buffer.from('x') }, strict, asking);
    expect(access).toMatchObject({
      message: expect.stringMatching(
        /^The request signature we calculated does not match .*\n\nThe Canonical String for this request should have been\n'POST\n\/testing\/%40connections\/TXzPWdn-_jECGjA%253D\n[^']*'\n\nThe String-to-Sign should have been\n'AWS4-HMAC-SHA256\n20261123T153000Z\n[^']*'\n$/s,
      ),
    });
  });

  test.for(['s3', 'ssm', 'execute-ap', 'EXECUTE-API', 'execute-api2'])('a signature for %s', (service) => {
    const access = checkAccess(sign(plain, { service }), strict, asking);
    expect(access).toEqual({
      type: 'denied',
      errorType: 'InvalidSignatureException',
      message: "Credential should be scoped to correct service: 'execute-api'. ",
    });
    expect(errorOf(sign(plain, { service }), relaxed)).toBe('InvalidSignatureException');
  });

  test('a signature of @connections for parameters', () => {
    expect(errorOf(sign(), strict, { ...asking, service: 'ssm' })).toBe('InvalidSignatureException');
  });
});

describe('D22 a signature is of its time', () => {
  test.for([
    {
      why: 'too old',
      request: sign(plain, { atMs: nowMs - 5 * 60_000 - 1000 }),
      error: 'InvalidSignatureException',
      message: 'Signature expired: 20261123T152459Z is now earlier than 20261123T152500Z (20261123T153000Z - 5 min.)',
    },
    {
      why: 'of another day',
      request: sign(plain, { atMs: nowMs - 24 * 3_600_000 }),
      error: 'InvalidSignatureException',
      message: 'Signature expired: 20261122T153000Z is now earlier than 20261123T152500Z (20261123T153000Z - 5 min.)',
    },
    {
      why: 'too new',
      request: sign(plain, { atMs: nowMs + 5 * 60_000 + 1000 }),
      error: 'InvalidSignatureException',
      message:
        'Signature not yet current: 20261123T153501Z is still later than 20261123T153500Z (20261123T153000Z + 5 min.)',
    },
    ...['yesterday', '20261399T999999Z', '20261123T153000Z, 20261123T153000Z', '2026-11-23T15:30:00Z', '0'].map(
      (date) => ({
        why: `"${date}"`,
        request: withHeader(sign(), 'x-amz-date', date),
        error: 'IncompleteSignatureException',
        message: `Date must be in ISO-8601 'basic format'. Got '${date}'. See http://en.wikipedia.org/wiki/ISO_8601`,
      }),
    ),
  ])('$why', ({ request, error, message }) => {
    expect(checkAccess(request, strict, asking)).toEqual({ type: 'denied', errorType: error, message });
  });

  test('which may be in Date, in the words of HTTP', () => {
    const amzDate = '20261123T153000Z';
    const sent = { ...plain, headers: { ...plain.headers, date: 'Mon, 23 Nov 2026 15:30:00 GMT' } };
    const names = ['host', 'date'];
    const scope = { date: '20261123', region: 'us-west-2', service: 'execute-api' };
    const text = stringToSign(amzDate, scope, canonicalRequest(sent, names));
    const signature = signatureOf(credentials.secretAccessKey, scope, text);
    const request = withHeader(
      sent,
      'authorization',
      `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/us-west-2/execute-api/aws4_request SignedHeaders=host;date Signature=${signature}`,
    );
    expect(checkAccess(request, strict, asking)).toEqual({ type: 'granted' });
    expect(errorOf(withHeader(request, 'date', 'Mon, 23 Nov 2026 15:30:00'))).toBe('IncompleteSignatureException');
  });
});

const scoped = (scope: string) =>
  withAuthorization(sign(), (header) => header.replace(/AKIDEXAMPLE\/[^,]*/, `AKIDEXAMPLE/${scope}`));

describe('D22 a scope that is not this one', () => {
  const inRegion = { ...asking, region: 'us-west-2' };
  const region = "Credential should be scoped to a valid region, not 'eu-west-1'. ";
  const service = "Credential should be scoped to correct service: 'execute-api'. ";
  const terminator = "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'. ";
  const date =
    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20261122' != '20261123', from '20261123T153000Z'.";
  test.for([
    { why: 'the region', scope: '20261123/eu-west-1/execute-api/aws4_request', message: region },
    { why: 'the service', scope: '20261123/us-west-2/s3/aws4_request', message: service },
    { why: 'the end', scope: '20261123/us-west-2/execute-api/aws5_request', message: terminator },
    { why: 'the day', scope: '20261122/us-west-2/execute-api/aws4_request', message: date },
    { why: 'all', scope: '20261122/eu-west-1/s3/aws5_request', message: region + service + terminator + date },
    {
      why: 'letter case',
      scope: '20261123/US-WEST-2/execute-api/aws4_request',
      message: region.replace('eu-west-1', 'US-WEST-2'),
    },
    { why: 'nothing', scope: '20261123//execute-api/aws4_request', message: region.replace('eu-west-1', '') },
  ])('$why', ({ scope, message }) => {
    const expected = { type: 'denied', errorType: 'InvalidSignatureException', message };
    expect(checkAccess(scoped(scope), strict, inRegion)).toEqual(expected);
  });

  test.for([
    { options: { region: 'eu-west-1' }, message: region },
    { options: { service: 's3' }, message: service },
    { options: { region: 'eu-west-1', service: 's3' }, message: region + service },
  ])('a signature that is right for $options helps nobody', ({ options, message }) => {
    expect(checkAccess(sign(plain, options), strict, inRegion)).toMatchObject({ message });
  });

  test.for(['AKIDEXAMPLE', '20261123/us-west-2/execute-api', '20261123/us-west-2/execute-api/aws4_request/x', ''])(
    '"%s" has not five elements',
    (scope) => {
      expect(checkAccess(scoped(scope), strict, inRegion)).toEqual({
        type: 'denied',
        errorType: 'IncompleteSignatureException',
        message: `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'AKIDEXAMPLE/${scope}'`,
      });
    },
  );

  test('where nobody is strict, the region of an unknown key may be any', () => {
    const unknown = sign(plain, { region: 'eu-west-1', keys: { accessKeyId: 'AKIDOTHER', secretAccessKey: 'x' } });
    expect(errorOf(unknown, relaxed, inRegion)).toBe(undefined);
    expect(errorOf(unknown, strict, inRegion)).toBe('InvalidSignatureException');
    expect(errorOf(sign(plain, { region: 'eu-west-1' }), relaxed, inRegion)).toBe('InvalidSignatureException');
  });
});

const requires = (...names: string[]) =>
  names.map((name) => `Authorization header requires '${name}' parameter.`).join(' ');

describe('D22 a request without a signature', () => {
  test.for([
    { why: 'no header', request: plain },
    { why: 'an empty one', request: withHeader(plain, 'authorization', '') },
  ])('$why', ({ request }) => {
    const expected = {
      type: 'denied',
      errorType: 'MissingAuthenticationTokenException',
      message: 'Missing Authentication Token',
    };
    expect(checkAccess(request, strict, asking)).toEqual(expected);
    expect(checkAccess(request, relaxed, asking)).toEqual(expected);
  });

  const noDate = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.";
  const without = (part: string) => withAuthorization(sign(), (header) => header.replace(`${part}=`, 'x='));
  test.for([
    {
      why: 'nothing but the algorithm',
      request: withHeader(plain, 'authorization', 'AWS4-HMAC-SHA256'),
      message: `${requires('Credential', 'Signature', 'SignedHeaders')} ${noDate}`,
    },
    { why: 'no Credential', request: without('Credential'), message: requires('Credential') },
    { why: 'no Signature', request: without('Signature'), message: requires('Signature') },
    { why: 'no SignedHeaders', request: without('SignedHeaders'), message: requires('SignedHeaders') },
    {
      why: 'a header that is signed twice',
      request: withAuthorization(sign(), (header) => header.replace('host', 'host;host')),
      message: requires('SignedHeaders'),
    },
    { why: 'no date', request: withoutHeader(sign(), 'x-amz-date'), message: noDate },
    { why: 'an empty date', request: withHeader(sign(), 'x-amz-date', ''), message: noDate },
  ])('$why', ({ request, message }) => {
    const hash = createHash('sha256')
      .update(request.headers['authorization'] ?? '')
      .digest('base64');
    const expected = {
      type: 'denied',
      errorType: 'IncompleteSignatureException',
      message: `${message} (Hashed with SHA-256 and encoded with Base64) Authorization=${hash}`,
    };
    expect(checkAccess(request, strict, asking)).toEqual(expected);
    expect(checkAccess(request, relaxed, asking)).toEqual(expected);
  });

  test('another kind of authorization, by what AWS answered in 2026', () => {
    const request = withHeader(plain, 'authorization', 'x-api-key 1XVOAZHZ87fuDLuWzKAQmG_0RRGYO_eo8YhJHmugf68');
    expect(checkAccess(request, strict, asking)).toEqual({
      type: 'denied',
      errorType: 'IncompleteSignatureException',
      message:
        "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): 'Qqm1lWKN0Dm4/4GF/mKO4XIJ4s5tpXme/lz40NVd3ZQ='.",
    });
  });

  test('another algorithm', () => {
    const request = withAuthorization(sign(), (header) => header.replace('SHA256', 'SHA1'));
    const expected = {
      type: 'denied',
      errorType: 'IncompleteSignatureException',
      message: "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA1'.",
    };
    expect(checkAccess(request, strict, asking)).toEqual(expected);
    expect(checkAccess(request, relaxed, asking)).toEqual(expected);
  });

  test('no signed host', () => {
    expect(checkAccess(sign({ ...plain, headers: {} }), strict, asking)).toEqual({
      type: 'denied',
      errorType: 'InvalidSignatureException',
      message: "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
    });
  });
});

describe('D21 a request that is sent again with another body', () => {
  const hashed = sign(withHeader(plain, 'x-amz-content-sha256', sha256(plain.body)));
  test.for([
    { why: 'under the hash of the first', request: { ...hashed, body: Buffer.from('other') } },
    {
      why: 'under its own hash',
      request: { ...withHeader(hashed, 'x-amz-content-sha256', sha256('other')), body: Buffer.from('other') },
    },
    { why: 'without a hash', request: { ...sign(), body: Buffer.from('other') } },
  ])('$why is told what its own body comes to', ({ request }) => {
    const access = checkAccess(request, strict, asking);
    expect(access).toMatchObject({ errorType: 'InvalidSignatureException' });
    expect('message' in access && access.message).toContain(`\n${sha256('other')}'\n\nThe String-to-Sign`);
  });
});

describe('D22 a key that nobody was given', () => {
  const unknown = sign(plain, { keys: { accessKeyId: 'AKIDOTHER', secretAccessKey: 'x' } });
  test.for([
    { why: 'strict', rules: strict, isLoopback: true, error: 'UnrecognizedClientException' },
    { why: 'strict, from elsewhere', rules: strict, isLoopback: false, error: 'UnrecognizedClientException' },
    { why: 'not strict', rules: relaxed, isLoopback: true, error: undefined },
    { why: 'not strict, from elsewhere', rules: relaxed, isLoopback: false, error: 'UnrecognizedClientException' },
  ])('$why → $error', ({ rules, isLoopback, error }) => {
    expect(errorOf(unknown, rules, { ...asking, isLoopback })).toBe(error);
  });
});
