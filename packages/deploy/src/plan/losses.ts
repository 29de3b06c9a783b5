import type { ResourceChange } from '../aws/aws.ts';
import type { KnownResource } from './parts.ts';

/** Something that a deploy would take away for good. */
export interface Loss {
  readonly logicalId: string;
  readonly physicalId: string | undefined;
  readonly type: string;
  /** `table connections` */
  readonly what: string;
  readonly how: 'removed' | 'replaced';
  /** `its data would be lost` */
  readonly consequence: string;
}

interface Rule {
  readonly type: RegExp;
  readonly what: (name: string) => string;
  readonly consequence: string;
  /** Whether it is about what another tool has put into the stack, and nothing of this app's. */
  readonly isForeign?: boolean;
  /** Properties that cannot change without another resource in its place; absent: CloudFormation is taken at its word. */
  readonly createOnly?: readonly string[];
}

const data = 'its data would be lost';
const address = 'its URL would change and every client lose it';

/** Kinds of resources whose end cannot be undone. */
const rules: readonly Rule[] = [
  {
    type: /^AWS::DynamoDB::/,
    what: (name) => `table ${name}`,
    consequence: data,
    createOnly: ['TableName', 'KeySchema', 'LocalSecondaryIndexes', 'ImportSourceSpecification'],
  },
  {
    type: /^AWS::S3::Bucket$/,
    what: (name) => `bucket ${name}`,
    consequence: 'its files would be lost',
    createOnly: ['BucketName'],
  },
  {
    type: /^AWS::ApiGatewayV2::Api$/,
    what: (name) => `API ${name}`,
    consequence: address,
    createOnly: ['ProtocolType'],
  },
  { type: /^AWS::Serverless::HttpApi$/, what: (name) => `API ${name}`, consequence: address },
  {
    type: /^AWS::ApiGatewayV2::Stage$/,
    what: (name) => `stage ${name}`,
    consequence: address,
    createOnly: ['ApiId', 'StageName'],
  },
  {
    type: /^AWS::(?:RDS|EFS|Cognito|Kinesis|SQS|OpenSearchService|ElastiCache|DocDB|Neptune|Redshift|RedshiftServerless|Timestream|MemoryDB|QLDB)::/,
    what: (name) => `resource ${name}`,
    consequence: data,
  },
  {
    type: /^AWS::(?:SecretsManager::Secret|Backup::(?:LogicallyAirGapped)?BackupVault)$/,
    what: (name) => `resource ${name}`,
    consequence: data,
  },
  {
    type: /^AWS::KMS::(?:Replica)?Key$/,
    what: (name) => `key ${name}`,
    consequence: 'nobody could read any more what it has encrypted',
  },
  // Of our own functions the plan says enough; those that somebody else made would end unseen.
  {
    type: /^AWS::(?:Lambda::Function|SNS::Topic|Events::Rule|Scheduler::Schedule|CloudFront::Distribution)$/,
    what: (name) => `resource ${name}`,
    consequence: 'what it does would end, because this app says nothing of it',
    isForeign: true,
  },
];

interface Sides {
  readonly before: ReadonlyMap<string, KnownResource>;
  readonly after: ReadonlyMap<string, KnownResource>;
}

/** What of a change set would be lost: stateful resources that are removed, or may be replaced. Pure. */
export function findLosses(changes: readonly ResourceChange[], sides: Sides): readonly Loss[] {
  return changes.flatMap((change) => {
    const rule = rules.find(({ type }) => type.test(change.type));
    const how = rule && fate(change, rule, sides);
    if (rule === undefined || how === undefined) return [];
    const { logicalId, physicalId, type } = change;
    const part = sides.before.get(logicalId)?.part;
    const what = rule.what(part?.label || logicalId);
    return [{ logicalId, physicalId, type, what, how, consequence: rule.consequence }];
  });
}

function fate(change: ResourceChange, rule: Rule, { before, after }: Sides): Loss['how'] | undefined {
  const [old, next] = [before.get(change.logicalId), after.get(change.logicalId)];
  if (change.action === 'Remove') return isLost(rule, old) ? 'removed' : undefined;
  if (change.action !== 'Modify' || rule.isForeign === true || next?.isRetainedOnReplace === true) return undefined;
  return isReplaced(change, rule, { old, next }) ? 'replaced' : undefined;
}

function isLost({ isForeign }: Rule, old: KnownResource | undefined): boolean {
  return isForeign === true ? old?.part === undefined : old?.isRetained !== true;
}

function isReplaced(
  { replacement, follows }: ResourceChange,
  rule: Rule,
  { old, next }: { readonly old: KnownResource | undefined; readonly next: KnownResource | undefined },
): boolean {
  if (replacement !== 'Conditional') return replacement === 'True';
  // What still follows another resource follows one that goes.
  return follows.length > 0 || mayBeReplaced(rule, old, next);
}

/** What CloudFormation leaves open, decided from both templates; what they do not tell stays open. */
function mayBeReplaced({ createOnly }: Rule, old: KnownResource | undefined, next: KnownResource | undefined): boolean {
  if (createOnly === undefined || old === undefined || next === undefined) return true;
  const differs = (name: string) => JSON.stringify(old.properties[name]) !== JSON.stringify(next.properties[name]);
  return createOnly.some(differs) || attributesChange(old, next);
}

/** A table may get new attributes for its indexes, and lose some; the type of one cannot change in place. */
function attributesChange(old: KnownResource, next: KnownResource): boolean {
  const types = attributeTypes(next);
  return [...attributeTypes(old)].some(([name, type]) => types.has(name) && types.get(name) !== type);
}

function attributeTypes({ properties }: KnownResource): ReadonlyMap<unknown, unknown> {
  const definitions = properties['AttributeDefinitions'];
  if (!Array.isArray(definitions)) return new Map();
  return new Map(
    definitions.map((each: { readonly AttributeName?: unknown; readonly AttributeType?: unknown }) => [
      each.AttributeName,
      each.AttributeType,
    ]),
  );
}
