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
    ['unknown, without a slash', { Name: 'TestappTesting' }],
    ['unknown, with a version', { Name: '/nope:1' }],
    ['a name of objects', { Name: '__proto__' }],
    ['an ARN of another region', { Name: 'arn:aws:ssm:eu-west-1:123456789012:parameter/TestappTesting/top' }],
    ['an ARN of another account', { Name: 'arn:aws:ssm:us-west-2:111111111111:parameter/TestappTesting/top' }],
  ])('%s', ([, input]) => {
    expect(call('GetParameter', input)).toEqual({
      statusCode: 400,
      value: { __type: 'ParameterNotFound', message: '' },
    });
  });

  test.for<[string, object, string | undefined]>([
    ['by its ARN', { Name: 'arn:aws:ssm:us-west-2:123456789012:parameter/TestappTesting/top' }, undefined],
    ['by its version', { Name: '/TestappTesting/top:1' }, ':1'],
    ['by ARN and version', { Name: 'arn:aws:ssm:us-west-2:123456789012:parameter/TestappTesting/top:1' }, ':1'],
    ['decrypted', { Name: '/TestappTesting/top', WithDecryption: true }, undefined],
    ['with what is null', { Name: '/TestappTesting/top', WithDecryption: null }, undefined],
  ])('%s', ([, input, selector]) => {
    const parameter = call('GetParameter', input)?.value['Parameter'] as Record<string, unknown>;
    expect([parameter['Name'], parameter['Value'], parameter['Selector']]).toEqual([
      '/TestappTesting/top',
      'x',
      selector,
    ]);
  });
});

test('several parameters, with those that are not there', () => {
  const asked = ['/nope', '/TestappTesting/top', '/TestappTesting/top:2', '/TestappTesting/ws/wss:1', '/nope'];
  const answer = call('GetParameters', { Names: asked, WithDecryption: true });
  expect(names(answer?.value['Parameters'])).toEqual(['/TestappTesting/top', '/TestappTesting/ws/wss']);
  expect(answer?.value['InvalidParameters']).toEqual(['/nope', '/TestappTesting/top:2']);
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

const eleven = Array.from({ length: 11 }, (_item, index) => `/p${index}`);
const constraint = (what: string) => `1 validation error detected: Value ${what}`;
const badName =
  'Parameter name: can\'t be prefixed with \\"ssm\\" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_';
const notQualified = 'Parameter name must be a fully qualified name.';
const badPath =
  /^The parameter doesn't meet the parameter name requirements\. .* It can't be prefixed with \\"aws\\" or/;

const some = expect.any(String);

describe('what is refused', () => {
  test.for<[string, string, unknown, string, unknown]>([
    [
      'no name',
      'GetParameter',
      {},
      'ValidationException',
      constraint("null at 'name' failed to satisfy constraint: Member must not be null"),
    ],
    [
      'an empty name',
      'GetParameter',
      { Name: '' },
      'ValidationException',
      constraint("'' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1"),
    ],
    [
      'a long name',
      'GetParameter',
      { Name: 'x'.repeat(2049) },
      'ValidationException',
      expect.stringMatching(/'name' failed to satisfy constraint: Member must have length less than or equal to 2048$/),
    ],
    ['a name with a blank', 'GetParameter', { Name: '/a b' }, 'ValidationException', badName],
    ['a path for a name', 'GetParameter', { Name: 'TestappTesting/top' }, 'ValidationException', notQualified],
    [
      'a version that is not there',
      'GetParameter',
      { Name: '/TestappTesting/top:2' },
      'ParameterVersionNotFound',
      'Systems Manager could not find version 2 of /TestappTesting/top. Verify the version and try again.',
    ],
    ['a name that is no text', 'GetParameter', { Name: { a: 1 } }, 'SerializationException', some],
    [
      'no names',
      'GetParameters',
      {},
      'ValidationException',
      constraint("null at 'names' failed to satisfy constraint: Member must not be null"),
    ],
    [
      'an empty list',
      'GetParameters',
      { Names: [] },
      'ValidationException',
      constraint("'[]' at 'names' failed to satisfy constraint: Member must have length greater than or equal to 1"),
    ],
    [
      'eleven names',
      'GetParameters',
      { Names: eleven },
      'ValidationException',
      constraint(
        `'[${eleven.join(', ')}]' at 'names' failed to satisfy constraint: Member must have length less than or equal to 10`,
      ),
    ],
    ['a bad name among them', 'GetParameters', { Names: ['/a', '/ä'] }, 'ValidationException', badName],
    ['names that are no list', 'GetParameters', { Names: 'x' }, 'SerializationException', some],
    [
      'a path without a slash',
      'GetParametersByPath',
      { Path: 'x' },
      'ValidationException',
      expect.stringMatching(badPath),
    ],
    [
      'a path with a version',
      'GetParametersByPath',
      { Path: '/x:1' },
      'ValidationException',
      expect.stringMatching(badPath),
    ],
    [
      'no path, and a page of 11',
      'GetParametersByPath',
      { MaxResults: 11 },
      'ValidationException',
      "2 validation errors detected: Value null at 'path' failed to satisfy constraint: Member must not be null; Value '11' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 10",
    ],
    [
      'a page of 0',
      'GetParametersByPath',
      { Path: '/', MaxResults: 0 },
      'ValidationException',
      constraint("'0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1"),
    ],
    ['half a page', 'GetParametersByPath', { Path: '/', MaxResults: 0.5 }, 'SerializationException', some],
    [
      'a token of somebody else',
      'GetParametersByPath',
      { Path: '/x', NextToken: '../' },
      'InvalidNextToken',
      'The specified token is not valid.',
    ],
    [
      'a call that changes something',
      'PutParameter',
      {},
      'AccessDeniedException',
      expect.stringMatching(
        /^User: arn:aws:sts::123456789012:.* is not authorized to perform: ssm:PutParameter on resource: /,
      ),
    ],
    ['a call of no service', 'GetParametersByMagic', {}, 'UnknownOperationException', some],
    ['a name that every object has', 'constructor', {}, 'UnknownOperationException', some],
    ['no JSON', 'GetParameter', '{', 'SerializationException', some],
    ['no object', 'GetParameter', '[1]', 'SerializationException', some],
  ])('%s', ([, operation, input, error, message]) => {
    expect(call(operation, input)).toEqual({
      statusCode: 400,
      value: { __type: error, message },
    });
  });

  test('other services and paths are not its own', () => {
    expect(call('GetParameter', {}, '/_arc/other')).toBeUndefined();
    const headers = { 'x-amz-target': 'DynamoDB_20120810.GetItem' };
    expect(service({ method: 'POST', path: '/', headers, body: '{}' })).toBeUndefined();
  });
});
