import { randomBytes } from 'node:crypto';
import type { HttpAnswer, LocalRequest } from '@furrow/gateway';
import { isMembers, refused, type Members, type Outcome, type Refusal } from './outcome.ts';

const prefix = 'DynamoDB_20120810.';

/** The operation of DynamoDB that a request asks for; `undefined`: it asks another service. */
export function operationOf({ path, headers }: Pick<LocalRequest, 'path' | 'headers'>): string | undefined {
  const target = headers['x-amz-target'] ?? '';
  return target.startsWith(prefix) && path === '/' ? target.slice(prefix.length) : undefined;
}

/** The members of a body; `undefined` when it is no JSON object. */
export function parseInput(body: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isMembers(value) ? value : undefined;
  } catch {
    // Not JSON: the caller says so in AWS's words.
    return undefined;
  }
}

export const unreadable: Refusal = refused('SerializationException', 'The body is not what the operation takes.');

/** As AWS JSON 1.0. */
export function answerOf(outcome: Outcome): HttpAnswer {
  return {
    statusCode: outcome.type === 'done' ? 200 : outcome.statusCode,
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amzn-requestid': randomBytes(26).toString('hex').toUpperCase(),
    },
    body: JSON.stringify(outcome.type === 'done' ? outcome.value : outcome.body),
  };
}
