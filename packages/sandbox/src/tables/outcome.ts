/** Members of a request or an answer, as AWS JSON has them. */
export type Members = Readonly<Record<string, unknown>>;

/** What came of a call. */
export type Outcome = { readonly type: 'done'; readonly value: Members } | Refusal;

export type Refusal = { readonly type: 'refused'; readonly statusCode: number; readonly body: Members };

const ofDynamoDb = 'com.amazonaws.dynamodb.v20120810#';

export function done(value: Members): Outcome {
  return { type: 'done', value };
}

/** A refusal by AWS's name: `ResourceNotFoundException`. */
export function refused(name: string, message: string, more: Members = {}): Refusal {
  const prefix = prefixes[name] ?? ofDynamoDb;
  const statusCode = name === 'InternalServerError' ? 500 : 400;
  return { type: 'refused', statusCode, body: { __type: `${prefix}${name}`, message, ...more } };
}

const prefixes: Readonly<Record<string, string>> = {
  ValidationException: 'com.amazon.coral.validate#',
  SerializationException: 'com.amazon.coral.service#',
  UnknownOperationException: 'com.amazon.coral.service#',
};

/** AWS's name of a refusal, without what stands before it. */
export function refusalName(outcome: Outcome): string | undefined {
  if (outcome.type === 'done') return undefined;
  const { __type: name } = outcome.body;
  return typeof name === 'string' ? name.replace(/^.*#/, '') : undefined;
}

/** The message of a refusal; older ones spell it with a capital. */
export function refusalMessage(body: Members): string {
  const message = body['message'] ?? body['Message'];
  return typeof message === 'string' ? message : '';
}

/** Whether it has members of its own, and is no list. */
export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The texts of a list; nothing of what is none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
