import { GetFunctionCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unzip } from '../packages/deploy/test/package-project.ts';
import { openAwsProject, type AwsProject } from './aws/aws-project.ts';
import { emulatorMissing } from './aws/emulator.ts';

const missing = emulatorMissing();
const reason = missing === undefined ? '' : ` (skipped: ${missing})`;
const patience = { timeout: 20_000 };

describe.skipIf(missing !== undefined)(`examples/python on AWS${reason}`, () => {
  let project: AwsProject;
  let socketUrl: string;

  const arc = async (line: string) => {
    const { exitCode, output, errors } = await project.quickArc(line);
    if (exitCode !== 0 || errors !== '') throw new Error(`arc ${line} fails.\n${output}${errors}`);
    return output;
  };

  beforeAll(async () => {
    project = await openAwsProject({ example: 'python' });
    const { emulator } = project;
    // Lambda has a function's folder at /var/task and finds API Gateway by its name; the emulator has both elsewhere.
    await arc('env add PYTHONPATH vendor:vendor/shared --env staging');
    socketUrl = /wss:\S+/.exec(await arc('deploy'))?.[0] ?? '';
    const [apiId = ''] = new URL(socketUrl).hostname.split('.');
    const endpoint = emulator.httpUrl(apiId, '/staging');
    await arc(`env add AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI ${endpoint} --env staging`);
    await arc('deploy');
  }, 120_000);
  afterAll(() => project?.[Symbol.asyncDispose]());

  test('a function is its folder, with the shared code', async () => {
    const client = new LambdaClient(project.emulator.client);
    const { Functions = [] } = await client.send(new ListFunctionsCommand({}));
    const FunctionName = Functions.map((each) => each.FunctionName).find((name) => name?.includes('Vote'));
    const { Configuration, Code } = await client.send(new GetFunctionCommand({ FunctionName }));
    const { pathname, search } = new URL(Code?.Location ?? '');
    const zip = await fetch(project.emulator.url + pathname + search);
    expect(unzip(Buffer.from(await zip.arrayBuffer())).map(({ path }) => path)).toEqual([
      'lambda.py',
      'vendor/shared/people.py',
      'vendor/shared/tables.py',
      'vendor/shared/votes.py',
    ]);
    expect(Configuration).toMatchObject({ Runtime: 'python3.13', Handler: 'lambda.handler' });
  });

  test('people vote and are told, and who has gone is forgotten', { timeout: 120_000 }, async () => {
    await using ann = await project.emulator.connect(socketUrl);
    const ben = await project.emulator.connect(socketUrl);
    ben.send({ action: 'vote', voter: 'ben', choice: 'soup' });
    await expect.poll(() => ann.messages, patience).toMatchObject([{ counts: { soup: 1, curry: 0 } }]);
    await ben.close();
    ann.send({ action: 'vote', voter: 'ann', choice: 'curry' });
    await expect.poll(() => ann.messages.at(-1), patience).toMatchObject({ counts: { soup: 1, curry: 1 } });
    ann.send({});
    await expect.poll(() => ann.messages.length, patience).toBe(3);
  });
});
