/** What IAM calls a service. */
const prefixes: Readonly<Record<string, string>> = {
  CloudFormation: 'cloudformation',
  S3: 's3',
  Lambda: 'lambda',
  SSM: 'ssm',
  STS: 'sts',
  CloudWatchLogs: 'logs',
};

/**
 * Operations of S3 that IAM knows by another name; everywhere else they are the same.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html (read 2026-11)
 */
const s3Actions: Readonly<Record<string, string>> = {
  HeadBucket: 'ListBucket',
  ListObjectsV2: 'ListBucket',
  ListObjectVersions: 'ListBucketVersions',
  HeadObject: 'GetObject',
  DeleteObjects: 'DeleteObject',
  PutPublicAccessBlock: 'PutBucketPublicAccessBlock',
  PutBucketEncryption: 'PutEncryptionConfiguration',
  PutBucketLifecycleConfiguration: 'PutLifecycleConfiguration',
};

/** The right that a call needs: `s3:ListBucket` for S3's `HeadBucket`. */
export function iamAction(service: string, operation: string): string {
  const action = service === 'S3' ? (s3Actions[operation] ?? operation) : operation;
  return `${prefixes[service] ?? service.toLowerCase()}:${action}`;
}
