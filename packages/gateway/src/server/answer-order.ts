import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** What clients have asked on each connection and were not answered yet. */
export interface AnswerOrder {
  /** Counts a request until its answer has gone out; `false` when its connection has too many of them. */
  readonly begin: (request: IncomingMessage, response: ServerResponse) => boolean;
  readonly hasUnanswered: (socket: Duplex) => boolean;
  /** Whether the body of the latest request is still to come, so that its answer may never. */
  readonly isReceiving: (socket: Duplex) => boolean;
  /**
   * Runs once whatever was asked before has been answered: at once, as a rule.
   *
   * Answers must come in the order of the requests, and Node keeps no order for what it does not answer itself.
   */
  readonly afterAnswers: (socket: Duplex, work: () => void) => void;
}

/** Requests of one connection that wait for their answers. Nobody but an attacker sends so many before the first answer. */
const maxUnanswered = 1000;

interface Unanswered {
  count: number;
  latest: IncomingMessage;
  last?: () => void;
}

export function createAnswerOrder(): AnswerOrder {
  const connections = new WeakMap<Duplex, Unanswered>();
  const hasUnanswered = (socket: Duplex) => (connections.get(socket)?.count ?? 0) > 0;
  return {
    hasUnanswered,
    isReceiving: (socket) => hasUnanswered(socket) && connections.get(socket)?.latest.complete === false,
    begin(request, response) {
      const unanswered = connections.get(request.socket) ?? { count: 0, latest: request };
      if (unanswered.count === maxUnanswered || unanswered.last !== undefined) return false;
      unanswered.count += 1;
      unanswered.latest = request;
      connections.set(request.socket, unanswered);
      response.once('close', () => {
        unanswered.count -= 1;
        if (unanswered.count === 0) unanswered.last?.();
      });
      return true;
    },
    afterAnswers(socket, work) {
      const unanswered = connections.get(socket);
      if (unanswered === undefined || !hasUnanswered(socket)) work();
      else unanswered.last ??= work;
    },
  };
}
