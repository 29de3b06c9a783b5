import { signedHeaders, type SignableRequest } from '@furrow/protocol';
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
      message: "Credential should be scoped to correct service: 'execute-api'.",
    });
    expect(errorOf(sign(plain, { service }), relaxed)).toBe('InvalidSignatureException');
  });

  test('a signature of @connections for parameters', () => {
    expect(errorOf(sign(), strict, { ...asking, service: 'ssm' })).toBe('InvalidSignatureException');
  });
});

describe('a signature is of its time', () => {
  test.for([
    { why: 'too old', request: sign(plain, { atMs: nowMs - 5 * 60_000 - 1000 }) },
    { why: 'too new', request: sign(plain, { atMs: nowMs + 5 * 60_000 + 1000 }) },
    { why: 'no time', request: withHeader(sign(), 'x-amz-date', 'yesterday') },
    { why: 'no time that there is', request: withHeader(sign(), 'x-amz-date', '20261399T999999Z') },
    { why: 'two times', request: withHeader(sign(), 'x-amz-date', '20261123T153000Z, 20261123T153000Z') },
  ])('$why', ({ request }) => {
    expect(checkAccess(request, strict, asking)).toMatchObject({
      errorType: 'InvalidSignatureException',
      message: expect.stringMatching(/^Signature expired: /),
    });
  });

  test('a scope of another day', () => {
    const request = withAuthorization(sign(), (header) => header.replace('/20261123/', '/2026112/'));
    expect(errorOf(request)).toBe('InvalidSignatureException');
  });
});

describe('D22 a request without a signature', () => {
  test.for([
    { why: 'no header', request: plain, error: 'MissingAuthenticationTokenException' },
    { why: 'an empty one', request: withHeader(plain, 'authorization', ''), error: 'IncompleteSignatureException' },
    {
      why: 'another kind',
      request: withHeader(plain, 'authorization', 'Bearer x'),
      error: 'IncompleteSignatureException',
    },
    {
      why: 'only the kind',
      request: withHeader(plain, 'authorization', 'AWS4-HMAC-SHA256 '),
      error: 'IncompleteSignatureException',
    },
    ...['Credential', 'SignedHeaders', 'Signature'].map((part) => ({
      why: `no ${part}`,
      request: withAuthorization(sign(), (header) => header.replace(`${part}=`, 'x=')),
      error: 'IncompleteSignatureException',
    })),
    {
      why: 'half a credential',
      request: withAuthorization(sign(), (header) => header.replace('/aws4_request', '')),
      error: 'IncompleteSignatureException',
    },
    { why: 'no date', request: withoutHeader(sign(), 'x-amz-date'), error: 'IncompleteSignatureException' },
  ])('$why', ({ request, error }) => {
    expect(errorOf(request)).toBe(error);
    expect(errorOf(request, relaxed)).toBe(error);
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
