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
  sns: both((stack) => arn('sns', `${stack}-LikesEventTopic-1A2B3C`)),
  sqs: both((stack) => arn('sqs', `${stack}-OrdersQueue-1A2B3C.fifo`)),
  events: both((stack) => arn('events', `rule/${stack}-CleanupScheduledEvent-1A2B3C`)),
  apigateway: [
    'apis',
    'apis/a1b2c3/stages',
    'apis/a1b2c3/authorizers/d4e5f6',
    'apis/a1b2c3/routes/d4e5f6/routeresponses',
    'domainnames',
    'domainnames/chat.example.com/apimappings/d4e5f6',
    'tags/a1b2c3',
  ].map((path) => `arn:aws:apigateway:us-west-2::/${path}`),
  sts: ['*'],
};
/** Asked of no resource, or of one that has no name of the app in it. */
const ofEverything = new Set([
  'cloudformation:ListStacks',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'sns:GetSubscriptionAttributes',
  'sns:Unsubscribe',
  // With a condition that names functions of the app.
  ...['Create', 'Delete', 'Get', 'Update'].map((verb) => `lambda:${verb}EventSourceMapping`),
]);

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

interface Rights {
  /** To make, read, tag and remove a resource of the type, whatever it says. */
  readonly always: readonly string[];
  /** To set a property, and to change or take it away later; nothing for what making or updating it sets anyway. */
  readonly properties: Readonly<Record<string, readonly string[]>>;
}

const none = (list: string) => Object.fromEntries(words(list).map((name) => [name, [] as readonly string[]]));

/**
 * What CloudFormation does in the caller's name for what is in our templates: the `permissions` of the handlers in AWS's
 * schemas of resource types, less those for properties that no template of ours has.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resource-type-schemas.html (those of 2026-10-20)
 */
const rights: Readonly<Record<string, Rights>> = {
  'AWS::ApiGatewayV2::Api': {
    always: httpMethods,
    properties: none('Body Name ProtocolType RouteSelectionExpression'),
  },
  'AWS::ApiGatewayV2::ApiMapping': {
    always: httpMethods,
    properties: none('ApiId ApiMappingKey DomainName Stage'),
  },
  'AWS::ApiGatewayV2::Authorizer': {
    always: httpMethods,
    properties: none('ApiId AuthorizerType AuthorizerUri IdentitySource Name'),
  },
  'AWS::ApiGatewayV2::Deployment': { always: httpMethods, properties: none('ApiId') },
  'AWS::ApiGatewayV2::DomainName': {
    always: [...httpMethods, ...named('apigateway', 'AddCertificateToDomain RemoveCertificateFromDomain')],
    properties: none('DomainName DomainNameConfigurations'),
  },
  'AWS::ApiGatewayV2::Integration': {
    always: httpMethods,
    properties: none('ApiId IntegrationMethod IntegrationType IntegrationUri PayloadFormatVersion TimeoutInMillis'),
  },
  'AWS::ApiGatewayV2::Route': {
    always: httpMethods,
    properties: none(
      'ApiId AuthorizationType AuthorizerId OperationName RouteKey RouteResponseSelectionExpression Target',
    ),
  },
  'AWS::ApiGatewayV2::RouteResponse': { always: httpMethods, properties: none('ApiId RouteId RouteResponseKey') },
  'AWS::ApiGatewayV2::Stage': {
    always: named('apigateway', 'DELETE GET PATCH POST TagResource UntagResource'),
    properties: none('ApiId AutoDeploy DefaultRouteSettings DeploymentId RouteSettings StageName StageVariables'),
  },
  'AWS::DynamoDB::Table': {
    always: named(
      'dynamodb',
      `CreateTable DeleteTable DescribeContinuousBackups DescribeContributorInsights DescribeKinesisStreamingDestination
       DescribeTable DescribeTimeToLive GetResourcePolicy ListTagsOfResource TagResource UntagResource`,
    ),
    properties: {
      ...none('AttributeDefinitions KeySchema'),
      BillingMode: ['dynamodb:UpdateTable'],
      GlobalSecondaryIndexes: ['dynamodb:UpdateTable'],
      // A key of one's own needs more; the guide names it.
      SSESpecification: ['dynamodb:UpdateTable'],
      PointInTimeRecoverySpecification: ['dynamodb:UpdateContinuousBackups'],
      StreamSpecification: ['dynamodb:UpdateTable'],
      TimeToLiveSpecification: ['dynamodb:UpdateTimeToLive'],
    },
  },
  'AWS::Events::Rule': {
    always: named(
      'events',
      'DeleteRule DescribeRule ListTagsForResource ListTargetsByRule PutRule TagResource UntagResource',
    ),
    properties: { ...none('ScheduleExpression'), Targets: named('events', 'PutTargets RemoveTargets') },
  },
  'AWS::IAM::Role': {
    always: named(
      'iam',
      `CreateRole DeleteRole GetRole GetRolePolicy ListAttachedRolePolicies ListRolePolicies ListRoleTags TagRole
       UntagRole UpdateRole UpdateRoleDescription`,
    ),
    properties: {
      AssumeRolePolicyDocument: ['iam:UpdateAssumeRolePolicy'],
      ManagedPolicyArns: named('iam', 'AttachRolePolicy DetachRolePolicy'),
      Policies: named('iam', 'DeleteRolePolicy PutRolePolicy'),
    },
  },
  'AWS::Lambda::Alias': {
    always: named('lambda', 'CreateAlias DeleteAlias GetAlias GetProvisionedConcurrencyConfig'),
    properties: {
      ...none('FunctionName Name'),
      FunctionVersion: ['lambda:UpdateAlias'],
      ProvisionedConcurrencyConfig: named(
        'lambda',
        'DeleteProvisionedConcurrencyConfig PutProvisionedConcurrencyConfig',
      ),
    },
  },
  'AWS::Lambda::EventSourceMapping': {
    always: named(
      'lambda',
      'CreateEventSourceMapping DeleteEventSourceMapping GetEventSourceMapping ListTags TagResource UntagResource',
    ),
    properties: {
      ...none('EventSourceArn StartingPosition'),
      BatchSize: ['lambda:UpdateEventSourceMapping'],
      FunctionName: ['lambda:UpdateEventSourceMapping'],
      FunctionResponseTypes: ['lambda:UpdateEventSourceMapping'],
      MaximumBatchingWindowInSeconds: ['lambda:UpdateEventSourceMapping'],
    },
  },
  'AWS::Lambda::Function': {
    always: named(
      'lambda',
      `CreateFunction DeleteFunction GetFunction GetFunctionCodeSigningConfig GetFunctionRecursionConfig
       GetFunctionScalingConfig GetRuntimeManagementConfig ListTags TagResource UntagResource
       UpdateFunctionConfiguration`,
    ),
    properties: {
      ...none('Environment EphemeralStorage Handler LoggingConfig MemorySize Runtime Timeout'),
      // The right to a layer of somebody else is its owner's to give; the guide names it.
      Layers: [],
      Architectures: ['lambda:UpdateFunctionCode'],
      Code: ['lambda:UpdateFunctionCode', 's3:GetObject'],
      ReservedConcurrentExecutions: named('lambda', 'DeleteFunctionConcurrency PutFunctionConcurrency'),
      Role: ['iam:PassRole'],
    },
  },
  'AWS::Lambda::Permission': {
    always: named('lambda', 'AddPermission GetPolicy RemovePermission'),
    properties: none('Action FunctionName Principal SourceArn'),
  },
  'AWS::Lambda::Version': {
    always: named(
      'lambda',
      `DeleteFunction GetFunctionConfiguration GetFunctionScalingConfig GetProvisionedConcurrencyConfig
       GetRuntimeManagementConfig ListVersionsByFunction PublishVersion`,
    ),
    properties: none('CodeSha256 FunctionName'),
  },
  'AWS::Logs::LogGroup': {
    always: named(
      'logs',
      `CreateLogGroup DeleteDataProtectionPolicy DeleteLogGroup DescribeIndexPolicies DescribeLogGroups
       DescribeResourcePolicies GetDataProtectionPolicy ListTagsForResource TagResource UntagResource`,
    ),
    properties: { ...none('LogGroupName'), RetentionInDays: named('logs', 'DeleteRetentionPolicy PutRetentionPolicy') },
  },
  'AWS::S3::Bucket': {
    always: named(
      's3',
      `CreateBucket DeleteBucket DeleteBucketWebsite GetAccelerateConfiguration GetAnalyticsConfiguration GetBucketAbac
       GetBucketAcl GetBucketCORS GetBucketLogging GetBucketMetadataTableConfiguration GetBucketNotification
       GetBucketObjectLockConfiguration GetBucketOwnershipControls GetBucketPublicAccessBlock GetBucketTagging
       GetBucketVersioning GetBucketWebsite GetEncryptionConfiguration GetIntelligentTieringConfiguration
       GetInventoryConfiguration GetLifecycleConfiguration GetMetricsConfiguration GetReplicationConfiguration ListBucket
       ListTagsForResource PutBucketTagging TagResource UntagResource`,
    ),
    // The right to set one is the right to remove it, whatever names the schema has for that.
    properties: {
      BucketEncryption: ['s3:PutEncryptionConfiguration'],
      CorsConfiguration: ['s3:PutBucketCORS'],
      OwnershipControls: ['s3:PutBucketOwnershipControls'],
      PublicAccessBlockConfiguration: ['s3:PutBucketPublicAccessBlock'],
    },
  },
  'AWS::S3::BucketPolicy': {
    always: named('s3', 'DeleteBucketPolicy GetBucketPolicy'),
    properties: { ...none('Bucket'), PolicyDocument: ['s3:PutBucketPolicy'] },
  },
  'AWS::SNS::Subscription': {
    always: named('sns', 'GetSubscriptionAttributes Subscribe Unsubscribe'),
    properties: none('Endpoint Protocol TopicArn'),
  },
  'AWS::SNS::Topic': {
    always: named(
      'sns',
      `CreateTopic DeleteTopic GetDataProtectionPolicy GetTopicAttributes ListSubscriptionsByTopic ListTagsForResource
       TagResource UntagResource`,
    ),
    properties: {},
  },
  'AWS::SQS::Queue': {
    always: named('sqs', 'CreateQueue DeleteQueue GetQueueAttributes GetQueueUrl ListQueueTags TagQueue UntagQueue'),
    properties: {
      ...none('FifoQueue'),
      ContentBasedDeduplication: ['sqs:SetQueueAttributes'],
      MessageRetentionPeriod: ['sqs:SetQueueAttributes'],
      RedrivePolicy: ['sqs:SetQueueAttributes'],
      VisibilityTimeout: ['sqs:SetQueueAttributes'],
    },
  },
  'AWS::SSM::Parameter': {
    always: named('ssm', 'AddTagsToResource DeleteParameter GetParameters ListTagsForResource RemoveTagsFromResource'),
    properties: { ...none('Name Type'), Value: ['ssm:PutParameter'] },
  },
};
const needs = Object.fromEntries(
  Object.entries(rights).map(
    ([type, { always, properties }]) => [type, [...new Set([...always, ...Object.values(properties).flat()])]] as const,
  ),
);

/** Rights of the schemas that our templates never make use of, by what they are for. */
const unused: Readonly<Record<string, RegExp>> = {
  'keys of one’s own; the guide names them': /^kms:/,
  'layers; the guide names it': /^lambda:GetLayerVersion$/,
  'APIs and code from elsewhere': /^s3:(?:[gG]etObject|GetObjectVersion)$/,
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
  'roles, subscriptions and other settings of topics':
    /^(?:iam:GetRole|sns:(?:PutDataProtectionPolicy|SetSubscriptionAttributes|SetTopicAttributes|Subscribe|Unsubscribe))$/,
  'other settings of buckets':
    /^(?:s3tables:|s3:(?:DeleteObject|DeleteBucket(?:Cors|Encryption)|(?:Create|Delete|Put|Update)\w*(?:Accelerate|Abac|Acl|Analytics|Inventory|Lifecycle|Logging|Metadata|Metrics|Notification|ObjectLock|Replication|Tiering|Versioning|Website)\w*)$)/,
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
/** `AWS::S3::Bucket CorsConfiguration` */
const inTemplates = new Set(
  readdirSync(snapshots).flatMap((file) => {
    const template: unknown = JSON.parse(readFileSync(join(snapshots, file), 'utf8'));
    const { Resources } = template as { readonly Resources: Readonly<Record<string, TemplateResource>> };
    return Object.values(Resources).flatMap(({ Type, Properties }) =>
      Object.keys(Properties).map((property) => `${Type} ${property}`),
    );
  }),
);
interface TemplateResource {
  readonly Type: string;
  readonly Properties: object;
}

describe('the policy of docs/guide/deploy.md', () => {
  test('fits into a managed policy', () => {
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: white space does not count.
    expect(text.replaceAll(/\s/g, '').length).toBeLessThan(6144);
  });

  test.for([...calls].toSorted())('allows %s', (call) => {
    const [service = '', operation = ''] = call.split(' ');
    expect(isAllowed(iamAction(service, operation))).toBe(true);
  });

  test('knows every property of every type of resource in the templates, and no other', () => {
    const known = Object.entries(rights).flatMap(([type, { properties }]) =>
      Object.keys(properties).map((property) => `${type} ${property}`),
    );
    expect([...inTemplates].toSorted()).toEqual(known.toSorted());
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
      arn('sns', 'OtherStaging-LikesEventTopic-1A2B3C'),
      arn('sqs', 'OtherStaging-OrdersQueue-1A2B3C'),
      arn('events', 'rule/OtherStaging-CleanupScheduledEvent-1A2B3C'),
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
