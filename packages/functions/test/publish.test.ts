import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createEvents, createQueues } from '../src/publish.ts';
import { credentials, openAwsEndpoint, region, type Received, type Reply } from './aws-endpoint.ts';

const topicArn = 'arn:aws:sns:us-west-2:123456789012:ChatStaging-LikesEventTopic-1A2B3C';
const queueUrl = 'https://sqs.us-west-2.amazonaws.com/123456789012/ChatStaging-JobsQueue-1A2B3C';
const services = async () => ({
  events: { likes: topicArn, deep: { er: topicArn } },
  queues: { jobs: `${queueUrl}.fifo`, loose: queueUrl },
});

beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
  vi.stubEnv('AWS_SESSION_TOKEN', credentials.sessionToken);
  vi.stubEnv('AWS_REGION', region);
});
afterEach(() => vi.unstubAllEnvs());

const published = `<PublishResponse><PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>`;

function answer({ service }: Received): Reply {
  if (service === 'sns') return { statusCode: 200, headers: { 'content-type': 'text/xml' }, body: published };
  const body = { MD5OfMessageBody: '5d41402abc4b2a76b9719d911017c592', MessageId: 'm-2', SequenceNumber: '7' };
  return { statusCode: 200, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify(body) };
}

async function openBoth(reply: typeof answer = answer) {
  const endpoint = await openAwsEndpoint(reply);
  vi.stubEnv('AWS_ENDPOINT_URL_SNS', endpoint.url);
  vi.stubEnv('AWS_ENDPOINT_URL_SQS', endpoint.url);
  return endpoint;
}

const formOf = ({ body }: Received) => Object.fromEntries(new URLSearchParams(body));

describe('what is sent', () => {
  test('to a topic is what the AWS SDK sends', async () => {
    await using endpoint = await openBoth();
    const client = new SNSClient({ endpoint: endpoint.url, region, credentials });
    await client.send(new PublishCommand({ TopicArn: topicArn, Message: '{"a":"é & +"}' }));
    const sent = await createEvents(services).publish({ name: 'likes', payload: { a: 'é & +' } });
    expect(sent).toEqual({ MessageId: 'm-1' });
    const [theirs, ours] = endpoint.received;
    expect(ours).toMatchObject({ method: 'POST', path: '/', isSigned: true, service: 'sns' });
    expect([ours && formOf(ours)]).toEqual([theirs && formOf(theirs)]);
  });

  test('to a queue is what the AWS SDK sends', async () => {
    await using endpoint = await openBoth(({ body }) => {
      const reply = answer({ service: 'sqs' } as Received);
      return body.includes('hello') ? reply : { ...reply, statusCode: 400, body: '{}' };
    });
    const client = new SQSClient({ endpoint: endpoint.url, region, credentials, useQueueUrlAsEndpoint: false });
    const MessageBody = 'hello';
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody, DelaySeconds: 0 }));
    const queues = createQueues(async () => ({ queues: { jobs: queueUrl } }));
    await queues.publish({ name: 'jobs', payload: 'hello' });
    const [theirs, ours] = endpoint.received;
    expect(ours).toMatchObject({ method: 'POST', path: '/', isSigned: true, service: 'sqs' });
    expect(ours?.headers['x-amz-target']).toBe(theirs?.headers['x-amz-target']);
    expect(ours?.headers['content-type']).toBe(theirs?.headers['content-type']);
    const said: unknown = JSON.parse(theirs?.body ?? '');
    expect(JSON.parse(ours?.body ?? '')).toEqual({ ...Object(said), MessageBody: '"hello"' });
  });

  test.for([
    { options: { name: 'jobs', payload: 1 }, sent: { MessageGroupId: 'jobs', DelaySeconds: 0 } },
    { options: { name: 'jobs', payload: 1, groupID: 'room-7' }, sent: { MessageGroupId: 'room-7' } },
    { options: { name: 'loose', payload: 1, delaySeconds: 30 }, sent: { DelaySeconds: 30 } },
  ])('$options', async ({ options, sent }) => {
    await using endpoint = await openBoth();
    await createQueues(services).publish(options);
    const body: unknown = JSON.parse(endpoint.received[0]?.body ?? '');
    expect(body).toMatchObject(sent);
    expect('MessageGroupId' in Object(body)).toBe(options.name === 'jobs');
  });
});

test('a callback gets the answer', async () => {
  await using endpoint = await openBoth();
  const answered = new Promise((resolve) => {
    const returned = createQueues(services).publish({ name: 'jobs', payload: 1 }, (...values) => resolve(values));
    expect(returned).toBeUndefined();
  });
  expect(await answered).toEqual([null, { MessageId: 'm-2', SequenceNumber: '7' }]);
  expect(endpoint.received).toHaveLength(1);
});

test('a name with folders is looked up part by part', async () => {
  await using endpoint = await openBoth();
  await createEvents(services).publish({ name: 'deep/er', payload: 1 });
  expect(endpoint.received).toHaveLength(1);
});

describe('what cannot be sent', () => {
  test.for([
    { options: { name: '', payload: 1 }, code: 'NAME_INVALID' },
    { options: { payload: 1 }, code: 'NAME_INVALID' },
    { options: undefined, code: 'NAME_INVALID' },
    { options: { name: 'likes' }, code: 'PAYLOAD_INVALID' },
    { options: { name: 'likes', payload: () => {} }, code: 'PAYLOAD_INVALID' },
    { options: { name: 'likes', payload: 1n }, code: 'PAYLOAD_INVALID' },
    { options: { name: 'likez', payload: 1 }, code: 'EVENT_UNKNOWN' },
    { options: { name: 'deep', payload: 1 }, code: 'EVENT_UNKNOWN' },
    { options: { name: '__proto__', payload: 1 }, code: 'EVENT_UNKNOWN' },
  ])('$options: $code', async ({ options, code }) => {
    const untyped: (input: unknown) => Promise<unknown> = createEvents(services).publish as never;
    await expect(untyped(options)).rejects.toMatchObject({ code });
  });

  test('rejects with what AWS says, from the line of the caller', async () => {
    const error = '<Error><Code>AuthorizationError</Code><Message>User may not &lt;publish&gt;</Message></Error>';
    await using endpoint = await openBoth(({ service }) =>
      service === 'sns'
        ? { statusCode: 403, body: `<ErrorResponse>${error}</ErrorResponse>` }
        : {
            statusCode: 400,
            body: JSON.stringify({ __type: 'com.amazonaws.sqs#QueueDoesNotExist', message: 'No such queue.' }),
          },
    );
    const events = createEvents(services).publish({ name: 'likes', payload: 1 });
    await expect(events).rejects.toMatchObject({
      name: 'AuthorizationError',
      statusCode: 403,
      message: expect.stringContaining('User may not <publish>'),
      stack: expect.stringContaining('publish.test.ts'),
    });
    await expect(createQueues(services).publish({ name: 'jobs', payload: 1 })).rejects.toMatchObject({
      code: 'QueueDoesNotExist',
      $fault: 'client',
    });
    expect(endpoint.received).toHaveLength(2);
  });

  test('is tried again when SNS is throttled or fails', async () => {
    await using endpoint = await openAwsEndpoint((received, count) =>
      count === 1 ? { statusCode: 429 } : count === 2 ? { statusCode: 503 } : answer(received),
    );
    vi.stubEnv('AWS_ENDPOINT_URL_SNS', endpoint.url);
    await expect(createEvents(services).publish({ name: 'likes', payload: 1 })).resolves.toEqual({ MessageId: 'm-1' });
    expect(endpoint.received).toHaveLength(3);
  });
});
