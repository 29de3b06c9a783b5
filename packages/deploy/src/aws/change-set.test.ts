import { describe, expect, test } from 'vitest';
import { changeSetRequest, isEmptyReason, readChange } from './change-set.ts';

const input = {
  stackName: 'AppStaging',
  name: 'one',
  isNew: true,
  template: { body: '{}' },
  parameters: { DeployBucket: 'bucket' },
  tags: { app: 'app' },
};

describe('the request', () => {
  test('for a stack that is not there yet', () => {
    expect(changeSetRequest(input)).toEqual({
      StackName: 'AppStaging',
      ChangeSetName: 'one',
      ClientToken: 'one',
      ChangeSetType: 'CREATE',
      Capabilities: ['CAPABILITY_IAM'],
      IncludeNestedStacks: false,
      TemplateBody: '{}',
      Parameters: [{ ParameterKey: 'DeployBucket', ParameterValue: 'bucket' }],
      Tags: [{ Key: 'app', Value: 'app' }],
    });
  });

  test('for one that is, with a template in a bucket', () => {
    expect(changeSetRequest({ ...input, isNew: false, template: { url: 'https://x' } })).toMatchObject({
      ChangeSetType: 'UPDATE',
      TemplateURL: 'https://x',
    });
  });
});

test.for([
  { reason: "The submitted information didn't contain changes. Submit different information.", expected: true },
  { reason: 'No updates are to be performed.', expected: true },
  { reason: 'Template error: instance of Fn::GetAtt references undefined resource X', expected: false },
])('nothing differs: $expected for "$reason"', ({ reason, expected }) => {
  expect(isEmptyReason(reason)).toBe(expected);
});

describe('a change', () => {
  test.for([
    {
      why: 'names each property once, and attributes where there is no property',
      change: {
        Action: 'Modify',
        LogicalResourceId: 'Function',
        PhysicalResourceId: 'f',
        ResourceType: 'AWS::Lambda::Function',
        Replacement: 'False' as const,
        Details: [
          { Target: { Attribute: 'Properties', Name: 'Code' } },
          { Target: { Attribute: 'Properties', Name: 'Code' } },
          { Target: { Attribute: 'Tags' } },
          {},
        ],
      },
      expected: {
        action: 'Modify',
        logicalId: 'Function',
        physicalId: 'f',
        type: 'AWS::Lambda::Function',
        replacement: 'False',
        properties: ['Code', 'Tags'],
        follows: [],
      },
    },
    {
      why: 'of a kind that is new counts as a modification',
      change: { Action: 'SyncWithActual' },
      expected: {
        action: 'Modify',
        logicalId: '',
        physicalId: undefined,
        type: '',
        replacement: undefined,
        properties: [],
        follows: [],
      },
    },
    { why: 'that removes', change: { Action: 'Remove' }, expected: expect.objectContaining({ action: 'Remove' }) },
    { why: 'that says nothing', change: {}, expected: expect.objectContaining({ action: 'Modify' }) },
  ])('$why', ({ change, expected }) => {
    expect(readChange(change)).toEqual(expected);
  });
});

const reference = (name: string, cause: string) => ({
  Target: { Attribute: 'Properties', Name: name, RequiresRecreation: 'Always' },
  ChangeSource: 'ResourceAttribute',
  CausingEntity: cause,
});
const direct = (name: string, recreation: string) => ({
  Target: { Attribute: 'Properties', Name: name, RequiresRecreation: recreation },
  ChangeSource: 'DirectModification',
});

describe('what decides whether a resource is replaced', () => {
  test.for([
    { why: 'another resource', details: [reference('FunctionName', 'Join.Arn')], follows: ['Join'], properties: [] },
    {
      why: 'two of them',
      details: [reference('A', 'One'), reference('B', 'Two.Arn'), reference('B', 'Two.Id')],
      follows: ['One', 'Two'],
      properties: [],
    },
    {
      why: 'another resource, beside a change that needs no other one',
      details: [reference('ApiId', 'WS'), direct('Tags', 'Never')],
      follows: ['WS'],
      properties: ['Tags'],
    },
    {
      why: 'a change of its own may',
      details: [reference('ApiId', 'WS'), direct('Name', 'Conditionally')],
      follows: [],
      properties: ['Name'],
    },
    {
      why: 'a property that is changed by what it refers to',
      details: [direct('Uri', 'Always'), reference('Uri', 'Join.Arn')],
      follows: ['Join'],
      properties: ['Uri'],
    },
  ])('$why', ({ details, follows, properties }) => {
    const change = { Action: 'Modify', Replacement: 'Conditional' as const, Details: details };
    expect(readChange(change)).toMatchObject({ follows, properties });
    expect(readChange({ ...change, Replacement: 'False' }).follows).toEqual([]);
  });
});
