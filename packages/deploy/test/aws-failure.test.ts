import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import type { UserError } from '@furrow/protocol';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { answerOf, refusalOf, type Answer } from '../../../test/aws/answers.ts';
import { environmentFor } from '../../../test/aws/emulator.ts';
import { openTemporaryFolder } from '../../../test/support/temporary-folder.ts';
import type { Aws } from '../src/aws/aws.ts';
import { openAws } from '../src/aws/open-aws.ts';

/**
 * The emulator never throttles, its tokens do not expire, its clock is ours. What AWS answers then stands here, as the
 * services send it over the wire, and the real clients read it: this is the contract that stands in for AWS.
 */

const secret = 'secret-value';

/** All that any printer could get out of an error. */
function everythingOf(error: unknown): string {
  return inspect(error, { depth: 20, showHidden: true, maxStringLength: null });
}

async function openServer(listener: RequestListener): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** What a person would read when this call gets this answer. */
async function failureOf(call: (aws: Aws) => Promise<unknown>, listener: RequestListener): Promise<unknown> {
  await using server = await openServer(listener);
  using aws = await openAws({ env: { ...environmentFor(server.url), AWS_MAX_ATTEMPTS: '1' } });
  return await call(aws).then(
    () => 'no failure',
    (error: unknown) => error,
  );
}

function sending({ status, headers, body }: Answer): RequestListener {
  return (request, response) => {
    request.resume().once('end', () => response.writeHead(status, headers).end(request.method === 'HEAD' ? '' : body));
  };
}

const calls: readonly {
  readonly service: string;
  readonly operation: string;
  readonly call: (aws: Aws) => Promise<unknown>;
}[] = [
  { service: 'CloudFormation', operation: 'DescribeStacks', call: (aws) => aws.stacks.describe('App') },
  {
    service: 'S3',
    operation: 'PutObject',
    call: (aws) => aws.objects.put('bucket', 'key', { body: Buffer.from('x') }),
  },
  { service: 'Lambda', operation: 'GetFunctionConfiguration', call: (aws) => aws.functions.state('f') },
  { service: 'SSM', operation: 'PutParameter', call: (aws) => aws.parameters.put('/app/NAME', secret) },
  { service: 'STS', operation: 'GetCallerIdentity', call: (aws) => aws.identity() },
  {
    service: 'CloudWatchLogs',
    operation: 'FilterLogEvents',
    call: (aws) => aws.logs.page('g', { sinceMs: 0 }),
  },
];

const kinds = [
  { kind: 'throttled', code: 'AWS_THROTTLED' },
  { kind: 'expired', code: 'AWS_CREDENTIALS_EXPIRED' },
  { kind: 'denied', code: 'AWS_ACCESS_DENIED' },
  { kind: 'unknownKey', code: 'AWS_CREDENTIALS_INVALID' },
  { kind: 'unavailable', code: 'AWS_FAULT' },
] as const;

const everyKindOfEach = calls.flatMap((one) => kinds.map((kind) => ({ ...one, ...kind })));

test.for(everyKindOfEach)('$service, $kind: $code', async ({ service, operation, call, kind, code }) => {
  const refusal = refusalOf(kind, { service, operation });
  const error = await failureOf(call, sending(answerOf(service, refusal)));
  expect(error).toMatchObject({ name: 'UserError', code, cause: { name: refusal.code } });
  expect(everythingOf(error)).not.toMatch(/Signature=|secret-value/);
});

describe('what only some services say', () => {
  test.for([
    {
      why: 'a clock that is off, as S3 says it',
      service: 'S3',
      refusal: { status: 403, code: 'RequestTimeTooSkewed', message: 'The difference is too large.' },
      expected: { code: 'AWS_CLOCK_WRONG' },
    },
    {
      why: 'a clock that is off, as query services say it',
      service: 'STS',
      refusal: {
        status: 403,
        code: 'SignatureDoesNotMatch',
        message: 'Signature expired: 20261101T000000Z is now earlier than 20261101T000500Z (20261101T001000Z - 5 min.)',
      },
      expected: { code: 'AWS_CLOCK_WRONG' },
    },
    {
      why: 'a clock that is off, as Lambda says it',
      service: 'Lambda',
      refusal: {
        status: 403,
        code: 'InvalidSignatureException',
        message: 'Signature not yet current: 20261101T001000Z is still later than 20261101T000500Z',
      },
      expected: { code: 'AWS_CLOCK_WRONG' },
    },
    {
      why: 'a secret that is not that of the key, without the signature that AWS repeats',
      service: 'CloudFormation',
      refusal: {
        status: 403,
        code: 'SignatureDoesNotMatch',
        message: "It does not match.\n\nThe Canonical String for this request should have been\n'secret-value\n\nhost'",
      },
      expected: {
        code: 'AWS_CREDENTIALS_INVALID',
        message: 'AWS does not accept the credentials (SignatureDoesNotMatch).',
      },
    },
    {
      why: 'a right of another service',
      service: 'CloudFormation',
      refusal: {
        status: 403,
        code: 'AccessDenied',
        message:
          'User: arn:aws:iam::000000000000:user/dev is not authorized to perform: iam:PassRole on resource: role',
      },
      expected: { code: 'AWS_ACCESS_DENIED', fix: expect.stringMatching(/^Allow iam:PassRole /) },
    },
    {
      why: 'anything else, in its own words',
      service: 'CloudFormation',
      refusal: { status: 400, code: 'LimitExceededException', message: 'Limit for stack has been exceeded' },
      expected: {
        code: 'AWS_REFUSED',
        message:
          'AWS refuses CloudFormation DescribeStacks in us-west-2: Limit for stack has been exceeded (LimitExceededException)',
      },
    },
    {
      why: 'a value that AWS quotes, without the value',
      service: 'SSM',
      refusal: {
        status: 400,
        code: 'ValidationException',
        message: "1 validation error detected: Value 'secret-value' at 'value' failed to satisfy constraint",
      },
      expected: { code: 'AWS_REFUSED', message: expect.stringContaining("value at 'value' failed") },
    },
    {
      why: 'a fault without a body that can be read',
      service: 'Lambda',
      refusal: { status: 502, code: '', message: '' },
      expected: { code: 'AWS_FAULT' },
    },
  ])('$why', async ({ service, refusal, expected }) => {
    const { call } = calls.find((one) => one.service === service)!;
    const error = await failureOf(call, sending(answerOf(service, refusal)));
    expect(error).toMatchObject(expected);
    expect(everythingOf(error)).not.toMatch(/Signature=|secret-value/);
  });

  test('HEAD has no body: the status says what is refused', async () => {
    const denied = answerOf('S3', refusalOf('denied', { service: 'S3', operation: 'HeadObject' }));
    expect(await failureOf((aws) => aws.objects.has('bucket', 'key'), sending(denied))).toMatchObject({
      code: 'AWS_ACCESS_DENIED',
      message: 'AWS refuses s3:GetObject.',
    });
  });

  test('an object that could not be removed, in an answer that is 200', async () => {
    const error = '<Error><Key>a.txt</Key><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';
    const body = `<?xml version="1.0"?><DeleteResult>${error}</DeleteResult>`;
    const headers = { 'content-type': 'application/xml' };
    expect(
      await failureOf((aws) => aws.objects.remove('bucket', ['a.txt']), sending({ status: 200, headers, body })),
    ).toMatchObject({ code: 'AWS_ACCESS_DENIED', message: 'AWS refuses s3:DeleteObject. a.txt: Access Denied.' });
  });
});

describe('a line that does not lead to AWS', () => {
  const first = calls[0]!.call;

  test.for<{ readonly why: string; readonly listener: RequestListener; readonly code: string }>([
    { why: 'it is cut before the answer', listener: (request) => void request.destroy(), code: 'AWS_UNREACHABLE' },
    {
      why: 'it is cut within the answer',
      listener: (_request, response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('<DescribeStacksResponse>', () => response.destroy());
      },
      code: 'AWS_UNREACHABLE',
    },
    {
      why: 'a page of somebody else',
      listener: (_request, response) => void response.end('<html><body>Sign in to the network<br></body></html>'),
      code: 'AWS_UNREACHABLE',
    },
    {
      why: 'a page that refuses',
      listener: (_request, response) => void response.writeHead(407).end('Proxy authentication required'),
      code: 'AWS_UNREACHABLE',
    },
  ])('$why: $code', async ({ listener, code }) => {
    expect(await failureOf(first, listener)).toMatchObject({ name: 'UserError', code });
  });

  test.for([
    { why: 'nobody listens', url: 'http://127.0.0.1:9', detail: 'ECONNREFUSED' },
    { why: 'no such host', url: 'http://aws.invalid', detail: /ENOTFOUND|EAI_AGAIN/ },
    { why: 'no URL at all', url: 'nonsense', detail: 'ERR_INVALID_URL' },
  ])('$why', async ({ url, detail }) => {
    using aws = await openAws({ env: { ...environmentFor(url), AWS_MAX_ATTEMPTS: '1' } });
    await expect(aws.identity()).rejects.toMatchObject({
      code: 'AWS_UNREACHABLE',
      message: expect.stringMatching(detail),
    });
  });
});

describe('credentials', () => {
  afterEach(() => void vi.unstubAllEnvs());

  const config = `
[profile work]
region = eu-central-1
sso_session = office
sso_account_id = 000000000000
sso_role_name = dev

[sso-session office]
sso_start_url = https://office.example
sso_region = eu-central-1

[profile careful]
region = eu-central-1
role_arn = arn:aws:iam::000000000000:role/dev
source_profile = keys
mfa_serial = arn:aws:iam::000000000000:mfa/dev

[profile keys]
aws_access_key_id = test
aws_secret_access_key = test
`;
  const cache = `.aws/sso/cache/${createHash('sha1').update('office').digest('hex')}.json`;

  test.for([
    { why: 'none', profile: undefined, code: 'AWS_CREDENTIALS_MISSING', says: /AWS_PROFILE/ },
    { why: 'no such profile', profile: 'nobody', code: 'AWS_CREDENTIALS_MISSING', says: /the profile "nobody"/ },
    {
      why: 'a sign-in that has ended',
      profile: 'work',
      code: 'AWS_CREDENTIALS_EXPIRED',
      says: /sso login --profile work"/,
    },
    { why: 'a role that asks for a code', profile: 'careful', code: 'AWS_CREDENTIALS_MISSING', says: /multi-factor/ },
  ])('$why: $code', async ({ profile, code, says }) => {
    const expired = JSON.stringify({ accessToken: secret, expiresAt: '2026-01-01T00:00:00Z' });
    await using folder = await openTemporaryFolder({ '.aws/config': config, [cache]: expired });
    // The SDK reads its files by the environment of the process.
    vi.stubEnv('HOME', folder.path);
    vi.stubEnv('AWS_CONFIG_FILE', `${folder.path}/.aws/config`);
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    using aws = await openAws({ region: 'us-west-2', profile, env: {} });
    const error = await aws.identity().catch((thrown: unknown) => thrown as UserError);
    expect(error).toMatchObject({ name: 'UserError', code });
    const { message, fix } = error as UserError;
    expect(`${message} ${fix}`).toMatch(says);
    expect(everythingOf(error)).not.toContain(secret);
  });

  test.for([
    { why: 'the profile names the region', profile: 'work', env: {}, region: 'eu-central-1' },
    {
      why: 'AWS_DEFAULT_REGION does',
      profile: undefined,
      env: { AWS_DEFAULT_REGION: 'eu-west-1' },
      region: 'eu-west-1',
    },
  ])('$why', async ({ profile, env, region }) => {
    await using folder = await openTemporaryFolder({ '.aws/config': config });
    vi.stubEnv('AWS_CONFIG_FILE', `${folder.path}/.aws/config`);
    using aws = await openAws({ profile, env });
    expect(aws.region).toBe(region);
  });

  test.for([
    { why: 'nothing names a region', env: {}, code: 'AWS_REGION_MISSING' },
    { why: 'what is named is none', env: { AWS_REGION: 'us west' }, code: 'AWS_REGION_INVALID' },
  ])('$why: $code', async ({ env, code }) => {
    await using folder = await openTemporaryFolder();
    vi.stubEnv('AWS_CONFIG_FILE', `${folder.path}/none`);
    vi.stubEnv('AWS_REGION', '');
    await expect(openAws({ env })).rejects.toMatchObject({ code });
  });
});
