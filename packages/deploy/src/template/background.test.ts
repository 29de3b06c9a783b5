import { describe, expect, test } from 'vitest';
import { appOf, inputOf, resourcesOf } from '../../test/support/template-input.ts';
import { adoptedFrom } from './adopted.ts';
import { createTemplate, templateText } from './create-template.ts';
import type { Template } from './template.ts';

const manifest = '@app\ntestapp\n@http\nget /\n@events\nlikes\n@queues\norders\n@scheduled\ncleanup rate(1 day)';

async function templateOf(text = manifest): Promise<Template> {
  return createTemplate(inputOf(await appOf(text)));
}

/** What a role may do, action by action. */
function rightsOf({ Resources }: Template, roleId: string): ReadonlyMap<string, unknown> {
  const { Policies } = { ...Resources[roleId]?.Properties } as {
    Policies?: [{ PolicyDocument: { Statement: { Action: string[]; Resource: unknown }[] } }];
  };
  const PolicyDocument = Policies?.[0].PolicyDocument ?? { Statement: [] };
  return new Map(PolicyDocument.Statement.flatMap(({ Action, Resource }) => Action.map((each) => [each, Resource])));
}

describe('rights', () => {
  test.for(['HTTPRole', 'EventsRole', 'QueuesRole', 'ScheduledRole'])(
    '%s may publish, and to the app alone',
    async (id) => {
      const rights = rightsOf(await templateOf(), id);
      expect(rights.get('sns:Publish')).toEqual([{ Ref: 'LikesEventTopic' }]);
      expect(rights.get('sqs:SendMessage')).toEqual([{ 'Fn::GetAtt': ['OrdersQueue', 'Arn'] }]);
      expect(rights.has('sqs:ReceiveMessage')).toBe(id === 'QueuesRole');
    },
  );

  test('a function with policies of its own receives from its own queue alone', async () => {
    const app = await appOf('@app\ntestapp\n@queues\norders\nmails', {
      'src/queues/mails': '@aws\npolicies AmazonS3ReadOnlyAccess',
    });
    const template = createTemplate(inputOf(app));
    expect(rightsOf(template, 'MailsQueueRole').get('sqs:ReceiveMessage')).toEqual([
      { 'Fn::GetAtt': ['MailsQueue', 'Arn'] },
    ]);
    expect(rightsOf(template, 'QueuesRole').get('sqs:ReceiveMessage')).toEqual([
      { 'Fn::GetAtt': ['OrdersQueue', 'Arn'] },
    ]);
  });

  test('names of many topics and queues do not fill a role', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `a-name-that-is-rather-long-${index}`).join('\n');
    const rights = rightsOf(await templateOf(`@app\ntestapp\n@events\n${names}\n@queues\n${names}`), 'QueuesRole');
    const all = ':${AWS::Region}:${AWS::AccountId}:${AWS::StackName}-*';
    expect(rights.get('sns:Publish')).toEqual([{ 'Fn::Sub': `arn:\${AWS::Partition}:sns${all}` }]);
    expect(rights.get('sqs:ReceiveMessage')).toEqual([{ 'Fn::Sub': `arn:\${AWS::Partition}:sqs${all}` }]);
  });
});

test('only the topic and the rule may invoke their functions', async () => {
  const permissions = resourcesOf(await templateOf(), 'AWS::Lambda::Permission').map(({ properties }) => properties);
  expect(permissions).toEqual(
    expect.arrayContaining([
      {
        Action: 'lambda:InvokeFunction',
        FunctionName: { Ref: 'LikesEventLambda' },
        Principal: 'sns.amazonaws.com',
        SourceArn: { Ref: 'LikesEventTopic' },
      },
      {
        Action: 'lambda:InvokeFunction',
        FunctionName: { Ref: 'CleanupScheduledLambda' },
        Principal: 'events.amazonaws.com',
        SourceArn: { 'Fn::GetAtt': ['CleanupScheduledEvent', 'Arn'] },
      },
    ]),
  );
});

test.for([
  { lines: '', timeout: 5, visible: 30, isFifo: true },
  { lines: '\n  fifo false', timeout: 900, visible: 5400, isFifo: false },
  { lines: '\n  fifo false\n  batchSize 50\n  batchWindow 300', timeout: 5, visible: 330, isFifo: false },
])('a message of a queue is hidden for six time-outs: $visible s', async ({ lines, timeout, visible, isFifo }) => {
  const template = await templateOf(`@app\ntestapp\n@queues\njobs${lines}\n@aws\ntimeout ${timeout}`);
  expect(template.Resources['JobsQueue']?.Properties).toMatchObject({
    VisibilityTimeout: visible,
    RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['JobsQueueDeadLetters', 'Arn'] }, maxReceiveCount: 5 },
    ...(isFifo && { FifoQueue: true, ContentBasedDeduplication: true }),
  });
  expect('FifoQueue' in (template.Resources['JobsQueueDeadLetters']?.Properties ?? {})).toBe(isFifo);
});

test('no id is longer than CloudFormation takes, whatever the names', async () => {
  const name = 'a'.repeat(240);
  const template = await templateOf(
    `@app\ntestapp\n@events\n${name}\n@queues\n${name}\n@scheduled\n${name} rate(1 day)`,
  );
  expect(Math.max(...Object.keys(template.Resources).map((id) => id.length))).toBeLessThanOrEqual(255);
  for (const { properties } of resourcesOf(template, 'AWS::Events::Rule')) {
    expect(properties['Targets']).toEqual([expect.objectContaining({ Id: expect.stringMatching(/^.{1,64}$/) })]);
  }
});

test('a table may be called like a queue', async () => {
  const tables = '@tables\njobs-queue\n  id *String\nlikes-event-topic\n  id *String';
  await expect(templateOf(`@app\ntestapp\n@events\nlikes\n@queues\njobs\n${tables}`)).resolves.toBeDefined();
});

/** A parameter as Architect writes it. */
function named(text: string, variable: string, name: string): object {
  const Name = { 'Fn::Sub': [`/\${AWS::StackName}/${text}/\${${variable}}`, { [variable]: name }] };
  return { Type: 'AWS::SSM::Parameter', Properties: { Name } };
}

describe('a stack of Architect', () => {
  const sam = { Type: 'AWS::Serverless::Function', Properties: { Events: {} } };
  const deployed = {
    Resources: {
      HitCounterEventLambda: sam,
      HitCounterEventTopicParam: named('events', 'event', 'hit_counter'),
      JobsQueueLambda: sam,
      DailyScheduledLambda: sam,
      GoneQueueLambda: sam,
    },
  };

  test('keeps the ids of topics, queues and schedules', async () => {
    const text = '@app\ntestapp\n@events\nhit_counter\nhit-counter\n@queues\njobs\n@scheduled\ndaily rate(1 day)';
    const app = await appOf(text);
    const adopted = adoptedFrom(JSON.stringify(deployed), app);
    expect(Object.fromEntries(adopted.ids)).toEqual({
      'events/hit_counter': 'HitCounter',
      'queues/jobs': 'Jobs',
      'scheduled/daily': 'Daily',
    });
    const { Resources } = createTemplate(inputOf(app, { adopted }));
    // As SAM calls what it makes of an event of a function.
    expect(Object.keys(Resources)).toEqual(
      expect.arrayContaining([
        'HitCounterEventTopic',
        'HitCounterEventLambdaHitCounterEvent',
        'HitCounterEventLambdaHitCounterEventPermission',
        'JobsQueue',
        'JobsQueueParam',
        'JobsQueueLambdaJobsQueueEvent',
        'DailyScheduledEvent',
        'DailyScheduledPermission',
      ]),
    );
  });

  test('our own template is read the same way', async () => {
    const app = await appOf(manifest);
    const text = templateText(createTemplate(inputOf(app)));
    expect(Object.fromEntries(adoptedFrom(text, app).ids)).toMatchObject({
      'events/likes': 'Likes',
      'queues/orders': 'Orders',
      'scheduled/cleanup': 'Cleanup',
    });
  });
});
