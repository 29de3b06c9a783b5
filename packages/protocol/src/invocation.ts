import { messageEvent, type ConnectionFacts, type MessageFacts } from './ws-events.ts';

/** What the event of a message is made of. Of one connection it is the same `connection` for each message. */
export interface MessageSource {
  readonly connection: ConnectionFacts;
  readonly message: MessageFacts;
}

/** An event as JSON text, or what it is made of: most events are never needed as text. */
export type FunctionEvent = string | MessageSource;

/** An event as JSON text. */
export function eventText(event: FunctionEvent): string {
  return typeof event === 'string' ? event : JSON.stringify(messageEvent(event.connection, event.message));
}

/** What one event may send to its own connection without asking; a client that does not read is then noticed. */
export const maxUnconfirmedBytes = 64 * 1024;

/** One event for one function: what the gateway hands to whatever runs handlers. */
export interface Invocation {
  /** As the manifest names it: `ws/default`, `http/get-index`. */
  readonly functionName: string;
  readonly event: FunctionEvent;
  /** The connection that the event came from, when it is open. The gateway says when it has gone. */
  readonly openConnectionId?: string | undefined;
  /**
   * Whether that connection takes what is sent: up to `maxUnconfirmedBytes` to it need not be confirmed one by one. Like on
   * AWS (fact D27), what is sent in the moment in which a client leaves is lost; from then on a send is refused.
   */
  readonly takesUnconfirmed?: boolean;
}

/** A function error as Lambda reports it (facts H7 to H9). */
export interface FunctionFailure {
  /** For instance `TypeError`, `Sandbox.Timedout`, `Runtime.ExitError`. */
  readonly errorType: string;
  readonly errorMessage: string;
  /** The stack, first line included; source positions are the author's own files. */
  readonly trace: readonly string[];
}

/** How an invocation ended: a result, an error in the function, or no function that could run. */
export type Outcome =
  | { readonly type: 'returned'; readonly value: unknown }
  | { readonly type: 'failed'; readonly failure: FunctionFailure }
  | { readonly type: 'refused'; readonly reason: string };

/**
 * Runs handlers.
 *
 * - MUST resolve for every invocation, whatever the handler does; it never rejects.
 * - MUST NOT run an invocation twice.
 */
export type Invoke = (invocation: Invocation) => Promise<Outcome>;
