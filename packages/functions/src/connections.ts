import {
  managementErrors,
  managementMessage,
  type ConnectionInfo,
  type ManagementRefusal,
  type ManagementRequest,
  type SendManyAnswer,
  type SendManyRequest,
} from '@furrow/protocol';
import { isRecord, parseObject, readRefusal } from './answer.ts';
import { managementEndpoint, signer, type Endpoint, type Signer } from './endpoint.ts';
import { errors } from './errors.ts';
import { environment, exchange, maxSockets, type Call } from './transport.ts';
import { withinLimit } from './within-limit.ts';

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
  return manageAt(way(), request);
}

/**
 * Sends to each connection, to as many at once as there are sockets. The result has the error of each, in their order.
 *
 * @throws what is wrong for all of them: see `isForAll`; those that are not on their way by then are not sent.
 */
export async function sendManyOverHttp({
  connectionIds,
  data,
}: SendManyRequest): Promise<readonly (Error | undefined)[]> {
  const found = way();
  return withinLimit(maxSockets, connectionIds, async (connectionId) => {
    try {
      await manageAt(found, { type: 'send', connectionId, data });
      return undefined;
    } catch (error) {
      if (!(error instanceof Error) || isForAll(error)) throw error;
      return error;
    }
  });
}

/** The errors of what a channel refused, by the place of the id. @throws one that is for all of them. */
export function errorsOfChannel(
  { connectionIds }: SendManyRequest,
  { refused }: SendManyAnswer,
): readonly (Error | undefined)[] {
  const found: (Error | undefined)[] = connectionIds.map(() => undefined);
  for (const { index, refusal } of refused) {
    const error = refusedByChannel(refusal, connectionIds[index] ?? '');
    if (isForAll(error)) throw error;
    found[index] = error;
  }
  return found;
}

/** The message is too long, whoever it is for. */
function isForAll(error: Error): boolean {
  return error.name === managementErrors.tooLarge.name;
}

/** Where `@connections` is, and who signs. */
interface Way {
  readonly endpoint: Endpoint;
  readonly signer: Signer;
}

function way(): Way {
  const env = environment();
  return { endpoint: managementEndpoint(env), signer: signer(env) };
}

async function manageAt({ endpoint, ...as }: Way, request: ManagementRequest): Promise<ConnectionInfo | undefined> {
  const call: Call = { ...describeCall(request), service: 'execute-api', endpoint };
  const answer = await exchange(call, as.signer);
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
export function refusedByChannel(refusal: ManagementRefusal, connectionId: string): Error {
  const { name, statusCode } = managementErrors[refusal];
  const message = managementMessage(refusal, connectionId);
  return errors.connectionRefused({ name, statusCode, message }, connectionId);
}
