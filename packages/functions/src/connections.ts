import {
  managementErrors,
  managementMessage,
  type ConnectionInfo,
  type ManagementAnswer,
  type ManagementRequest,
} from '@furrow/protocol';
import { isRecord, parseObject, readRefusal } from './answer.ts';
import { managementEndpoint, signer } from './endpoint.ts';
import { errors } from './errors.ts';
import { environment, exchange, type Call } from './transport.ts';

const methods = { send: 'POST', close: 'DELETE', info: 'GET' } as const;

/** The HTTP form of a request: `POST /@connections/{id}`, where the `=` of an id is `%3D` (fact D3). */
export function describeCall(request: ManagementRequest): Pick<Call, 'method' | 'path' | 'headers' | 'body'> {
  return {
    method: methods[request.type],
    path: `/@connections/${encodeURIComponent(request.connectionId)}`,
    headers: request.type === 'send' ? { 'content-type': 'application/octet-stream' } : {},
    body: request.type === 'send' ? request.data : Buffer.alloc(0),
  };
}

/**
 * Does at `@connections` what the channel does inside of a process; resolves with what `info` asks for.
 *
 * @throws {ServiceError} when the endpoint refuses.
 */
export async function manageOverHttp(request: ManagementRequest): Promise<ConnectionInfo | undefined> {
  const env = environment();
  const call: Call = {
    ...describeCall(request),
    service: 'execute-api',
    endpoint: managementEndpoint(env),
  };
  const answer = await exchange(call, signer(env));
  const refusal = readRefusal(answer);
  if (refusal !== undefined) throw errors.connectionRefused(refusal, request.connectionId);
  return request.type === 'info' ? readConnectionInfo(answer.body) : undefined;
}

/** AWS leaves `userAgent` out, or `null`, where the client sent none. */
export function readConnectionInfo(body: string): ConnectionInfo {
  const { connectedAt, identity, lastActiveAt } = parseObject(body);
  const { sourceIp, userAgent } = isRecord(identity) ? identity : {};
  return {
    connectedAt: String(connectedAt),
    identity: { sourceIp: String(sourceIp), ...(typeof userAgent === 'string' && { userAgent }) },
    lastActiveAt: String(lastActiveAt),
  };
}

/** The error for what a channel refused: the same as for the same refusal over HTTP. */
export function refusedByChannel(
  { refusal }: Extract<ManagementAnswer, { type: 'refused' }>,
  connectionId: string,
): Error {
  const { name, statusCode } = managementErrors[refusal];
  const message = managementMessage(refusal, connectionId);
  return errors.connectionRefused({ name, statusCode, message }, connectionId);
}
