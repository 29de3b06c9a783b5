import { describe, expect, test } from 'vitest';
import { appOf, inputOf } from '../../test/support/template-input.ts';
import { createTemplate, templateText } from './create-template.ts';
import { deployTarget } from '../target.ts';
import { checkLimits, checkNames, templateFaults } from './limits.ts';
import type { Template } from './template.ts';

const empty = createTemplate(inputOf(await appOf('@app\nx')));
const many = <T>(count: number, value: T): Record<string, T> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`A${index}`, value]));

const routes = (count: number) => Array.from({ length: count }, (_, index) => `route${index}`).join('\n');

const resource = { Type: 'AWS::S3::Bucket' };
test.for<{ why: string; template: Partial<Template>; faults: readonly string[] }>([
  { why: '500 resources', template: { Resources: many(500, resource) }, faults: [] },
  {
    why: '501 resources',
    template: { Resources: many(501, resource) },
    faults: ['The template has 501 resources; CloudFormation takes 500.'],
  },
  { why: '200 parameters and outputs', template: { Parameters: many(200, {}), Outputs: many(200, {}) }, faults: [] },
  {
    why: '201 parameters and outputs',
    template: { Parameters: many(201, {}), Outputs: many(201, {}) },
    faults: [
      'The template has 201 parameters; CloudFormation takes 200.',
      'The template has 201 outputs; CloudFormation takes 200.',
    ],
  },
  { why: 'a megabyte', template: { Description: 'a'.repeat(999_000) }, faults: [] },
  {
    why: 'more than a megabyte',
    template: { Description: '\u00e9'.repeat(500_000) },
    faults: [expect.stringMatching(/^The template has 1000\d{3} bytes; CloudFormation takes 1000000\.$/)],
  },
])('$why', ({ template, faults }) => {
  const whole = { ...empty, ...template };
  expect(templateFaults(whole)).toEqual(faults);
  if (faults.length === 0) checkLimits(whole);
});

test('an app with too many routes is refused, with the way out', async () => {
  const fits = createTemplate(inputOf(await appOf(`@app\nx\n@ws\n${routes(95)}`)));
  expect(templateFaults(fits)).toEqual([]);
  const large = createTemplate(inputOf(await appOf(`@app\nx\n@ws\n${routes(120)}`)));
  expect(() => checkLimits(large)).toThrow(expect.objectContaining({ code: 'TEMPLATE_TOO_LARGE' }));
});

test.for([
  { count: 300, faults: [] },
  { count: 301, faults: ['The API WS has 301 routes; API Gateway takes 300.'] },
])('an API of $count routes', ({ count, faults }) => {
  const route = { Type: 'AWS::ApiGatewayV2::Route', Properties: { ApiId: { Ref: 'WS' } } };
  const other = { Type: 'AWS::ApiGatewayV2::Route', Properties: { ApiId: { Ref: 'HTTP' } } };
  const api = { Type: 'AWS::ApiGatewayV2::Api' };
  const Resources = { ...many(count, route), WS: api, HTTP: api, RootHTTPRoute: other };
  expect(templateFaults({ ...empty, Resources })).toEqual(faults);
});

test('a text is for people as long as it is small', async () => {
  const small = templateText(empty);
  expect(small.split('\n').length).toBeGreaterThan(5);
  const large = templateText(createTemplate(inputOf(await appOf(`@app\nx\n@ws\n${routes(20)}`))));
  expect(large.split('\n')).toHaveLength(1);
  expect(JSON.parse(large)).toMatchObject({ AWSTemplateFormatVersion: '2010-09-09' });
});

test.for([
  { why: 'web sockets alone', text: `@ws\n${routes(120)}`, fix: ['"default"'], not: ['any /*'] },
  {
    why: 'pages alone',
    text: `@static\nfalse\n@http\n${routes(120).replaceAll('route', 'get /route')}`,
    fix: ['any /*'],
    not: ['"default"'],
  },
  { why: 'both', text: `@ws\n@http\n${routes(120).replaceAll('route', 'get /route')}`, fix: ['any /*', '"default"'] },
  {
    why: 'neither',
    text: `@tables\n${routes(260).replaceAll(/(\d)$/gm, '$1\n  id *String')}`,
    fix: ['Split the app in two.'],
  },
])('the way out fits an app of $why', async ({ text, fix, not = [] }) => {
  const large = createTemplate(inputOf(await appOf(`@app\nx\n${text}`)));
  const thrown = thrownBy(() => checkLimits(large));
  expect(thrown).toMatchObject({ code: 'TEMPLATE_TOO_LARGE' });
  for (const each of fix) expect(thrown).toMatchObject({ fix: expect.stringContaining(each) });
  for (const each of not) expect(thrown).not.toMatchObject({ fix: expect.stringContaining(each) });
});

test('a role with more policies than IAM takes is a fault', () => {
  const Resource = many(1, { 'Fn::Sub': '${AWS::StackName}'.padEnd(10_300, 'x') })['A0'];
  const Policies = [{ PolicyName: 'Function', PolicyDocument: { Statement: [{ Effect: 'Allow', Resource }] } }];
  const role = { Type: 'AWS::IAM::Role', Properties: { Policies } } as unknown as Template['Resources'][string];
  expect(templateFaults({ ...empty, Resources: { WSRole: role } })).toEqual([
    expect.stringMatching(/^The role WSRole has policies of 10\d{3} characters; IAM takes 10240\.$/),
  ]);
});

async function checked(name: string, preview?: string): Promise<unknown> {
  const target = deployTarget(name, 'staging', preview);
  const template = createTemplate(inputOf(await appOf(`@app\n${name}\n@ws\njoin\n@http\nget /`), { target }));
  return thrownBy(() => checkNames(target, template));
}

function withLogGroup(LogGroupName: string): Template {
  return { ...empty, Resources: { JoinLogs: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName } } } };
}

describe('names', () => {
  test.for(['testapp', 'my-aws', 'saws', 'a-sm', 'x'.repeat(100)])('%s may be', async (name) => {
    expect(await checked(name)).toBeUndefined();
  });

  test.for(['aws', 'aws-chat', 'awsome', 'aWs', 'a-w-s', 'ssm', 'ssmx', 'sSM-app', 'a-ws', 's-smaller'])(
    '%s begins like what AWS keeps for itself',
    async (name) => {
      expect(await checked(name)).toMatchObject({ code: 'APP_NAME_RESERVED' });
    },
  );

  test('a stack and its APIs have 128 characters', async () => {
    expect(await checked('x'.repeat(100), 'y'.repeat(12))).toBeUndefined();
    expect(await checked('x'.repeat(100), 'y'.repeat(15))).toMatchObject({
      code: 'NAME_TOO_LONG',
      message: expect.stringMatching(/^The name of the API X\w+ has 131 characters; AWS takes 128\.$/),
    });
    expect(await checked('x'.repeat(100), 'y'.repeat(22))).toMatchObject({
      message: expect.stringContaining('The name of the stack'),
    });
  });

  test('a log group has 512', () => {
    const target = deployTarget('x', 'staging');
    checkNames(target, withLogGroup('a'.repeat(512)));
    expect(thrownBy(() => checkNames(target, withLogGroup('a'.repeat(513))))).toMatchObject({
      code: 'NAME_TOO_LONG',
      message: expect.stringContaining('log group'),
    });
  });
});

function thrownBy(run: () => void): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}
