import {
  isConnectionId,
  managementErrors,
  managementMessage,
  type ManagementAnswer,
  type ManagementRequest,
} from '@furrow/protocol';

/** An answer over HTTP. */
export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const operations: ReadonlyMap<string, ManagementRequest['type']> = new Map([
  ['POST', 'send'],
  ['GET', 'info'],
  ['DELETE', 'close'],
]);

/**
 * Whether a path is under `@connections`: AWS's own, `/{stage}/@connections/{id}`, or the one that Architect's library
 * asks, `/_arc/ws/@connections/{id}`. `@` and `=` may be escaped or not, slashes doubled (facts D3, D5).
 */
export function connectionsPath(path: string, stage: string): { readonly connectionId: string } | undefined {
  const match = /^\/(_arc\/ws|[^/]+)\/(?:@|%40)connections(?:\/(.*))?$/.exec(path.replace(/\/{2,}/g, '/'));
  if (match === null) return undefined;
  const [, base, id] = match;
  if (base !== stage && base !== '_arc/ws') return undefined;
  return { connectionId: decode(id ?? '') };
}

/** Whether a path asks for `@connections` at all; one that is not this stage's is forbidden (fact D20). */
export function namesConnections(path: string): boolean {
  return /(?:^|\/)(?:@|%40)connections(?:\/|$)/.test(path);
}

/** A broken escape is a wrong id, not a crash. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The request that a method and an id make; `undefined` for methods that AWS does not know here (fact D25). */
export function managementRequest(method: string, connectionId: string, data: Buffer): ManagementRequest | undefined {
  const type = operations.get(method);
  if (type === undefined || connectionId === '') return undefined;
  return { type, connectionId, data };
}

/** A request that never reaches a connection, whatever connections there are. */
export function checkManagementRequest(request: ManagementRequest, maxBytes: number): ManagementAnswer | undefined {
  if (!isConnectionId(request.connectionId)) return { type: 'refused', refusal: 'invalidId' };
  if (request.type === 'send' && request.data.length > maxBytes) return { type: 'refused', refusal: 'tooLarge' };
  return undefined;
}

/** The answer as AWS gives it (facts D8 to D19): 410 has no body at all. */
export function managementResponse(request: ManagementRequest, answer: ManagementAnswer): HttpAnswer {
  if (answer.type === 'done') return { statusCode: request.type === 'close' ? 204 : 200, headers: {}, body: '' };
  if (answer.type === 'info') {
    const { connectedAt, identity, lastActiveAt } = answer.info;
    return jsonAnswer(200, { connectedAt, identity, lastActiveAt });
  }
  const { statusCode, name } = managementErrors[answer.refusal];
  const message = managementMessage(answer.refusal, request.connectionId);
  if (message === '') return { statusCode, headers: { 'x-amzn-ErrorType': name }, body: '' };
  return errorAnswer(statusCode, name, message);
}

export function errorAnswer(statusCode: number, errorType: string, message: string): HttpAnswer {
  const answer = jsonAnswer(statusCode, { message });
  return { ...answer, headers: { ...answer.headers, 'x-amzn-ErrorType': errorType } };
}

export const forbidden: HttpAnswer = errorAnswer(403, 'ForbiddenException', 'Forbidden');

/** For a body that is too long to be read at all. */
export const payloadTooLarge: HttpAnswer = errorAnswer(
  managementErrors.tooLarge.statusCode,
  managementErrors.tooLarge.name,
  managementErrors.tooLarge.message,
);

function jsonAnswer(statusCode: number, value: object): HttpAnswer {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}
