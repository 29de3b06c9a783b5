import { describe, expect, test } from 'vitest';
import { appOf, inputOf } from '../../test/support/template-input.ts';
import { templateCases } from '../../test/support/template-cases.ts';
import { adoptedFrom, stackOwner } from './adopted.ts';
import { createTemplate, templateText } from './create-template.ts';

const sam = (properties: object = {}) => ({
  Type: 'AWS::Serverless::Function',
  Properties: { Environment: { Variables: { ARC_APP_NAME: 'testapp' } }, Events: {}, ...properties },
});
const page = (Method: string, Path: string) =>
  sam({ Events: { HTTPEvent: { Type: 'HttpApi', Properties: { Method, Path, ApiId: { Ref: 'HTTP' } } } } });
const route = (RouteKey: string) => ({ Type: 'AWS::ApiGatewayV2::Route', Properties: { RouteKey } });
const table = { Type: 'AWS::DynamoDB::Table', Properties: {} };

/** What Architect hands to SAM, as far as it matters here. */
const architect = {
  Transform: 'AWS::Serverless-2016-10-31',
  Description: 'Exported by architect/package@11.0.4 on 2026-11-23T00:00:00.000Z',
  Resources: {
    HTTP: { Type: 'AWS::Serverless::HttpApi', Properties: {} },
    WS: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'WEBSOCKET' } },
    ConnectWSLambda: sam(),
    ConnectWSRoute: route('$connect'),
    ABWSLambda: sam(),
    ABWSRoute: route('a.b'),
    GetIndexHTTPLambda: page('GET', '/'),
    GetRoomsIdHTTPLambda: page('GET', '/rooms/{room}'),
    GetFooBarHTTPLambda: page('GET', '/foo-bar'),
    AnyCatchallHTTPLambda: page('ANY', '/{proxy+}'),
    UserNamesTable: table,
    UserNamesParam: {
      Type: 'AWS::SSM::Parameter',
      Properties: { Name: { 'Fn::Sub': ['/${AWS::StackName}/tables/${tablename}', { tablename: 'user_names' }] } },
    },
    RoomsTable: table,
    OtherTable: { Type: 'Custom::Table' },
  },
};

const app = await appOf(
  '@app\ntestapp\n@ws\na.b\na-b\n@http\nget /\nget /rooms/:id\nget /foo-bar\nget /foo/bar\nany /*\n@tables\nuser_names\n  id *String\nuser-names\n  id *String\nrooms\n  id *String\nother\n  id *String',
);

describe('a stack of Architect', () => {
  const adopted = adoptedFrom(JSON.stringify(architect), app);

  test('keeps its ids', () => {
    expect(Object.fromEntries(adopted.ids)).toEqual({
      'ws/connect': 'Connect',
      'ws/a.b': 'AB',
      'http/get-index': 'GetIndex',
      'http/get-rooms-000id': 'GetRoomsId',
      'http/get-foo_bar': 'GetFooBar',
      'http/any-catchall': 'AnyCatchall',
      'tables/user_names': 'UserNames',
      'tables/rooms': 'Rooms',
    });
    expect(adopted.hasOpenApi).toBe(true);
  });

  test('is updated in place, and what is new gets an id of its own', () => {
    const { Resources } = createTemplate(inputOf(app, { adopted }));
    for (const id of Object.keys(architect.Resources).filter((name) => name !== 'OtherTable')) {
      expect(Resources).toHaveProperty(id);
    }
    expect(Resources['ABWSRoute']?.Properties).toMatchObject({ RouteKey: 'a.b' });
    expect(Resources['HTTP']?.Properties).toHaveProperty('Body');
    expect(Object.keys(Resources).filter((id) => /^(?:AB\w{8}WS|GetFooBar\w{8}HTTP)Lambda$/.test(id))).toHaveLength(2);
  });

  test('keeps them after our own deploy', () => {
    const text = templateText(createTemplate(inputOf(app, { adopted })));
    const again = adoptedFrom(text, app);
    expect(again.hasOpenApi).toBe(true);
    expect([...again.ids]).toEqual(expect.arrayContaining([...adopted.ids]));
    expect(templateText(createTemplate(inputOf(app, { adopted: again })))).toBe(text);
  });
});

test.for(templateCases)(
  'our own $name changes nothing when it is deployed again',
  async ({ manifest, configs, input }) => {
    const own = await appOf(manifest, configs);
    const text = templateText(createTemplate(inputOf(own, input)));
    expect(templateText(createTemplate(inputOf(own, { ...input, adopted: adoptedFrom(text, own) })))).toBe(text);
  },
);

test('of what the app has no longer, nothing is kept', async () => {
  const { ids } = adoptedFrom(JSON.stringify(architect), await appOf('@app\ntestapp\n@tables\nrooms\n  id *'));
  expect(Object.fromEntries(ids)).toEqual({ 'tables/rooms': 'Rooms' });
});

test.for([
  { why: 'there is no stack', text: undefined },
  { why: 'it is YAML', text: 'Resources:\n  WS: {}' },
  { why: 'it is empty', text: '' },
  { why: 'it is no object', text: 'null' },
  {
    why: 'its shapes are odd',
    text: '{"Resources":{"AWSLambda":null,"BHTTPLambda":1,"ATable":{"Type":"AWS::DynamoDB::Table"}}}',
  },
  {
    why: 'an id is none',
    text: '{"Resources":{"a-bWSLambda":{"Metadata":{"Furrow":{"part":"function","name":"ws/a-b"}}}}}',
  },
  {
    why: 'it is of another app',
    text: '{"Resources":{"XWSLambda":{"Metadata":{"Furrow":{"part":"function","name":"ws/x"}}}}}',
  },
])('nothing is settled when $why', ({ text }) => {
  expect(adoptedFrom(text, app)).toEqual({ ids: new Map(), hasOpenApi: false });
});

test.for([
  { why: 'ours', text: '{"Metadata":{"Furrow":{"app":"x"}}}', owner: { maker: 'furrow', app: 'x' } },
  { why: 'of Architect', text: JSON.stringify(architect), owner: { maker: 'architect', app: 'testapp' } },
  {
    why: 'of Architect, by its description',
    text: '{"Description":"Exported by architect/package@1","Resources":{}}',
    owner: { maker: 'architect', app: undefined },
  },
  {
    why: 'of Architect, by its own words',
    text: '{"Resources":{"A":{"Type":"AWS::Serverless::Function","ArcMetadata":{}}}}',
    owner: { maker: 'architect', app: undefined },
  },
  { why: 'of SAM', text: '{"Resources":{"A":{"Type":"AWS::Serverless::Function"}}}', owner: { maker: 'foreign' } },
  { why: 'YAML', text: 'Resources: {}', owner: { maker: 'foreign' } },
])('a stack $why', ({ text, owner }) => {
  expect(stackOwner(text)).toEqual({ app: undefined, ...owner });
});
