import type { HttpAnswer, LocalRequest } from '@furrow/gateway';
import type { Parameters } from './parameters.ts';
import {
  failed,
  invalidText,
  nameFault,
  parseInput,
  pathFault,
  readName,
  type Failed,
  type Input,
  type Violation,
} from './ssm-input.ts';

export interface SsmFacts {
  readonly region: string;
  /** Milliseconds since 1970, when the parameters were made. */
  readonly createdAtMs: number;
}

type Output = { readonly type: 'ok'; readonly value: object } | Failed;
type Found = { readonly type: 'found'; readonly parameter: object } | Failed;

const account = '123456789012';
const defaultPageSize = 10;
/** What SSM can do with parameters beside reading them; the role that a deploy makes for functions allows none of it. */
const denied: ReadonlySet<string> = new Set([
  'AddTagsToResource',
  'DeleteParameter',
  'DeleteParameters',
  'DescribeParameters',
  'GetParameterHistory',
  'LabelParameterVersion',
  'PutParameter',
  'RemoveTagsFromResource',
  'UnlabelParameterVersion',
]);

/**
 * Answers the read calls of SSM that handlers make, as AWS JSON 1.1.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html (read 2026-11)
 */
export function createSsm(
  parameters: () => Parameters,
  facts: SsmFacts,
): (request: LocalRequest) => HttpAnswer | undefined {
  const operations: Readonly<Record<string, (input: Input) => Output>> = {
    GetParameter: (input) => getParameter(parameters(), facts, input),
    GetParameters: (input) => getParameters(parameters(), facts, input),
    GetParametersByPath: (input) => getParametersByPath(parameters(), facts, input),
  };
  return ({ path, headers, body }) => {
    const target = headers['x-amz-target'] ?? '';
    if (!target.startsWith('AmazonSSM.') || !/^\/(?:_arc\/ssm\/?)?$/.test(path)) return undefined;
    const name = target.slice('AmazonSSM.'.length);
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
    const input = parseInput(body);
    if (denied.has(name)) return answer(accessDenied(name, facts));
    if (operation === undefined) return answer(failed('UnknownOperationException', `SSM has no operation ${name}.`));
    if (input === undefined)
      return answer(failed('SerializationException', 'The body is not what the operation takes.'));
    return answer(operation(input));
  };
}

function accessDenied(operation: string, { region }: SsmFacts): Failed {
  const action = `ssm:${operation}`;
  return failed(
    'AccessDeniedException',
    `User: arn:aws:sts::${account}:assumed-role/SandboxRole/function is not authorized to perform: ${action} on resource: arn:aws:ssm:${region}:${account}:* because no identity-based policy allows the ${action} action`,
  );
}

function answer(output: Output): HttpAnswer {
  const headers = { 'content-type': 'application/x-amz-json-1.1' };
  if (output.type === 'ok') return { statusCode: 200, headers, body: JSON.stringify(output.value) };
  return { statusCode: 400, headers, body: JSON.stringify({ __type: output.error, message: output.message }) };
}

function describe(name: string, value: string, { region, createdAtMs }: SsmFacts) {
  return {
    ARN: `arn:aws:ssm:${region}:${account}:parameter${name}`,
    DataType: 'text',
    LastModifiedDate: createdAtMs / 1000,
    Name: name,
    Type: 'String',
    Value: value,
    Version: 1,
  };
}

/** A parameter by its name or its ARN, with or without `:version`. Each has one version and no label. */
function find(parameters: Parameters, facts: SsmFacts, asked: string): Found {
  const { name, selector } = readName(asked, `arn:aws:ssm:${facts.region}:${account}:parameter`);
  const value = parameters.get(name);
  if (value === undefined) return failed('ParameterNotFound', '');
  if (selector !== undefined && selector !== '1') {
    return failed(
      'ParameterVersionNotFound',
      `Systems Manager could not find version ${selector} of ${name}. Verify the version and try again.`,
    );
  }
  const parameter = describe(name, value, facts);
  return { type: 'found', parameter: selector === undefined ? parameter : { ...parameter, Selector: `:${selector}` } };
}

function getParameter(parameters: Parameters, facts: SsmFacts, { Name: name }: Input): Output {
  const fault = invalidText([lengthViolation('name', name)]) ?? nameFault(name ?? '');
  if (fault !== undefined) return fault;
  const found = find(parameters, facts, name ?? '');
  return found.type === 'found' ? { type: 'ok', value: { Parameter: found.parameter } } : found;
}

function getParameters(parameters: Parameters, facts: SsmFacts, { Names: names }: Input): Output {
  const fault = invalidText([listViolation(names)]) ?? names?.map(nameFault).find((one) => one !== undefined);
  if (fault !== undefined) return fault;
  const looked = [...new Set(names)].map((name) => ({ name, found: find(parameters, facts, name) }));
  return {
    type: 'ok',
    value: {
      InvalidParameters: looked.filter(({ found }) => found.type !== 'found').map(({ name }) => name),
      Parameters: looked.flatMap(({ found }) => (found.type === 'found' ? [found.parameter] : [])),
    },
  };
}

function getParametersByPath(parameters: Parameters, facts: SsmFacts, input: Input): Output {
  const { Path: path, MaxResults: size = defaultPageSize, NextToken: token } = input;
  const fault = invalidText([lengthViolation('path', path), sizeViolation(size)]) ?? pathFault(path ?? '');
  if (fault !== undefined) return fault;
  const start = readToken(token);
  if (start === undefined) return failed('InvalidNextToken', 'The specified token is not valid.');
  const names = namesBelow(parameters, path ?? '', input.Recursive === true);
  const end = start + size;
  return {
    type: 'ok',
    value: {
      Parameters: names.slice(start, end).map((name) => describe(name, parameters.get(name) ?? '', facts)),
      ...(end < names.length && { NextToken: `page-${end}` }),
    },
  };
}

function namesBelow(parameters: Parameters, path: string, isRecursive: boolean): readonly string[] {
  const prefix = path.endsWith('/') ? path : `${path}/`;
  return [...parameters.keys()]
    .filter((name) => name.startsWith(prefix) && (isRecursive || !name.slice(prefix.length).includes('/')))
    .toSorted();
}

const maxNameLength = 2048;

function lengthViolation(member: string, text: string | undefined): Violation {
  if (text === undefined) return { member, value: undefined, constraint: 'Member must not be null' };
  if (text.length > maxNameLength) {
    return { member, value: text, constraint: `Member must have length less than or equal to ${maxNameLength}` };
  }
  return text === ''
    ? { member, value: text, constraint: 'Member must have length greater than or equal to 1' }
    : undefined;
}

function listViolation(names: readonly string[] | undefined): Violation {
  const member = 'names';
  if (names === undefined) return { member, value: undefined, constraint: 'Member must not be null' };
  const value = `[${names.join(', ')}]`;
  if (names.length === 0) return { member, value, constraint: 'Member must have length greater than or equal to 1' };
  return names.length > defaultPageSize
    ? { member, value, constraint: `Member must have length less than or equal to ${defaultPageSize}` }
    : undefined;
}

function sizeViolation(size: number): Violation {
  const member = 'maxResults';
  if (size < 1) return { member, value: String(size), constraint: 'Member must have value greater than or equal to 1' };
  return size > defaultPageSize
    ? { member, value: String(size), constraint: `Member must have value less than or equal to ${defaultPageSize}` }
    : undefined;
}

function readToken(token: string | undefined): number | undefined {
  if (token === undefined) return 0;
  const match = /^page-(\d{1,9})$/.exec(token);
  return match === null ? undefined : Number(match[1]);
}
