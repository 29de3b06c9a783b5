import { expect, test } from 'vitest';
import { createContext } from './context.ts';

test('a context has the members that Lambda gives, and no others', () => {
  const deadlineMs = Date.now() + 3000;
  const context = createContext(
    { functionName: 'App-ws-default', memoryMegabytes: 1152, logStreamName: 'stream', functionArn: 'arn' },
    { requestId: 'id', deadlineMs },
  );
  expect(context).toEqual({
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: '$LATEST',
    functionName: 'App-ws-default',
    memoryLimitInMB: '1152',
    logGroupName: '/aws/lambda/App-ws-default',
    logStreamName: 'stream',
    clientContext: undefined,
    identity: undefined,
    tenantId: undefined,
    invokedFunctionArn: 'arn',
    awsRequestId: 'id',
    getRemainingTimeInMillis: expect.any(Function),
  });
  const { getRemainingTimeInMillis } = Object(context);
  expect(getRemainingTimeInMillis()).toBeGreaterThan(2900);
  expect(getRemainingTimeInMillis()).toBeLessThanOrEqual(3000);
});
