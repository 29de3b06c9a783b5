import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  UpdateStackCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startArcProcess } from './aws/arc-process.ts';
import { openAwsProject, type AwsProject } from './aws/aws-project.ts';
import { emulatorMissing } from './aws/emulator.ts';
import type { FaultRule } from './aws/fault-proxy.ts';

const missing = emulatorMissing();
const reason = missing === undefined ? '' : ` (skipped: ${missing})`;
const handler = `exports.handler = async () => ({ statusCode: 200 })\n`;
const manifest = '@app\ntestapp\n@ws\n';
const files = {
  'app.arc': manifest,
  ...Object.fromEntries(['connect', 'default', 'disconnect'].map((name) => [`src/ws/${name}/index.js`, handler])),
};

describe.skipIf(missing !== undefined)(`what goes wrong with a deploy${reason}`, () => {
  let project: AwsProject;
  let cloud: CloudFormationClient;
  let store: SSMClient;
  const arc: AwsProject['arc'] = (line, options) => project.quickArc(line, options);
  const put = (Name: string) => store.send(new PutParameterCommand({ Name, Value: 'taken', Type: 'String' }));
  const statusOf = async (StackName = 'TestappStaging') =>
    (await cloud.send(new DescribeStacksCommand({ StackName }))).Stacks?.[0]?.StackStatus;

  beforeAll(async () => {
    project = await openAwsProject({ files }, { withSdk: true });
    const { client } = project.emulator;
    cloud = new CloudFormationClient(client);
    store = new SSMClient(client);
  }, 120_000);
  afterAll(() => project?.[Symbol.asyncDispose]());
  beforeEach(async () => {
    project.proxy.clear();
    await project.emulator.reset();
    await project.folder.write('app.arc', manifest);
    await project.folder.write('src/ws/default/index.js', handler);
  });

  describe('before AWS is asked', () => {
    test.for([
      {
        why: 'no credentials',
        env: { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
        code: 'AWS_CREDENTIALS_MISSING',
      },
      { why: 'no region', env: { AWS_REGION: '' }, code: 'AWS_REGION_MISSING' },
      { why: 'nobody there', env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, code: 'AWS_UNREACHABLE' },
    ])('$why', async ({ env, code }) => {
      // The SDK looks for credentials and regions by itself.
      const run = await project.arc('deploy', { env });
      expect(run).toMatchObject({
        exitCode: 1,
        errors: expect.stringMatching(new RegExp(`^${code} {2}.+\nFix: .+\n$`)),
      });
      expect(project.proxy.calls).toEqual([]);
      expect(await arc('deploy')).toMatchObject({ exitCode: 0 });
    });

    test('handlers that are missing or do not build are all named, and nothing is deployed', async () => {
      await project.folder.write('app.arc', '@app\ntestapp\n@ws\njoin\n');
      await project.folder.write('src/ws/default/index.js', 'exports.handler = async () => {{\n');
      const run = await arc('deploy');
      expect(run.exitCode).toBe(1);
      expect(run.errors).toMatch(
        /^PACKAGE_INVALID {2}2 of the app's functions cannot be shipped\. Nothing was deployed\.\n/,
      );
      expect(run.errors).toMatch(/\n {2}"default" does not build: src\/ws\/default\/index\.js:\d+:\d+/);
      expect(run.errors).toMatch(/\n {2}"join" has no handler: .*src\/ws\/join/);
      expect(run.errors).toMatch(/\nFix: Run "arc init"/);
      expect(project.proxy.calls).toEqual([]);
    });

    test('a manifest with a fault', async () => {
      await project.folder.write('app.arc', '@app\ntestapp\n@ws\njoin\njoin\n');
      expect(await arc('deploy')).toMatchObject({ exitCode: 1, errors: expect.stringContaining('ROUTE_TWICE') });
      expect(project.proxy.calls).toEqual([]);
    });

    test('a handler over 250 MB', async () => {
      await project.folder.write('src/ws/default/film.bin', '');
      await truncate(join(project.folder.path, 'src/ws/default/film.bin'), 263_000_000);
      const run = await arc('deploy');
      await rm(join(project.folder.path, 'src/ws/default/film.bin'));
      expect(run).toMatchObject({
        exitCode: 1,
        errors: expect.stringMatching(/^PACKAGE_INVALID[\s\S]+"default" has .*film\.bin/),
      });
      expect(project.proxy.calls).toEqual([]);
    });

    test('a name that AWS keeps for itself', async () => {
      await project.folder.write('app.arc', '@app\naws-chat\n@ws\n');
      expect(await arc('deploy')).toMatchObject({ exitCode: 1, errors: expect.stringMatching(/^APP_NAME_RESERVED/) });
      expect(project.proxy.calls).toEqual([]);
    });

    test('an app without anything', async () => {
      await project.folder.write('app.arc', '@app\ntestapp\n');
      expect(await arc('deploy')).toMatchObject({ exitCode: 1, errors: expect.stringMatching(/^APP_EMPTY/) });
      expect(project.proxy.calls).toEqual([]);
    });

    test.for(['prodution', 'join', 'zzzz'])('a word that says nothing: %s', async (word) => {
      const run = await arc(`deploy ${word}`);
      expect(run).toMatchObject({ exitCode: 2, output: '', errors: expect.stringMatching(/^DEPLOY_WORD {2}/) });
      expect(project.proxy.calls).toEqual([]);
    });
  });

  describe('what AWS refuses is said with a way out, and the next run goes on', () => {
    interface Row {
      readonly why: string;
      readonly rule: FaultRule;
      readonly code: string;
      readonly says: RegExp;
    }
    test.for<Row>([
      {
        why: 'expired credentials',
        rule: { service: 'STS', fault: 'expired', times: 99 },
        code: 'AWS_CREDENTIALS_EXPIRED',
        says: /have expired/,
      },
      {
        why: 'credentials that expire on the way',
        rule: { service: 'S3', operation: 'PutObject', fault: 'expired', times: 99 },
        code: 'AWS_CREDENTIALS_EXPIRED',
        says: /have expired/,
      },
      {
        why: 'a key that AWS does not know',
        rule: { service: 'STS', fault: 'unknownKey', times: 99 },
        code: 'AWS_CREDENTIALS_INVALID',
        says: /InvalidClientTokenId/,
      },
      {
        why: 'no right to plan',
        rule: { service: 'CloudFormation', operation: 'CreateChangeSet', fault: 'denied', times: 99 },
        code: 'AWS_ACCESS_DENIED',
        says: /cloudformation:CreateChangeSet/,
      },
      {
        why: 'no right to write to the bucket',
        rule: { service: 'S3', operation: 'PutObject', fault: 'denied', times: 99 },
        code: 'AWS_ACCESS_DENIED',
        says: /s3:PutObject/,
      },
      {
        why: 'no right to read parameters',
        rule: { service: 'SSM', operation: 'GetParameter', fault: 'denied', times: 99 },
        code: 'AWS_ACCESS_DENIED',
        says: /ssm:GetParameter/,
      },
      {
        why: 'throttled for good',
        rule: { service: 'CloudFormation', operation: 'DescribeStacks', fault: 'throttled', times: 99 },
        code: 'AWS_THROTTLED',
        says: /CloudFormation/,
      },
      {
        why: 'the bucket belongs to somebody else',
        rule: { service: 'S3', operation: 'HeadBucket', fault: 'denied', times: 99 },
        code: 'BUCKET_TAKEN',
        says: /belongs to somebody else/,
      },
    ])('$why', { timeout: 60_000 }, async ({ rule, code, says }) => {
      project.proxy.fail(rule);
      const run = await arc('deploy', { env: { AWS_MAX_ATTEMPTS: '3' } });
      expect(run.exitCode).toBe(1);
      expect(run.errors).toMatch(new RegExp(`^${code} {2}.+\nFix: .+\n$`));
      expect(run.errors).toMatch(says);
      expect(run.output + run.errors).not.toMatch(/AWS4-HMAC|Signature=/);
      project.proxy.clear();
      expect(await arc('deploy')).toMatchObject({ exitCode: 0, errors: '' });
    });

    test.for<{ readonly why: string; readonly rules: readonly FaultRule[] }>([
      { why: 'throttled for a while', rules: [{ service: 'CloudFormation', fault: 'throttled', times: 2 }] },
      { why: 'a line that is cut while code is sent', rules: [{ operation: 'PutObject', fault: 'cutBefore' }] },
      {
        why: 'a line that is cut while the plan is made',
        rules: [{ operation: 'CreateChangeSet', fault: 'cutWithin' }],
      },
      {
        why: 'a line that is cut as the deploy begins',
        rules: [{ operation: 'ExecuteChangeSet', fault: 'cutWithin' }],
      },
      {
        why: 'a line that is cut as it is followed',
        rules: [{ operation: 'DescribeStackEvents', nth: 2, fault: 'cutBefore' }],
      },
      { why: 'AWS is unwell for a moment', rules: [{ operation: 'DescribeStacks', nth: 2, fault: 'unavailable' }] },
      { why: 'slow answers', rules: [{ operation: 'CreateChangeSet', fault: { slowMs: 1500 } }] },
    ])('$why is got over', { timeout: 60_000 }, async ({ rules }) => {
      rules.forEach(project.proxy.fail);
      expect(await arc('deploy')).toMatchObject({ exitCode: 0, errors: '' });
      expect(await statusOf()).toBe('CREATE_COMPLETE');
    });

    test('a stack of another tool is left alone', async () => {
      const TemplateBody = JSON.stringify({
        Resources: { P: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: 'theirs' } } },
      });
      await cloud.send(new CreateStackCommand({ StackName: 'TestappStaging', TemplateBody }));
      await waitUntilStackCreateComplete(
        { client: cloud, maxWaitTime: 20, minDelay: 1 },
        { StackName: 'TestappStaging' },
      );
      const run = await arc('deploy');
      expect(run).toMatchObject({ exitCode: 1, errors: expect.stringMatching(/^STACK_FOREIGN/) });
      const { TemplateBody: after } = await cloud.send(new GetTemplateCommand({ StackName: 'TestappStaging' }));
      expect(after).toBe(TemplateBody);
      expect(await arc('destroy --app testapp --force --now')).toMatchObject({ exitCode: 1 });
      expect(await arc('deploy --name other')).toMatchObject({ exitCode: 0 });
    });

    test('a stack of an app whose name is spelt in another way', async () => {
      expect(await arc('deploy')).toMatchObject({ exitCode: 0 });
      // test-app and testApp would both be TestAppStaging; testapp is TestappStaging.
      await project.folder.write('app.arc', '@app\ntest-app\n@ws\n');
      expect(await arc('deploy')).toMatchObject({ exitCode: 0 });
      await project.folder.write('app.arc', '@app\ntestApp\n@ws\n');
      const run = await arc('deploy');
      expect(run).toMatchObject({ exitCode: 1, errors: expect.stringMatching(/^STACK_FOREIGN .*"test-app"/) });
    });

    test('variables over 4 KB', async () => {
      const added = await arc('env add BIG --env staging', { input: 'x'.repeat(5000) });
      expect(added).toMatchObject({ exitCode: 1, errors: expect.stringMatching(/^VARIABLES_TOO_LARGE/) });
      for (const name of ['ONE', 'TWO']) {
        await store.send(
          new PutParameterCommand({ Name: `/testapp/staging/${name}`, Value: 'x'.repeat(2000), Type: 'SecureString' }),
        );
      }
      expect(await arc('deploy')).toMatchObject({ exitCode: 1, errors: expect.stringMatching(/^VARIABLES_TOO_LARGE/) });
      await arc('env remove TWO --env staging');
      expect(await arc('deploy')).toMatchObject({ exitCode: 0 });
    });
  });

  describe('what CloudFormation undoes', () => {
    test('a first deploy that fails: the first reason, what is left, and a second try', async () => {
      await put('/TestappStaging/ws/wss');
      const run = await arc('deploy');
      expect(run.exitCode).toBe(1);
      expect(run.errors).toMatch(
        /^DEPLOY_FAILED {2}parameter ws\/wss \(WebsocketWssParam\) could not be created: .+exists/,
      );
      expect(run.errors).toContain('CloudFormation has removed what it had made; nothing is deployed.');
      expect(run.errors).toMatch(/\nFix: Remove or rename what has the name already/);
      expect(await statusOf()).toBe('ROLLBACK_COMPLETE');

      await store.send(new DeleteParameterCommand({ Name: '/TestappStaging/ws/wss' }));
      const second = await arc('deploy');
      expect(second).toMatchObject({ exitCode: 0, errors: '' });
      expect(second.output).toContain('clearing what a first deploy that failed has left (ROLLBACK_COMPLETE)');
      expect(await statusOf()).toBe('CREATE_COMPLETE');
    });

    test('an update that fails: the last version keeps serving', async () => {
      await arc('deploy');
      await put('/TestappStaging/tables/rooms');
      await project.folder.write('app.arc', '@app\ntestapp\n@ws\n@tables\nrooms\n  id *String\n');
      const run = await arc('deploy');
      expect(run.exitCode).toBe(1);
      // The emulator calls whatever is made by an update updated.
      expect(run.errors).toMatch(/^DEPLOY_FAILED {2}.*RoomsParam.* could not be (?:created|updated): .+/);
      expect(run.errors).toContain('CloudFormation has undone the update; the last version keeps serving.');
      expect(await statusOf()).toBe('UPDATE_ROLLBACK_COMPLETE');

      await store.send(new DeleteParameterCommand({ Name: '/TestappStaging/tables/rooms' }));
      expect(await arc('deploy')).toMatchObject({ exitCode: 0, errors: '' });
      expect(await statusOf()).toBe('UPDATE_COMPLETE');
    });
  });

  describe('data is not lost by accident', () => {
    const withTable = '@app\ntestapp\n@ws\n@tables\nrooms\n  id *String\n';
    test.for([
      { why: 'a table that is removed', before: withTable, after: manifest, says: 'table rooms would be REMOVED' },
      {
        why: 'a table whose key changes',
        before: withTable,
        after: '@app\ntestapp\n@ws\n@tables\nrooms\n  name *String\n',
        says: 'table rooms would be REPLACED',
      },
      {
        why: 'the web socket',
        before: '@app\ntestapp\n@ws\n@http\nget /\n',
        after: '@app\ntestapp\n@http\nget /\n',
        says: 'API web socket would be REMOVED: its URL would change',
      },
    ])('$why', async ({ before, after, says }) => {
      await project.folder.write('src/http/get-index/index.js', handler);
      await project.folder.write('app.arc', before);
      expect(await arc('deploy')).toMatchObject({ exitCode: 0 });
      await project.folder.write('app.arc', after);
      const refused = await arc('deploy');
      expect(refused).toMatchObject({ exitCode: 1, errors: expect.stringMatching(/^DATA_LOSS/) });
      expect(refused.errors).toContain(says);
      expect(refused.output).toMatch(/plan {5}[-~] /);
      expect(project.proxy.calls.filter(({ operation }) => operation === 'ExecuteChangeSet')).toHaveLength(1);
      expect(await arc('deploy --allow-data-loss')).toMatchObject({ exitCode: 0, errors: '' });
    });

    test('two indexes at once, which DynamoDB would refuse', async () => {
      await project.folder.write('app.arc', withTable);
      await arc('deploy');
      const indexes = '@tables-indexes\nrooms\n  one *String\n  name one\nrooms\n  two *String\n  name two\n';
      await project.folder.write('app.arc', withTable + indexes);
      const run = await arc('deploy');
      expect(run).toMatchObject({ exitCode: 1, errors: expect.stringMatching(/^INDEXES_AT_ONCE/) });
      expect(project.proxy.calls.map(({ operation }) => operation)).toContain('CreateChangeSet');
      await project.folder.write('app.arc', withTable + indexes.replace(/rooms\n  two.*\n.*\n$/, ''));
      expect(await arc('deploy')).toMatchObject({ exitCode: 0, errors: '' });
    });

    test('files are let go of when somebody says so, and their bucket is gone', async () => {
      await project.folder.write('app.arc', '@app\ntestapp\n@ws\n@static\n');
      await project.folder.write('public/one.txt', 'one');
      await arc('deploy');
      await project.folder.write('app.arc', manifest);
      expect(await arc('deploy --allow-data-loss')).toMatchObject({ exitCode: 0, errors: '' });
      expect(project.proxy.calls.map(({ operation }) => operation)).toContain('DeleteBucket');
    });

    test('a bucket goes without a word when it is empty, and not when it has files', async () => {
      // The API stays, so that files alone are in question.
      const withFiles = '@app\ntestapp\n@ws\n@http\nget /\n@static\n';
      await project.folder.write('src/http/get-index/index.js', handler);
      await rm(join(project.folder.path, 'public'), { recursive: true, force: true });
      await project.folder.write('app.arc', withFiles);
      await arc('deploy');
      await project.folder.write('app.arc', `${withFiles}false\n`);
      const empty = await arc('deploy');
      expect(empty).toMatchObject({ exitCode: 0, errors: '' });
      expect(empty.output).toContain('- static files');
      expect(project.proxy.calls.map(({ operation }) => operation)).toContain('DeleteBucket');

      await project.folder.write('app.arc', withFiles);
      await project.folder.write('public/one.txt', 'one');
      await arc('deploy');
      await project.folder.write('app.arc', `${withFiles}false\n`);
      const refused = await arc('deploy');
      expect(refused).toMatchObject({ exitCode: 1, errors: expect.stringMatching(/^DATA_LOSS/) });
      expect(refused.errors).toContain('bucket static files would be REMOVED: its files would be lost.');
    });
  });

  /** A function that also serves as a custom resource which takes its time. */
  const slow = `exports.handler = async (event) => {
  if (!event.ResponseURL) return { statusCode: 200 }
  await new Promise((done) => setTimeout(done, 3000))
  let { StackId, RequestId, LogicalResourceId } = event
  let body = JSON.stringify({ Status: 'SUCCESS', PhysicalResourceId: 'slow', StackId, RequestId, LogicalResourceId })
  await fetch(process.env.AWS_ENDPOINT_URL + new URL(event.ResponseURL).pathname, { method: 'PUT', body })
}
`;

  test('a deploy in progress is joined, and Ctrl-C leaves one going', { timeout: 90_000 }, async () => {
    await project.folder.write('src/ws/default/index.js', slow);
    await project.folder.write('app.arc', '@app\ntestapp\n@aws\ntimeout 30\n@ws\n');
    expect(await project.arc('deploy')).toMatchObject({ exitCode: 0 });
    const StackName = 'TestappStaging';
    const { TemplateBody = '' } = await cloud.send(new GetTemplateCommand({ StackName }));
    const template = JSON.parse(TemplateBody);
    template.Resources.Slow = {
      Type: 'Custom::Slow',
      Properties: { ServiceToken: { 'Fn::GetAtt': ['DefaultWSLambda', 'Arn'] } },
    };
    const { Stacks = [] } = await cloud.send(new DescribeStacksCommand({ StackName }));
    const Parameters = Stacks[0]?.Parameters?.map(({ ParameterKey }) => ({ ParameterKey, UsePreviousValue: true }));
    await cloud.send(
      new UpdateStackCommand({
        StackName,
        TemplateBody: JSON.stringify(template),
        Parameters,
        Capabilities: ['CAPABILITY_IAM'],
      }),
    );

    // Somebody's update runs; this deploy waits for it, then takes away what its app does not have.
    const { folder, proxy } = project;
    const running = startArcProcess(['deploy'], { cwd: folder.path, env: proxy.env });
    await vi.waitUntil(() => running.output().includes('- Slow'), { timeout: 30_000 });
    expect(running.output()).toContain('  waiting  for what runs on the stack already (UPDATE_IN_PROGRESS)\n');
    await vi.waitUntil(() => proxy.calls.some(({ operation }) => operation === 'ExecuteChangeSet'), {
      timeout: 30_000,
    });
    await vi.waitUntil(async () => (await statusOf())?.endsWith('_IN_PROGRESS'), { timeout: 10_000 });
    running.child.kill('SIGINT');
    const left = await running.ended;
    expect(left).toMatchObject({ exitCode: 130, errors: '' });
    expect(left.output).toMatch(
      /\nTestappStaging goes on deploying by itself\. Run "arc deploy" again to watch it\.\n$/,
    );

    const joined = await project.arc('deploy');
    expect(joined).toMatchObject({ exitCode: 0, errors: '' });
    expect(joined.output).toMatch(/waiting {2}for what runs[\s\S]+Nothing to deploy/);
  });

  test('a large app goes by way of the bucket', { timeout: 120_000 }, async () => {
    const routes = Array.from({ length: 45 }, (_, index) => `room${index}`);
    await project.folder.write('app.arc', `${manifest}${routes.join('\n')}\n`);
    await Promise.all(routes.map((name) => project.folder.write(`src/ws/${name}/index.js`, handler)));
    expect(await arc('deploy')).toMatchObject({ exitCode: 0, errors: '' });
    const puts = () => project.proxy.calls.filter(({ operation }) => operation === 'PutObject');
    expect(puts()).toHaveLength(routes.length + 3 + 1);
    project.proxy.clear();
    expect((await arc('deploy')).output).toContain('Nothing to deploy');
    expect(puts()).toEqual([]);
  });
});
