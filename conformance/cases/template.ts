import assert from 'node:assert/strict';
import type { Row } from '../row.ts';
import type { CloudFormation, CloudFormationResource } from '../target.ts';
import { guide, issue } from './sources.ts';

const sam = 'https://github.com/aws/serverless-application-model';
const needs = ['tools'] as const;

/** What is deployed: T155 to T162. */
export const templateRows: readonly Row[] = [
  {
    id: 'T155',
    rule: 'Where API Gateway deploys by itself there is no deployment beside.',
    source: sam,
    needs,
    async run({ tools }) {
      const template = await tools.template('auto-deploy');
      const [stage] = ofType(template, 'Stage');
      assert.equal(stage?.Properties.AutoDeploy, true);
      assert.equal('DeploymentId' in (stage?.Properties ?? {}), false);
      assert.deepEqual(ofType(template, 'Deployment'), []);
    },
  },
  {
    id: 'T156',
    rule: 'Other routes make another deployment, which waits for all of them.',
    source: issue('hashicorp/terraform-provider-aws', 12_961),
    needs,
    async run({ tools }) {
      const templates = [
        await tools.template('main'),
        await tools.template('no-default'),
        await tools.template('main'),
      ];
      const ids = templates.map((template) => idsOfType(template, 'Deployment').join());
      assert.notEqual(ids[0], ids[1]);
      assert.equal(ids[0], ids[2]);
      const [main] = templates;
      const routes = main === undefined ? [] : idsOfType(main, 'Route');
      const waitsFor = new Set(main?.Resources[ids[0] ?? '']?.DependsOn);
      assert.ok(routes.length > 0 && routes.every((route) => waitsFor.has(route)));
    },
  },
  {
    id: 'T157',
    rule: 'API Gateway may call each function for its own route only, in whatever partition of AWS.',
    source: sam,
    needs,
    async run({ tools }) {
      const { Resources } = await tools.template('main');
      const permissions = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::Permission');
      const arns = permissions.map(({ Properties }) => Properties.SourceArn['Fn::Sub']);
      const start = 'arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${WS}/staging/';
      const keys = ['$connect', '$default', '$disconnect', '1', 'brief', 'join', 'refused', 'two-way'];
      assert.deepEqual(
        arns.map(String).toSorted((a, b) => (a < b ? -1 : 1)),
        keys.map((key) => start + key),
      );
    },
  },
  {
    id: 'T158',
    rule: 'Nothing in a template is bound to one partition of AWS: what is not a service has its partition and suffix from AWS.',
    source: 'https://github.com/boto/botocore/blob/1.43.107/botocore/data/partitions.json',
    needs,
    async run({ tools }) {
      const text = JSON.stringify(await tools.template('main'));
      // Principals of services have this name everywhere.
      const others = text.replaceAll(/"(?:apigateway|lambda)\.amazonaws\.com"/g, '');
      assert.doesNotMatch(others, /amazonaws\.com|arn:aws:/);
    },
  },
  {
    id: 'T159',
    rule: 'A two-way route has the expression and the response that both are needed.',
    source: guide('apigateway-websocket-api-route-response'),
    needs,
    async run({ tools }) {
      const template = await tools.template('main');
      const twoWay = ofType(template, 'Route').filter(
        ({ Properties }) => Properties.RouteResponseSelectionExpression !== undefined,
      );
      assert.deepEqual(
        twoWay.map(({ Properties }) => [Properties.RouteKey, Properties.RouteResponseSelectionExpression]),
        [['two-way', '$default']],
      );
      const responses = ofType(template, 'RouteResponse');
      assert.deepEqual(
        responses.map(({ Properties }) => Properties.RouteResponseKey),
        ['$default'],
      );
      const routeId = responses[0]?.Properties.RouteId.Ref;
      assert.equal(template.Resources[routeId]?.Properties.RouteKey, 'two-way');
    },
  },
  {
    id: 'T160',
    rule: 'A stage says its throttles, because 0 would let nobody in, and logs no payloads.',
    source: issue('terraform-aws-modules/terraform-aws-apigateway-v2', 8),
    needs,
    async run({ tools }) {
      const [stage] = ofType(await tools.template('main'), 'Stage');
      const settings = stage?.Properties.DefaultRouteSettings;
      assert.ok(settings.ThrottlingBurstLimit > 0);
      assert.ok(settings.ThrottlingRateLimit > 0);
      assert.equal(settings.DataTraceEnabled, false);
    },
  },
  {
    id: 'T161',
    rule: 'Execution logs are off, because they need a role of the whole account, which a fresh one does not have.',
    source: issue('sst/sst', 4663),
    needs,
    async run({ tools }) {
      const template = await tools.template('main');
      const [stage] = ofType(template, 'Stage');
      assert.equal(stage?.Properties.DefaultRouteSettings.LoggingLevel ?? 'OFF', 'OFF');
      assert.equal(stage?.Properties.AccessLogSettings, undefined);
      assert.doesNotMatch(JSON.stringify(template), /AWS::ApiGateway::Account/);
    },
  },
  {
    id: 'T162',
    rule: 'Functions may manage the connections of their own stage, and no others.',
    source: guide('apigateway-websocket-control-access-iam'),
    needs,
    async run({ tools }) {
      const { Resources } = await tools.template('main');
      const roles = Object.values(Resources).filter(({ Type }) => Type === 'AWS::IAM::Role');
      const statements = roles.flatMap(({ Properties }) => Properties.Policies[0].PolicyDocument.Statement);
      const managing = statements.filter(({ Action }) => [Action].flat().includes('execute-api:ManageConnections'));
      assert.deepEqual(
        managing.map(({ Resource }) => Resource),
        [[{ 'Fn::Sub': stageConnections }]],
      );
    },
  },
];

const stageConnections =
  'arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${WS}/staging/*/@connections/*';

function ofType(template: CloudFormation, type: string): CloudFormationResource[] {
  return idsOfType(template, type).flatMap((id) => template.Resources[id] ?? []);
}

function idsOfType({ Resources }: CloudFormation, type: string): string[] {
  return Object.keys(Resources).filter((id) => Resources[id]?.Type === `AWS::ApiGatewayV2::${type}`);
}
