import { setTimeout as delay } from 'node:timers/promises';
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  StackStatus,
  type Stack as SdkStack,
  type StackEvent as SdkStackEvent,
} from '@aws-sdk/client-cloudformation';
import type { ChangeSet, ChangeSetInput, ResourceChange, Stack, StackEvent, StackResource, Stacks } from './aws.ts';
import { changeSetRequest, isEmptyReason, readChange } from './change-set.ts';
import { first, heard, pagesOf, type Connection } from './connection.ts';
import { refusalOf, type Refusal } from './failure.ts';

const firstPollMs = 200;
const longestPollMs = 2000;

/** Stacks and their change sets. */
export function openCloudFormation(connection: Connection): Stacks & Disposable {
  const client = new CloudFormationClient(connection.config);
  client.middlewareStack.add(heard('CloudFormation', connection), first);
  return {
    async describe(stackName) {
      const found = await unlessMissing(client.send(new DescribeStacksCommand({ StackName: stackName })));
      const [stack] = found?.Stacks ?? [];
      return stack === undefined ? undefined : readStack(stack);
    },

    async list() {
      const alive = Object.values(StackStatus).filter((status) => status !== 'DELETE_COMPLETE');
      const pages = pagesOf((token) => client.send(new ListStacksCommand({ StackStatusFilter: alive, ...token })));
      const stacks: { readonly name: string; readonly status: string }[] = [];
      for await (const { StackSummaries = [] } of pages) {
        stacks.push(
          ...StackSummaries.map(({ StackName = '', StackStatus: status = '' }) => ({ name: StackName, status })),
        );
      }
      return stacks;
    },

    async template(stackName) {
      const command = new GetTemplateCommand({ StackName: stackName, TemplateStage: 'Original' });
      const found = await unlessMissing(client.send(command));
      // Where there is none yet, the answer may as well be an empty one.
      const text = found?.TemplateBody ?? '{}';
      return text === '{}' || text === '' ? undefined : text;
    },

    resources: async (stackName) => (await unlessMissing(listResources(client, stackName))) ?? [],
    createChangeSet: (input) => createChangeSet(client, input),

    async executeChangeSet(stackName, name) {
      const input = { StackName: stackName, ChangeSetName: name, ClientRequestToken: name };
      try {
        await client.send(new ExecuteChangeSetCommand(input));
      } catch (error) {
        const refusal = refusalOf(error);
        // The answer to the first try was lost on the way.
        if (isExecutedAlready(refusal)) return 'begun';
        if (isOvertaken(refusal)) return 'overtaken';
        throw error;
      }
      return 'begun';
    },

    async deleteChangeSet(stackName, name) {
      await unlessMissing(client.send(new DeleteChangeSetCommand({ StackName: stackName, ChangeSetName: name })));
    },

    events: async (stackName, afterId) => (await unlessMissing(listEvents(client, stackName, afterId))) ?? [],

    async newestEventId(stackName) {
      // The newest come first, a page at a time; a stack of some age has very many.
      const found = await unlessMissing(client.send(new DescribeStackEventsCommand({ StackName: stackName })));
      return found?.StackEvents?.[0]?.EventId;
    },

    async remove(stackName) {
      await client.send(new DeleteStackCommand({ StackName: stackName }));
    },

    [Symbol.dispose]: () => client.destroy(),
  };
}

/**
 * `undefined` for a stack that is not there, for one that has no template yet, and for a change set that is gone.
 * CloudFormation says the first two with the code that it has for every mistake.
 */
async function unlessMissing<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal?.name === 'ChangeSetNotFound' || refusal?.name === 'ChangeSetNotFoundException') return undefined;
    const saysMissing = /does not exist|REVIEW_IN_PROGRESS/.test(refusal?.message ?? '');
    if (refusal?.name === 'ValidationError' && saysMissing) return undefined;
    throw error;
  }
}

function isExecutedAlready(refusal: Refusal | undefined): boolean {
  const { name = '', message = '' } = refusal ?? {};
  return name.startsWith('InvalidChangeSetStatus') && message.includes('EXECUTE_');
}

/** Executing one change set removes the others, and none can be while the stack changes. */
function isOvertaken(refusal: Refusal | undefined): boolean {
  const { name = '', message = '' } = refusal ?? {};
  return (
    name.startsWith('ChangeSetNotFound') ||
    name.startsWith('InvalidChangeSetStatus') ||
    (name === 'ValidationError' && /_IN_PROGRESS|does not exist/.test(message))
  );
}

function readStack(stack: SdkStack): Stack {
  const { StackName = '', StackId = '', StackStatus: status = '', CreationTime, LastUpdatedTime } = stack;
  const outputs = (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]);
  const parameters = (stack.Parameters ?? []).map(({ ParameterKey = '', ParameterValue = '' }) => [
    ParameterKey,
    ParameterValue,
  ]);
  return {
    name: StackName,
    id: StackId,
    status,
    statusReason: stack.StackStatusReason || undefined,
    outputs: Object.fromEntries(outputs),
    parameters: Object.fromEntries(parameters),
    tags: Object.fromEntries((stack.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    createdAtMs: CreationTime?.getTime() ?? 0,
    updatedAtMs: LastUpdatedTime?.getTime(),
    isProtected: stack.EnableTerminationProtection ?? false,
  };
}

async function listResources(client: CloudFormationClient, stackName: string): Promise<readonly StackResource[]> {
  const pages = pagesOf((token) => client.send(new ListStackResourcesCommand({ StackName: stackName, ...token })));
  const resources: StackResource[] = [];
  for await (const { StackResourceSummaries = [] } of pages) {
    for (const one of StackResourceSummaries) {
      const { LogicalResourceId = '', ResourceType = '', PhysicalResourceId = '', ResourceStatus = '' } = one;
      const resource = { logicalId: LogicalResourceId, type: ResourceType, physicalId: PhysicalResourceId };
      resources.push({ ...resource, status: ResourceStatus });
    }
  }
  return resources;
}

/** CloudFormation gives the newest first. */
async function listEvents(
  client: CloudFormationClient,
  stackName: string,
  afterId: string | undefined,
): Promise<readonly StackEvent[]> {
  const pages = pagesOf((token) => client.send(new DescribeStackEventsCommand({ StackName: stackName, ...token })));
  const events: StackEvent[] = [];
  for await (const { StackEvents = [] } of pages) {
    for (const event of StackEvents.map(readEvent)) {
      if (event.id === afterId) return events.toReversed();
      events.push(event);
    }
  }
  return events.toReversed();
}

function readEvent(event: SdkStackEvent): StackEvent {
  const { EventId = '', Timestamp, LogicalResourceId = '', PhysicalResourceId = '' } = event;
  return {
    id: EventId,
    atMs: Timestamp?.getTime() ?? 0,
    logicalId: LogicalResourceId,
    physicalId: PhysicalResourceId,
    type: event.ResourceType ?? '',
    status: event.ResourceStatus ?? '',
    reason: event.ResourceStatusReason || undefined,
  };
}

async function createChangeSet(client: CloudFormationClient, input: ChangeSetInput): Promise<ChangeSet> {
  const { stackName, name } = input;
  try {
    await client.send(new CreateChangeSetCommand(changeSetRequest(input)));
  } catch (error) {
    const refusal = refusalOf(error);
    const isStack = refusal?.name === 'AlreadyExistsException' && !refusal.message.startsWith('ChangeSet');
    if (refusal?.name === 'ValidationError' || isStack) return { type: 'failed', name, reason: refusal.message };
    // The name is unique, so an answer was lost on the way and this is the second try.
    if (refusal?.name !== 'AlreadyExistsException') throw error;
  }
  const { status, reason, changes } = await computedChangeSet(client, { StackName: stackName, ChangeSetName: name });
  if (status === 'CREATE_COMPLETE') return { type: 'ready', name, changes };
  return isEmptyReason(reason) ? { type: 'empty', name } : { type: 'failed', name, reason };
}

/** Asks until CloudFormation has computed it, then for the rest of its pages. */
async function computedChangeSet(
  client: CloudFormationClient,
  input: { readonly StackName: string; readonly ChangeSetName: string },
) {
  const changes: ResourceChange[] = [];
  let status = '';
  let reason = '';
  const pages = pagesOf(async (token) => {
    const command = new DescribeChangeSetCommand({ ...input, ...token });
    for (let waitMs = firstPollMs; ; waitMs = Math.min(waitMs * 2, longestPollMs)) {
      const page = await client.send(command);
      if (page.Status !== 'CREATE_PENDING' && page.Status !== 'CREATE_IN_PROGRESS') return page;
      await delay(waitMs);
    }
  });
  for await (const page of pages) {
    status = page.Status ?? '';
    reason = page.StatusReason ?? '';
    changes.push(...(page.Changes ?? []).map(({ ResourceChange: change }) => readChange(change ?? {})));
  }
  return { status, reason, changes };
}
