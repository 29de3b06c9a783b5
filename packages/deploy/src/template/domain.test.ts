import { expect, test } from 'vitest';
import { appOf, inputOf } from '../../test/support/template-input.ts';
import { deployTarget } from '../target.ts';
import { createTemplate } from './create-template.ts';

const aws = '@aws\ndomain a.example.com\ncertificate arn:aws:acm:us-west-2:123456789012:certificate/1a2b';

async function templateOf(manifest: string, stage: 'staging' | 'production', name?: string) {
  const app = await appOf(`@app\ntestapp\n${manifest}\n${aws}`);
  return createTemplate(inputOf(app, { target: deployTarget('testapp', stage, name) }));
}

test('page and web socket have a name each, and everything that says where they are follows', async () => {
  const template = await templateOf('@ws\n@http\nget /', 'production');
  const { Resources, Outputs } = template;
  expect(Resources).toMatchObject({
    HTTPDomain: { Properties: { DomainName: 'a.example.com' } },
    HTTPDomainMapping: { Properties: { ApiId: { Ref: 'HTTP' }, DomainName: { Ref: 'HTTPDomain' } } },
    WSDomain: { Properties: { DomainName: 'ws.a.example.com' } },
    WSDomainMapping: { Properties: { ApiId: { Ref: 'WS' }, ApiMappingKey: 'production' } },
    WebsocketWssParam: { Properties: { Value: 'wss://ws.a.example.com/production' } },
    WebsocketHttpsParam: {
      Properties: { Value: { 'Fn::Sub': expect.stringMatching(/execute-api.*\/production\/@connections$/) } },
    },
    DefaultWSLambda: {
      Properties: {
        Environment: {
          Variables: { ARC_WSS_URL: 'wss://ws.a.example.com/production', ARC_HTTP_URL: 'https://a.example.com' },
        },
      },
    },
  });
  expect(Outputs).toMatchObject({
    API: { Value: 'https://a.example.com' },
    WSS: { Value: 'wss://ws.a.example.com/production' },
    HTTPDomainTarget: { Value: { 'Fn::GetAtt': ['HTTPDomain', 'RegionalDomainName'] } },
    HTTPDomainZone: { Value: { 'Fn::GetAtt': ['HTTPDomain', 'RegionalHostedZoneId'] } },
    WSDomainTarget: { Value: { 'Fn::GetAtt': ['WSDomain', 'RegionalDomainName'] } },
    WSDomainZone: { Value: { 'Fn::GetAtt': ['WSDomain', 'RegionalHostedZoneId'] } },
  });
});

test.for<{ manifest: string; stage: 'staging' | 'production'; name?: string; names: string[] }>([
  { manifest: '@ws\n@static\nfalse', stage: 'production', names: ['a.example.com'] },
  { manifest: '@http\nget /', stage: 'production', names: ['a.example.com'] },
  { manifest: '@ws\n@http\nget /', stage: 'staging', names: [] },
  { manifest: '@ws\n@http\nget /', stage: 'production', name: 'preview', names: [] },
])('$manifest in $stage $name', async ({ manifest, stage, name, names }) => {
  const { Resources, Outputs } = await templateOf(manifest, stage, name);
  const domains = Object.values(Resources).filter(({ Type }) => Type === 'AWS::ApiGatewayV2::DomainName');
  expect(domains.map(({ Properties }) => Properties?.['DomainName'])).toEqual(names);
  expect(Object.keys(Outputs).filter((output) => output.endsWith('Target'))).toHaveLength(names.length);
});
