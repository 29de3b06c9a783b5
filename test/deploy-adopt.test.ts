import {
  CloudFormationClient,
  CreateStackCommand,
  ListStackResourcesCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAwsProject, type AwsProject } from './aws/aws-project.ts';
import { emulatorMissing } from './aws/emulator.ts';

const missing = emulatorMissing();
const reason = missing === undefined ? '' : ` (skipped: ${missing})`;
const StackName = 'TestappStaging';

const files = {
  'app.arc': '@app\ntestapp\n@ws\njoin\n@http\nget /\n@tables\nrooms\n  id *String\n',
  ...Object.fromEntries(
    ['connect', 'default', 'disconnect', 'join'].map((name) => [`src/ws/${name}/index.js`, handlerOf('new')]),
  ),
  'src/http/get-index/index.js': 'exports.handler = async () => ({ statusCode: 200 })\n',
};

function handlerOf(says: string): string {
  return `let arc = require('@architect/functions')
exports.handler = async (event) => {
  let { connectionId: id, routeKey } = event.requestContext
  if (!routeKey.startsWith('$')) await arc.ws.send({ id, payload: { says: ${JSON.stringify(says)} } })
  return { statusCode: 200 }
}
`;
}

const sub = (text: string) => ({ 'Fn::Sub': text });
const ref = (id: string) => ({ Ref: id });
const old = 'exports.handler = async () => ({ statusCode: 200 })';

function oldFunction() {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { ZipFile: old },
      Handler: 'index.handler',
      Runtime: 'nodejs22.x',
      Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      Environment: { Variables: { ARC_APP_NAME: 'testapp', ARC_ENV: 'staging' } },
    },
  };
}

/** A stack such as Architect's template becomes when SAM has expanded it, where the emulator can hold it. */
function architectTemplate(): string {
  const ws = Object.entries({ Connect: '$connect', Default: '$default', Disconnect: '$disconnect', Join: 'join' });
  const routes = ws.map(([id, RouteKey]) => ({
    [`${id}WSLambda`]: oldFunction(),
    [`${id}WSIntegration`]: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: ref('WS'),
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: sub(
          `arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${${id}WSLambda.Arn}/invocations`,
        ),
      },
    },
    [`${id}WSRoute`]: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: { ApiId: ref('WS'), RouteKey, Target: sub(`integrations/\${${id}WSIntegration}`) },
    },
    [`${id}WSPermission`]: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: ref(`${id}WSLambda`),
        Action: 'lambda:InvokeFunction',
        Principal: 'apigateway.amazonaws.com',
      },
    },
  }));
  return JSON.stringify({
    Description: 'Exported by architect/package@11.0.4 on 2026-11-01T00:00:00.000Z',
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: {
            Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
          },
        },
      },
      WS: {
        Type: 'AWS::ApiGatewayV2::Api',
        Properties: {
          Name: 'TestappWebsocketStaging',
          ProtocolType: 'WEBSOCKET',
          RouteSelectionExpression: '$request.body.action',
        },
      },
      WebsocketStage: {
        Type: 'AWS::ApiGatewayV2::Stage',
        Properties: { ApiId: ref('WS'), StageName: 'staging', AutoDeploy: true },
      },
      HTTP: {
        Type: 'AWS::ApiGatewayV2::Api',
        Properties: { Body: { openapi: '3.0.1', info: { title: 'testapp' }, paths: {} } },
      },
      HTTPApiGatewayDefaultStage: {
        Type: 'AWS::ApiGatewayV2::Stage',
        Properties: { ApiId: ref('HTTP'), StageName: '$default', AutoDeploy: true },
      },
      GetIndexHTTPLambda: oldFunction(),
      StaticBucket: { Type: 'AWS::S3::Bucket', Properties: { WebsiteConfiguration: { IndexDocument: 'index.html' } } },
      RoomsTable: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          BillingMode: 'PAY_PER_REQUEST',
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        },
      },
      RoomsParam: {
        Type: 'AWS::SSM::Parameter',
        Properties: { Type: 'String', Name: sub('/${AWS::StackName}/tables/rooms'), Value: ref('RoomsTable') },
      },
      ...Object.assign({}, ...routes),
    },
  });
}

describe.skipIf(missing !== undefined)(`a stack that Architect made${reason}`, () => {
  let project: AwsProject;
  let cloud: CloudFormationClient;
  let tables: DynamoDBClient;

  async function physicalIds(): Promise<Readonly<Record<string, string | undefined>>> {
    const { StackResourceSummaries = [] } = await cloud.send(new ListStackResourcesCommand({ StackName }));
    const wanted = [
      'WS',
      'WebsocketStage',
      'HTTP',
      'HTTPApiGatewayDefaultStage',
      'RoomsTable',
      'StaticBucket',
      'JoinWSLambda',
    ];
    const found = new Map(StackResourceSummaries.map((each) => [each.LogicalResourceId, each.PhysicalResourceId]));
    return Object.fromEntries(wanted.map((id) => [id, found.get(id)]));
  }

  beforeAll(async () => {
    project = await openAwsProject({ files });
    const { client } = project.emulator;
    cloud = new CloudFormationClient(client);
    tables = new DynamoDBClient(client);
    await cloud.send(
      new CreateStackCommand({ StackName, TemplateBody: architectTemplate(), Capabilities: ['CAPABILITY_IAM'] }),
    );
    await waitUntilStackCreateComplete({ client: cloud, maxWaitTime: 30, minDelay: 1 }, { StackName });
  }, 120_000);
  afterAll(() => project?.[Symbol.asyncDispose]());

  test('is updated in place: the same APIs, the same table with its rows, the same bucket, and new code', async () => {
    const before = await physicalIds();
    expect(Object.values(before)).not.toContain(undefined);
    const TableName = before['RoomsTable'];
    await tables.send(new PutItemCommand({ TableName, Item: { id: { S: 'kept' } } }));
    await using connection = await project.emulator.connect(
      `wss://${before['WS']}.execute-api.us-west-2.amazonaws.com/staging`,
    );

    const run = await project.quickArc('deploy');
    expect(run).toMatchObject({ exitCode: 0, errors: '' });
    expect(run.output).not.toMatch(/REMOVED|REPLACED/);
    expect(run.output).toContain('~ function join: ');
    expect(await physicalIds()).toEqual(before);
    const { Item } = await tables.send(new GetItemCommand({ TableName, Key: { id: { S: 'kept' } } }));
    expect(Item).toEqual({ id: { S: 'kept' } });
    // A socket that was open before meets the new code.
    expect(await connection.ask({ action: 'join' })).toEqual({ says: 'new' });

    expect((await project.quickArc('deploy')).output).toContain('Nothing to deploy');
  });

  test('its table is not given up because the manifest does not name it', async () => {
    await project.folder.write('app.arc', '@app\ntestapp\n@ws\njoin\n@http\nget /\n');
    const run = await project.quickArc('deploy');
    expect(run).toMatchObject({
      exitCode: 1,
      errors: expect.stringMatching(/^DATA_LOSS {2}table rooms would be REMOVED/),
    });
  });
});
