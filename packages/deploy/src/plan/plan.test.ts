import { describe, expect, test } from 'vitest';
import type { ResourceChange } from '../aws/aws.ts';
import { createPlan } from './plan.ts';

interface Given {
  readonly type: string;
  readonly part?: string;
  readonly name?: string;
  readonly label?: string;
  readonly policy?: string;
}

const join = { part: 'function', name: 'ws/join', label: 'join' };
const authorizer = { part: 'function', name: 'ws/authorizer', label: 'authorizer' };
const template = (resources: Readonly<Record<string, Given>>) =>
  JSON.stringify({
    Resources: Object.fromEntries(
      Object.entries(resources).map(([id, { type, part, name = '', label = '', policy }]) => [
        id,
        {
          Type: type,
          ...(part !== undefined && { Metadata: { Furrow: { part, name, label } } }),
          ...(policy !== undefined && { DeletionPolicy: policy, UpdateReplacePolicy: policy }),
        },
      ]),
    ),
  });

const all = template({
  JoinWSLambda: { type: 'AWS::Lambda::Function', ...join },
  JoinWSRoute: { type: 'AWS::ApiGatewayV2::Route', ...join, part: 'route' },
  JoinWSPermission: { type: 'AWS::Lambda::Permission', ...join, part: 'permission' },
  GetIndexHTTPLambda: { type: 'AWS::Lambda::Function', part: 'function', name: 'http/get-index', label: 'get /' },
  ConnectionsTable: { type: 'AWS::DynamoDB::Table', part: 'table', name: 'connections', label: 'connections' },
  KeptTable: { type: 'AWS::DynamoDB::Table', part: 'table', name: 'kept', label: 'kept', policy: 'Retain' },
  StaticBucket: { type: 'AWS::S3::Bucket', part: 'static' },
  WS: { type: 'AWS::ApiGatewayV2::Api', part: 'api' },
  HTTP: { type: 'AWS::ApiGatewayV2::Api', part: 'api' },
  WebsocketStage: { type: 'AWS::ApiGatewayV2::Stage', part: 'stage' },
  WSRole: { type: 'AWS::IAM::Role', part: 'role' },
  JoinWSLambdaAliaslive: { type: 'AWS::Lambda::Alias', ...join, part: 'alias' },
  JoinWSLambdaVersion1: { type: 'AWS::Lambda::Version', ...join, part: 'version' },
  JoinWSRouteResponse: { type: 'AWS::ApiGatewayV2::RouteResponse', ...join, part: 'response' },
  AuthorizerWSLambda: { type: 'AWS::Lambda::Function', ...authorizer },
  AuthorizerWSPermission: { type: 'AWS::Lambda::Permission', ...authorizer, part: 'permission' },
  WebsocketAuthorizer: { type: 'AWS::ApiGatewayV2::Authorizer', ...authorizer, part: 'authorizer' },
  ConnectWSRoute: { type: 'AWS::ApiGatewayV2::Route', part: 'route', name: 'ws/connect', label: 'connect' },
  Other: { type: 'AWS::SNS::Topic' },
});
const types = new Map(
  Object.entries(JSON.parse(all).Resources as Record<string, { Type: string }>).map(([id, { Type }]) => [id, Type]),
);

function change(
  action: ResourceChange['action'],
  logicalId: string,
  more: Partial<Pick<ResourceChange, 'replacement' | 'properties' | 'follows'>> = {},
): ResourceChange {
  const type = types.get(logicalId) ?? 'AWS::SNS::Topic';
  return {
    action,
    logicalId,
    physicalId: 'physical',
    type,
    replacement: undefined,
    properties: [],
    follows: [],
    ...more,
  };
}

const code = { replacement: 'False' as const, properties: ['Code'] };
const followed = { replacement: 'Conditional' as const, properties: [], follows: ['JoinWSLambda'] };

describe('a plan says in the app’s own words what changes', () => {
  test.for([
    {
      why: 'a new route is one line',
      changes: [change('Add', 'JoinWSLambda'), change('Add', 'JoinWSRoute'), change('Add', 'JoinWSPermission')],
      lines: ['+ route join (function, route, permission)'],
    },
    {
      why: 'a new authorizer is no route',
      changes: [
        change('Add', 'AuthorizerWSPermission'),
        change('Add', 'WebsocketAuthorizer'),
        change('Add', 'AuthorizerWSLambda'),
        change('Modify', 'ConnectWSRoute', { replacement: 'False', properties: ['AuthorizationType', 'AuthorizerId'] }),
      ],
      lines: ['+ authorizer (function, authorizer, permission)', '~ function connect (route)'],
    },
    {
      why: 'an authorizer that goes',
      changes: [change('Remove', 'WebsocketAuthorizer'), change('Remove', 'AuthorizerWSLambda')],
      lines: ['- authorizer (function, authorizer)'],
    },
    {
      why: 'what an authorizer asks for',
      changes: [change('Modify', 'WebsocketAuthorizer', { replacement: 'False', properties: ['IdentitySource'] })],
      lines: ['~ function authorizer (authorizer)'],
    },
    {
      why: 'a route that answers from now on',
      changes: [
        change('Modify', 'JoinWSRoute', { replacement: 'False', properties: ['RouteResponseSelectionExpression'] }),
        change('Add', 'JoinWSRouteResponse'),
      ],
      lines: ['~ function join (route, route response added)'],
    },
    {
      why: 'a new route that answers',
      changes: [change('Add', 'JoinWSRouteResponse'), change('Add', 'JoinWSRoute'), change('Add', 'JoinWSLambda')],
      lines: ['+ route join (function, route, route response)'],
    },
    {
      why: 'a route that goes too',
      changes: [change('Remove', 'JoinWSLambda'), change('Remove', 'JoinWSRoute')],
      lines: ['- route join (function, route)'],
    },
    { why: 'new code', changes: [change('Modify', 'JoinWSLambda', code)], lines: ['~ function join (code)'] },
    {
      why: 'what merely follows from new code is no news',
      changes: [change('Modify', 'JoinWSLambda', code), change('Modify', 'JoinWSPermission', followed)],
      lines: ['~ function join (code)'],
    },
    {
      why: 'several settings',
      changes: [
        change('Modify', 'GetIndexHTTPLambda', {
          replacement: 'False',
          properties: ['MemorySize', 'Timeout', 'Environment'],
        }),
      ],
      lines: ['~ function get / (memory, timeout, variables)'],
    },
    {
      why: 'a page is called as in the manifest',
      changes: [change('Add', 'GetIndexHTTPLambda')],
      lines: ['+ get / (function)'],
    },
    { why: 'a table', changes: [change('Add', 'ConnectionsTable')], lines: ['+ table connections'] },
    {
      why: 'removals come first, then what is new',
      changes: [change('Modify', 'GetIndexHTTPLambda', code), change('Add', 'JoinWSLambda'), change('Remove', 'Other')],
      lines: ['- Other', '+ route join (function)', '~ function get / (code)'],
    },
    {
      why: 'what belongs to the whole app',
      changes: [change('Modify', 'WSRole', { replacement: 'False', properties: ['Policies'] })],
      lines: ['~ roles'],
    },
    {
      why: 'the whole app on one line for each sign',
      changes: [change('Add', 'WSRole'), change('Add', 'WS'), change('Add', 'HTTP'), change('Add', 'WebsocketStage')],
      lines: ['+ roles, APIs, deployment and stage'],
    },
    {
      why: 'what costs by the hour',
      changes: [change('Add', 'JoinWSLambdaVersion1'), change('Add', 'JoinWSLambdaAliaslive')],
      lines: ['~ function join (provisioned concurrency added)'],
    },
    {
      why: 'tags, which everything has, once',
      changes: [
        change('Modify', 'JoinWSLambda', { replacement: 'False', properties: ['Code', 'Tags'] }),
        change('Modify', 'JoinWSRoute', { replacement: 'False', properties: ['Tags'] }),
        change('Modify', 'WS', { replacement: 'False', properties: ['Tags'] }),
      ],
      lines: ['~ function join (code)', '~ tags'],
    },
    {
      why: 'a note on a resource is no change of it',
      changes: [change('Modify', 'JoinWSLambda', { replacement: 'False', properties: ['Metadata'] })],
      lines: [],
    },
    { why: 'what only follows', changes: [change('Modify', 'WSRole', followed)], lines: [] },
  ])('$why', ({ changes, lines }) => {
    const plan = createPlan({ changes, before: all, after: all });
    expect(
      plan.lines.map(({ sign, what, details }) => `${sign} ${what}${details === '' ? '' : ` (${details})`}`),
    ).toEqual(lines);
  });

  test('what nothing touches is counted, by things and not by resources', () => {
    const plan = createPlan({ changes: [change('Modify', 'JoinWSLambda', code)], before: all, after: all });
    // The page, two more functions, two tables, files, APIs, stage, roles and the topic.
    expect(plan.unchanged).toBe(10);
  });

  test('what merely follows is unchanged', () => {
    const plan = createPlan({ changes: [change('Modify', 'WSRole', followed)], before: all, after: all });
    expect(plan).toMatchObject({ lines: [], unchanged: 11 });
  });

  test('code that somebody has overwritten is said', () => {
    const plan = createPlan({ changes: [], before: all, after: all, drifted: ['join'] });
    expect(plan.lines).toEqual([
      { sign: '~', what: 'function join', details: 'code (what runs is not what the last deploy put there)' },
    ]);
  });

  test('a template of another tool is no reason to fail', () => {
    const plan = createPlan({ changes: [change('Remove', 'Other')], before: 'Resources: {}', after: all });
    expect(plan.lines).toEqual([{ sign: '-', what: 'Other', details: '' }]);
  });
});

describe('what would be lost is found', () => {
  const replaced = { replacement: 'True' as const, properties: ['KeySchema'] };
  test.for([
    {
      why: 'a table that is removed',
      changes: [change('Remove', 'ConnectionsTable')],
      losses: ['table connections removed'],
    },
    {
      why: 'a table that is replaced',
      changes: [change('Modify', 'ConnectionsTable', replaced)],
      losses: ['table connections replaced'],
    },
    { why: 'a table that changes in place', changes: [change('Modify', 'ConnectionsTable', code)], losses: [] },
    {
      why: 'a stage that only follows an API that stays',
      changes: [
        change('Modify', 'WS', { replacement: 'False', properties: ['Name'] }),
        change('Modify', 'WebsocketStage', { replacement: 'Conditional', follows: ['WS'] }),
      ],
      losses: [],
    },
    {
      why: 'a stage that follows an API that goes',
      changes: [
        change('Modify', 'WS', { replacement: 'True', properties: ['ProtocolType'] }),
        change('Modify', 'WebsocketStage', { replacement: 'Conditional', follows: ['WS'] }),
      ],
      losses: ['API WS replaced', 'stage WebsocketStage replaced'],
    },
    { why: 'a new table', changes: [change('Add', 'ConnectionsTable')], losses: [] },
    { why: 'a table that stays behind', changes: [change('Remove', 'KeptTable')], losses: [] },
    { why: 'a table whose old one stays behind', changes: [change('Modify', 'KeptTable', replaced)], losses: [] },
    { why: 'a bucket', changes: [change('Remove', 'StaticBucket')], losses: ['bucket StaticBucket removed'] },
    { why: 'the web socket API', changes: [change('Remove', 'WS')], losses: ['API WS removed'] },
    { why: 'the HTTP API', changes: [change('Modify', 'HTTP', replaced)], losses: ['API HTTP replaced'] },
    {
      why: 'the stage',
      changes: [change('Modify', 'WebsocketStage', replaced)],
      losses: ['stage WebsocketStage replaced'],
    },
    { why: 'a function', changes: [change('Remove', 'JoinWSLambda')], losses: [] },
    {
      why: 'what another tool has put there',
      changes: [change('Remove', 'Other')],
      losses: ['resource Other removed'],
    },
  ])('$why', ({ changes, losses }) => {
    const plan = createPlan({ changes, before: all, after: all });
    expect(plan.losses.map(({ what, how }) => `${what} ${how}`)).toEqual(losses);
  });
});

const table = (properties: object, type = 'AWS::DynamoDB::Table') =>
  JSON.stringify({ Resources: { T: { Type: type, Properties: properties } } });
const keys = { KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] };
const attributes = (...names: readonly string[]) => ({
  AttributeDefinitions: names.map((name) => ({
    AttributeName: name,
    AttributeType: name.endsWith('At') ? 'N' : 'S',
  })),
});

describe('what CloudFormation leaves open is decided from both templates', () => {
  const stage = 'AWS::ApiGatewayV2::Stage';
  const old = { ...keys, ...attributes('id') };
  test.for([
    {
      why: 'an index that is added',
      before: table(old),
      after: table({ ...old, ...attributes('id', 'name') }),
      isLost: false,
    },
    {
      why: 'an index that goes',
      before: table({ ...old, ...attributes('id', 'name') }),
      after: table(old),
      isLost: false,
    },
    {
      why: 'the type of an attribute',
      before: table(old),
      after: table({ ...keys, AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'N' }] }),
      isLost: true,
    },
    {
      why: 'the key',
      before: table(old),
      after: table({ KeySchema: [{ AttributeName: 'name', KeyType: 'HASH' }], ...attributes('name') }),
      isLost: true,
    },
    {
      why: 'another deployment of a stage',
      before: table({ StageName: 'staging', DeploymentId: 'one' }, stage),
      after: table({ StageName: 'staging', DeploymentId: 'two' }, stage),
      isLost: false,
    },
    {
      why: 'the name of a stage',
      before: table({ StageName: 'staging' }, stage),
      after: table({ StageName: 'production' }, stage),
      isLost: true,
    },
    { why: 'a template that nobody can read', before: 'Resources: {}', after: table(old), isLost: true },
    { why: 'a queue', before: table({}, 'AWS::SQS::Queue'), after: table({}, 'AWS::SQS::Queue'), isLost: true },
  ])('$why', ({ before, after, isLost }) => {
    const { Type } = JSON.parse(after).Resources.T;
    const open = { ...change('Modify', 'T', { replacement: 'Conditional', properties: ['Any'] }), type: Type };
    expect(createPlan({ changes: [open], before, after }).losses.length > 0).toBe(isLost);
  });
});

function lossesWithout(Type: string, more: object = {}) {
  return createPlan({
    changes: [{ ...change('Remove', 'T'), type: Type }],
    before: JSON.stringify({ Resources: { T: { Type, ...more } } }),
    after: '{}',
  }).losses;
}

describe('what other tools have put into the stack', () => {
  test.for([
    'AWS::SecretsManager::Secret',
    'AWS::KMS::Key',
    'AWS::Neptune::DBCluster',
    'AWS::Redshift::Cluster',
    'AWS::RedshiftServerless::Namespace',
    'AWS::Timestream::Table',
    'AWS::MemoryDB::Cluster',
    'AWS::QLDB::Ledger',
    'AWS::Backup::BackupVault',
  ])('%s is lost, unless it is retained', (type) => {
    expect(lossesWithout(type)).toHaveLength(1);
    expect(lossesWithout(type, { DeletionPolicy: 'Retain' })).toEqual([]);
    expect(lossesWithout(type, { DeletionPolicy: 'RetainExceptOnCreate' })).toEqual([]);
    expect(lossesWithout(type, { DeletionPolicy: 'Delete' })).toHaveLength(1);
  });
  test.for(['AWS::SecretsManager::SecretTargetAttachment', 'AWS::KMS::Alias', 'AWS::Logs::LogGroup'])(
    '%s keeps no data that counts',
    (type) => expect(lossesWithout(type)).toEqual([]),
  );
});
