/** What the calls take, of the types that they have; what is `null` counts as left out. */
export interface Input {
  readonly Name?: string;
  readonly Names?: readonly string[];
  readonly Path?: string;
  readonly Recursive?: boolean;
  readonly WithDecryption?: boolean;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

export interface Failed {
  readonly type: 'failed';
  /** AWS's name of it. */
  readonly error: string;
  readonly message: string;
}

/** One thing wrong with one member; `undefined` when nothing is. */
export type Violation =
  | { readonly member: string; readonly value: string | undefined; readonly constraint: string }
  | undefined;

export function failed(error: string, message: string): Failed {
  return { type: 'failed', error, message };
}

const isText = (value: unknown) => typeof value === 'string';
const isFlag = (value: unknown) => typeof value === 'boolean';

const types: Readonly<Record<keyof Input, (value: unknown) => boolean>> = {
  Name: isText,
  Names: (value) => Array.isArray(value) && value.every(isText),
  Path: isText,
  Recursive: isFlag,
  WithDecryption: isFlag,
  MaxResults: Number.isInteger,
  NextToken: isText,
};

/** The members that are known; `undefined` when the body is no JSON object, or one of them has another type. */
export function parseInput(body: string): Input | undefined {
  const value = parseJson(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(types).flatMap(([name, isOfType]) => {
    const member: unknown = Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
    return member === undefined || member === null ? [] : [{ name, member, isGood: isOfType(member) }];
  });
  if (!entries.every(({ isGood }) => isGood)) return undefined;
  return Object.fromEntries(entries.map(({ name, member }) => [name, member]));
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    // Not JSON: the caller says so in AWS's words.
    return undefined;
  }
}

/** All that is wrong with the members of a call, in one refusal. */
export function invalidText(violations: readonly Violation[]): Failed | undefined {
  const texts = violations.flatMap((violation) => {
    if (violation === undefined) return [];
    const { member, value, constraint } = violation;
    return [
      `Value ${value === undefined ? 'null' : `'${value}'`} at '${member}' failed to satisfy constraint: ${constraint}`,
    ];
  });
  if (texts.length === 0) return undefined;
  const count = texts.length === 1 ? '1 validation error' : `${texts.length} validation errors`;
  return failed('ValidationException', `${count} detected: ${texts.join('; ')}`);
}

/** A parameter's name and what stands behind its colon, from a name or from an ARN that begins with `arnPrefix`. */
export function readName(asked: string, arnPrefix: string): { readonly name: string; readonly selector?: string } {
  const full = asked.startsWith(`${arnPrefix}/`) ? asked.slice(arnPrefix.length) : asked;
  const [, name = full, selector] = /^([^:]*):([^:]+)$/.exec(full) ?? [];
  return selector === undefined ? { name } : { name, selector };
}

/**
 * Why something is no name of a parameter, in AWS's words.
 *
 * @see https://github.com/localstack/localstack/issues/7712 (read 2026-11), observed on AWS
 */
export function nameFault(name: string): Failed | undefined {
  if (name.startsWith('arn:')) return undefined;
  if (!/^[\w./-]+(?::[\w.-]+)?$/.test(name)) {
    return failed(
      'ValidationException',
      String.raw`Parameter name: can't be prefixed with \"ssm\" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_`,
    );
  }
  if (name.includes('/') && !name.startsWith('/')) {
    return failed('ValidationException', 'Parameter name must be a fully qualified name.');
  }
  return undefined;
}

/**
 * Why something is no path, in AWS's words.
 *
 * @see https://github.com/aws/aws-sdk-js-v3/issues/5928 (read 2026-11), observed on AWS
 */
export function pathFault(path: string): Failed | undefined {
  if (/^\/[\w./-]*$/.test(path)) return undefined;
  return failed(
    'ValidationException',
    String.raw`The parameter doesn't meet the parameter name requirements. The parameter name must begin with a forward slash "/". It can't be prefixed with \"aws\" or \"ssm\" (case-insensitive). It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, must use the forward slash symbol "/". Valid example: /get/parameters2-/by1./path0_.`,
  );
}
