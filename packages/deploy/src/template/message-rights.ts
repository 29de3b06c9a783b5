import { arn, attribute, ref, substitute } from './intrinsics.ts';
import { arnLike, expand } from './sizes.ts';
import { tableId } from './tables.ts';
import type { Value } from './template.ts';
import { unitOf, type Context, type Unit } from './units.ts';

/** Of what IAM takes for all policies of a role (10,240 characters), what names of topics, and of queues, may fill. */
const maxCharacters = 1200;

/** The logical id of the topic of a function. */
export function topicId({ baseId }: Unit): string {
  return `${baseId}Topic`;
}

/** That of a queue: Architect's, which is that of the function without `Lambda`. */
export function queueId({ baseId }: Unit): string {
  return baseId;
}

/** What a role may do, and to what. */
export interface Right {
  readonly actions: readonly string[];
  readonly resources: readonly Value[];
}

/** What `arc.events.publish` and `arc.queues.publish` need: any function may publish to what the app declares. */
export function publishing(context: Context): readonly Right[] {
  const topics = context.app.events.map(({ functionName }) => ref(topicId(unitOf(context, functionName))));
  const queues = context.app.queues.map(({ functionName }) => queueArn(unitOf(context, functionName)));
  return [
    ...granted(context, 'sns', ['sns:Publish'], topics),
    ...granted(context, 'sqs', ['sqs:GetQueueUrl', 'sqs:SendMessage'], queues),
  ];
}

/** What Lambda does in the name of functions that have queues, or run on the changes of tables. */
export function receiving(context: Context, units: readonly Unit[]): readonly Right[] {
  return [...fromQueues(context, units), ...fromStreams(context, units)];
}

function fromQueues(context: Context, units: readonly Unit[]): readonly Right[] {
  const actions = ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'];
  const queues = units.filter(({ kind }) => kind === 'queues').map(queueArn);
  return granted(context, 'sqs', actions, queues);
}

/** Each by its name; where those would fill the role, the streams of whatever table begins like the stack. */
function fromStreams(context: Context, units: readonly Unit[]): readonly Right[] {
  const actions = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map((name) => `dynamodb:${name}`);
  const names = new Set(units.map(({ name }) => name));
  const own = context.app.tablesStreams.filter(({ functionName }) => names.has(functionName));
  const tables = new Set(own.map(({ tableName }) => tableName));
  return granted(
    context,
    'dynamodb',
    actions,
    [...tables].map((table) => attribute(tableId(context, table), 'StreamArn')),
  );
}

function queueArn(unit: Unit): Value {
  return attribute(queueId(unit), 'Arn');
}

/** Each by its name; where those would fill the role, whatever begins like the stack, as CloudFormation calls them. */
function granted(
  { target: { stackName } }: Context,
  service: 'sns' | 'sqs' | 'dynamodb',
  actions: readonly string[],
  each: readonly Value[],
): readonly Right[] {
  if (each.length === 0) return [];
  const expanded = expand(each, { stackName, resolve: (name) => arnLike(stackName, name) });
  const isShort = JSON.stringify(expanded).length <= maxCharacters;
  const all = service === 'dynamodb' ? 'table/${AWS::StackName}-*/stream/*' : '${AWS::StackName}-*';
  return [{ actions, resources: isShort ? each : [substitute(arn(service, all))] }];
}
