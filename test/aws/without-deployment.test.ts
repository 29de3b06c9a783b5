import { describe, expect, test } from 'vitest';
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
          Properties: { StageName: 'staging', DeploymentId: { Ref: 'Deployment1' } },
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
        Stage: { Type: 'AWS::ApiGatewayV2::Stage', DependsOn: ['Route'], Properties: { AutoDeploy: true } },
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
