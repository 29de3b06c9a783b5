import type { ChangeSetInput, ResourceChange } from './aws.ts';

/** How CloudFormation says that nothing differs; it has no code for it. */
const emptyReason = /didn't contain changes|No updates are to be performed/;

/** What `CreateChangeSet` is asked. */
export function changeSetRequest({ stackName, name, isNew, template, parameters, tags }: ChangeSetInput) {
  return {
    StackName: stackName,
    ChangeSetName: name,
    ClientToken: name,
    ChangeSetType: isNew ? ('CREATE' as const) : ('UPDATE' as const),
    // Roles get no names of our own, so this one is enough.
    Capabilities: ['CAPABILITY_IAM' as const],
    IncludeNestedStacks: false,
    ...('body' in template ? { TemplateBody: template.body } : { TemplateURL: template.url }),
    Parameters: Object.entries(parameters).map(([key, value]) => ({ ParameterKey: key, ParameterValue: value })),
    Tags: Object.entries(tags).map(([key, value]) => ({ Key: key, Value: value })),
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
  readonly Details?:
    | readonly {
        readonly Target?: { readonly Attribute?: string | undefined; readonly Name?: string | undefined } | undefined;
      }[]
    | undefined;
}

/** One line of a change set; properties and, where one has no name, attributes such as `Tags`. */
export function readChange(change: DescribedChange): ResourceChange {
  const names = (change.Details ?? []).map(({ Target }) => Target?.Name ?? Target?.Attribute);
  return {
    action: actionOf(change.Action),
    logicalId: change.LogicalResourceId ?? '',
    physicalId: change.PhysicalResourceId,
    type: change.ResourceType ?? '',
    replacement: change.Replacement,
    properties: [...new Set(names.filter((name) => name !== undefined))],
  };
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
