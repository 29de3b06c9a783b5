import { arn, attribute, plain, substitute } from './intrinsics.ts';
import { describePart, ofApp, type Resources } from './parts.ts';
import type { Resource, Value } from './template.ts';
import { publishing, receiving, type Right } from './message-rights.ts';
import { staticArns } from './static.ts';
import { idOf, type Context, type Unit } from './units.ts';
import { tableKey } from './logical-ids.ts';
import { arnLike, expand } from './sizes.ts';

const groupRoles = {
  ws: 'WSRole',
  http: 'HTTPRole',
  events: 'EventsRole',
  queues: 'QueuesRole',
  scheduled: 'ScheduledRole',
  'tables-streams': 'TablesStreamsRole',
  customLambdas: 'CustomLambdasRole',
  static: 'StaticRole',
} as const;
const labels = {
  ws: 'web socket functions',
  http: 'HTTP functions',
  events: 'event functions',
  queues: 'queue functions',
  scheduled: 'scheduled functions',
  'tables-streams': 'stream functions',
  customLambdas: 'functions of plugins',
  static: 'static files',
} as const;
const groups = ['ws', 'http', 'events', 'queues', 'scheduled', 'tables-streams', 'customLambdas', 'static'] as const;

/** Architect's word for the rights that every function has here anyway. */
const defaultPolicies = 'architect-default-policies';

const itemActions = [
  'BatchGetItem',
  'BatchWriteItem',
  'ConditionCheckItem',
  'DeleteItem',
  'DescribeTable',
  'GetItem',
  'PutItem',
  'Query',
  'Scan',
  'UpdateItem',
].map((action) => `dynamodb:${action}`);

/** Of what IAM takes for all policies of a role (10,240 characters), what names of tables may fill. */
const maxTableCharacters = 5000;

/** The role that a function runs under: its group's, or its own when it has policies of its own. */
export function roleId(unit: Unit): string {
  return ownPolicies(unit).length === 0 ? groupRoles[unit.kind] : `${unit.baseId}Role`;
}

/** One role for each group of functions that needs it, and one for each function with policies of its own. */
export function roles(context: Context): Resources {
  const shared = groups.filter((kind) =>
    context.units.some((unit) => unit.kind === kind && roleId(unit) === groupRoles[kind]),
  );
  const single = context.units.filter((unit) => roleId(unit) !== groupRoles[unit.kind]);
  return Object.fromEntries([
    ...shared.map((kind) => {
      const logGroups = kind === 'static' ? 'static' : `${kind}-*`;
      const own = context.units.filter((unit) => roleId(unit) === groupRoles[kind]);
      const role = createRole(rights(context, { kind, units: own }, `/aws/lambda/\${AWS::StackName}-${logGroups}`));
      return [groupRoles[kind], { ...role, Metadata: ofApp('role', labels[kind]) }] as const;
    }),
    ...single.map((unit) => {
      const { kind, logGroupName } = unit;
      const role = createRole(rights(context, { kind, units: [unit] }, logGroupName), ownPolicies(unit));
      return [roleId(unit), { ...role, Metadata: describePart({ ...unit, part: 'role' }) }] as const;
    }),
  ]);
}

function ownPolicies({ settings }: Unit): readonly string[] {
  return settings.policies.filter((policy) => policy !== defaultPolicies);
}

function createRole(statements: readonly Value[], policies: readonly string[] = []): Resource {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        // Services have this name in every partition (fact I15).
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
      Policies: [{ PolicyName: 'Function', PolicyDocument: { Version: '2012-10-17', Statement: statements } }],
      ...(policies.length > 0 && { ManagedPolicyArns: policies.map(policyArn) }),
    },
  };
}

function policyArn(policy: string): Value {
  return policy.startsWith('arn:') ? policy : substitute(`arn:\${AWS::Partition}:iam::aws:policy/${plain(policy)}`);
}

/** The functions that share a role. */
interface Sharing {
  readonly kind: Unit['kind'];
  readonly units: readonly Unit[];
}

function rights(context: Context, { kind, units }: Sharing, logGroupName: string): readonly Value[] {
  const logs = allow(
    ['logs:CreateLogStream', 'logs:PutLogEvents'],
    substitute(arn('logs', `log-group:${logGroupName}:*`)),
  );
  if (kind === 'static') return [logs, ...filesOf(context)];
  const parameters = [`parameter/\${AWS::StackName}`, `parameter/\${AWS::StackName}/*`];
  return [
    logs,
    ...connections(context),
    allow(
      ['ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParametersByPath'],
      ...parameters.map((parameter) => substitute(arn('ssm', parameter))),
    ),
    ...tables(context),
    ...(context.app.static.isServed ? keepingFiles(context) : []),
    ...[...publishing(context), ...receiving(context, units)].map(allowed),
  ];
}

/** What `arc.ws.send`, `close` and `info` need, on this app's stage only (fact I19). HTTP functions push too. */
function connections({ hasWebSocket, target }: Context): readonly Value[] {
  if (!hasWebSocket) return [];
  const every = `\${WS}/${target.stage}/*/@connections/*`;
  return [allow(['execute-api:ManageConnections'], substitute(arn('execute-api', every)))];
}

/**
 * The tables of the app, each by its name. Where those would fill the role, whatever begins like the stack: so
 * CloudFormation calls them, `TestappStaging-RoomsTable-1A2B3C4D5E6F7`, and no other stack's.
 */
function tables({ app, ids, target }: Context): readonly Value[] {
  if (app.tables.length === 0) return [];
  const each = app.tables.flatMap(({ name, indexes }) => {
    const id = `${idOf(ids, tableKey(name))}Table`;
    return [attribute(id, 'Arn'), ...(indexes.length > 0 ? [substitute(`\${${id}.Arn}/index/*`)] : [])];
  });
  const { stackName } = target;
  const expanded = expand(each, { stackName, resolve: (name) => arnLike(stackName, name) });
  const isShort = JSON.stringify(expanded).length <= maxTableCharacters;
  return [allow(itemActions, ...(isShort ? each : [substitute(arn('dynamodb', 'table/${AWS::StackName}-*'))]))];
}

/** Reading files; and listing, without which S3 says 403 of a file that is not there. */
function filesOf(context: Context): readonly Value[] {
  const { bucket, files } = staticArns(context);
  return [allow(['s3:GetObject'], files), allow(['s3:ListBucket'], bucket)];
}

/** Apps keep what people upload beside their static files: functions of Architect may read and write the bucket. */
function keepingFiles(context: Context): readonly Value[] {
  const { bucket, files } = staticArns(context);
  return [allow(['s3:DeleteObject', 's3:GetObject', 's3:PutObject'], files), allow(['s3:ListBucket'], bucket)];
}

function allowed({ actions, resources }: Right): Value {
  return allow(actions, ...resources);
}

function allow(actions: readonly string[], ...resources: readonly Value[]): Value {
  return { Effect: 'Allow', Action: actions, Resource: resources };
}
