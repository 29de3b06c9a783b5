import type { SendManyRequest } from '@furrow/protocol';
import { atCallSite, errors, type CallSite } from './errors.ts';
import { encodePayload, type Payload } from './payload.ts';
import { handlerChannel, trackSend } from './reach.ts';

export interface SendManyOptions {
  /** As in `event.requestContext.connectionId`. One that is named twice gets the message twice. */
  readonly id: readonly string[];
  /** Strings and bytes are sent verbatim, anything else as JSON. At most 128 KB. */
  readonly payload: Payload;
}

/** An id that a message did not reach, although it may be open. */
export interface FailedSend {
  readonly id: string;
  /** What a send to this id alone would have rejected with. */
  readonly error: Error;
}

/** Whom a message to many did not reach, in the order of the ids. */
export interface SendReport {
  /** Closed, or never open. */
  readonly gone: readonly string[];
  readonly failed: readonly FailedSend[];
}

/** Runs up to its first `await` inside the caller's call, as a send to one does. */
export async function sendToMany({ id: ids, payload }: SendManyOptions, site: CallSite): Promise<SendReport> {
  // The caller may change its list while this is under way.
  const all = [...ids];
  const data = encodePayload(payload);
  const connectionIds = all.filter(isConnectionId);
  const found = await reach({ type: 'sendMany', connectionIds, data });
  if (found.length === 0 && connectionIds.length === all.length) return { gone: [], failed: [] };
  let next = 0;
  return report(
    all.map((id) => {
      if (!isConnectionId(id)) return { id, error: atCallSite(errors.connectionIdInvalid(id), site) };
      next += 1;
      return { id, error: atCallSite(found[next - 1], site) };
    }),
  );
}

/** Callers without types may pass anything. Whether a connection has this id is the gateway's to say. */
export function isConnectionId(id: unknown): id is string {
  return typeof id === 'string' && id !== '';
}

/** The error of each id, in their order. */
async function reach(request: SendManyRequest): Promise<readonly (Error | undefined)[]> {
  const channel = handlerChannel();
  if (request.connectionIds.length === 0) return [];
  if (channel === undefined) return trackSend(reachOverHttp(request));
  const answer = await channel.manage(request);
  if (answer.type !== 'sentMany' || answer.refused.length === 0) return [];
  const { errorsOfChannel } = await import('./connections.ts');
  return errorsOfChannel(request, answer);
}

async function reachOverHttp(request: SendManyRequest): Promise<readonly (Error | undefined)[]> {
  const { sendManyOverHttp } = await import('./connections.ts');
  return sendManyOverHttp(request);
}

function report(outcomes: readonly { readonly id: string; readonly error: unknown }[]): SendReport {
  const gone: string[] = [];
  const failed: FailedSend[] = [];
  for (const { id, error } of outcomes) {
    if (!(error instanceof Error)) continue;
    if (error.name === 'GoneException') gone.push(id);
    else failed.push({ id, error });
  }
  return { gone, failed };
}
