import { expect, test } from 'vitest';
import { appOf, inputOf, resourcesOf } from '../../test/support/template-input.ts';
import { createTemplate } from './create-template.ts';

const tables = '@app\ntestapp\n@tables\nrooms\n  id *String\nusers\n  id *String\n';
const actions = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map((name) => `dynamodb:${name}`);

async function templateOf(manifest: string, configs: Record<string, string> = {}) {
  return createTemplate(inputOf(await appOf(manifest, configs)));
}

/** What roles may read of streams, by their ids. */
function streamRights({ Resources }: Awaited<ReturnType<typeof templateOf>>): Record<string, unknown> {
  const roles = Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::IAM::Role');
  const statements = roles.flatMap(([id, { Properties }]) => {
    const { Policies } = Properties as unknown as {
      Policies: { PolicyDocument: { Statement: { Action: string[]; Resource: unknown }[] } }[];
    };
    return Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement.map((one) => ({ id, ...one })));
  });
  const ofStreams = statements.filter(({ Action }) => Action.includes('dynamodb:GetRecords'));
  for (const { Action } of ofStreams) expect(Action).toEqual(actions);
  return Object.fromEntries(ofStreams.map(({ id, Resource }) => [id, Resource]));
}

test('a table has a stream when a function runs on it, and no other table', async () => {
  const template = await templateOf(`${tables}@tables-streams\nrooms\ncount\n  table rooms`);
  const streams = resourcesOf(template, 'AWS::DynamoDB::Table').map(({ id, properties }) => [
    id,
    properties['StreamSpecification'],
  ]);
  expect(streams).toEqual([
    ['RoomsTable', { StreamViewType: 'NEW_AND_OLD_IMAGES' }],
    ['UsersTable', undefined],
  ]);
  const sources = resourcesOf(template, 'AWS::Lambda::EventSourceMapping').map(({ properties }) => properties);
  expect(sources).toEqual(
    ['RoomsTableStreamLambda', 'CountTableStreamLambda'].map((id) => ({
      EventSourceArn: { 'Fn::GetAtt': ['RoomsTable', 'StreamArn'] },
      FunctionName: { Ref: id },
      BatchSize: 10,
      StartingPosition: 'TRIM_HORIZON',
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    })),
  );
});

test('only the functions of a stream may read it', async () => {
  const own = { 'src/tables-streams/users': '@aws\npolicies AmazonS3ReadOnlyAccess' };
  const template = await templateOf(`${tables}@http\nget /\n@tables-streams\nrooms\nusers`, own);
  expect(streamRights(template)).toEqual({
    TablesStreamsRole: [{ 'Fn::GetAtt': ['RoomsTable', 'StreamArn'] }],
    UsersTableStreamRole: [{ 'Fn::GetAtt': ['UsersTable', 'StreamArn'] }],
  });
});

test('names of many tables do not fill a role', async () => {
  const names = Array.from({ length: 40 }, (_, index) => `a-name-that-is-rather-long-${index}`);
  const declared = names.map((name) => `${name}\n  id *String`).join('\n');
  const template = await templateOf(`@app\ntestapp\n@tables\n${declared}\n@tables-streams\n${names.join('\n')}`);
  const all = 'arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${AWS::StackName}-*/stream/*';
  expect(streamRights(template)).toEqual({ TablesStreamsRole: [{ 'Fn::Sub': all }] });
});
