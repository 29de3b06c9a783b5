import { authorizerEvent, type Outcome, type Pairs } from '@furrow/protocol';
import { describe, expect, test } from 'vitest';
import { decideAuthorization, hasIdentity, methodArn, unauthorized } from './authorizer.ts';

const api = { region: 'us-west-2', accountId: '123456789012', apiId: 'abcdef1234', stage: 'testing' };
const arn = 'arn:aws:execute-api:us-west-2:123456789012:abcdef1234/testing/$connect';

test.for([
  { region: 'us-west-2', expected: arn },
  { region: 'cn-north-1', expected: 'arn:aws-cn:execute-api:cn-north-1:123456789012:abcdef1234/testing/$connect' },
  {
    region: 'us-gov-west-1',
    expected: 'arn:aws-us-gov:execute-api:us-gov-west-1:123456789012:abcdef1234/testing/$connect',
  },
])('G3, T144 the ARN in $region', ({ region, expected }) => {
  expect(methodArn({ ...api, region })).toBe(expected);
});

describe('G5 identity', () => {
  const headers: Pairs = [
    ['X-Token', 'a'],
    ['Empty', ''],
    ['Twice', 'a'],
    ['twice', ''],
    ['__proto__', 'x'],
  ];
  const query: Pairs = [
    ['token', 'b'],
    ['empty', ''],
    ['twice', ''],
    ['twice', 'b'],
  ];
  const facts = {
    connectionId: 'TXzPWdnOjoECGjA=',
    apiId: 'abcdef1234',
    domainName: 'localhost:3333',
    stage: 'testing',
    connectedAtMs: 1_708_326_702_116,
    sourceIp: '203.0.113.7',
    stageVariables: { color: 'blue' },
  };
  const event = authorizerEvent(facts, { requestId: 'TXzPWH1KjoEFc-w=', atMs: 0, headers, query, methodArn: arn });

  test.for([
    { why: 'nothing is asked for', sources: [] },
    { why: 'a header', sources: ['route.request.header.X-Token'] },
    { why: 'G6 a header in another case', sources: ['route.request.header.x-tOKEN'] },
    { why: 'a header that objects have', sources: ['route.request.header.__proto__'] },
    { why: 'a parameter', sources: ['route.request.querystring.token'] },
    { why: 'the last of two', sources: ['route.request.querystring.twice'] },
    { why: 'a stage variable', sources: ['stageVariables.color'] },
    { why: 'something of the context', sources: ['context.stage'] },
    { why: 'something deep in the context', sources: ['context.identity.sourceIp'] },
    { why: 'a number of the context', sources: ['context.connectedAt'] },
    { why: 'all of two', sources: ['route.request.querystring.token', 'route.request.header.X-Token'] },
  ])('is there: $why', ({ sources }) => {
    expect(hasIdentity(event, sources)).toBe(true);
  });

  test.for([
    { why: 'T134 no such header', sources: ['route.request.header.Other'] },
    { why: 'T134 no such parameter', sources: ['route.request.querystring.other'] },
    { why: 'a parameter in another case', sources: ['route.request.querystring.Token'] },
    { why: 'T135 an empty header', sources: ['route.request.header.Empty'] },
    { why: 'T135 an empty parameter', sources: ['route.request.querystring.empty'] },
    { why: 'the last of two headers is empty', sources: ['route.request.header.Twice'] },
    { why: 'one of two', sources: ['route.request.querystring.token', 'route.request.header.Other'] },
    { why: 'no such variable', sources: ['stageVariables.other'] },
    { why: 'nothing of the context', sources: ['context.identity.userAgent'] },
    { why: 'an object of the context', sources: ['context.identity'] },
    { why: 'what objects have', sources: ['context.constructor'] },
    { why: 'what parameters have by birth', sources: ['route.request.querystring.toString'] },
    { why: 'another kind of source', sources: ['method.request.header.X-Token'] },
    { why: 'no name', sources: ['route.request.header.'] },
  ])('is missing: $why', ({ sources }) => {
    expect(hasIdentity(event, sources)).toBe(false);
  });
});

const returned = (value: unknown): Outcome => ({ type: 'returned', value });
const failed = (errorMessage: string): Outcome => ({
  type: 'failed',
  failure: { errorType: 'Error', errorMessage, trace: [] },
});
const policy = (Effect: string, Resource: unknown = arn) => ({
  Version: '2012-10-17',
  Statement: [{ Effect, Action: 'execute-api:Invoke', Resource }],
});
const allowed = { principalId: 'me', policyDocument: policy('Allow') };
const decide = (outcome: Parameters<typeof decideAuthorization>[0]) => decideAuthorization(outcome, arn, 12);

describe('G7, G11 a client is let in', () => {
  test.for([
    { why: 'T133', value: allowed, context: { principalId: 'me', integrationLatency: 12 } },
    {
      why: 'T141 with a context of texts',
      value: { ...allowed, context: { n: 1, b: true, half: 0.5, s: 'x', no: null } },
      context: { n: '1', b: 'true', half: '0.5', s: 'x', principalId: 'me', integrationLatency: 12 },
    },
    {
      why: 'with names that objects have',
      value: { ...allowed, context: JSON.parse('{"__proto__":"x","constructor":"y"}') },
      context: JSON.parse('{"__proto__":"x","constructor":"y","principalId":"me","integrationLatency":12}'),
    },
    {
      why: 'whatever the context says of the two',
      value: { ...allowed, context: { principalId: 'you', integrationLatency: 'none' } },
      context: { principalId: 'me', integrationLatency: 12 },
    },
    {
      why: 'G15 with a usage key, which is not used',
      value: { ...allowed, usageIdentifierKey: 'key', context: null },
      context: { principalId: 'me', integrationLatency: 12 },
    },
  ])('$why', ({ value, context }) => {
    const authorization = decide(returned(value));
    expect(authorization).toEqual({ type: 'allow', context });
    expect(JSON.stringify(authorization)).toBe(JSON.stringify({ type: 'allow', context }));
  });
});

describe('a client is refused', () => {
  test.for([
    { why: 'T136 with a Deny', value: { ...allowed, policyDocument: policy('Deny') } },
    { why: 'T140 with an Allow of something else', value: { ...allowed, policyDocument: policy('Allow', 'x') } },
    { why: 'G8 with no statement', value: { ...allowed, policyDocument: { Statement: [] } } },
  ])('G8 $why: 403', ({ value }) => {
    expect(decide(returned(value))).toMatchObject({
      type: 'refuse',
      decision: { type: 'refuse', statusCode: 403, body: '{"message":"Forbidden"}' },
    });
  });

  test('G9, T137 by an error that says exactly Unauthorized: 401', () => {
    expect(decide(failed('Unauthorized'))).toBe(unauthorized);
    expect(unauthorized).toMatchObject({ decision: { statusCode: 401, body: '{"message":"Unauthorized"}' } });
  });

  const big = 'x'.repeat(8192);
  test.for<{ why: string; outcome: Parameters<typeof decideAuthorization>[0]; error: string }>([
    { why: 'G9 unauthorized in small letters', outcome: failed('unauthorized'), error: 'Error' },
    { why: 'G9 more than that word', outcome: failed('Unauthorized.'), error: 'Error' },
    { why: 'T138 another error', outcome: failed('no'), error: 'Error' },
    { why: 'G22 it could not run', outcome: { type: 'refused', reason: 'busy' }, error: 'TooManyRequestsException' },
    { why: 'a time-out', outcome: { type: 'timedOut', afterMs: 29_000 }, error: 'Gateway.Timedout' },
    ...[
      { why: 'T139 a status', value: { statusCode: 401 } },
      { why: 'G13 a simple response', value: { isAuthorized: true } },
      { why: 'nothing', value: undefined },
      { why: 'null', value: null },
      { why: 'a text', value: 'Allow' },
      { why: 'a list', value: [allowed] },
      { why: 'no principalId', value: { policyDocument: policy('Allow') } },
      { why: 'an empty principalId', value: { ...allowed, principalId: '' } },
      { why: 'a principalId that is no text', value: { ...allowed, principalId: 1 } },
      { why: 'no policyDocument', value: { principalId: 'me' } },
      { why: 'a policyDocument as text', value: { ...allowed, policyDocument: JSON.stringify(policy('Allow')) } },
      { why: 'T142 an object in the context', value: { ...allowed, context: { a: {} } } },
      { why: 'a list in the context', value: { ...allowed, context: { a: [] } } },
      { why: 'a context that is a list', value: { ...allowed, context: [] } },
      { why: 'a context that is text', value: { ...allowed, context: 'x' } },
      {
        why: 'an object in the context of a Deny',
        value: { ...allowed, policyDocument: policy('Deny'), context: { a: {} } },
      },
      { why: 'E4 more than 8 KB', value: { ...allowed, context: { big } } },
      {
        why: 'a depth that cannot be written',
        value: { ...allowed, x: JSON.parse('['.repeat(50_000) + ']'.repeat(50_000)) },
      },
    ].map(({ why, value }) => ({ why, outcome: returned(value), error: 'AuthorizerConfigurationException' })),
  ])('G10 $why: 500', ({ outcome, error }) => {
    const authorization = decide(outcome);
    expect(authorization).toMatchObject({
      type: 'refuse',
      decision: { type: 'refuse', statusCode: 500, body: '{"message": "Internal server error"}' },
      failure: { errorType: error },
    });
  });

  test('E4 exactly 8 KB are let in', () => {
    const rest = JSON.stringify({ ...allowed, context: { big: '' } }).length;
    const ofBytes = (bytes: number) =>
      decide(returned({ ...allowed, context: { big: 'x'.repeat(bytes - rest) } })).type;
    expect([ofBytes(8192), ofBytes(8193)]).toEqual(['allow', 'refuse']);
  });
});
