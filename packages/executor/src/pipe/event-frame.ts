import type { FrameWriter } from './codec.ts';

/** An event on its way into a handler process. */
export interface EventFrame {
  readonly sequence: number;
  /** The event begins when its ticket is drawn; `noTicket` when it begins at once. */
  readonly ticket: number;
  readonly timeoutMs: number;
  /** A UUID. */
  readonly requestId: string;
  /** Empty when the connection is not known to be open. */
  readonly openConnectionId: string;
  /** The event, as JSON. */
  readonly text: string;
}

export const noTicket = 0xffff_ffff;

const requestIdAt = 16;
const idLengthAt = 52;

/** Writes the fields of an invoke frame. */
export function writeEvent(frame: FrameWriter, event: EventFrame): void {
  frame.uint32(event.sequence);
  frame.uint32(event.ticket);
  frame.double(event.timeoutMs);
  frame.text(event.requestId);
  frame.uint8(event.openConnectionId.length);
  frame.text(event.openConnectionId);
  frame.text(event.text);
}

export function readEvent(payload: Buffer): EventFrame {
  const end = idLengthAt + 1 + payload.readUInt8(idLengthAt);
  return {
    sequence: payload.readUInt32LE(0),
    ticket: payload.readUInt32LE(4),
    timeoutMs: payload.readDoubleLE(8),
    requestId: payload.toString('latin1', requestIdAt, idLengthAt),
    openConnectionId: payload.toString('latin1', idLengthAt + 1, end),
    text: payload.toString('utf8', end),
  };
}
