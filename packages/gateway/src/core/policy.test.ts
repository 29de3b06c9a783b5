import { describe, expect, test } from 'vitest';
import { evaluatePolicy } from './policy.ts';

const arn = 'arn:aws:execute-api:us-west-2:123456789012:abcdef1234/testing/$connect';
const action = 'execute-api:Invoke';
const verdict = (Statement: unknown) => evaluatePolicy({ Version: '2012-10-17', Statement }, action, arn);
const allow = (more: object) => ({ Effect: 'Allow', Action: action, Resource: arn, ...more });

describe('G7 a policy allows', () => {
  test.for<{ why: string; statement: unknown }>([
    { why: 'the resource', statement: allow({}) },
    { why: 'in a list', statement: [allow({})] },
    { why: 'as the second', statement: [allow({ Resource: 'arn:aws:s3:::x' }), allow({})] },
    { why: 'a list of resources', statement: allow({ Resource: ['x', arn] }) },
    { why: 'a list of actions', statement: allow({ Action: ['s3:*', action] }) },
    { why: 'everything', statement: allow({ Resource: '*', Action: '*' }) },
    { why: 'G7 any stage and route', statement: allow({ Resource: arn.replace('testing/$connect', '*/*') }) },
    { why: 'any route', statement: allow({ Resource: arn.replace('$connect', '*') }) },
    { why: 'stars within', statement: allow({ Resource: 'arn:*:execute-api:*:*:abcdef1234/*/$con*' }) },
    { why: 'question marks', statement: allow({ Resource: arn.replace('testing', 'tes??ng') }) },
    { why: 'stars that cover nothing', statement: allow({ Resource: `**${arn}**` }) },
    { why: 'an action in small letters', statement: allow({ Action: 'execute-api:invoke' }) },
    { why: 'actions by a star', statement: allow({ Action: 'execute-api:*' }) },
    { why: 'an action by question marks', statement: allow({ Action: 'execute-api:I?vok?' }) },
    { why: 'every action but others', statement: { Effect: 'Allow', NotAction: 's3:*', Resource: arn } },
    { why: 'every resource but others', statement: { Effect: 'Allow', Action: action, NotResource: ['x', 'y'] } },
    { why: 'with more elements', statement: allow({ Sid: 'one', Principal: '*' }) },
    { why: 'beside a Deny of others', statement: [allow({}), allow({ Effect: 'Deny', Resource: `${arn}x` })] },
  ])('$why', ({ statement }) => {
    expect(verdict(statement)).toBe('allowed');
  });
});

describe('G8 a policy denies', () => {
  test.for<{ why: string; statement: unknown }>([
    { why: 'with no statement in it', statement: [] },
    { why: 'with a Deny', statement: allow({ Effect: 'Deny' }) },
    { why: 'with a Deny after an Allow', statement: [allow({}), allow({ Effect: 'Deny', Resource: '*' })] },
    { why: 'with a Deny before an Allow', statement: [allow({ Effect: 'Deny', Resource: '*' }), allow({})] },
    { why: 'T140 for another resource', statement: allow({ Resource: arn.replace('$connect', 'other') }) },
    { why: 'for REST, with a verb', statement: allow({ Resource: arn.replace('$connect', 'GET/$connect') }) },
    { why: 'for another API', statement: allow({ Resource: arn.replace('abcdef1234', 'other') }) },
    { why: 'for a stage in capitals', statement: allow({ Resource: arn.replace('testing', 'Testing') }) },
    { why: 'for the beginning only', statement: allow({ Resource: arn.slice(0, -1) }) },
    { why: 'for more', statement: allow({ Resource: `${arn}?` }) },
    { why: 'for nothing', statement: allow({ Resource: '' }) },
    { why: 'for no resource of a list', statement: allow({ Resource: [] }) },
    { why: 'for another action', statement: allow({ Action: 'execute-api:ManageConnections' }) },
    { why: 'for the service alone', statement: allow({ Action: 'execute-api' }) },
    { why: 'for every action but this', statement: { Effect: 'Allow', NotAction: 'execute-api:*', Resource: arn } },
    { why: 'for every resource but this', statement: { Effect: 'Allow', Action: action, NotResource: arn } },
    { why: 'under a condition that may not be met', statement: allow({ Condition: { IpAddress: {} } }) },
    { why: 'with a Deny under a condition', statement: [allow({}), allow({ Effect: 'Deny', Condition: {} })] },
    { why: 'where a pattern is as text', statement: allow({ Resource: arn.replace('$connect', '.*') }) },
  ])('$why', ({ statement }) => {
    expect(verdict(statement)).toBe('denied');
  });
});

describe('G10 what is no policy', () => {
  test.for<{ why: string; document: unknown }>([
    { why: 'nothing', document: undefined },
    { why: 'null', document: null },
    { why: 'a text', document: '{"Statement":[]}' },
    { why: 'no Statement', document: { Version: '2012-10-17' } },
    { why: 'a Statement that is text', document: { Statement: 'Allow' } },
    { why: 'one statement of two', document: { Statement: [allow({}), null] } },
    { why: 'no Effect', document: { Statement: allow({ Effect: undefined }) } },
    { why: 'an Effect in small letters', document: { Statement: allow({ Effect: 'allow' }) } },
    { why: 'no Action', document: { Statement: allow({ Action: undefined }) } },
    { why: 'no Resource', document: { Statement: allow({ Resource: undefined }) } },
    { why: 'an Action that is no text', document: { Statement: allow({ Action: 1 }) } },
    { why: 'a Resource that is no text', document: { Statement: allow({ Resource: [arn, {}] }) } },
    { why: 'an element and its twin', document: { Statement: allow({ NotAction: 's3:*' }) } },
    { why: 'a prototype', document: Object.create({ Statement: allow({}) }) },
  ])('$why', ({ document }) => {
    expect(evaluatePolicy(document, action, arn)).toBe('malformed');
  });
});

test('a pattern of many stars takes no time', () => {
  const startedAtMs = performance.now();
  expect(verdict(allow({ Resource: `${'*a'.repeat(500)}b` }))).toBe('denied');
  expect(performance.now() - startedAtMs).toBeLessThan(1000);
});
