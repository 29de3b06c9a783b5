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
}

const data = 'its data would be lost';
const address = 'its URL would change and every client lose it';

/** Kinds of resources whose end cannot be undone. */
const rules: readonly Rule[] = [
  { type: /^AWS::DynamoDB::/, what: (name) => `table ${name}`, consequence: data },
  { type: /^AWS::S3::Bucket$/, what: (name) => `bucket ${name}`, consequence: 'its files would be lost' },
  { type: /^AWS::ApiGatewayV2::Api$/, what: (name) => `API ${name}`, consequence: address },
  { type: /^AWS::Serverless::HttpApi$/, what: (name) => `API ${name}`, consequence: address },
  { type: /^AWS::ApiGatewayV2::Stage$/, what: (name) => `stage ${name}`, consequence: address },
  {
    type: /^AWS::(?:RDS|EFS|Cognito|Kinesis|SQS|OpenSearchService|ElastiCache|DocDB)::/,
    what: (name) => `resource ${name}`,
    consequence: data,
  },
];

/** What of a change set would be lost: stateful resources that are removed, or may be replaced. Pure. */
export function findLosses(
  changes: readonly ResourceChange[],
  resources: {
    readonly before: ReadonlyMap<string, KnownResource>;
    readonly after: ReadonlyMap<string, KnownResource>;
  },
): readonly Loss[] {
  return changes.flatMap((change) => {
    const rule = rules.find(({ type }) => type.test(change.type));
    const how = fate(change, resources);
    if (rule === undefined || how === undefined) return [];
    const { logicalId, physicalId, type } = change;
    const part = resources.before.get(logicalId)?.part;
    const what = rule.what(part?.label || logicalId);
    return [{ logicalId, physicalId, type, what, how, consequence: rule.consequence }];
  });
}

function fate(
  { action, replacement, logicalId }: ResourceChange,
  { before, after }: Parameters<typeof findLosses>[1],
): Loss['how'] | undefined {
  if (action === 'Remove') return before.get(logicalId)?.isRetained === true ? undefined : 'removed';
  const mayReplace = action === 'Modify' && (replacement === 'True' || replacement === 'Conditional');
  return mayReplace && after.get(logicalId)?.isRetainedOnReplace !== true ? 'replaced' : undefined;
}
