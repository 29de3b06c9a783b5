import { interpretManifest } from '@furrow/manifest';
import { expect, test } from 'vitest';
import { runnableFunctions } from './app-functions.ts';

const text = `@app
testapp
@ws
connect false
disconnect false
@aws
timeout 20
memory 256
concurrency 4
runtime nodejs22.x
layers arn:aws:lambda:us-west-2:123456789012:layer:a:1
policies AmazonS3ReadOnlyAccess
storage 1024
architecture x86_64
provisionedConcurrency 2`;

async function defaultOf(config: string) {
  const sourceDir = 'src/ws/default';
  const configs = config === '' ? [] : [{ sourceDir, file: `${sourceDir}/config.arc`, text: config }];
  const read = await interpretManifest({ file: 'app.arc', text, configs });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const facts = {
    appName: 'testapp',
    stage: 'testing',
    stackName: 'TestappTesting',
    webSocketUrl: 'ws://localhost:3333/testing',
    httpUrl: 'http://localhost:3333',
    region: 'us-west-2',
    own: { API_KEY: 'x' },
    credentials: {},
    system: {},
  };
  return runnableFunctions(read.app, '/app', facts)[0];
}

test('what @aws says of all functions is what the sandbox runs them with', async () => {
  expect(await defaultOf('')).toMatchObject({
    timeoutMs: 20_000,
    memoryMegabytes: 256,
    reservedConcurrency: 4,
    maxEnvironments: 4,
    runtime: 'nodejs22.x',
    handler: 'index.handler',
    env: { AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256', API_KEY: 'x' },
  });
});

test('the config file of a function takes its place', async () => {
  const config =
    '@aws\ntimeout 3\nmemory 512\nconcurrency 2\nruntime python3.13\nhandler lib/main.run\n@arc\nenv false';
  const found = await defaultOf(config);
  expect(found).toMatchObject({
    timeoutMs: 3000,
    memoryMegabytes: 512,
    reservedConcurrency: 2,
    runtime: 'python3.13',
    handler: 'lib/main.run',
    env: { AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512' },
  });
  expect(found?.env).not.toHaveProperty('API_KEY');
});
