import type { HttpAnswer } from '@furrow/gateway';

/** A call of SNS or SQS, whatever its protocol. */
export interface ServiceCall {
  readonly operation: string;
  /** Members by their names; lists and structures in it are nested. */
  readonly input: Members;
}

export type Members = ReadonlyMap<string, Member>;
export type Member = string | Members;

/** A refusal in AWS's words. */
export interface ServiceRefusal {
  readonly type: 'refused';
  readonly statusCode: number;
  readonly code: string;
  readonly message: string;
}

export type ServiceResult = { readonly type: 'ok'; readonly value: Output } | ServiceRefusal;
/** Texts, and lists of structures. */
export type Output = Readonly<Record<string, string | readonly Readonly<Record<string, string | boolean>>[]>>;

export function refuse(code: string, message: string, statusCode = 400): ServiceRefusal {
  return { type: 'refused', statusCode, code, message };
}

const maxDepth = 8;

/** A body of the query protocol: `Action=Publish&MessageAttributes.entry.1.Name=a`. */
export function readQuery(body: string): ServiceCall {
  const root = new Map<string, Member>();
  for (const [name, value] of new URLSearchParams(body)) {
    const parts = name.split('.').slice(0, maxDepth);
    const last = parts.pop() ?? '';
    parts.reduce(branchOf, root).set(last, value);
  }
  return { operation: textOf(root, 'Action') ?? '', input: root };
}

function branchOf(members: Map<string, Member>, part: string): Map<string, Member> {
  const known = members.get(part);
  if (known instanceof Map) return known;
  const fresh = new Map<string, Member>();
  members.set(part, fresh);
  return fresh;
}

/** A body of the JSON protocol; `undefined` when it is no object. */
export function readJson(target: string, body: string): ServiceCall | undefined {
  const value = parse(body);
  if (!isRecord(value)) return undefined;
  return { operation: target.slice(target.indexOf('.') + 1), input: toMembers(value, 1) };
}

/** No call goes deeper than that; what does is left out. */
function toMembers(value: object, depth: number): Members {
  return new Map(
    Object.entries(value).flatMap(([name, member]: [string, unknown]): (readonly [string, Member])[] => {
      if (isRecord(member) || Array.isArray(member)) {
        return depth === maxDepth ? [] : [[name, toMembers(member, depth + 1)]];
      }
      return typeof member === 'string' || typeof member === 'number' ? [[name, String(member)]] : [];
    }),
  );
}

export function textOf(members: Members, name: string): string | undefined {
  const member = members.get(name);
  return typeof member === 'string' ? member : undefined;
}

export function branch(members: Members, ...names: readonly string[]): Members {
  return names.reduce<Members>((at, name) => {
    const member = at.get(name);
    return typeof member === 'object' ? member : new Map();
  }, members);
}

/** The members of a list, in its order. */
export function listOf(members: Members): readonly Members[] {
  return [...members.values()].filter((member) => typeof member === 'object');
}

/** An answer of the query protocol. */
export function queryAnswer(operation: string, namespace: string, result: ServiceResult): HttpAnswer {
  const headers = { 'content-type': 'text/xml' };
  const metadata = '<ResponseMetadata><RequestId>00000000-0000-4000-8000-000000000000</RequestId></ResponseMetadata>';
  if (result.type === 'refused') {
    const fault = result.statusCode < 500 ? 'Sender' : 'Receiver';
    const error = `<Error><Type>${fault}</Type><Code>${result.code}</Code><Message>${xml(result.message)}</Message></Error>`;
    return {
      statusCode: result.statusCode,
      headers,
      body: `<ErrorResponse xmlns="${namespace}">${error}${metadata}</ErrorResponse>`,
    };
  }
  const members = Object.entries(result.value).map(([name, value]) => element(name, value));
  const inside = `<${operation}Result>${members.join('')}</${operation}Result>${metadata}`;
  return {
    statusCode: 200,
    headers,
    body: `<${operation}Response xmlns="${namespace}">${inside}</${operation}Response>`,
  };
}

function element(name: string, value: Output[string]): string {
  if (typeof value === 'string') return `<${name}>${xml(value)}</${name}>`;
  // SNS wraps its lists, SQS does not.
  const isWrapped = name === 'Successful' || name === 'Failed';
  const items = value.map((item) => {
    const members = Object.entries(item).map(([key, text]) => `<${key}>${xml(String(text))}</${key}>`);
    return `<${isWrapped ? 'member' : name}>${members.join('')}</${isWrapped ? 'member' : name}>`;
  });
  return isWrapped ? `<${name}>${items.join('')}</${name}>` : items.join('');
}

function xml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '');
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    // Not JSON: the caller says so in AWS's words.
    return undefined;
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
