import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { readFile } from 'node:fs/promises';
import { PublishBatchCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { BackgroundRun } from '../src/index.ts';
import { openApp, type AppOptions, type RunningApp } from './open-app.ts';

/** Keeps what it was given in a file of the project, one JSON text a line. */
const keep = `let { appendFileSync } = require('fs')
let { join } = require('path')
let keep = value => appendFileSync(join(JSON.parse(process.env.ARC_SANDBOX).cwd, 'kept'), JSON.stringify(value) + '\\n')
`;

const publishes = `let arc = require('@architect/functions')
exports.handler = async (req) => {
  let { type, ...params } = JSON.parse(Buffer.from(req.body, req.isBase64Encoded ? 'base64' : 'utf8').toString())
  try { return { statusCode: 200, body: JSON.stringify(await arc[type].publish(params)) } }
  catch (error) { return { statusCode: 500, body: error.message } }
}`;

async function openWith(
  manifest: string,
  files: Readonly<Record<string, string>>,
  options: AppOptions = {},
): Promise<RunningApp> {
  const app = await openApp({ 'app.arc': `@app\ntestapp\n@http\npost /\n${manifest}`, ...files }, options);
  await app.sandbox.built;
  return app;
}

async function kept<Value = unknown>(app: RunningApp, count: number): Promise<Value[]> {
  return vi.waitFor(
    async () => {
      const lines = (await readFile(app.path('kept'), 'utf8').catch(() => '')).split('\n').filter(Boolean);
      expect(lines.length).toBeGreaterThanOrEqual(count);
      return lines.map((line): Value => JSON.parse(line));
    },
    { timeout: 15_000, interval: 20 },
  );
}

async function runs(app: RunningApp, count: number): Promise<BackgroundRun[]> {
  return vi.waitFor(
    () => {
      const found = app.events.filter((event) => event.type === 'background');
      expect(found.length).toBeGreaterThanOrEqual(count);
      return found;
    },
    { timeout: 15_000, interval: 20 },
  );
}

async function publish(app: RunningApp, params: object): Promise<string> {
  const response = await fetch(app.sandbox.url, { method: 'POST', body: JSON.stringify(params) });
  return `${response.status} ${await response.text()}`;
}

const whole = { 'src/events/likes/index.js': `${keep}exports.handler = async event => keep(event)` };
const likes = {
  'src/events/likes/index.js': `${keep}let arc = require('@architect/functions')
exports.handler = arc.events.subscribe(async payload => keep(payload))`,
};
const jobs = {
  'src/queues/jobs/index.js': `${keep}let arc = require('@architect/functions')
exports.handler = arc.queues.subscribe(async payload => keep(payload))`,
};

describe('a handler that publishes', () => {
  test.for([
    { library: 'the one that comes along', packages: {} },
    { library: 'Architect 8', packages: { '@architect/functions': 'architect-functions' } },
    { library: 'Architect 5', packages: { '@architect/functions': 'architect-functions-5' } },
  ])('with $library', async ({ packages }) => {
    const files = { 'src/http/post-index/index.js': publishes, ...likes, ...jobs };
    await using app = await openWith('@events\nlikes\n@queues\njobs', files, { packages });
    expect(await publish(app, { type: 'events', name: 'likes', payload: { of: 'a "quoted" ünïcode text' } })).toMatch(
      /^200 /,
    );
    expect(await kept(app, 1)).toEqual([{ of: 'a "quoted" ünïcode text' }]);
    expect(await publish(app, { type: 'queues', name: 'jobs', payload: [1, 2] })).toMatch(/^200 /);
    expect((await kept(app, 2))[1]).toEqual([1, 2]);
    expect(await publish(app, { type: 'events', name: 'likez', payload: {} })).toMatch(/^500 .*not found/);
    expect(await runs(app, 2)).toMatchObject([
      { label: 'event likes', functionName: 'events/likes', count: 1, attempt: 1, failed: 0, givenUp: 0 },
      { label: 'queue jobs', functionName: 'queues/jobs', failed: 0 },
    ]);
  });

  test('pushes to a socket from the function of an event', async () => {
    await using app = await openWith('@ws\n@events\nlikes', {
      'src/ws/default/index.js': `let arc = require('@architect/functions')
exports.handler = async event => {
  await arc.events.publish({ name: 'likes', payload: { id: event.requestContext.connectionId } })
  return { statusCode: 200 }
}`,
      'src/events/likes/index.js': `let arc = require('@architect/functions')
exports.handler = arc.events.subscribe(({ id }) => arc.ws.send({ id, payload: { liked: true } }))`,
    });
    const socket = new WebSocket(app.url);
    socket.on('open', () => socket.send('hello'));
    const [message] = await once(socket, 'message');
    expect(String(message)).toBe('{"liked":true}');
    socket.close();
  });
});

/** Clients in a handler find the sandbox by their variables; here they get the same ones. */
async function clients(app: RunningApp) {
  const response = await fetch(app.sandbox.url, { method: 'POST', body: '{}' });
  const { env, services } = (await response.json()) as {
    env: Record<string, string>;
    services: Record<'events' | 'queues', Record<string, string>>;
  };
  const config = {
    region: 'us-west-2',
    credentials: {
      accessKeyId: env['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: env['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
    maxAttempts: 1,
  };
  return {
    sns: new SNSClient({ ...config, endpoint: env['AWS_ENDPOINT_URL_SNS'] ?? '' }),
    sqs: new SQSClient({ ...config, endpoint: env['AWS_ENDPOINT_URL_SQS'] ?? '' }),
    env,
    services,
  };
}

const tells = {
  'src/http/post-index/index.js': `let arc = require('@architect/functions')
exports.handler = async () => ({
  statusCode: 200,
  body: JSON.stringify({ env: process.env, services: await arc.services() }),
})`,
};

describe('a client of the AWS SDK', () => {
  test('publishes to a topic, and its function gets the event of SNS', async () => {
    await using app = await openWith('@events\nlikes', { ...tells, ...whole });
    const { sns, services } = await clients(app);
    const TopicArn = services.events['likes'] ?? '';
    const { MessageId } = await sns.send(
      new PublishCommand({
        TopicArn,
        Message: 'a & b < c',
        Subject: 'subject',
        MessageAttributes: { kind: { DataType: 'String', StringValue: 'x' } },
      }),
    );
    expect(await kept(app, 1)).toMatchObject([
      {
        Records: [
          {
            EventSource: 'aws:sns',
            EventVersion: '1.0',
            EventSubscriptionArn: expect.stringContaining(`${TopicArn}:`),
            Sns: {
              Type: 'Notification',
              MessageId,
              TopicArn,
              Subject: 'subject',
              Message: 'a & b < c',
              Timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
              MessageAttributes: { kind: { Type: 'String', Value: 'x' } },
            },
          },
        ],
      },
    ]);
    const batch = await sns.send(
      new PublishBatchCommand({
        TopicArn,
        PublishBatchRequestEntries: [
          { Id: 'a', Message: '1' },
          { Id: 'b', Message: '' },
        ],
      }),
    );
    expect(batch).toMatchObject({ Successful: [{ Id: 'a' }], Failed: [{ Id: 'b', Code: 'InvalidParameter' }] });
  });

  test('sends to a queue, and its function gets the event of SQS', async () => {
    const files = { 'src/queues/jobs/index.js': `${keep}exports.handler = async event => keep(event)`, ...tells };
    await using app = await openWith('@queues\njobs', files);
    const { sqs, services } = await clients(app);
    const QueueUrl = services.queues['jobs'] ?? '';
    expect(QueueUrl).toMatch(/\.fifo$/);
    const sent = await sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: 'hello',
        MessageGroupId: 'g',
        MessageAttributes: { kind: { DataType: 'Number', StringValue: '7' } },
      }),
    );
    expect(sent.SequenceNumber).toMatch(/^\d{20}$/);
    expect(await kept(app, 1)).toMatchObject([
      {
        Records: [
          {
            messageId: sent.MessageId,
            receiptHandle: expect.any(String),
            body: 'hello',
            attributes: {
              ApproximateReceiveCount: '1',
              MessageGroupId: 'g',
              SequenceNumber: sent.SequenceNumber,
              MessageDeduplicationId: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
              SentTimestamp: expect.stringMatching(/^\d{13}$/),
            },
            messageAttributes: { kind: { stringValue: '7', dataType: 'Number' } },
            md5OfBody: '5d41402abc4b2a76b9719d911017c592',
            eventSource: 'aws:sqs',
            eventSourceARN: expect.stringMatching(/^arn:aws:sqs:us-west-2:123456789012:.*\.fifo$/),
            awsRegion: 'us-west-2',
          },
        ],
      },
    ]);
    const name = QueueUrl.split('/').at(-1) ?? '';
    expect((await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl).toBe(QueueUrl);
    const batch = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'a', MessageBody: '1', MessageGroupId: 'g' },
          { Id: 'b', MessageBody: '2' },
        ],
      }),
    );
    expect(batch).toMatchObject({ Successful: [{ Id: 'a' }], Failed: [{ Id: 'b', Code: 'MissingParameter' }] });
  });

  test('of the second version speaks the older protocol', async () => {
    const files = {
      'src/http/post-index/index.js': `let SNS = require('aws-sdk/clients/sns')
let SQS = require('aws-sdk/clients/sqs')
let arc = require('@architect/functions')
exports.handler = async () => {
  let { queues, events } = await arc.services()
  let local = { endpoint: process.env.AWS_ENDPOINT_URL_SQS }
  let sent = await new SQS(local).sendMessage({ QueueUrl: queues.jobs, MessageBody: '{"a":1}' }).promise()
  let sns = new SNS({ endpoint: process.env.AWS_ENDPOINT_URL_SNS })
  let published = await sns.publish({ TopicArn: events.likes, Message: '{"b":2}' }).promise()
  return { statusCode: 200, body: [typeof sent.MessageId, typeof published.MessageId].join() }
}`,
      ...likes,
      ...jobs,
    };
    const packages = { 'aws-sdk': 'aws-sdk' };
    await using app = await openWith('@events\nlikes\n@queues\njobs\n  fifo false\n@aws\ntimeout 20', files, {
      packages,
    });
    expect(await publish(app, {})).toBe('200 string,string');
    expect(await kept(app, 2)).toEqual(expect.arrayContaining([{ a: 1 }, { b: 2 }]));
  });

  test('is refused in the words of AWS', async () => {
    await using app = await openWith('@events\nlikes\n@queues\njobs\nloose\n  fifo false', {
      ...tells,
      ...likes,
      ...jobs,
    });
    const { sns, sqs, services } = await clients(app);
    const [jobsUrl, looseUrl] = [services.queues['jobs'], services.queues['loose']];
    const refusals = await Promise.allSettled([
      sns.send(new PublishCommand({ TopicArn: 'arn:aws:sns:us-west-2:123456789012:none', Message: 'x' })),
      sns.send(new PublishCommand({ TopicArn: services.events['likes'], Message: 'x'.repeat(262_145) })),
      sqs.send(new SendMessageCommand({ QueueUrl: `${jobsUrl}x`, MessageBody: 'x' })),
      sqs.send(new SendMessageCommand({ QueueUrl: jobsUrl, MessageBody: 'x' })),
      sqs.send(new SendMessageCommand({ QueueUrl: jobsUrl, MessageBody: 'x', MessageGroupId: 'a', DelaySeconds: 1 })),
      sqs.send(new SendMessageCommand({ QueueUrl: looseUrl, MessageBody: 'x', DelaySeconds: 901 })),
      sqs.send(new SendMessageCommand({ QueueUrl: looseUrl, MessageBody: 'x'.repeat(1_048_577) })),
      sqs.send(new ReceiveMessageCommand({ QueueUrl: looseUrl })),
      sqs.send(new SendMessageCommand({ QueueUrl: looseUrl, MessageBody: '', MessageAttributes: {} })),
    ]);
    expect(refusals.map((each) => (each.status === 'rejected' ? each.reason.name : 'taken'))).toEqual([
      'NotFoundException',
      'InvalidParameterException',
      'QueueDoesNotExist',
      'MissingParameter',
      'InvalidParameterValue',
      'InvalidParameterValue',
      'InvalidParameterValue',
      'AccessDenied',
      'MissingParameter',
    ]);
  });
});

describe('a function that fails', () => {
  test('gets an event twice more, and is given up', async () => {
    await using app = await openWith('@events\nlikes', {
      'src/http/post-index/index.js': publishes,
      'src/events/likes/index.js': `exports.handler = async () => { throw new TypeError('no') }`,
    });
    await publish(app, { type: 'events', name: 'likes', payload: {} });
    expect(await runs(app, 3)).toMatchObject([
      { attempt: 1, failed: 1, againInMs: 1000, givenUp: 0, failure: { errorType: 'TypeError' } },
      { attempt: 2, failed: 1, againInMs: 2000, givenUp: 0 },
      { attempt: 3, failed: 1, againInMs: undefined, givenUp: 1 },
    ]);
  });

  test('gets only those messages of a batch again that it names', async () => {
    await using app = await openWith('@queues\njobs\n  fifo false', {
      ...tells,
      'src/queues/jobs/index.js': `${keep}let arc = require('@architect/functions')
let seen = 0
exports.handler = arc.queues.subscribe(async payload => {
  keep(payload)
  if (payload === 2 && seen++ === 0) throw new Error('not yet')
})`,
    });
    const { sqs, services } = await clients(app);
    const Entries = [1, 2, 3].map((number) => ({ Id: `i${number}`, MessageBody: String(number), DelaySeconds: 1 }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: services.queues['jobs'], Entries }));
    const numbers = await kept<number>(app, 4);
    expect(numbers.toSorted((one, other) => one - other)).toEqual([1, 2, 2, 3]);
    expect(numbers.at(-1)).toBe(2);
  });

  test('holds the messages behind it in its group, and no others', async () => {
    await using app = await openWith('@queues\njobs\n  batchSize 1', {
      ...tells,
      'src/queues/jobs/index.js': `${keep}
exports.handler = async ({ Records: [{ body, attributes }] }) => {
  keep(body)
  if (body === 'a1' && attributes.ApproximateReceiveCount === '1') throw new Error('not yet')
}`,
    });
    const { sqs, services } = await clients(app);
    const send = (body: string) =>
      sqs.send(
        new SendMessageCommand({
          QueueUrl: services.queues['jobs'],
          MessageBody: body,
          MessageGroupId: body.charAt(0),
        }),
      );
    for (const body of ['a1', 'a2', 'a3', 'b1', 'b2']) {
      // oxlint-disable-next-line no-await-in-loop -- the order is what is tested
      await send(body);
    }
    const bodies = await kept<string>(app, 6);
    expect(bodies.filter((body) => body.startsWith('a'))).toEqual(['a1', 'a1', 'a2', 'a3']);
    expect(bodies.filter((body) => body.startsWith('b'))).toEqual(['b1', 'b2']);
    expect(bodies.indexOf('b2')).toBeLessThan(bodies.indexOf('a2'));
  });
});

test('a FIFO queue drops what it got in the last five minutes, and says so', async () => {
  await using app = await openWith('@queues\njobs', { 'src/http/post-index/index.js': publishes, ...jobs });
  for (const payload of ['same', 'same', 'other']) {
    // oxlint-disable-next-line no-await-in-loop -- the order is what is tested
    await publish(app, { type: 'queues', name: 'jobs', payload });
  }
  expect(await kept(app, 2)).toEqual(['same', 'other']);
  expect(app.events).toContainEqual(
    expect.objectContaining({ type: 'notice', text: expect.stringContaining('queue jobs drops a message') }),
  );
});

describe('the port of messages', () => {
  const silent = { 'src/http/post-index/index.js': tells['src/http/post-index/index.js'], ...likes };

  test.for([
    { why: 'a page of a browser', headers: { origin: 'https://evil.example' }, statusCode: 403 },
    { why: 'a page that hides where it is from', headers: { 'sec-fetch-site': 'cross-site' }, statusCode: 403 },
    { why: 'another name of this machine', headers: { host: 'evil.example' }, statusCode: 403 },
    { why: 'a name that is not there', body: '{"name":"none","payload":{}}', statusCode: 404 },
    { why: 'what is no JSON', body: '{', statusCode: 400 },
    { why: 'JSON that is no object', body: 'null', statusCode: 400 },
    { why: 'a name of objects', body: '{"name":"__proto__","payload":1}', statusCode: 404 },
    { why: 'bytes of no meaning', body: Buffer.from([0xff, 0x00, 0xc0]), statusCode: 400 },
    {
      why: 'what is too deep',
      body: `{"name":"likes","payload":${'['.repeat(500_000)}${']'.repeat(500_000)}}`,
      statusCode: 400,
    },
    { why: 'a name that is an object', body: '{"name":{"toString":1},"payload":1}', statusCode: 400 },
    { why: 'another path', path: '/constructor', statusCode: 404 },
    { why: 'more than SNS takes', body: `{"name":"likes","payload":"${'x'.repeat(262_143)}"}`, statusCode: 413 },
    { why: 'more than any message', body: Buffer.alloc(5 * 1024 * 1024), statusCode: 413 },
    { why: 'SNS without a signature', path: '/sns/', body: 'Action=Publish&Message=x', statusCode: 403 },
    {
      why: 'SQS without a signature',
      path: '/sqs/',
      headers: { 'x-amz-target': 'AmazonSQS.SendMessage' },
      statusCode: 403,
    },
    { why: 'a read', method: 'GET', statusCode: 403 },
  ])(
    'refuses $why: $statusCode',
    async ({ path = '/events', method = 'POST', headers = {}, body = '', statusCode }) => {
      await using app = await openWith('@events\nlikes', silent);
      const { env } = await clients(app);
      const { ports }: { ports: { events: number; queues: number } } = JSON.parse(env['ARC_SANDBOX'] ?? '');
      expect(ports.queues).toBe(ports.events);
      const asked = request({ port: ports.events, host: '127.0.0.1', path, method, headers });
      asked.end(body);
      const [response] = (await once(asked, 'response')) as [IncomingMessage];
      response.resume();
      expect(response.statusCode).toBe(statusCode);
      expect(app.events.filter(({ type }) => type === 'background')).toEqual([]);
    },
  );

  test('is not there in an app without events and queues', async () => {
    await using app = await openWith('', tells);
    const { env, services } = await clients(app);
    expect(Object.keys(env).filter((name) => /_(?:SNS|SQS)$/.test(name))).toEqual([]);
    expect(JSON.parse(env['ARC_SANDBOX'] ?? '').ports).not.toHaveProperty('events');
    expect(services).not.toHaveProperty('events');
  });
});

test('an event that is declared while the sandbox runs can be published', async () => {
  const files = { 'src/http/post-index/index.js': publishes, ...likes };
  await using app = await openWith('', files, { isWatching: true });
  await app.sandbox.watching;
  expect(await publish(app, { type: 'events', name: 'likes', payload: 1 })).toMatch(/^500 likes event not found/);
  await app.save('app.arc', '@app\ntestapp\n@http\npost /\n@events\nlikes');
  await vi.waitFor(() => expect(app.events.map(({ type }) => type)).toContain('manifestChanged'), { timeout: 10_000 });
  await vi.waitFor(
    async () => expect(await publish(app, { type: 'events', name: 'likes', payload: 2 })).toMatch(/^200/),
    {
      timeout: 10_000,
    },
  );
  expect(await kept(app, 1)).toEqual([2]);
});

test('what waits when the sandbox ends is lost, and that is said', async () => {
  const files = { 'src/http/post-index/index.js': publishes, ...jobs };
  await using app = await openWith('@queues\njobs\n  fifo false', files);
  expect(await publish(app, { type: 'queues', name: 'jobs', payload: 1, delaySeconds: 900 })).toMatch(/^200/);
  const startedAtMs = performance.now();
  await app.sandbox.close();
  expect(performance.now() - startedAtMs).toBeLessThan(4000);
  expect(app.events).toContainEqual(
    expect.objectContaining({ type: 'notice', text: expect.stringContaining('1 message of ') }),
  );
});
