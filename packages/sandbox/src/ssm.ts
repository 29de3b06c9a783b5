import type { HttpAnswer, LocalService } from '@furrow/gateway';

/** Parameters of the local parameter store: full name to value. */
export type Parameters = ReadonlyMap<string, string>;

export interface SsmFacts {
  readonly region: string;
  /** Milliseconds since 1970, when the parameters were made. */
  readonly createdAtMs: number;
}

type Input = Readonly<Record<string, unknown>>;
type Output =
  | { readonly type: 'ok'; readonly value: object }
  | { readonly type: 'error'; readonly error: string; readonly message: string };

const defaultPageSize = 10;

/**
 * Answers the read calls of SSM that handlers make, as AWS JSON 1.1.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html (read 2026-11)
 */
export function createSsm(parameters: () => Parameters, facts: SsmFacts): LocalService {
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
    if (operation === undefined) return answer(failed('UnknownOperationException', `${name} is not offered here.`));
    if (input === undefined) return answer(failed('SerializationException', 'The body is not a JSON object.'));
    return answer(operation(input));
  };
}

const failed = (error: string, message: string): Output => ({ type: 'error', error, message });

function answer(output: Output): HttpAnswer {
  const headers = { 'content-type': 'application/x-amz-json-1.1' };
  if (output.type === 'ok') return { statusCode: 200, headers, body: JSON.stringify(output.value) };
  return { statusCode: 400, headers, body: JSON.stringify({ __type: output.error, message: output.message }) };
}

function parseInput(body: string): Input | undefined {
  try {
    const input: unknown = JSON.parse(body);
    return typeof input === 'object' && input !== null && !Array.isArray(input) ? { ...input } : undefined;
  } catch {
    // Not JSON: the caller says so in AWS's words.
    return undefined;
  }
}

function describe(name: string, value: string, { region, createdAtMs }: SsmFacts) {
  return {
    ARN: `arn:aws:ssm:${region}:123456789012:parameter${name}`,
    DataType: 'text',
    LastModifiedDate: createdAtMs / 1000,
    Name: name,
    Type: 'String',
    Value: value,
    Version: 1,
  };
}

function getParameter(parameters: Parameters, facts: SsmFacts, input: Input): Output {
  const name = text(input['Name']);
  const value = parameters.get(name);
  if (value === undefined) return failed('ParameterNotFound', '');
  return { type: 'ok', value: { Parameter: describe(name, value, facts) } };
}

function getParameters(parameters: Parameters, facts: SsmFacts, input: Input): Output {
  if (!Array.isArray(input['Names']))
    return failed('ValidationException', "Value null at 'names' failed to satisfy constraint: Member must not be null");
  const names = input['Names'].map(text);
  const known = names.filter((name) => parameters.has(name));
  return {
    type: 'ok',
    value: {
      InvalidParameters: names.filter((name) => !parameters.has(name)),
      Parameters: known.map((name) => describe(name, parameters.get(name) ?? '', facts)),
    },
  };
}

function getParametersByPath(parameters: Parameters, facts: SsmFacts, input: Input): Output {
  const path = text(input['Path']);
  if (!path.startsWith('/')) {
    return failed('ValidationException', 'The parameter path must begin with a forward slash.');
  }
  const prefix = path.endsWith('/') ? path : `${path}/`;
  const names = [...parameters.keys()]
    .filter((name) => name.startsWith(prefix))
    .filter((name) => input['Recursive'] === true || !name.slice(prefix.length).includes('/'))
    .toSorted();
  const start = readToken(input['NextToken']);
  if (start === undefined) return failed('InvalidNextToken', 'The specified token is not valid.');
  const end = start + readPageSize(input['MaxResults']);
  return {
    type: 'ok',
    value: {
      Parameters: names.slice(start, end).map((name) => describe(name, parameters.get(name) ?? '', facts)),
      ...(end < names.length && { NextToken: `page-${end}` }),
    },
  };
}

/** A text as it is; anything else is no name of anything. */
function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function readToken(token: unknown): number | undefined {
  if (token === undefined || token === null) return 0;
  const match = /^page-(\d{1,9})$/.exec(text(token));
  return match === null ? undefined : Number(match[1]);
}

function readPageSize(value: unknown): number {
  const size = Number(value ?? defaultPageSize);
  return Number.isInteger(size) && size >= 1 ? Math.min(size, defaultPageSize) : defaultPageSize;
}
