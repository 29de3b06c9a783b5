import { describe, expect, test } from 'vitest';
import { createSsm } from './ssm.ts';

const many = Array.from(
  { length: 23 },
  (_item, index) => [`/Many/p${String(index).padStart(2, '0')}`, String(index)] as const,
);
const parameters = new Map([
  ['/TestappTesting/ws/https', 'http://localhost:3333/testing/@connections'],
  ['/TestappTesting/ws/wss', 'ws://localhost:3333/testing'],
  ['/TestappTesting/top', 'x'],
  ...many,
]);
const service = createSsm(() => parameters, { region: 'us-west-2', createdAtMs: 1_700_000_000_000 });

function call(operation: string, input: unknown, path = '/_arc/ssm') {
  const body = typeof input === 'string' ? input : JSON.stringify(input);
  const answer = service({ method: 'POST', path, headers: { 'x-amz-target': `AmazonSSM.${operation}` }, body });
  return answer && { statusCode: answer.statusCode, value: JSON.parse(answer.body) as Record<string, unknown> };
}

const names = (list: unknown) => (Array.isArray(list) ? list.map((item: { Name: string }) => item.Name) : list);

describe('one parameter', () => {
  test('with all that AWS says of it', () => {
    expect(call('GetParameter', { Name: '/TestappTesting/ws/wss' })).toEqual({
      statusCode: 200,
      value: {
        Parameter: {
          ARN: 'arn:aws:ssm:us-west-2:123456789012:parameter/TestappTesting/ws/wss',
          DataType: 'text',
          LastModifiedDate: 1_700_000_000,
          Name: '/TestappTesting/ws/wss',
          Type: 'String',
          Value: 'ws://localhost:3333/testing',
          Version: 1,
        },
      },
    });
  });

  test.for<[string, unknown]>([
    ['unknown', { Name: '/nope' }],
    ['no name', {}],
    ['a name that is no text', { Name: { a: 1 } }],
    ['a name of objects', { Name: '__proto__' }],
  ])('%s', ([, input]) => {
    expect(call('GetParameter', input)).toMatchObject({ statusCode: 400, value: { __type: 'ParameterNotFound' } });
  });
});

test('several parameters, with those that are not there', () => {
  const answer = call('GetParameters', { Names: ['/TestappTesting/top', '/nope'] });
  expect(names(answer?.value['Parameters'])).toEqual(['/TestappTesting/top']);
  expect(answer?.value['InvalidParameters']).toEqual(['/nope']);
});

describe('by path', () => {
  test.for([
    {
      path: '/TestappTesting',
      recursive: true,
      found: ['/TestappTesting/top', '/TestappTesting/ws/https', '/TestappTesting/ws/wss'],
    },
    {
      path: '/TestappTesting/',
      recursive: true,
      found: ['/TestappTesting/top', '/TestappTesting/ws/https', '/TestappTesting/ws/wss'],
    },
    { path: '/TestappTesting', recursive: false, found: ['/TestappTesting/top'] },
    { path: '/TestappTesting/ws', recursive: false, found: ['/TestappTesting/ws/https', '/TestappTesting/ws/wss'] },
    { path: '/Testapp', recursive: true, found: [] },
    { path: '/', recursive: false, found: [] },
  ])('$path, recursive $recursive', ({ path, recursive, found }) => {
    expect(names(call('GetParametersByPath', { Path: path, Recursive: recursive })?.value['Parameters'])).toEqual(
      found,
    );
  });

  test('in pages of ten', () => {
    const pages: unknown[] = [];
    let token: unknown;
    do {
      const value = call('GetParametersByPath', { Path: '/Many', NextToken: token })?.value ?? {};
      pages.push((value['Parameters'] as unknown[]).length);
      token = value['NextToken'];
    } while (token !== undefined);
    expect(pages).toEqual([10, 10, 3]);
    expect(call('GetParametersByPath', { Path: '/Many', MaxResults: 4 })?.value['Parameters']).toHaveLength(4);
  });
});

describe('what is refused', () => {
  test.for<[string, string, unknown, string]>([
    ['a path without a slash', 'GetParametersByPath', { Path: 'x' }, 'ValidationException'],
    ['a token of somebody else', 'GetParametersByPath', { Path: '/x', NextToken: '../' }, 'InvalidNextToken'],
    ['names that are no list', 'GetParameters', { Names: 'x' }, 'ValidationException'],
    ['another operation', 'PutParameter', {}, 'UnknownOperationException'],
    ['a name that every object has', 'constructor', {}, 'UnknownOperationException'],
    ['no JSON', 'GetParameter', '{', 'SerializationException'],
    ['no object', 'GetParameter', '[1]', 'SerializationException'],
  ])('%s', ([, operation, input, error]) => {
    expect(call(operation, input)).toMatchObject({ statusCode: 400, value: { __type: error } });
  });

  test('other services and paths are not its own', () => {
    expect(call('GetParameter', {}, '/_arc/other')).toBeUndefined();
    const headers = { 'x-amz-target': 'DynamoDB_20120810.GetItem' };
    expect(service({ method: 'POST', path: '/', headers, body: '{}' })).toBeUndefined();
  });
});
