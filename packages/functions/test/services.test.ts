import { GetParametersByPathCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createServices } from '../src/services.ts';
import { credentials, openAwsEndpoint, region, type Received, type Reply } from './aws-endpoint.ts';

beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
  vi.stubEnv('AWS_SESSION_TOKEN', credentials.sessionToken);
  vi.stubEnv('AWS_REGION', region);
  vi.stubEnv('ARC_STACK_NAME', 'ChatStaging');
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const https = { Name: '/ChatStaging/ws/https', Value: 'https://host/staging/@connections' };
const wss = { Name: '/ChatStaging/ws/wss', Value: 'wss://host/staging' };

/** SSM with these two parameters, one per page. */
function answerPages({ body }: Received): Reply {
  const { NextToken }: { NextToken?: string } = JSON.parse(body);
  const page = NextToken === 'more' ? { Parameters: [wss] } : { Parameters: [https], NextToken: 'more' };
  return { statusCode: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(page) };
}

test('every page becomes one map, read once for all callers', async () => {
  await using endpoint = await openAwsEndpoint(answerPages);
  vi.stubEnv('AWS_ENDPOINT_URL_SSM', endpoint.url);
  const services = createServices();
  const [first, second] = await Promise.all([services(), services()]);
  expect(first).toEqual({ ws: { https: https.Value, wss: wss.Value } });
  expect(second).toBe(first);
  expect(await services()).toBe(first);
  expect(endpoint.received).toMatchObject([
    { method: 'POST', path: '/', isSigned: true, service: 'ssm', body: '{"Path":"/ChatStaging","Recursive":true}' },
    { isSigned: true, body: '{"Path":"/ChatStaging","Recursive":true,"NextToken":"more"}' },
  ]);
});

test('the request is the one of the AWS SDK', async () => {
  await using endpoint = await openAwsEndpoint(answerPages);
  vi.stubEnv('AWS_ENDPOINT_URL_SSM', endpoint.url);
  const client = new SSMClient({ endpoint: endpoint.url, region, credentials });
  await client.send(new GetParametersByPathCommand({ Path: '/ChatStaging', Recursive: true }));
  await createServices()();
  const [theirs, ours] = endpoint.received.map(({ method, path, headers, body }) => [
    method,
    path,
    headers['content-type'],
    headers['x-amz-target'],
    body,
  ]);
  expect(ours).toEqual(theirs);
});

test('another stack name is another map', async () => {
  await using endpoint = await openAwsEndpoint(answerPages);
  vi.stubEnv('AWS_ENDPOINT_URL_SSM', endpoint.url);
  const services = createServices();
  await services();
  vi.stubEnv('ARC_STACK_NAME', 'Other');
  expect(await services()).toEqual({});
});

test('a refusal names itself, and the next call asks again', async () => {
  const refusal: Reply = {
    statusCode: 400,
    body: '{"__type":"AccessDeniedException","Message":"User: arn is not authorized"}',
  };
  await using endpoint = await openAwsEndpoint((received, count) => (count === 1 ? refusal : answerPages(received)));
  vi.stubEnv('AWS_ENDPOINT_URL_SSM', endpoint.url);
  const services = createServices();
  const [result] = await Promise.allSettled([services()]);
  expect(result).toMatchObject({
    reason: {
      name: 'AccessDeniedException',
      code: 'AccessDeniedException',
      statusCode: 400,
      message:
        'Cannot read SSM parameters below /ChatStaging (400). AccessDeniedException: User: arn is not authorized',
      stack: expect.stringMatching(/^AccessDeniedException: .*\n.*services\.test\.ts/),
    },
  });
  expect(await services()).toMatchObject({ ws: { wss: wss.Value } });
});

test('throttling, which SSM answers with 400, passes', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  const refusal: Reply = { statusCode: 400, body: '{"__type":"ThrottlingException","message":"Rate exceeded"}' };
  await using endpoint = await openAwsEndpoint((received, count) => (count === 1 ? refusal : answerPages(received)));
  vi.stubEnv('AWS_ENDPOINT_URL_SSM', endpoint.url);
  expect(await createServices()()).toMatchObject({ ws: { wss: wss.Value } });
});

test('with a callback', async () => {
  await using endpoint = await openAwsEndpoint(answerPages);
  vi.stubEnv('AWS_ENDPOINT_URL_SSM', endpoint.url);
  const outcome = await new Promise((resolve) => {
    createServices()((...outcomes) => resolve(outcomes));
  });
  expect(outcome).toEqual([null, { ws: { https: https.Value, wss: wss.Value } }]);
});

test('a stack without parameters', async () => {
  await using endpoint = await openAwsEndpoint(() => ({ statusCode: 200, body: '{}' }));
  vi.stubEnv('AWS_ENDPOINT_URL_SSM', endpoint.url);
  expect(await createServices()()).toEqual({});
});

test.for([
  { variable: 'ARC_STACK_NAME', code: 'STACK_NAME_MISSING' },
  { variable: 'AWS_REGION', code: 'CREDENTIALS_MISSING' },
])('$variable is missing', async ({ variable, code }) => {
  vi.stubEnv(variable, undefined);
  await expect(createServices()()).rejects.toMatchObject({ code, fix: expect.any(String) });
});
