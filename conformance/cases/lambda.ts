import assert from 'node:assert/strict';
import type { Row } from '../row.ts';
import { until } from '../../test/support/until.ts';
import { lambdaGuide, observed } from './sources.ts';

const internalError = /^\{"message": "Internal server error", "connectionId":"[\w-]{15}=", "requestId":"[\w-]{15}="\}$/;
const variables = lambdaGuide('configuration-envvars');

/** What Lambda sets for every function of its Node runtimes. */
const reserved = [
  '_HANDLER',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'LAMBDA_TASK_ROOT',
];

/** How functions run: T148 to T154. */
export const lambdaRows: readonly Row[] = [
  {
    id: 'T148',
    rule: 'Two events at once run in two environments, which share no globals.',
    source: lambdaGuide('lambda-concurrency'),
    async run({ connect }) {
      const client = await connect();
      const script = [{ sleep: 1500 }, { tell: 'self' }];
      client.play(script);
      client.play(script);
      const told = [await client.nextJson(), await client.nextJson()];
      assert.notEqual(told[0].environment, told[1].environment);
    },
  },
  {
    id: 'T149',
    rule: 'What a function has left to a timer does not go on after its return, but with its next event.',
    source: 'https://blog.dai.codes/aws-gw-management-api-promises/',
    needs: ['freeze'],
    async run({ connect, quiet }) {
      const client = await connect();
      await client.askId();
      client.play([{ later: { late: true }, ms: 50 }, { post: { begun: true } }]);
      assert.equal(await client.next(), '{"begun":true}');
      await quiet();
      assert.deepEqual(client.messages, []);
      client.play([{ sleep: 300 }]);
      assert.equal(await client.next(), '{"late":true}');
    },
  },
  {
    id: 'T150',
    rule: 'A variable that Lambda keeps for itself is refused by name.',
    source: variables,
    needs: ['tools'],
    async run({ tools }) {
      const { exitCode, errors } = await tools.arc(['env', 'add', 'AWS_REGION', 'x', '--env', 'staging']);
      assert.equal(exitCode, 1);
      assert.match(errors, /VARIABLE_RESERVED/);
      assert.match(errors, /AWS_REGION/);
    },
  },
  {
    id: 'T151',
    rule: 'A function sees the variables that Lambda sets, and its context; sizes are texts.',
    source: variables,
    async run({ connect }) {
      const client = await connect();
      client.play([{ env: 'self' }]);
      const { names, variables: values, context, hasRemainingTime } = await client.nextJson();
      assert.deepEqual(
        reserved.filter((name) => !names.includes(name)),
        [],
      );
      assert.match(values.AWS_EXECUTION_ENV, /^AWS_Lambda_nodejs\d+\.x$/);
      assert.equal(values.AWS_LAMBDA_FUNCTION_MEMORY_SIZE, context.memoryLimitInMB);
      assert.equal(values.AWS_LAMBDA_FUNCTION_NAME, context.functionName);
      assert.match(context.memoryLimitInMB, /^\d+$/);
      assert.match(context.logStreamName, /^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
      assert.match(context.awsRequestId, /^[0-9a-f-]{36}$/);
      assert.deepEqual([context.functionVersion, hasRemainingTime], ['$LATEST', true]);
    },
  },
  {
    id: 'T152',
    rule: "A function in another language gets its events from Lambda's Runtime API: what it answers is its result, what it reports its failure, and an id that is not its event's gets 400.",
    source: lambdaGuide('runtimes-api'),
    variant: 'by-hand',
    async run({ connect }) {
      const client = await connect();
      client.send(JSON.stringify({ action: 'by-hand' }));
      assert.equal(await client.next(), 'another id: 400');
      client.send(JSON.stringify({ action: 'by-hand', how: 'fail-by-hand' }));
      assert.match(await client.next(), internalError);
      client.send(JSON.stringify({ action: 'by-hand' }));
      assert.equal(await client.next(), 'another id: 400');
    },
  },
  {
    id: 'T153',
    rule: 'A function that outlasts its own timeout gives the error frame; the log says after how many seconds.',
    source: observed('2024-05', 'the result of an invocation that timed out'),
    async run({ connect, stage, logs }) {
      const client = await connect();
      client.play([{ sleep: 5000 }], 'brief');
      assert.match(await client.next(), internalError);
      assert.ok(client.isOpen());
      if (stage.logs !== undefined) await until(() => logs().includes('Task timed out after 1.00 seconds'), 'the log');
    },
  },
  {
    id: 'T154',
    rule: 'A result of 7 MB gives the error frame; the log says Function.ResponseSizeTooLarge.',
    source: lambdaGuide('gettingstarted-limits'),
    async run({ connect, stage, logs }) {
      const client = await connect();
      client.play([{ returnBytes: 7 * 1024 * 1024 }]);
      assert.match(await client.next(), internalError);
      if (stage.logs !== undefined) await until(() => logs().includes('Function.ResponseSizeTooLarge'), 'the log');
    },
  },
];
