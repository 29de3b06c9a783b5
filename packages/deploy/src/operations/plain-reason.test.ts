import { describe, expect, test } from 'vitest';
import { plainReason, wayOut, wayOutOf } from './plain-reason.ts';

const id = '8a8e1c34-0000-4f6e-9a51-1f1d3a3a0001';

/** Reasons as CloudFormation gives them in events of failed resources. */
const rows = [
  {
    why: 'a key that is not there',
    reason:
      'Resource handler returned message: "Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: ' +
      `The specified key does not exist. (Service: Lambda, Status Code: 400, Request ID: ${id}) (SDK Attempt Count: 1)" ` +
      `(RequestToken: ${id}, HandlerErrorCode: InvalidRequest)`,
    plain:
      /^Error occurred while GetObject\. S3 Error Code: NoSuchKey\. S3 Error Message: The specified key does not exist\./,
    fix: /^Run the command again: it sends the code once more\.$/,
  },
  {
    why: 'a right that is missing',
    reason:
      'API: iam:CreateRole User: arn:aws:iam::123456789012:user/dev is not authorized to perform: iam:CreateRole on ' +
      'resource: arn:aws:iam::123456789012:role/TestappStaging-WSRole-1A2B because no identity-based policy allows the ' +
      'iam:CreateRole action',
    plain: /^User: arn:\S+ is not authorized to perform: iam:CreateRole on /,
    fix: /^Allow iam:CreateRole \(docs\/guide\/deploy\.md#permissions\), then run the command again\.$/,
  },
  {
    why: 'a right that is missing, by way of a handler',
    reason:
      'Resource handler returned message: "User: arn:aws:iam::123456789012:user/dev is not authorized to perform: ' +
      `logs:CreateLogGroup on resource: arn:aws:logs:us-west-2:123456789012:log-group:/aws/lambda/x:log-stream: (Service: ` +
      `CloudWatchLogs, Status Code: 400, Request ID: ${id})" (RequestToken: ${id}, HandlerErrorCode: AccessDenied)`,
    plain: /^User: arn:\S+ is not authorized to perform: logs:CreateLogGroup on resource: \S+:log-stream:$/,
    fix: /^Allow logs:CreateLogGroup /,
  },
  {
    why: 'a name that is taken',
    reason:
      '/TestappStaging/ws/wss already exists in stack arn:aws:cloudformation:us-west-2:123456789012:stack/Other/1',
    plain: /^\/TestappStaging\/ws\/wss already exists in stack /,
    fix: /^Remove or rename what has the name already/,
  },
  {
    why: 'too little concurrency',
    reason:
      `Resource handler returned message: "Specified ReservedConcurrentExecutions for function decreases account's ` +
      `UnreservedConcurrentExecution below its minimum value of [10]. (Service: Lambda, Status Code: 400, Request ID: ${id})" ` +
      `(RequestToken: ${id}, HandlerErrorCode: InvalidRequest)`,
    plain: /^Specified ReservedConcurrentExecutions .+ of \[10\]\.$/,
    fix: /^Lower "concurrency"/,
  },
  {
    why: 'variables that Lambda repeats',
    reason:
      'Resource handler returned message: "Lambda was unable to configure your environment variables because the ' +
      'environment variables you have provided exceeded the 4KB limit. String measured: {"API_KEY":"hush-\nhush ' +
      `(very)","B":"hush"} (Service: Lambda, Status Code: 400, Request ID: ${id})" (RequestToken: ${id}, ` +
      'HandlerErrorCode: InvalidRequest)',
    plain: /^Lambda was unable .+ exceeded the 4KB limit\.$/,
    fix: /^Make the variables smaller, or remove some with "arc env remove NAME --env STAGE", then run the command again\.$/,
  },
  {
    why: 'variables that Lambda repeats, cut off',
    reason:
      'Resource handler returned message: "Lambda was unable to configure your environment variables because the ' +
      'environment variables you have provided exceeded the 4KB limit. String measured: {"API_KEY":"hush',
    plain: /^Lambda was unable .+ exceeded the 4KB limit\.$/,
    fix: /^Make the variables smaller/,
  },
  {
    why: 'a value that AWS repeats',
    reason:
      "1 validation error detected: Value '{A=hush' at, B=hush}' at 'environment' failed to satisfy constraint: no",
    plain: /^1 validation error detected: value at 'environment' failed to satisfy constraint: no$/,
    fix: /^Mend it/,
  },
  { why: 'a limit', reason: 'Maximum number of APIs limit exceeded', plain: /^Maximum/, fix: /Service Quotas/ },
  {
    why: 'anything else',
    reason: 'Odd (very).',
    plain: /^Odd \(very\)\.$/,
    fix: /describe-stack-events --stack-name S$/,
  },
  { why: 'no reason', reason: '', plain: /^$/, fix: /^Mend it/ },
];

describe('why a resource failed', () => {
  test.for(rows)('$why', ({ reason, plain, fix }) => {
    expect(plainReason(reason)).toMatch(plain);
    expect(plainReason(reason)).not.toMatch(/Request ?(?:ID|Token)|Status Code|hush/);
    expect(wayOut(reason, 'S')).toMatch(fix);
  });
});

test.for([
  { status: 'UPDATE_ROLLBACK_FAILED', fix: /^Run "aws cloudformation continue-update-rollback --stack-name S"/ },
  { status: 'UPDATE_FAILED', fix: /^Run "aws cloudformation rollback-stack --stack-name S"/ },
  { status: 'DELETE_FAILED', fix: /^Run "arc destroy" again/ },
  { status: 'IMPORT_ROLLBACK_FAILED', fix: /^Look at its events/ },
])('what ends $status', ({ status, fix }) => {
  expect(wayOutOf(status, 'S')).toMatch(fix);
});
