import { describe, expect, test } from 'vitest';
import { createTemplate } from '../../packages/deploy/src/template/create-template.ts';
import { templateText } from '../../packages/deploy/src/template/template-text.ts';
import type { Template } from '../../packages/deploy/src/template/template.ts';
import { appOf, inputOf } from '../../packages/deploy/test/support/template-input.ts';
import { withoutDeployment } from './without-deployment.ts';

const route = { Type: 'AWS::ApiGatewayV2::Route', Properties: { RouteKey: '$default' } };
const response = { Type: 'AWS::ApiGatewayV2::RouteResponse', Properties: { RouteResponseKey: '$default' } };

describe('what the emulator gets', () => {
  test.for([
    {
      why: 'a stage that deploys by itself, after what its deployment waited for',
      resources: {
        Route: route,
        Deployment1: { Type: 'AWS::ApiGatewayV2::Deployment', DependsOn: ['Route'], Properties: { ApiId: 'a' } },
        Stage: {
          Type: 'AWS::ApiGatewayV2::Stage',
          Properties: { StageName: 'staging', AutoDeploy: false, DeploymentId: { Ref: 'Deployment1' } },
        },
      },
      expected: {
        Route: route,
        Stage: {
          Type: 'AWS::ApiGatewayV2::Stage',
          DependsOn: ['Route'],
          Properties: { StageName: 'staging', AutoDeploy: true },
        },
      },
    },
    {
      why: 'no route responses, and nothing that waits for them',
      resources: {
        Route: route,
        Response: response,
        Deployment1: { Type: 'AWS::ApiGatewayV2::Deployment', DependsOn: ['Route', 'Response'] },
        Stage: {
          Type: 'AWS::ApiGatewayV2::Stage',
          DependsOn: 'Route',
          Properties: { DeploymentId: { Ref: 'Deployment1' } },
        },
        Parameter: { Type: 'AWS::SSM::Parameter', DependsOn: ['Deployment1'] },
      },
      expected: {
        Route: route,
        Stage: { Type: 'AWS::ApiGatewayV2::Stage', DependsOn: 'Route', Properties: { AutoDeploy: true } },
        Parameter: { Type: 'AWS::SSM::Parameter', DependsOn: ['Route'] },
      },
    },
  ])('$why', ({ resources, expected }) => {
    const text = withoutDeployment(JSON.stringify({ Description: 'x', Resources: resources }));
    expect(JSON.parse(text)).toEqual({ Description: 'x', Resources: expected });
  });

  test.for([
    { why: 'there is nothing to take out', text: `{ "Resources": { "Route": ${JSON.stringify(route)} } }` },
    { why: 'it is no template', text: '{ "Resources": ' },
  ])('the very text, when $why', ({ text }) => {
    expect(withoutDeployment(text)).toBe(text);
  });
});

async function templateOf(routes: string): Promise<Template> {
  return createTemplate(inputOf(await appOf(`@app\ntestapp\n\n@ws\n${routes}\n\n@http\nget /\n`)));
}

function resourcesOf({ Resources }: Template, type: string) {
  return Object.entries(Resources).filter(([, { Type }]) => Type === `AWS::ApiGatewayV2::${type}`);
}

async function deploymentIds(routes: string): Promise<readonly string[]> {
  return resourcesOf(await templateOf(routes), 'Deployment').map(([id]) => id);
}

/** What the emulator never sees of a real template, asserted here instead. */
describe('what it hides', () => {
  test('a deployment that waits for every route, and the stage that points to it', async () => {
    const template = await templateOf('join\nleave');
    const [[id, deployment], ...others] = resourcesOf(template, 'Deployment') as [ReturnType<typeof resourcesOf>[0]];
    expect(others).toEqual([]);
    const socketRoutes = resourcesOf(template, 'Route').filter(
      ([, { Properties }]) => JSON.stringify(Properties!['ApiId']) === JSON.stringify(deployment.Properties!['ApiId']),
    );
    expect(socketRoutes).toHaveLength(5);
    expect(deployment.DependsOn).toEqual(expect.arrayContaining(socketRoutes.map(([routeId]) => routeId)));
    const stages = resourcesOf(template, 'Stage').map(([, { Properties }]) => Properties!);
    expect(stages.filter(({ DeploymentId }) => DeploymentId !== undefined)).toEqual([
      expect.objectContaining({ AutoDeploy: false, DeploymentId: { Ref: id } }),
    ]);
  });

  test('another deployment for other routes, the same for the same', async () => {
    expect(await deploymentIds('join')).toEqual(await deploymentIds('join'));
    expect(await deploymentIds('join')).not.toEqual(await deploymentIds('join\nleave'));
  });

  test('nothing else: every other resource arrives as it is', async () => {
    const template = await templateOf('join');
    const arrived: Template = JSON.parse(withoutDeployment(templateText(template)));
    const [deployment] = resourcesOf(template, 'Deployment').map(([id]) => id);
    const changed = Object.keys(template.Resources).filter(
      (id) => JSON.stringify(arrived.Resources[id]) !== JSON.stringify(template.Resources[id]),
    );
    const types = changed.map((id) => template.Resources[id]!.Type);
    expect(changed).toContain(deployment);
    expect(types.toSorted()).toEqual(['AWS::ApiGatewayV2::Deployment', 'AWS::ApiGatewayV2::Stage']);
    expect({ ...arrived, Resources: undefined }).toEqual({ ...template, Resources: undefined });
    expect(JSON.stringify(arrived)).not.toContain(deployment);
  });
});
