import type { AuthorizerContext, FunctionFailure, WsAuthorizerEvent } from '@furrow/protocol';
import type { IntegrationOutcome } from '../integrations.ts';
import { failureOfRun } from './dispatch.ts';
import { internalError, refuse, type Refusal } from './handshake.ts';
import { evaluatePolicy } from './policy.ts';

/** What the authorizer means for a handshake. */
export type Authorization =
  | { readonly type: 'allow'; readonly context: AuthorizerContext }
  | {
      readonly type: 'refuse';
      readonly decision: { readonly type: 'refuse' } & Refusal;
      /** Where it did not say no, but said nothing that can be understood. */
      readonly failure?: FunctionFailure | undefined;
    };

/** Longest result of an authorizer, as JSON (fact E4). */
const maxResultBytes = 8 * 1024;

export const unauthorized: Authorization = { type: 'refuse', decision: refuse(401, 'Unauthorized') };
const accessDenied: Authorization = { type: 'refuse', decision: refuse(403, 'Forbidden') };
const broken = internalError(500);

/** The ARN that a policy has to allow. The partition follows from the region. */
export function methodArn(api: {
  readonly region: string;
  readonly accountId: string;
  readonly apiId: string;
  readonly stage: string;
}): string {
  const { region, accountId, apiId, stage } = api;
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  return `arn:${partition}:execute-api:${region}:${accountId}:${apiId}/${stage}/$connect`;
}

/** Whether a handshake has all that the authorizer wants to see, none of it empty (facts G5, G6). */
export function hasIdentity(event: WsAuthorizerEvent, sources: readonly string[]): boolean {
  return sources.every((source) => (identityOf(event, source) ?? '') !== '');
}

function identityOf(event: WsAuthorizerEvent, source: string): string | undefined {
  const [, kind = '', name = ''] =
    /^(route\.request\.header|route\.request\.querystring|\w+)\.(.+)$/.exec(source) ?? [];
  switch (kind) {
    case 'route.request.header':
      return Object.entries(event.headers).findLast(([header]) => header.toLowerCase() === name.toLowerCase())?.[1];
    case 'route.request.querystring':
      return ownText(event.queryStringParameters, [name]);
    case 'stageVariables':
      return ownText(event.stageVariables, [name]);
    case 'context':
      return ownText(event.requestContext, name.split('.'));
    default:
      return undefined;
  }
}

function ownText(root: object, path: readonly string[]): string | undefined {
  let value: unknown = root;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = Reflect.get(value, name);
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/**
 * Reads what an authorizer's run came to (facts G7 to G11).
 *
 * @param arn what its policy has to allow
 * @param latencyMs how long it took
 */
export function decideAuthorization(outcome: IntegrationOutcome, arn: string, latencyMs: number): Authorization {
  if (outcome.type === 'failed' && outcome.failure.errorMessage === 'Unauthorized') return unauthorized;
  if (outcome.type !== 'returned') return { type: 'refuse', decision: broken, failure: failureOfRun(outcome) };
  const answer = readAnswer(outcome.value, arn);
  if (typeof answer === 'string') return { type: 'refuse', decision: broken, failure: misunderstood(answer) };
  if (answer.verdict === 'denied') return accessDenied;
  const { context, principalId } = answer;
  return { type: 'allow', context: { ...context, principalId, integrationLatency: latencyMs } };
}

interface Answer {
  readonly verdict: 'allowed' | 'denied';
  readonly principalId: string;
  readonly context: Readonly<Record<string, string>>;
}

/** An authorizer's result, or what is wrong with it. */
function readAnswer(value: unknown, arn: string): Answer | string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'an object';
  if (!isShort(value)) return `at most ${maxResultBytes} bytes`;
  const result: { readonly principalId?: unknown; readonly policyDocument?: unknown; readonly context?: unknown } =
    value;
  const { principalId } = result;
  if (typeof principalId !== 'string' || principalId === '') return 'a principalId (text)';
  const verdict = evaluatePolicy(result.policyDocument, 'execute-api:Invoke', arn);
  if (verdict === 'malformed') return 'a policyDocument (Version, Statement: Effect, Action, Resource)';
  const context = readContext(result.context ?? {});
  if (context === undefined) return 'a context whose values are texts, numbers or booleans';
  return { verdict, principalId, context };
}

function isShort(value: object): boolean {
  try {
    return Buffer.byteLength(JSON.stringify(value)) <= maxResultBytes;
  } catch {
    // Nested so deep that it cannot be written, so it is longer than that too.
    return false;
  }
}

/** ▶ A value of `null` counts as absent. */
function readContext(value: unknown): Record<string, string> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const entries: [string, unknown][] = Object.entries(value);
  const given = entries.filter(([, item]) => item !== null);
  if (!given.every(([, item]) => ['string', 'number', 'boolean'].includes(typeof item))) return undefined;
  return Object.fromEntries(given.map(([name, item]) => [name, String(item)]));
}

function misunderstood(expected: string): FunctionFailure {
  return {
    errorType: 'AuthorizerConfigurationException',
    errorMessage: `The authorizer did not return ${expected}.`,
    trace: [],
  };
}
