import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { iamAction } from '../packages/deploy/src/aws/iam-action.ts';
import { bucketName } from '../packages/deploy/src/operations/deploy-bucket.ts';
import { expectedCalls } from './aws/expected-calls.ts';

const root = join(import.meta.dirname, '..');
const source = join(root, 'packages', 'deploy', 'src');
const guide = readFileSync(join(root, 'docs', 'guide', 'deploy.md'), 'utf8');
const text = /\n## Permissions\n[^]*?```json\n([^]*?)```/.exec(guide)?.[1] ?? '';

type OneOrMore = string | readonly string[];
interface Statement {
  readonly Effect: string;
  readonly Action: OneOrMore;
  readonly Resource: OneOrMore;
}
const { Statement: statements } = JSON.parse(text) as { readonly Statement: readonly Statement[] };
const patterns = statements.flatMap(({ Action }) => [Action].flat());

/** Names that an app `testapp` has on AWS, as CloudFormation makes them of stack and logical id. */
const bucket = bucketName('testapp', { account: '123456789012', region: 'us-west-2' });
const arn = (service: string, resource: string) => `arn:aws:${service}:us-west-2:123456789012:${resource}`;
const both = (name: (stack: string) => string) => ['TestappStaging', 'TestappProductionPreview'].map(name);
const resources: Readonly<Record<string, readonly string[]>> = {
  cloudformation: both((stack) => arn('cloudformation', `stack/${stack}/1a2b3c`)),
  s3: [bucket, 'testappstaging-staticbucket-1a2b3c'].flatMap((name) => [
    `arn:aws:s3:::${name}`,
    `arn:aws:s3:::${name}/a/b`,
  ]),
  ssm: ['testapp/staging', 'testapp/staging/KEY', 'testapp/deploy/bucket', 'TestappStaging/ws/wss'].map((name) =>
    arn('ssm', `parameter/${name}`),
  ),
  lambda: both((stack) => arn('lambda', `function:${stack}-JoinWSLambda-1A2B3C`)),
  iam: both((stack) => `arn:aws:iam::123456789012:role/${stack}-WSRole-1A2B3C`),
  logs: both((stack) => arn('logs', `log-group:/aws/lambda/${stack}-ws-join:*`)),
  dynamodb: both((stack) => arn('dynamodb', `table/${stack}-RoomsTable-1A2B3C`)),
  apigateway: ['apis', 'apis/a1b2c3/stages', 'tags/a1b2c3'].map((path) => `arn:aws:apigateway:us-west-2::/${path}`),
  sts: ['*'],
};
/** Asked of no resource, or of one that has no name of the app in it. */
const ofEverything = new Set(['cloudformation:ListStacks', 'logs:DescribeLogGroups', 'logs:DescribeResourcePolicies']);

function matches(pattern: string, value: string, flags = ''): boolean {
  const escaped = pattern.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '.*');
  return new RegExp(`^${escaped}$`, flags).test(value);
}

function allows(action: string, resource: string): boolean {
  return statements.some(
    ({ Effect, Action, Resource }) =>
      Effect === 'Allow' &&
      [Action].flat().some((pattern) => matches(pattern, action, 'i')) &&
      [Resource].flat().some((pattern) => matches(pattern, resource)),
  );
}

function isAllowed(action: string): boolean {
  const [service = ''] = action.split(':');
  return (ofEverything.has(action) ? ['*'] : (resources[service] ?? [])).every((resource) => allows(action, resource));
}

/** Every call that a command makes, and every one that the sources can make. */
const services: Readonly<Record<string, string>> = {
  'client-cloudformation': 'CloudFormation',
  'client-cloudwatch-logs': 'CloudWatchLogs',
  'client-lambda': 'Lambda',
  'client-s3': 'S3',
  'client-ssm': 'SSM',
  'client-sts': 'STS',
};
const calls = new Set([
  ...expectedCalls.flatMap((each) => each.calls),
  ...readdirSync(join(source, 'aws')).flatMap((file) => {
    const code = file.endsWith('.test.ts') ? '' : readFileSync(join(source, 'aws', file), 'utf8');
    const imports = [...code.matchAll(/import \{([^}]*)\} from '@aws-sdk\/([\w-]+)'/g)];
    return imports.flatMap(([, names = '', client = '']) =>
      [...names.matchAll(/(\w+)Command\b/g)].map(([, operation]) => `${services[client]} ${operation}`),
    );
  }),
]);
const actionsOfCalls = [...calls].map((call) => {
  const [service = '', operation = ''] = call.split(' ');
  return iamAction(service, operation);
});

const words = (list: string) => list.trim().split(/\s+/);
const named = (prefix: string, list: string) => words(list).map((name) => `${prefix}:${name}`);
const httpMethods = named('apigateway', 'DELETE GET PATCH POST PUT');

/**
 * What CloudFormation does in the caller's name for what is in our templates: the `permissions` of the handlers in AWS's
 * schemas of resource types, less those for properties that no template of ours has.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resource-type-schemas.html (those of 2026-10-20)
 */
const needs: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApiGatewayV2::Api': httpMethods,
  'AWS::ApiGatewayV2::Deployment': httpMethods,
  'AWS::ApiGatewayV2::Integration': httpMethods,
  'AWS::ApiGatewayV2::Route': httpMethods,
  'AWS::ApiGatewayV2::Stage': named('apigateway', 'DELETE GET PATCH POST TagResource UntagResource'),
  'AWS::DynamoDB::Table': named(
    'dynamodb',
    `CreateTable DeleteTable DescribeContinuousBackups DescribeContributorInsights DescribeKinesisStreamingDestination
     DescribeTable DescribeTimeToLive GetResourcePolicy ListTagsOfResource TagResource UntagResource
     UpdateContinuousBackups UpdateTable UpdateTimeToLive`,
  ),
  'AWS::IAM::Role': named(
    'iam',
    `AttachRolePolicy CreateRole DeleteRole DeleteRolePolicy DetachRolePolicy GetRole GetRolePolicy
     ListAttachedRolePolicies ListRolePolicies ListRoleTags PutRolePolicy TagRole UntagRole UpdateAssumeRolePolicy
     UpdateRole UpdateRoleDescription`,
  ),
  'AWS::Lambda::Alias': named(
    'lambda',
    `CreateAlias DeleteAlias DeleteProvisionedConcurrencyConfig GetAlias GetProvisionedConcurrencyConfig
     PutProvisionedConcurrencyConfig UpdateAlias`,
  ),
  'AWS::Lambda::Function': [
    ...named(
      'lambda',
      `CreateFunction DeleteFunction DeleteFunctionConcurrency GetFunction GetFunctionCodeSigningConfig
       GetFunctionRecursionConfig GetFunctionScalingConfig GetRuntimeManagementConfig ListTags PutFunctionConcurrency
       TagResource UntagResource UpdateFunctionCode UpdateFunctionConfiguration`,
    ),
    'iam:PassRole',
    's3:GetObject',
  ],
  'AWS::Lambda::Permission': named('lambda', 'AddPermission GetPolicy RemovePermission'),
  'AWS::Lambda::Version': named(
    'lambda',
    `DeleteFunction GetFunctionConfiguration GetFunctionScalingConfig GetProvisionedConcurrencyConfig
     GetRuntimeManagementConfig ListVersionsByFunction PublishVersion`,
  ),
  'AWS::Logs::LogGroup': named(
    'logs',
    `CreateLogGroup DeleteDataProtectionPolicy DeleteLogGroup DeleteRetentionPolicy DescribeIndexPolicies
     DescribeLogGroups DescribeResourcePolicies GetDataProtectionPolicy ListTagsForResource PutRetentionPolicy
     TagResource UntagResource`,
  ),
  'AWS::S3::Bucket': named(
    's3',
    `CreateBucket DeleteBucket DeleteBucketWebsite GetAccelerateConfiguration GetAnalyticsConfiguration GetBucketAbac
     GetBucketAcl GetBucketCORS GetBucketLogging GetBucketMetadataTableConfiguration GetBucketNotification
     GetBucketObjectLockConfiguration GetBucketOwnershipControls GetBucketPublicAccessBlock GetBucketTagging
     GetBucketVersioning GetBucketWebsite GetEncryptionConfiguration GetIntelligentTieringConfiguration
     GetInventoryConfiguration GetLifecycleConfiguration GetMetricsConfiguration GetReplicationConfiguration ListBucket
     ListTagsForResource PutBucketOwnershipControls PutBucketPublicAccessBlock PutBucketTagging
     PutEncryptionConfiguration TagResource UntagResource`,
  ),
  'AWS::S3::BucketPolicy': named('s3', 'DeleteBucketPolicy GetBucketPolicy PutBucketPolicy'),
  'AWS::SSM::Parameter': named(
    'ssm',
    'AddTagsToResource DeleteParameter GetParameters ListTagsForResource PutParameter RemoveTagsFromResource',
  ),
};

/** Rights of the schemas that our templates never make use of, by what they are for. */
const unused: Readonly<Record<string, RegExp>> = {
  'keys of one’s own; the guide names them': /^kms:/,
  'layers; the guide names it': /^lambda:GetLayerVersion$/,
  'APIs and code from elsewhere': /^s3:(?:getObject|GetObjectVersion)$/,
  'networks and file systems of functions': /^(?:ec2|elasticfilesystem|s3files):/,
  'deployments in steps': /^codedeploy:/,
  'signed code, runtimes and scaling by hand':
    /^lambda:(?:AssociateRuntimeAlias|PassCapacityProvider|(?:Delete|Get|Put)\w*(?:CodeSigning|RuntimeManagement|Recursion|Scaling)Config)$/,
  'versions that a function publishes itself': /^lambda:(?:PublishVersion|PutProvisionedConcurrencyConfig)$/,
  'integrations and replication under a role': /^iam:PassRole$/,
  'bounds of roles, replicas of tables': /^iam:(?:\w+PermissionsBoundary|CreateServiceLinkedRole)$/,
  'streams, replicas, policies and imports of tables':
    /^(?:kinesis:|logs:|s3:|dynamodb:(?:Associate|CreateTableReplica|\w*Item$|Query|Scan|\w+KinesisStreaming|\w*Import|\w+ResourcePolicy|UpdateContributor))/,
  'protected, indexed and delivered logs':
    /^(?:firehose:|s3:REST|logs:(?:\w+KmsKey|CreateLogDelivery|(?:Put|Delete)(?:Index|Resource)Policy|Put(?:BearerToken|DataProtection|LogGroupDeletion)\w+))/,
  'other settings of buckets':
    /^(?:s3tables:|s3:(?:DeleteObject|(?:Create|Delete|Put|Update)\w*(?:Accelerate|Abac|Acl|Analytics|Cors|CORS|Encryption|Inventory|Lifecycle|Logging|Metadata|Metrics|Notification|ObjectLock|Replication|Tagging|Tiering|Versioning|Website)\w*)$)/,
};

const isUnused = (action: string) => Object.values(unused).some((pattern) => pattern.test(action));

/** Rights for what no call and no resource of a template shows. */
const others = [
  // Versions of objects, when a bucket is emptied.
  's3:DeleteObjectVersion',
  // `--tags`, and what `STACK_STUCK` advises.
  ...named('cloudformation', 'TagResource UntagResource ContinueUpdateRollback'),
];

const snapshots = join(source, 'template', 'snapshots');
const typesInTemplates = new Set(
  readdirSync(snapshots).flatMap((file) => {
    const template: unknown = JSON.parse(readFileSync(join(snapshots, file), 'utf8'));
    const { Resources } = template as { readonly Resources: Readonly<Record<string, { readonly Type: string }>> };
    return Object.values(Resources).map(({ Type }) => Type);
  }),
);

describe('the policy of docs/guide/deploy.md', () => {
  test('fits into a managed policy', () => {
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: white space does not count.
    expect(text.length).toBeLessThan(6144);
  });

  test.for([...calls].toSorted())('allows %s', (call) => {
    const [service = '', operation = ''] = call.split(' ');
    expect(isAllowed(iamAction(service, operation))).toBe(true);
  });

  test('knows every type of resource in the templates', () => {
    expect([...typesInTemplates].toSorted()).toEqual(Object.keys(needs).toSorted());
  });

  test.for(Object.entries(needs))('allows CloudFormation what %s needs', ([, actions]) => {
    expect(actions.filter((action) => !isAllowed(action))).toEqual([]);
  });

  test('allows nothing else', () => {
    const needed = [...actionsOfCalls, ...Object.values(needs).flat(), ...others];
    expect(patterns.filter((pattern) => !needed.some((action) => matches(pattern, action, 'i')))).toEqual([]);
    expect(patterns.filter((pattern) => /^\*|^\w+:\*/.test(pattern))).toEqual([]);
    expect(others.filter((action) => !isAllowed(action))).toEqual([]);
  });

  test('is about one app, where a resource has a name', () => {
    const foreign = [
      arn('cloudformation', 'stack/OtherStaging/1a2b3c'),
      'arn:aws:s3:::other-cfn-deployments-1a2b3c4d5e/functions/a.zip',
      arn('ssm', 'parameter/other/staging/KEY'),
      arn('lambda', 'function:OtherStaging-JoinWSLambda-1A2B3C'),
      'arn:aws:iam::123456789012:role/Admin',
      arn('dynamodb', 'table/OtherStaging-RoomsTable-1A2B3C'),
    ];
    const writing = patterns.filter((pattern) => !ofEverything.has(pattern) && !pattern.startsWith('sts:'));
    expect(foreign.filter((resource) => writing.some((action) => allows(action, resource)))).toEqual([]);
  });
});

test('docs/guide/deploy.md says what to do about every error of a deploy', () => {
  const codes = [...readFileSync(join(source, 'errors.ts'), 'utf8').matchAll(/code: '([A-Z_]+)'/g)];
  expect(codes.length).toBeGreaterThan(30);
  expect(codes.map(([, code]) => code).filter((code) => !guide.includes(`\n| \`${code}\` |`))).toEqual([]);
});

/** AWS's schemas, as cfn-lint brings them. */
const python = readPythonFolder();
const reason = python === undefined ? ' (skipped: no cfn-lint in .cache/aws/venv, see CONTRIBUTING.md)' : '';

describe.skipIf(python === undefined)(`the table of rights above, against AWS's schemas${reason}`, () => {
  const schemas = join(python ?? '', 'cfnlint', 'data', 'schemas');
  const fileOf = (): Readonly<Record<string, string>> =>
    JSON.parse(readFileSync(join(schemas, 'providers', 'us-west-2.json'), 'utf8'));

  test.for(Object.keys(needs))('%s', (type) => {
    const schema: unknown = JSON.parse(readFileSync(join(schemas, 'resources', `${fileOf()[type]}.json`), 'utf8'));
    const { handlers, tagging } = schema as {
      readonly handlers: Readonly<Record<string, { readonly permissions: readonly string[] }>>;
      readonly tagging?: { readonly permissions?: readonly string[] };
    };
    const deeds = ['create', 'read', 'update', 'delete'].flatMap((deed) => handlers[deed]?.permissions ?? []);
    const known = new Set([...deeds, ...(tagging?.permissions ?? [])]);
    const mine = needs[type] ?? [];
    expect([...known].filter((action) => !mine.includes(action) && !isUnused(action))).toEqual([]);
    expect(mine.filter((action) => !known.has(action))).toEqual([]);
  });
});

function readPythonFolder(): string | undefined {
  const libraries = join(root, '.cache', 'aws', 'venv', 'lib');
  if (!existsSync(libraries)) return undefined;
  const folders = readdirSync(libraries).map((name) => join(libraries, name, 'site-packages'));
  return folders.find((folder) => existsSync(join(folder, 'cfnlint')));
}
