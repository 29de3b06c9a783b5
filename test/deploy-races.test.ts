import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
  ListStackResourcesCommand,
  UpdateTerminationProtectionCommand,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { GetFunctionConfigurationCommand, LambdaClient, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { S3Client, DeleteObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { openAwsProject, type AwsProject } from './aws/aws-project.ts';
import { emulatorMissing } from './aws/emulator.ts';
import { startArc, type ArcOptions } from './support/arc.ts';
import type { Connection } from './support/connection.ts';

const missing = emulatorMissing();
const reason = missing === undefined ? '' : ` (skipped: ${missing})`;
const manifest = '@app\ntestapp\n@ws\n';
const quiet = 'exports.handler = async () => ({ statusCode: 200 })\n';
const says = (text: string) => `let arc = require('@architect/functions')
exports.handler = async ({ requestContext: { connectionId: id } }) => {
  await arc.ws.send({ id, payload: ${JSON.stringify(text)} })
  return { statusCode: 200 }
}
`;

/** Several people, or one person who changes their mind, at the same stack. */
describe.skipIf(missing !== undefined)(`deploys that meet each other${reason}`, () => {
  let project: AwsProject;
  let cloud: CloudFormationClient;
  let store: S3Client;
  let lambda: LambdaClient;
  const arc: AwsProject['arc'] = (line, options) => project.quickArc(line, options);
  const options = (): ArcOptions => ({ cwd: project.folder.path, env: project.proxy.env });
  const physicalId = async (StackName: string, id: string) => {
    const { StackResourceSummaries = [] } = await cloud.send(new ListStackResourcesCommand({ StackName }));
    return StackResourceSummaries.find(({ LogicalResourceId }) => LogicalResourceId === id)?.PhysicalResourceId;
  };
  const statusOf = async (StackName: string) =>
    (await cloud.send(new DescribeStacksCommand({ StackName }))).Stacks?.[0]?.StackStatus;

  beforeAll(async () => {
    project = await openAwsProject({ files: {} });
    const { client } = project.emulator;
    cloud = new CloudFormationClient(client);
    lambda = new LambdaClient(client);
    store = new S3Client({ ...client, forcePathStyle: true });
  }, 120_000);
  afterAll(() => project?.[Symbol.asyncDispose]());
  beforeEach(async () => {
    project.proxy.clear();
    await project.emulator.reset();
    await project.folder.write('app.arc', manifest);
    for (const name of ['connect', 'disconnect']) await project.folder.write(`src/ws/${name}/index.js`, quiet);
    await project.folder.write('src/ws/default/index.js', says('first'));
  });

  /** A production deploy that waits at its question until it is told what the answer is. */
  async function openAsking() {
    const answers: ((answer: string) => void)[] = [];
    const answer = () => new Promise<string>((resolve) => void answers.push(resolve));
    const running = startArc(['deploy', 'production'], { ...options(), answer });
    const say = async (text: string) => {
      await vi.waitUntil(() => answers.length > 0, { timeout: 10_000 });
      answers.shift()?.(text);
    };
    await vi.waitUntil(() => answers.length > 0, { timeout: 10_000 });
    return { running, say };
  }

  test('no to a first deploy leaves alone what somebody else has deployed meanwhile', async () => {
    const { running, say } = await openAsking();
    expect(await arc('deploy production --yes')).toMatchObject({ exitCode: 0, errors: '' });
    await say('n');
    expect(await running.exitCode).toBe(1);
    expect(await statusOf('TestappProduction')).toBe('CREATE_COMPLETE');
  });

  test('yes to a plan that is out of date makes a new plan, and asks again', async () => {
    expect(await arc('deploy production')).toMatchObject({ exitCode: 0, errors: '' });
    await project.folder.write('src/ws/default/index.js', says('mine'));
    const { running, say } = await openAsking();
    await project.folder.write('src/ws/connect/index.js', `${quiet}// Theirs.\nexports.theirs = 1\n`);
    expect(await arc('deploy production --yes')).toMatchObject({ exitCode: 0, errors: '' });
    await say('y');
    await say('y');
    expect(await running.exitCode).toBe(0);
    expect(running.output()).toContain('somebody else has deployed meanwhile: planning again');
    expect(running.output().match(/Deploy this to TestappProduction\?/g)).toHaveLength(2);
  });

  test('two first deploys at once: both end well', async () => {
    project.proxy.fail({ service: 'SSM', operation: 'GetParametersByPath', fault: { slowMs: 1500 } });
    const slow = startArc(['deploy'], options());
    await vi.waitUntil(() => project.proxy.calls.some(({ operation }) => operation === 'GetParametersByPath'));
    expect(await arc('deploy')).toMatchObject({ exitCode: 0, errors: '' });
    expect(await slow.exitCode).toBe(0);
    expect(await statusOf('TestappStaging')).toBe('CREATE_COMPLETE');
  });

  test('a second deploy at the same moment joins, whoever is first', async () => {
    expect(await arc('deploy')).toMatchObject({ exitCode: 0, errors: '' });
    await project.folder.write('src/ws/default/index.js', says('second'));
    const both = [startArc(['deploy'], options()), startArc(['deploy'], options())];
    expect(await Promise.all(both.map(({ exitCode }) => exitCode))).toEqual([0, 0]);
    expect(both.map((each) => each.errors()).join('')).toBe('');
  });

  test('code that dirty has left is mended also when the function changes in another way', async () => {
    const { output } = await arc('deploy');
    const connection: Connection = await project.emulator.connect(/wss:\S+/.exec(output)?.[0] ?? '');
    await project.folder.write('src/ws/default/index.js', says('dirty'));
    expect(await arc('deploy dirty')).toMatchObject({ exitCode: 0, errors: '' });
    expect(await connection.ask('who')).toBe('dirty');

    await project.folder.write('src/ws/default/index.js', says('first'));
    await project.folder.write('src/ws/default/config.arc', '@aws\nmemory 256\n');
    const run = await arc('deploy');
    await project.folder.write('src/ws/default/config.arc', '');
    expect(run).toMatchObject({ exitCode: 0, errors: '' });
    expect(run.output).toContain('~ function default: memory');
    expect(run.output).toContain('~ function default: code (what runs is not what the last deploy put there)');
    expect(await connection.ask('who')).toBe('first');
    await connection.close();
  });

  test('code is not mended by a plan that is out of date', async () => {
    expect(await arc('deploy production')).toMatchObject({ exitCode: 0, errors: '' });
    const id = await physicalId('TestappProduction', 'DefaultWSLambda');
    // Somebody has put other code there by hand, so that this deploy wants to mend it.
    await lambda.send(
      new UpdateFunctionCodeCommand({
        FunctionName: id,
        ZipFile: Buffer.from('UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==', 'base64'),
      }),
    );
    const { running, say } = await openAsking();
    await project.folder.write('src/ws/default/index.js', says('newer'));
    expect(await arc('deploy production --yes')).toMatchObject({ exitCode: 0, errors: '' });
    const { CodeSha256 } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: id }));
    await say('y');
    await say('n');
    expect(await running.exitCode).toBe(1);
    expect(running.output()).toContain('somebody else has deployed meanwhile: planning again');
    expect((await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: id }))).CodeSha256).toBe(CodeSha256);
  });

  test('a stack that is protected keeps its files', async () => {
    await project.folder.write('app.arc', '@app\ntestapp\n@ws\n@static\n');
    await project.folder.write('public/one.txt', 'one');
    expect(await arc('deploy')).toMatchObject({ exitCode: 0, errors: '' });
    const StackName = 'TestappStaging';
    await cloud.send(new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection: true }));
    const run = await arc('destroy --app testapp --force --now');
    expect(run).toMatchObject({ exitCode: 1, errors: expect.stringMatching(/^STACK_PROTECTED/) });
    expect(project.proxy.calls.map(({ operation }) => operation)).not.toContain('DeleteObjects');
  });

  test('the variables of a stage stay while a preview of it uses them', async () => {
    await arc('env add KEY abc --env staging');
    expect(await arc('deploy')).toMatchObject({ exitCode: 0, errors: '' });
    expect(await arc('deploy --name preview')).toMatchObject({ exitCode: 0, errors: '' });
    const run = await arc('destroy --app testapp --force --now');
    expect(run).toMatchObject({ exitCode: 0, errors: '' });
    expect(run.output).toContain('keeps the variables of staging: TestappStagingPreview may use them');
    expect((await arc('env')).output).toMatch(/staging {4}KEY\n/);
  });

  test('dirty leaves alone what clients meet as a published version', async () => {
    await project.folder.write('src/ws/default/config.arc', '@aws\nprovisionedConcurrency 1\n');
    expect(await arc('deploy')).toMatchObject({ exitCode: 0, errors: '' });
    await project.folder.write('src/ws/default/index.js', says('dirty'));
    const all = await arc('deploy dirty');
    expect(all).toMatchObject({ exitCode: 0, errors: '' });
    expect(all.output).toContain('default: left alone, it has provisioned concurrency');
    expect(await arc('deploy dirty default')).toMatchObject({
      exitCode: 1,
      errors: expect.stringMatching(/^DIRTY_PUBLISHED/),
    });
    await project.folder.write('src/ws/default/config.arc', '');
  });

  test('code that the bucket has lost is sent once more', async () => {
    expect(await arc('deploy')).toMatchObject({ exitCode: 0, errors: '' });
    const Bucket =
      /testapp-cfn-deployments-\w+/.exec((await arc('deploy --name two')).output)?.[0] ?? (await bucketName());
    const { Contents = [] } = await store.send(new ListObjectsV2Command({ Bucket }));
    for (const { Key } of Contents) await store.send(new DeleteObjectCommand({ Bucket, Key }));
    await project.folder.write('app.arc', `${manifest}again\n  src src/ws/default\n`);
    const run = await arc('deploy');
    expect(run).toMatchObject({ exitCode: 0, errors: '' });
    expect(run.output).toMatch(/ {2}upload {3}1 of 4 functions/);
  });

  test('a destroy that was cut off is finished by the next', async () => {
    await arc('env add KEY abc --env staging');
    expect(await arc('deploy')).toMatchObject({ exitCode: 0, errors: '' });
    await cloud.send(new DeleteStackCommand({ StackName: 'TestappStaging' }));
    await waitUntilStackDeleteComplete(
      { client: cloud, maxWaitTime: 20, minDelay: 1 },
      { StackName: 'TestappStaging' },
    );
    const run = await arc('destroy --app testapp --now');
    expect(run).toMatchObject({ exitCode: 0, errors: '' });
    expect(run.output).toContain('removes what TestappStaging has left: the stack is gone');
    expect(run.output).toMatch(/bucket {3}\S+ removed\n/);
    expect((await arc('env')).output).toMatch(/staging {4}\(none\)/);
    expect(await arc('destroy --app testapp --now')).toMatchObject({
      exitCode: 1,
      errors: expect.stringMatching(/^STACK_MISSING/),
    });
  });

  test.for(['ü', '日本', '', '-x', 'a b', '../x'])('--name %j is no other stack', async (name) => {
    for (const argv of [['deploy'], ['destroy', '--app', 'testapp', '--force', '--now']]) {
      const running = startArc([...argv, `--name=${name}`], options());
      expect([1, 2]).toContain(await running.exitCode);
      expect(running.errors()).toMatch(/^(?:STACK_NAME|OPTION_VALUE) {2}/);
    }
    expect(project.proxy.calls).toEqual([]);
  });

  test.for([
    { name: '1.50', stack: 'TestappStaging150' },
    { name: '007', stack: 'TestappStaging007' },
    { name: '12e3', stack: 'TestappStaging12e3' },
    { name: '0x10', stack: 'TestappStaging0x10' },
  ])('--name $name is not a number', async ({ name, stack }) => {
    const { output } = await arc(`deploy --dry-run --name ${name}`);
    expect(output).toContain(`testapp -> ${stack}, `);
  });

  async function bucketName(): Promise<string> {
    const { output } = await arc('destroy --app testapp --name two --now --force');
    return /testapp-cfn-deployments-\w+/.exec(output)?.[0] ?? '';
  }
});
