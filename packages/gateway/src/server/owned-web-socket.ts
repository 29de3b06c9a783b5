import { WebSocket } from 'ws';

/** Who is told what happens on a WebSocket. */
export interface WebSocketOwner {
  received(data: Buffer, isBinary: boolean): void;
  pinged(data: Buffer): void;
  /** The client broke the protocol, or its TCP connection did; the library has sent the close frame that is due. */
  failed(error: Error & { readonly code?: string }): void;
  ended(code: number, reason: Buffer): void;
}

/** Tells its one owner at once: with listeners for each event an open connection would take half a kilobyte more. */
export class OwnedWebSocket extends WebSocket {
  owner: WebSocketOwner | undefined;

  // The library's own types of what it emits.
  // oxlint-disable-next-line typescript/no-explicit-any
  override emit(event: string | symbol, ...[first, second]: any[]): boolean {
    const { owner } = this;
    if (owner === undefined) return super.emit(event, first, second);
    if (event === 'message') owner.received(first, second);
    else if (event === 'ping') owner.pinged(first);
    else if (event === 'error') owner.failed(first);
    else if (event === 'close') owner.ended(first, second);
    return true;
  }
}
