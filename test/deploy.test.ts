import { CloudFormationClient, DescribeStacksCommand, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { LambdaClient, GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParametersByPathCommand, SSMClient } from '@aws-sdk/client-ssm';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAwsProject, type AwsProject } from './aws/aws-project.ts';
import { emulatorMissing } from './aws/emulator.ts';
import type { Connection } from './support/connection.ts';

const missing = emulatorMissing();
const reason = missing === undefined ? '' : ` (skipped: ${missing})`;

/** What a handler answers, so that a test can tell which code ran. */
const answers = (text: string) => `let arc = require('@architect/functions')
exports.handler = async function (event) {
  let id = event.requestContext.connectionId
  let env = { secret: process.env.SECRET_KEY, stage: process.env.ARC_ENV, stack: process.env.AWS_CLOUDFORMATION }
  await arc.ws.send({ id, payload: { says: ${JSON.stringify(text)}, route: event.requestContext.routeKey, env } })
  return { statusCode: 200 }
}
`;

/** The life of an app on AWS, from the first deploy to the last: each test goes on where the one before has ended. */
describe.skipIf(missing !== undefined)(`the document's app on AWS${reason}`, () => {
  let project: AwsProject;
  let connection: Connection;
  const arc: AwsProject['arc'] = (line, options) => project.arc(line, options);
  const client = () => project.emulator.client;

  async function stack(name: string) {
    using cloud = disposable(new CloudFormationClient(client()));
    const { Stacks = [] } = await cloud.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks[0];
  }

  async function physicalId(stackName: string, logicalId: string): Promise<string> {
    using cloud = disposable(new CloudFormationClient(client()));
    const { StackResourceSummaries = [] } = await cloud.send(new ListStackResourcesCommand({ StackName: stackName }));
    return StackResourceSummaries.find((each) => each.LogicalResourceId === logicalId)?.PhysicalResourceId ?? '';
  }

  beforeAll(async () => {
    project = await openAwsProject({ example: 'document' });
  }, 120_000);
  afterAll(async () => {
    await connection?.close();
    await project?.[Symbol.asyncDispose]();
  });

  test('arc deploy brings it to staging, and says step by step what it does', async () => {
    const run = await arc('deploy');
    expect(run).toMatchObject({ exitCode: 0, errors: '' });
    const { output } = run;
    expect(output).toMatch(/^Furrow \d+\.\d+ {2}testapp -> TestappStaging, us-west-2, account 000000000000\n/);
    expect(output).toMatch(/ {2}built {4}5 functions, \d+ kB \(largest: [^,]+, \d+ kB\)\n/);
    expect(output).toMatch(/ {2}plan {5}\+ route connect \(function, route, integration, permission, log group\)\n/);
    expect(output).toMatch(/ {11}\+ get \/ \(function,/);
    expect(output).toMatch(/ {2}bucket {3}testapp-cfn-deployments-[0-9a-f]{10} for code, private; made\n/);
    expect(output).toMatch(/ {2}upload {3}5 of 5 functions, \d+ kB\n/);
    expect(output).toMatch(/ {2}0:0\d {5}function connect +created\n/);
    expect(output).toMatch(/ {2}static {3}1 of 1 file sent\n/);
    expect(output).toMatch(/Done in \d+\.\d s\n/);
    expect(output).toMatch(/ {2}page {5}https:\/\/\w+\.execute-api\.us-west-2\.amazonaws\.com\n/);
    expect(output).toMatch(/ {2}socket {3}wss:\/\/\w+\.execute-api\.us-west-2\.amazonaws\.com\/staging\n$/);
    expect((await stack('TestappStaging'))?.StackStatus).toBe('CREATE_COMPLETE');
  });

  test('its web socket answers, with messages sent from inside the deployed functions', async () => {
    connection = await project.emulator.connect(await socketUrl('TestappStaging'));
    expect(await connection.ask({ text: 'hello' })).toEqual({ text: 'hello' });
  });

  test('its page and its static file come through the HTTP API', async () => {
    const apiId = await physicalId('TestappStaging', 'HTTP');
    const page = await fetch(project.emulator.httpUrl(apiId));
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/html');
    const html = await page.text();
    expect(html).toContain(`window.WS_URL = '${await socketUrl('TestappStaging')}'`);

    const script = await fetch(project.emulator.httpUrl(apiId, '/_static/index.mjs'));
    expect(script.status).toBe(200);
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(script.headers.get('cache-control')).toBe('public, max-age=0, must-revalidate');
    expect(await script.text()).toBe(await project.folder.read('public/index.mjs'));
    const etag = script.headers.get('etag') ?? '';
    const again = await fetch(project.emulator.httpUrl(apiId, '/_static/index.mjs'), {
      headers: { 'if-none-match': etag },
    });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect((await fetch(project.emulator.httpUrl(apiId, '/_static/none.mjs'))).status).toBe(404);
  });

  test('both parameters of the document are there', async () => {
    using store = disposable(new SSMClient(client()));
    const { Parameters = [] } = await store.send(
      new GetParametersByPathCommand({ Path: '/TestappStaging/ws', Recursive: true }),
    );
    const values = Object.fromEntries(Parameters.map(({ Name, Value }) => [Name, Value]));
    const socket = await socketUrl('TestappStaging');
    expect(values).toEqual({
      '/TestappStaging/ws/wss': socket,
      '/TestappStaging/ws/https': `${socket.replace('wss:', 'https:')}/@connections`,
    });
    expect(socket).toMatch(/^wss:\/\/\w+\.execute-api\.us-west-2\.amazonaws\.com\/staging$/);
  });

  test('a second deploy without a change sends nothing and changes nothing', async () => {
    const before = await stack('TestappStaging');
    project.proxy.clear();
    const run = await arc('deploy');
    expect(run).toMatchObject({ exitCode: 0, errors: '' });
    expect(run.output).toContain('Nothing to deploy: TestappStaging already runs this code.\n');
    const operations = project.proxy.calls.map(({ operation }) => operation);
    expect(operations).not.toContain('ExecuteChangeSet');
    expect(operations).not.toContain('PutObject');
    expect(operations).not.toContain('UpdateFunctionCode');
    expect(await stack('TestappStaging')).toEqual(before);
  });

  test('a route that is added answers, on a socket that was open before', async () => {
    await project.folder.write('app.arc', '@app\ntestapp\n\n@ws\njoin\n\n@http\nget /\n');
    await project.folder.write('src/ws/join/index.js', answers('first'));
    const run = await arc('deploy');
    expect(run).toMatchObject({ exitCode: 0, errors: '' });
    expect(run.output).toContain(' plan     + route join (function, route, integration, permission, log group)\n');
    expect(run.output).toMatch(/upload {3}1 of 6 functions/);
    // The emulator calls whatever is made by an update updated.
    expect(run.output).toMatch(/0:0\d {5}function join +(?:created|updated)\n/);
    expect(run.output).not.toMatch(/function connect +updated/);
    const env = { stage: 'staging', stack: 'TestappStaging' };
    expect(await connection.ask({ action: 'join' })).toEqual({ says: 'first', route: 'join', env });
  });

  test('arc deploy dirty overwrites code in place, and the stack is not touched', async () => {
    const before = await stack('TestappStaging');
    await project.folder.write('src/ws/join/index.js', answers('dirty'));
    project.proxy.clear();
    const run = await arc('deploy dirty');
    expect(run).toMatchObject({ exitCode: 0, errors: '' });
    expect(run.output).toMatch(/ {2}code {5}join: \d+ kB, runs now\n/);
    expect(run.output).toContain('  code     connect: runs already\n');
    expect(await connection.ask({ action: 'join' })).toMatchObject({ says: 'dirty' });
    expect(await stack('TestappStaging')).toEqual(before);
    const updates = project.proxy.calls.filter(({ operation }) => operation === 'UpdateFunctionCode');
    expect(updates).toHaveLength(1);
  });

  test('the next deploy finds what dirty has left, and puts the code of the app back', async () => {
    await project.folder.write('src/ws/join/index.js', answers('first'));
    const run = await arc('deploy');
    expect(run).toMatchObject({ exitCode: 0, errors: '' });
    expect(run.output).toContain('~ function join: code (what runs is not what the last deploy put there)\n');
    expect(run.output).toMatch(/ {2}code {5}join: \d+ kB, runs now\n/);
    expect(await connection.ask({ action: 'join' })).toMatchObject({ says: 'first' });
    expect((await arc('deploy')).output).toContain('Nothing to deploy');
  });

  test.for([
    { line: 'deploy dirty join', words: ['join'] },
    { line: 'deploy --dirty src/ws/join', words: ['join'] },
    { line: 'deploy --direct "get /" join', words: ['get /', 'join'] },
  ])('arc $line is about these functions alone', async ({ line, words }) => {
    const run = await arc(line);
    expect(run).toMatchObject({ exitCode: 0, errors: '' });
    const labels = [...run.output.matchAll(/ {2}code {5}(.+?): runs already/g)].map((match) => match[1]);
    expect(new Set(labels)).toEqual(new Set(words));
    expect(labels).toHaveLength(words.length);
  });

  test('arc env keeps secrets, and functions get them with the next deploy', async () => {
    const secret = 'a secret & "quotes" $HOME';
    const added = await arc('env add SECRET_KEY --env staging', { input: `${secret}\n` });
    expect(added).toMatchObject({ exitCode: 0, errors: '' });
    const listed = await arc('env');
    expect(listed.output).toMatch(/ {2}staging {4}SECRET_KEY\n {2}production \(none\)\n/);
    const run = await arc('deploy --verbose');
    expect(run).toMatchObject({ exitCode: 0, errors: '' });
    expect(run.output).toContain('~ function join: variables\n');
    expect(await connection.ask({ action: 'join' })).toMatchObject({ env: { secret } });
    for (const text of [added.output, listed.output, run.output]) expect(text).not.toContain('a secret');
    // Nor does CloudFormation tell.
    expect(JSON.stringify(await stack('TestappStaging'))).not.toContain('a secret');
    expect((await arc('deploy')).output).toContain('Nothing to deploy');
  });

  test('a static file that changes is the only one sent; --prune removes what is not here', async () => {
    await project.folder.write('public/more.css', 'p { color: red }');
    expect((await arc('deploy --static')).output).toMatch(/ {2}static {3}1 of 2 files sent\n/);
    await project.folder.write('public/index.mjs', `${await project.folder.read('public/index.mjs')}\n`);
    expect((await arc('deploy')).output).toMatch(/ {2}static {3}1 of 2 files sent\nDone/);
    await rm(`${project.folder.path}/public/more.css`);
    expect((await arc('deploy --static')).output).toContain('1 there that is not here (--prune removes)');
    expect((await arc('deploy --static --prune')).output).toMatch(/ {2}static {3}0 of 1 file sent, 1 removed\n/);
  });

  test('production stands beside staging', async () => {
    const run = await arc('deploy production');
    expect(run).toMatchObject({ exitCode: 0, errors: '' });
    // The code is in the bucket already.
    expect(run.output).toContain('  upload   nothing: the bucket has all 6 functions\n');
    expect(run.output).toMatch(/socket {3}wss:\/\/\S+\/production\n/);
    await using production = await project.emulator.connect(await socketUrl('TestappProduction'));
    const env = { stage: 'production', stack: 'TestappProduction' };
    expect(await production.ask({ action: 'join' })).toEqual({ says: 'first', route: 'join', env });
    expect(await connection.ask({ action: 'join' })).toMatchObject({ env: { stage: 'staging' } });
  });

  test('a stack of its own by --name, with tags', async () => {
    const run = await arc('deploy --name preview --tags team=web cost=low');
    expect(run).toMatchObject({ exitCode: 0, errors: '' });
    expect((await stack('TestappStagingPreview'))?.Tags).toEqual(
      expect.arrayContaining([
        { Key: 'team', Value: 'web' },
        { Key: 'cost', Value: 'low' },
      ]),
    );
    const gone = await arc('destroy --app testapp --name preview --now --force');
    expect(gone).toMatchObject({ exitCode: 0, errors: '' });
    expect(gone.output).toMatch(/bucket {3}\S+ kept: Testapp\w+, Testapp\w+ may use it\n/);
  });

  test('arc info says what is deployed', async () => {
    const { output } = await arc('info');
    expect(output).toContain(await socketUrl('TestappStaging'));
    expect(output).toMatch(/runs .*\n(?: {11}.*\n)* {11}join +\d+ kB {2}nodejs24\.x, changed \d{4}-/);
    const info = JSON.parse((await arc('info production --json')).output);
    expect(info).toMatchObject({ stackName: 'TestappProduction', region: 'us-west-2', account: '000000000000' });
    expect(info.functions.map(({ label }: { label: string }) => label)).toContain('get /');
  });

  test('what is deployed has the settings of the manifest', async () => {
    using lambda = disposable(new LambdaClient(client()));
    const name = await physicalId('TestappStaging', 'JoinWSLambda');
    const found = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
    expect(found).toMatchObject({ Runtime: 'nodejs24.x', MemorySize: 1152, Timeout: 5, Architectures: ['arm64'] });
  });

  test('destroy asks for the name and keeps data; then it leaves nothing', async () => {
    expect(await arc('destroy')).toMatchObject({ exitCode: 2, errors: expect.stringContaining('DESTROY_APP') });
    expect(await arc('destroy --app other')).toMatchObject({
      exitCode: 2,
      errors: expect.stringContaining('DESTROY_APP'),
    });
    const refused = await arc('destroy --app testapp');
    expect(refused).toMatchObject({ exitCode: 1, errors: expect.stringMatching(/^DESTROY_REFUSED .*bucket/) });

    const staging = await arc('destroy --app testapp --force --now');
    expect(staging).toMatchObject({ exitCode: 0, errors: '' });
    expect(staging.output).toMatch(/kept: TestappProduction may use it\n/);
    expect(await stackNames()).toEqual(['TestappProduction']);

    const production = await arc('destroy production --app testapp --force --now');
    expect(production).toMatchObject({ exitCode: 0, errors: '' });
    expect(production.output).toMatch(/bucket {3}testapp-cfn-deployments-\w+ removed\n/);
    expect(await stackNames()).toEqual([]);
    using s3 = disposable(new S3Client({ ...client(), forcePathStyle: true }));
    expect((await s3.send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([]);
    using store = disposable(new SSMClient(client()));
    for (const Path of ['/testapp', '/TestappStaging', '/TestappProduction']) {
      const { Parameters } = await store.send(new GetParametersByPathCommand({ Path, Recursive: true }));
      expect(Parameters ?? []).toEqual([]);
    }
    expect(await arc('info')).toMatchObject({ exitCode: 1, errors: expect.stringContaining('STACK_MISSING') });
  });

  async function socketUrl(stackName: string): Promise<string> {
    const { Outputs = [] } = (await stack(stackName)) ?? {};
    return Outputs.find(({ OutputKey }) => OutputKey === 'WSS')?.OutputValue ?? '';
  }

  async function stackNames(): Promise<readonly (string | undefined)[]> {
    using cloud = disposable(new CloudFormationClient(client()));
    const { Stacks = [] } = await cloud.send(new DescribeStacksCommand({}));
    return Stacks.filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE').map(({ StackName }) => StackName);
  }
});

function disposable<Client extends { destroy(): void }>(client: Client): Client & Disposable {
  return Object.assign(client, { [Symbol.dispose]: () => client.destroy() });
}
