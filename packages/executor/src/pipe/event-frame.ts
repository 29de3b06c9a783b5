import { messageEvent, type ConnectionFacts, type MessageFacts } from '@furrow/protocol';
import type { FrameWriter } from './codec.ts';

/** What every event brings on its way into a handler process. */
export interface EventHead {
  readonly sequence: number;
  /** The event begins when its ticket is drawn; `noTicket` when it begins at once. */
  readonly ticket: number;
  readonly timeoutMs: number;
  /** A UUID. */
  readonly requestId: string;
}

/** An event as its process has it. */
export interface ReceivedEvent extends EventHead {
  /** Empty when the connection is not known to be open, or does not take what is not confirmed. */
  readonly openConnectionId: string;
  /** Makes the event, a new one each time. */
  readonly make: () => unknown;
}

export const noTicket = 0xffff_ffff;

const requestIdAt = 16;
const headBytes = 52;
/** Ids of requests and messages. */
const idLength = 16;

/** Writes the fields of an invoke frame: an event as JSON text. */
export function writeEvent(frame: FrameWriter, head: EventHead, openConnectionId: string, text: string): void {
  writeHead(frame, head);
  frame.uint8(openConnectionId.length);
  frame.text(openConnectionId);
  frame.text(text);
}

export function readEvent(payload: Buffer): ReceivedEvent {
  const end = headBytes + 1 + payload.readUInt8(headBytes);
  const text = payload.toString('utf8', end);
  return received(payload, payload.toString('latin1', headBytes + 1, end), () => JSON.parse(text));
}

/** Writes the fields of a message frame: what a message adds to what its connection, which is open, has told. */
export function writeMessage(
  frame: FrameWriter,
  head: EventHead,
  { connectionId, takesUnconfirmed }: { readonly connectionId: string; readonly takesUnconfirmed: boolean },
  { routeKey, requestId, messageId, atMs, body }: MessageFacts,
): void {
  writeHead(frame, head);
  frame.double(atMs);
  frame.uint8(takesUnconfirmed ? 1 : 0);
  frame.uint8(connectionId.length);
  frame.uint32(Buffer.byteLength(routeKey));
  frame.text(requestId + messageId + connectionId + routeKey);
  frame.text(body);
}

/** `undefined` when nothing is known of the connection, which nobody who keeps to the protocol brings about. */
export function readMessage(
  payload: Buffer,
  connections: ReadonlyMap<string, ConnectionFacts>,
): ReceivedEvent | undefined {
  const atMs = payload.readDoubleLE(headBytes);
  const takesUnconfirmed = payload.readUInt8(headBytes + 8) === 1;
  const routeKeyAt = 2 * idLength + payload.readUInt8(headBytes + 9);
  const textsEnd = routeKeyAt + payload.readUInt32LE(headBytes + 10);
  const textsAt = headBytes + 14;
  const texts = payload.toString('utf8', textsAt, textsAt + textsEnd);
  const connectionId = texts.slice(2 * idLength, routeKeyAt);
  const connection = connections.get(connectionId);
  if (connection === undefined) return undefined;
  const message = {
    routeKey: texts.slice(routeKeyAt),
    requestId: texts.slice(0, idLength),
    messageId: texts.slice(idLength, 2 * idLength),
    atMs,
    body: payload.toString('utf8', textsAt + textsEnd),
  };
  return received(payload, takesUnconfirmed ? connectionId : '', () => messageEvent(connection, message));
}

function writeHead(frame: FrameWriter, { sequence, ticket, timeoutMs, requestId }: EventHead): void {
  frame.uint32(sequence);
  frame.uint32(ticket);
  frame.double(timeoutMs);
  frame.text(requestId);
}

/** One object written out: V8 takes longer to spread another into a new one than for all else that is done here. */
function received(payload: Buffer, openConnectionId: string, make: () => unknown): ReceivedEvent {
  return {
    sequence: payload.readUInt32LE(0),
    ticket: payload.readUInt32LE(4),
    timeoutMs: payload.readDoubleLE(8),
    requestId: payload.toString('latin1', requestIdAt, headBytes),
    openConnectionId,
    make,
  };
}
