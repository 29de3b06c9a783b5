import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetPublicAccessBlockCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { stackInProgress } from '../../../test/aws/answers.ts';
import { emulatorMissing, openEmulator, type Emulator } from '../../../test/aws/emulator.ts';
import { openFaultProxy, type FaultProxy } from '../../../test/aws/fault-proxy.ts';
import type { Aws, ChangeSet, Stacks } from '../src/aws/aws.ts';
import { openAws } from '../src/aws/open-aws.ts';

const missing = emulatorMissing() ?? '';

/** Every method against the emulator, through the real clients; what the emulator cannot do is in aws-failure.test.ts. */
describe.skipIf(missing !== '')(`AWS ${missing}`, () => {
  let emulator: Emulator;
  let proxy: FaultProxy;
  let aws: Aws;
  const heard: string[] = [];

  const end = async (stackName = 'AppStaging') => {
    const status = async () => (await aws.stacks.describe(stackName))?.status;
    await expect.poll(status).toMatch(/_(?:COMPLETE|FAILED)$/);
    return status();
  };

  beforeAll(async () => {
    emulator = await openEmulator();
    proxy = await openFaultProxy(emulator);
    aws = await openAws({ env: proxy.env, onCall: ({ service, operation }) => heard.push(`${service} ${operation}`) });
  });

  beforeEach(() => {
    proxy.clear();
    heard.length = 0;
  });

  afterAll(async () => {
    aws?.[Symbol.dispose]();
    await proxy?.[Symbol.asyncDispose]();
    await emulator?.[Symbol.asyncDispose]();
  });

  test('who calls', async () => {
    expect(aws.region).toBe('us-west-2');
    expect(await aws.identity()).toEqual({ account: '000000000000' });
  });

  test('keys that nobody has made are refused by a server that checks them', async () => {
    await using strict = await openEmulator({ auth: true });
    const env = { ...strict.env, AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE' };
    using stranger = await openAws({ env });
    await expect(stranger.stacks.list()).rejects.toMatchObject({ code: 'AWS_CREDENTIALS_INVALID' });
  });

  describe('a stack', () => {
    const input = (body: string, isNew = false) => ({
      stackName: 'AppStaging',
      name: `change-${++changeSets}`,
      isNew,
      template: { body },
      parameters: { Secret: 'secret-value' },
      tags: { app: 'app' },
    });
    let changeSets = 0;

    test('is not there', async () => {
      expect(await aws.stacks.describe('AppStaging')).toBeUndefined();
      expect(await aws.stacks.template('AppStaging')).toBeUndefined();
      expect(await aws.stacks.resources('AppStaging')).toEqual([]);
      expect(await aws.stacks.events('AppStaging')).toEqual([]);
      expect(await aws.stacks.newestEventId('AppStaging')).toBeUndefined();
      expect(await aws.stacks.list()).toEqual([]);
    });

    test('is planned, and is not made yet', async () => {
      const plan = input(template({ One: '1' }), true);
      expect(await aws.stacks.createChangeSet(plan)).toEqual({
        type: 'ready',
        name: plan.name,
        changes: [
          expect.objectContaining({
            action: 'Add',
            logicalId: 'One',
            type: 'AWS::SSM::Parameter',
            replacement: undefined,
          }),
        ],
      });
      expect(await aws.stacks.describe('AppStaging')).toMatchObject({ status: 'REVIEW_IN_PROGRESS' });
      expect(await aws.stacks.template('AppStaging')).toBeUndefined();
      expect(await aws.stacks.resources('AppStaging')).toEqual([]);
      await aws.stacks.executeChangeSet('AppStaging', plan.name);
      expect(await end()).toBe('CREATE_COMPLETE');
    });

    test('is made, and says what it is', async () => {
      expect(await aws.stacks.describe('AppStaging')).toEqual({
        name: 'AppStaging',
        id: expect.stringMatching(/^arn:aws:cloudformation:us-west-2:000000000000:stack\/AppStaging\//),
        status: 'CREATE_COMPLETE',
        statusReason: undefined,
        outputs: { Url: 'https://example.com' },
        parameters: { Secret: '****' },
        tags: { app: 'app' },
        isProtected: false,
        createdAtMs: expect.any(Number),
        updatedAtMs: expect.any(Number),
      });
      expect(await aws.stacks.template('AppStaging')).toBe(template({ One: '1' }));
      expect(await aws.stacks.resources('AppStaging')).toEqual([
        { logicalId: 'One', type: 'AWS::SSM::Parameter', physicalId: '/stack/One', status: 'CREATE_COMPLETE' },
      ]);
      expect(await aws.stacks.list()).toEqual([{ name: 'AppStaging', status: 'CREATE_COMPLETE' }]);
      const events = await aws.stacks.events('AppStaging');
      expect(events[0]).toMatchObject({ logicalId: 'AppStaging', status: 'REVIEW_IN_PROGRESS' });
      expect(events.at(-1)).toMatchObject({ logicalId: 'AppStaging', status: 'CREATE_COMPLETE' });
    });

    test('without a difference: an empty change set', async () => {
      const plan = input(template({ One: '1' }));
      expect(await aws.stacks.createChangeSet(plan)).toEqual({ type: 'empty', name: plan.name });
      await aws.stacks.deleteChangeSet('AppStaging', plan.name);
      await aws.stacks.deleteChangeSet('AppStaging', plan.name);
    });

    test('with a fault in its template', async () => {
      const plan = input('{ "Resources": ');
      expect(await aws.stacks.createChangeSet(plan)).toEqual({
        type: 'failed',
        name: plan.name,
        reason: expect.stringMatching(/\w/),
      });
    });

    test('changes: more than a page of changes and of events, then only those that are new', async () => {
      const many = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`Number${index}`, 'x']));
      const before = await aws.stacks.events('AppStaging');
      const plan = input(template({ One: '2', ...many }));
      const changeSet = (await aws.stacks.createChangeSet(plan)) as ChangeSet & { readonly type: 'ready' };
      expect(changeSet.changes).toHaveLength(61);
      expect(changeSet.changes.find(({ logicalId }) => logicalId === 'One')).toEqual({
        action: 'Modify',
        logicalId: 'One',
        physicalId: '/stack/One',
        type: 'AWS::SSM::Parameter',
        replacement: 'False',
        properties: ['Value'],
        follows: [],
      });
      await aws.stacks.executeChangeSet('AppStaging', plan.name);
      expect(await end()).toBe('UPDATE_COMPLETE');
      heard.length = 0;
      const all = await aws.stacks.events('AppStaging');
      expect(heard).toEqual(['CloudFormation DescribeStackEvents', 'CloudFormation DescribeStackEvents']);
      expect(all.length).toBeGreaterThan(100);
      expect(await aws.stacks.events('AppStaging', before.at(-1)!.id)).toEqual(all.slice(before.length));
      expect(await aws.stacks.events('AppStaging', all.at(-1)!.id)).toEqual([]);
      expect(await aws.stacks.newestEventId('AppStaging')).toBe(all.at(-1)!.id);
      expect(await aws.stacks.resources('AppStaging')).toHaveLength(61);
    });

    test('whose update fails is as it was, and says why', async () => {
      await aws.parameters.put('/stack/Two', 'somebody else');
      const before = await aws.stacks.events('AppStaging');
      const plan = input(template({ One: '3', Two: '2' }));
      await aws.stacks.createChangeSet(plan);
      await aws.stacks.executeChangeSet('AppStaging', plan.name);
      expect(await end()).toBe('UPDATE_ROLLBACK_COMPLETE');
      const events = await aws.stacks.events('AppStaging', before.at(-1)!.id);
      expect(events.find(({ status }) => status.endsWith('_FAILED'))).toMatchObject({
        logicalId: 'Two',
        reason: expect.stringContaining('already exists'),
      });
      expect(await aws.parameters.get('/stack/One')).toBe('2');
    });

    test.for(['throttled', 'unavailable', 'cutBefore', 'cutWithin'] as const)(
      'is planned and changed although each call meets this first: %s',
      async (fault) => {
        for (const operation of ['CreateChangeSet', 'DescribeChangeSet', 'ExecuteChangeSet']) {
          proxy.fail({ service: 'CloudFormation', operation, fault });
        }
        const plan = input(template({ One: fault }));
        expect(await aws.stacks.createChangeSet(plan)).toMatchObject({ type: 'ready' });
        await aws.stacks.executeChangeSet('AppStaging', plan.name);
        expect(await end()).toMatch(/^UPDATE_/);
        expect(await aws.parameters.get('/stack/One')).toBe(fault);
        expect(heard.filter((call) => call.endsWith('ExecuteChangeSet'))).toHaveLength(1);
        expect(proxy.calls.filter(({ operation }) => operation === 'ExecuteChangeSet')).toHaveLength(2);
      },
    );

    test('from a template that lies in a bucket, adapted on its way', async () => {
      await aws.objects.createBucket('templates-bucket');
      const body = JSON.stringify({
        Resources: {
          Api: {
            Type: 'AWS::ApiGatewayV2::Api',
            Properties: { Name: 'a', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' },
          },
          Deployment: { Type: 'AWS::ApiGatewayV2::Deployment', Properties: { ApiId: { Ref: 'Api' } } },
          Stage: {
            Type: 'AWS::ApiGatewayV2::Stage',
            Properties: { ApiId: { Ref: 'Api' }, StageName: 'staging', DeploymentId: { Ref: 'Deployment' } },
          },
        },
      });
      await aws.objects.put('templates-bucket', 'templates/one.json', { body: Buffer.from(body) });
      const url = aws.objects.urlOf('templates-bucket', 'templates/one.json');
      expect(url).toBe('https://s3.us-west-2.amazonaws.com/templates-bucket/templates/one.json');
      const plan = { stackName: 'Large', name: 'large', isNew: true, template: { url }, parameters: {}, tags: {} };
      expect(await aws.stacks.createChangeSet(plan)).toMatchObject({ type: 'ready', changes: { length: 2 } });
      await aws.stacks.executeChangeSet('Large', 'large');
      expect(await end('Large')).toBe('CREATE_COMPLETE');
      await aws.stacks.remove('Large');
      await expect.poll(() => aws.stacks.describe('Large')).toBeUndefined();
      await aws.objects.removeBucket('templates-bucket');
    });

    test('is removed', async () => {
      const { id } = (await aws.stacks.describe('AppStaging'))!;
      await aws.stacks.remove('AppStaging');
      await expect.poll(() => aws.stacks.describe('AppStaging')).toBeUndefined();
      expect(await aws.stacks.describe(id)).toMatchObject({ status: 'DELETE_COMPLETE' });
      expect((await aws.stacks.events(id)).at(-1)).toMatchObject({ status: 'DELETE_COMPLETE' });
      expect(await aws.stacks.list()).toEqual([]);
    });

    test('that AWS works on: the plan fails with its words', async () => {
      const fault = stackInProgress('AppStaging');
      proxy.fail({ service: 'CloudFormation', operation: 'CreateChangeSet', fault });
      const plan: Parameters<Stacks['createChangeSet']>[0] = input(template({ One: '1' }));
      expect(await aws.stacks.createChangeSet(plan)).toEqual({
        type: 'failed',
        name: plan.name,
        reason: fault.message,
      });
    });
  });

  describe('a bucket', () => {
    const bucket = 'app-bucket';
    const body = Buffer.from('hello');

    test('is made once, private, encrypted, with its lifecycle', async () => {
      expect(await aws.objects.headBucket(bucket)).toBe('missing');
      expect(await aws.objects.createBucket(bucket)).toBe('created');
      expect(await aws.objects.createBucket(bucket)).toBe('created');
      expect(await aws.objects.headBucket(bucket)).toBe('exists');
      const client = clientOf(S3Client, emulator);
      expect(
        (await client.send(new GetPublicAccessBlockCommand({ Bucket: bucket }))).PublicAccessBlockConfiguration,
      ).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
      const { ServerSideEncryptionConfiguration } = await client.send(
        new GetBucketEncryptionCommand({ Bucket: bucket }),
      );
      expect(ServerSideEncryptionConfiguration?.Rules?.[0]).toMatchObject({
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' },
      });
      const { Rules } = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }));
      expect(Rules).toMatchObject([
        { Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
        { Status: 'Enabled', Filter: { Prefix: 'templates/' }, Expiration: { Days: 30 } },
      ]);
    });

    test.for([
      {
        why: 'of somebody else',
        operation: 'CreateBucket',
        code: 'BucketAlreadyExists',
        status: 409,
        expected: 'taken',
      },
    ])('$why', async ({ operation, code, status, expected }) => {
      proxy.fail({ service: 'S3', operation, fault: { status, code, message: code } });
      expect(await aws.objects.createBucket('somebody-elses')).toBe(expected);
    });

    test.for([
      { why: 'that may not be looked at', status: 403, code: 'AccessDenied' },
      { why: 'in another region', status: 301, code: 'PermanentRedirect' },
    ])('$why', async ({ status, code }) => {
      proxy.fail({ service: 'S3', operation: 'HeadBucket', fault: { status, code, message: code }, times: 9 });
      expect(await aws.objects.headBucket('somebody-elses')).toBe('forbidden');
    });

    test('of ours in another region cannot be used here', async () => {
      const owned = { status: 409, code: 'BucketAlreadyOwnedByYou', message: 'yours' };
      proxy.fail({ service: 'S3', operation: 'CreateBucket', fault: owned });
      proxy.fail({ service: 'S3', operation: 'HeadBucket', fault: { status: 301, code: 'x', message: 'x' }, times: 9 });
      expect(await aws.objects.createBucket('elsewhere')).toBe('taken');
    });

    test('keeps objects', async () => {
      expect(await aws.objects.has(bucket, 'a.txt')).toBe(false);
      await aws.objects.put(bucket, 'a.txt', {
        body,
        contentType: 'text/plain',
        cacheControl: 'max-age=60',
      });
      expect(await aws.objects.has(bucket, 'a.txt')).toBe(true);
      expect(await aws.objects.list(bucket)).toEqual([
        { key: 'a.txt', bytes: 5, etag: createHash('md5').update(body).digest('hex') },
      ]);
      const stored = await fetch(`${emulator.url}/${bucket}/a.txt`);
      expect(Object.fromEntries(stored.headers)).toMatchObject({
        'content-type': 'text/plain',
        'cache-control': 'max-age=60',
      });
    });

    test('sends a large object again when the line is cut', async () => {
      proxy.fail({ service: 'S3', operation: 'PutObject', fault: 'cutBefore' });
      await aws.objects.put(bucket, 'functions/large.zip', { body: Buffer.alloc(5_000_000) });
      expect(proxy.calls).toHaveLength(2);
      expect(await aws.objects.list(bucket)).toContainEqual(expect.objectContaining({ bytes: 5_000_000 }));
      await aws.objects.remove(bucket, ['functions/large.zip', 'a.txt']);
    });

    test('lists more than a page, and no more than is asked', async () => {
      const keys = Array.from({ length: 1001 }, (_, index) => `static/${String(index).padStart(4, '0')}`);
      await Promise.all(keys.map((key) => fetch(`${emulator.url}/${bucket}/${key}`, { method: 'PUT', body: 'x' })));
      await aws.objects.put(bucket, 'z', { body });
      const found = await aws.objects.list(bucket);
      expect(found.map(({ key }) => key)).toEqual([...keys, 'z']);
      expect(await aws.objects.list(bucket, { most: 1 })).toHaveLength(1);
      await aws.objects.remove(bucket, keys);
      expect(await aws.objects.list(bucket)).toHaveLength(1);
    });

    test('is emptied of old versions too, and removed, twice', async () => {
      const Versioning = { Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' as const } };
      await clientOf(S3Client, emulator).send(new PutBucketVersioningCommand(Versioning));
      await aws.objects.put(bucket, 'z', { body });
      await aws.objects.put(bucket, 'y', { body });
      await aws.objects.remove(bucket, ['y']);
      await aws.objects.emptyBucket(bucket);
      expect(await aws.objects.list(bucket)).toEqual([]);
      await aws.objects.removeBucket(bucket);
      expect(await aws.objects.headBucket(bucket)).toBe('missing');
      await aws.objects.removeBucket(bucket);
    });
  });

  describe('a function', () => {
    const code = { ZipFile: 'exports.handler = async () => 1;' };
    const body = JSON.stringify({
      Resources: {
        Role: {
          Type: 'AWS::IAM::Role',
          Properties: {
            AssumeRolePolicyDocument: {
              Statement: [
                { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
              ],
            },
          },
        },
        Function: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            FunctionName: 'the-function',
            Runtime: 'nodejs22.x',
            Handler: 'index.handler',
            Code: code,
            Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          },
        },
      },
    });

    test('gets other code', async () => {
      const input = { stackName: 'Functions', name: 'one', isNew: true, template: { body }, parameters: {}, tags: {} };
      await aws.stacks.createChangeSet(input);
      await aws.stacks.executeChangeSet('Functions', 'one');
      await expect.poll(() => aws.functions.state('the-function')).toBeDefined();
      const zip = await zipOf('exports.handler = async () => 2;');
      expect(await aws.functions.updateCode('the-function', zip)).toBe('accepted');
      await expect
        .poll(() => aws.functions.state('the-function'))
        .toEqual({
          codeSha256: createHash('sha256').update(zip).digest('base64'),
          codeBytes: zip.length,
          runtime: 'nodejs22.x',
          modifiedAtMs: expect.any(Number),
          lastUpdateStatus: 'Successful',
          lastUpdateReason: undefined,
        });
    });

    test('that is not there', async () => {
      expect(await aws.functions.state('nobody')).toBeUndefined();
      expect(await aws.functions.updateCode('nobody', await zipOf(''))).toBe('missing');
    });

    test('that is being updated', async () => {
      const fault = { status: 409, code: 'ResourceConflictException', message: 'An update is in progress' };
      proxy.fail({ service: 'Lambda', operation: 'UpdateFunctionCode', fault });
      expect(await aws.functions.updateCode('the-function', await zipOf(''))).toBe('busy');
    });
  });

  describe('parameters', () => {
    const names = Array.from({ length: 23 }, (_, index) => `/app/staging/NAME_${index}`);

    test('are put encrypted, over what was there, and read, all pages', async () => {
      for (const name of names) await aws.parameters.put(name, `value of ${name}`);
      await aws.parameters.put(names[0]!, 'other');
      await aws.parameters.put('/app/production/NAME', 'other stage');
      expect(await aws.parameters.get(names[0]!)).toBe('other');
      expect(await aws.parameters.get('/app/staging/NOBODY')).toBeUndefined();
      heard.length = 0;
      const found = await aws.parameters.list('/app/staging');
      expect(heard.length).toBeGreaterThan(1);
      expect(found.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
      expect(found.find(({ name }) => name === names[1])).toEqual({
        name: names[1],
        value: `value of ${names[1]}`,
        modifiedAtMs: expect.any(Number),
      });
      const { Parameter } = await clientOf(SSMClient, emulator).send(new GetParameterCommand({ Name: names[0]! }));
      expect(Parameter?.Type).toBe('SecureString');
    });

    test('take the place of plain text, whose type cannot be changed', async () => {
      const fault = { status: 400, code: 'HierarchyTypeMismatchException', message: 'types differ' };
      proxy.fail({ service: 'SSM', operation: 'PutParameter', fault });
      await aws.parameters.put(names[0]!, 'encrypted');
      expect(heard).toEqual(['SSM PutParameter', 'SSM DeleteParameters', 'SSM PutParameter']);
      expect(await aws.parameters.get(names[0]!)).toBe('encrypted');
    });

    test('are removed, also those that are not there', async () => {
      await aws.parameters.remove([...names, '/app/staging/NOBODY']);
      expect(await aws.parameters.list('/app/staging')).toEqual([]);
      expect(await aws.parameters.list('/app')).toHaveLength(1);
    });
  });

  describe('logs', () => {
    const group = '/aws/lambda/the-function';
    const nowMs = Date.now();

    test('of a group that is not there', async () => {
      expect(await aws.logs.page('/aws/lambda/nobody', { sinceMs: 0 })).toEqual({ lines: [], next: undefined });
    });

    test('are read since a time, oldest first', async () => {
      const client = clientOf(CloudWatchLogsClient, emulator);
      await client.send(new CreateLogGroupCommand({ logGroupName: group }));
      await client.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: 'one' }));
      const logEvents = Array.from({ length: 2500 }, (_, index) => ({
        timestamp: nowMs + index,
        message: `line ${index}`,
      }));
      await client.send(new PutLogEventsCommand({ logGroupName: group, logStreamName: 'one', logEvents }));
      expect((await aws.logs.page(group, { sinceMs: nowMs + 2498 })).lines).toEqual([
        { id: expect.any(String), atMs: nowMs + 2498, group, text: 'line 2498' },
        { id: expect.any(String), atMs: nowMs + 2499, group, text: 'line 2499' },
      ]);
      const { lines } = await aws.logs.page(group, { sinceMs: 0 });
      expect(lines.map(({ text }) => text)).toEqual(logEvents.map(({ message }) => message));
    });
  });
});

function template(parameters: Readonly<Record<string, string>>): string {
  const resources = Object.entries(parameters).map(([id, value]) => [
    id,
    { Type: 'AWS::SSM::Parameter', Properties: { Name: `/stack/${id}`, Type: 'String', Value: value } },
  ]);
  return JSON.stringify({
    AWSTemplateFormatVersion: '2010-09-09',
    Parameters: { Secret: { Type: 'String', NoEcho: true } },
    Resources: Object.fromEntries(resources),
    Outputs: { Url: { Value: 'https://example.com' } },
  });
}

/** A client of the test itself, past the proxy. */
function clientOf<Client>(
  Type: new (config: {
    readonly endpoint: string;
    readonly region: string;
    readonly forcePathStyle: true;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  }) => Client,
  { url }: Emulator,
): Client {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return new Type({ endpoint: url, region: 'us-west-2', forcePathStyle: true, credentials });
}

async function zipOf(text: string): Promise<Buffer> {
  const file = new ZipFile();
  file.addBuffer(Buffer.from(text), 'index.js');
  file.end();
  return buffer(file.outputStream);
}
