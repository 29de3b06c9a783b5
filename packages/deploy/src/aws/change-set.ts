import type { ChangeSetInput, ResourceChange } from './aws.ts';

/** How CloudFormation says that nothing differs; it has no code for it. */
const emptyReason = /didn't contain changes|No updates are to be performed/;

/** What `CreateChangeSet` is asked. */
export function changeSetRequest(input: ChangeSetInput) {
  const { stackName, name, isNew, template, parameters, tags, isOfPlugins = false } = input;
  return {
    StackName: stackName,
    ChangeSetName: name,
    ClientToken: name,
    ChangeSetType: isNew ? ('CREATE' as const) : ('UPDATE' as const),
    // Roles get no names of our own, so this one is enough. What plugins add may have names, and be SAM's.
    Capabilities: [
      'CAPABILITY_IAM' as const,
      ...(isOfPlugins ? (['CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'] as const) : []),
    ],
    IncludeNestedStacks: false,
    ...('body' in template ? { TemplateBody: template.body } : { TemplateURL: template.url }),
    Parameters: Object.entries(parameters).map(([key, value]) => ({ ParameterKey: key, ParameterValue: value })),
    // An empty list would remove those that the stack has.
    ...(Object.keys(tags).length > 0 && {
      Tags: Object.entries(tags).map(([key, value]) => ({ Key: key, Value: value })),
    }),
  };
}

export function isEmptyReason(reason: string): boolean {
  return emptyReason.test(reason);
}

/** The part of a change, as CloudFormation describes it, that is read here. */
interface DescribedChange {
  readonly Action?: string | undefined;
  readonly LogicalResourceId?: string | undefined;
  readonly PhysicalResourceId?: string | undefined;
  readonly ResourceType?: string | undefined;
  readonly Replacement?: ResourceChange['replacement'] | undefined;
  readonly Details?: readonly DescribedDetail[] | undefined;
}

interface DescribedDetail {
  readonly Target?:
    | {
        readonly Attribute?: string | undefined;
        readonly Name?: string | undefined;
        readonly RequiresRecreation?: string | undefined;
      }
    | undefined;
  /** `ResourceReference` and `ResourceAttribute` come from another resource. */
  readonly ChangeSource?: string | undefined;
  /** `WS`, or `JoinWSLambda.Arn`. */
  readonly CausingEntity?: string | undefined;
}

/**
 * One line of a change set; properties and, where one has no name, attributes such as `Tags`.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChangeDetail.html (read 2026-11)
 */
export function readChange(change: DescribedChange): ResourceChange {
  const details = change.Details ?? [];
  const names = details.filter((detail) => !isReference(detail)).map(({ Target }) => Target?.Name ?? Target?.Attribute);
  return {
    action: actionOf(change.Action),
    logicalId: change.LogicalResourceId ?? '',
    physicalId: change.PhysicalResourceId,
    type: change.ResourceType ?? '',
    replacement: change.Replacement,
    properties: [...new Set(names.filter((name) => name !== undefined))],
    follows: change.Replacement === 'Conditional' ? causesOf(details) : [],
  };
}

function isReference({ ChangeSource }: DescribedDetail): boolean {
  return ChangeSource === 'ResourceReference' || ChangeSource === 'ResourceAttribute';
}

/** Which other resources decide; none when a change of its own may, too. */
function causesOf(details: readonly DescribedDetail[]): readonly string[] {
  const references = details.filter(isReference);
  const names = new Set(references.map(({ Target }) => Target?.Name));
  const deciding = details.filter(({ Target }) => Target?.RequiresRecreation !== 'Never');
  // A property that refers to a changed resource is told twice: as changed, and as changed by what it refers to.
  if (deciding.some((detail) => !isReference(detail) && !names.has(detail.Target?.Name))) return [];
  const causes = references
    .filter((detail) => deciding.includes(detail))
    .map(({ CausingEntity = '' }) => CausingEntity);
  return [...new Set(causes.map((cause) => cause.split('.')[0] ?? ''))];
}

function actionOf(text = 'Modify'): ResourceChange['action'] {
  switch (text) {
    case 'Add':
    case 'Remove':
    case 'Import':
    case 'Dynamic':
      return text;
    default:
      return 'Modify';
  }
}
