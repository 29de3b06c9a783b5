import { findUnawaited, type Unawaited } from '../awaiting.ts';
import { findingAt, type Rule, type Words } from '../finding.ts';
import { findSends } from '../sends.ts';

/**
 * A send whose promise nobody has: the library's rejects when a client has gone, and what nobody catches ends the
 * function; any other stands still with the function when that has returned.
 */
export const sendUnawaited: Rule = (source) =>
  findSends(source).flatMap(({ call, name, hasCallback }) => {
    if (hasCallback) return [];
    const unawaited = findUnawaited(call);
    if (unawaited === undefined) return [];
    const isOurs = !source.installed.has('@architect/functions') && /ws\.(?:send|close)$/.test(name);
    return [findingAt(source, call.syntax, words(name, unawaited, isOurs))];
  });

function words(name: string, { how, fix }: Unawaited, isOurs: boolean): Words {
  return {
    outcome: 'on-aws',
    severity: 'error',
    code: 'SEND_UNAWAITED',
    message: isOurs
      ? `${name}${how}. When the client has gone, nobody catches the error, and it ends the function.`
      : `${name}${how}. Lambda stops when the handler has returned, and the message may never leave.`,
    fix,
  };
}
