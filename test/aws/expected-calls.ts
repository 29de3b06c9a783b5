export interface CommandCalls {
  readonly line: string;
  readonly why: string;
  /** What happens to the app before. */
  readonly change?: 'code';
  readonly calls: readonly string[];
}

const planned = ['CloudFormation CreateChangeSet', 'CloudFormation DescribeChangeSet'];
const rolledOut = [
  'CloudFormation DescribeStacks',
  'CloudFormation DescribeStackEvents',
  'CloudFormation ExecuteChangeSet',
  'CloudFormation DescribeStacks',
  'CloudFormation DescribeStackEvents',
];
const staticFiles = ['CloudFormation ListStackResources', 'S3 ListObjectsV2'];
const current = ['STS GetCallerIdentity', 'CloudFormation DescribeStacks', 'CloudFormation GetTemplate'];
const known = ['CloudFormation DescribeStacks', 'CloudFormation GetTemplate', 'CloudFormation ListStackResources'];
const settledFirst = [
  'STS GetCallerIdentity',
  'SSM GetParameter',
  'CloudFormation DescribeStacks',
  'SSM GetParametersByPath',
];
const settled = [
  'STS GetCallerIdentity',
  'SSM GetParameter',
  'CloudFormation DescribeStacks',
  'CloudFormation GetTemplate',
  'SSM GetParametersByPath',
];
const compared = ['CloudFormation ListStackResources', 'Lambda GetFunctionConfiguration'];
const emptied = ['S3 ListObjectVersions', 'S3 DeleteObjects'];
const destroyed = [
  ...current,
  ...staticFiles,
  'SSM GetParametersByPath',
  ...emptied,
  'CloudFormation DescribeStackEvents',
  'CloudFormation DeleteStack',
  'CloudFormation DescribeStacks',
  'CloudFormation DescribeStackEvents',
];

/**
 * What each command asks of AWS, in order, in the life of one app. A call, or a pair of calls, that comes several times in
 * a row stands once.
 *
 * `docs/guide/deploy.md` has a policy that allows all of it.
 */
export const expectedCalls: readonly CommandCalls[] = [
  { line: 'package', why: 'packaging needs no AWS', calls: [] },
  {
    line: 'deploy',
    why: 'the first deploy makes the bucket',
    calls: [
      ...settledFirst,
      ...planned,
      'S3 HeadBucket',
      'S3 CreateBucket',
      'S3 PutPublicAccessBlock',
      'S3 PutBucketEncryption',
      'S3 PutBucketOwnershipControls',
      'S3 PutBucketLifecycleConfiguration',
      'SSM GetParameter',
      'SSM PutParameter',
      'S3 HeadObject',
      'S3 PutObject',
      ...rolledOut,
      ...staticFiles,
      'S3 PutObject',
      'CloudFormation DescribeStacks',
    ],
  },
  {
    line: 'deploy',
    why: 'without a change nothing is written',
    calls: [
      ...settled,
      ...planned,
      ...compared,
      'CloudFormation DeleteChangeSet',
      ...staticFiles,
      'CloudFormation DescribeStacks',
    ],
  },
  {
    line: 'deploy',
    why: 'code that has changed is sent',
    change: 'code',
    calls: [
      ...settled,
      ...planned,
      ...compared,
      'S3 HeadBucket',
      'SSM GetParameter',
      'S3 HeadObject',
      'S3 PutObject',
      ...rolledOut,
      ...staticFiles,
      'CloudFormation DescribeStacks',
    ],
  },
  {
    line: 'deploy dirty default',
    why: 'CloudFormation is only read',
    change: 'code',
    calls: [
      ...current,
      'CloudFormation ListStackResources',
      'Lambda GetFunctionConfiguration',
      'Lambda UpdateFunctionCode',
      'Lambda GetFunctionConfiguration',
    ],
  },
  { line: 'deploy --static', why: 'static files alone', calls: [...current, ...staticFiles] },
  {
    line: 'info',
    why: 'everything is read',
    calls: ['STS GetCallerIdentity', ...known, 'Lambda GetFunctionConfiguration'],
  },
  { line: 'logs', why: 'everything is read', calls: [...known, 'CloudWatchLogs FilterLogEvents'] },
  { line: 'env', why: 'names are read', calls: ['SSM GetParametersByPath'] },
  {
    line: 'env add KEY abc --env staging',
    why: 'a variable is written',
    calls: ['SSM GetParametersByPath', 'SSM GetParameter', 'SSM PutParameter'],
  },
  {
    line: 'env remove KEY --env staging',
    why: 'a variable is removed',
    calls: ['SSM GetParametersByPath', 'SSM DeleteParameters'],
  },
  {
    line: 'deploy production',
    why: 'the bucket of staging serves production',
    calls: [
      ...settledFirst,
      ...planned,
      'S3 HeadBucket',
      'SSM GetParameter',
      'S3 HeadObject',
      'S3 PutObject',
      ...rolledOut,
      ...staticFiles,
      'S3 PutObject',
      'CloudFormation DescribeStacks',
    ],
  },
  {
    line: 'destroy --app testapp --now --force',
    why: 'the bucket stays for production',
    calls: [...destroyed, 'SSM GetParameter', 'CloudFormation ListStacks'],
  },
  {
    line: 'destroy production --app testapp --now --force',
    why: 'the bucket goes with the last stack',
    calls: [
      ...destroyed,
      'SSM GetParameter',
      'CloudFormation ListStacks',
      ...emptied,
      'S3 DeleteBucket',
      'SSM DeleteParameters',
    ],
  },
];
