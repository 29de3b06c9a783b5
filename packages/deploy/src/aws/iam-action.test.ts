import { expect, test } from 'vitest';
import { iamAction } from './iam-action.ts';

test.for([
  ['CloudFormation', 'CreateChangeSet', 'cloudformation:CreateChangeSet'],
  ['CloudWatchLogs', 'FilterLogEvents', 'logs:FilterLogEvents'],
  ['S3', 'PutObject', 's3:PutObject'],
  ['S3', 'HeadBucket', 's3:ListBucket'],
  ['S3', 'DeleteObjects', 's3:DeleteObject'],
  ['S3', 'PutBucketLifecycleConfiguration', 's3:PutLifecycleConfiguration'],
] as const)('%s %s needs %s', ([service, operation, expected]) => {
  expect(iamAction(service, operation)).toBe(expected);
});
