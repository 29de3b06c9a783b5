import { findingAt, type Rule, type Source } from '../finding.ts';
import { findSends } from '../sends.ts';
import { dotted, part, parts, unwrap, word, type Placed, type Syntax } from '../syntax.ts';

/** A send of `connect` to its own connection, which opens only when `connect` has answered. */
export const sendBeforeOpen: Rule = (source) => {
  // Shared code runs for other events too.
  if (source.owners.length === 0 || !source.owners.every(({ name }) => name === 'ws/connect')) return [];
  const own = ownIds(source);
  return findSends(source)
    .filter(({ call, id }) => isOwn(id, own) && !isRebound(call, id))
    .map(({ call, name }) =>
      findingAt(source, call.syntax, {
        outcome: 'on-aws',
        severity: 'error',
        code: 'SEND_BEFORE_OPEN',
        message: `${name} to the own connection fails with 410: it opens when connect has answered.`,
        fix: 'Send from the function of the first message; let the client send one as soon as its socket is open.',
      }),
    );
};

function isOwn(id: Syntax | undefined, own: ReadonlySet<string>): boolean {
  const name = dotted(id);
  return name !== undefined && (own.has(name) || name.endsWith('requestContext.connectionId'));
}

/** Whether a function or a loop around the call gives the name to something else, such as each of a list. */
function isRebound(call: Placed, id: Syntax | undefined): boolean {
  const name = dotted(id);
  for (let up = call.parent; up !== undefined; up = up.parent) {
    const [declared] = parts(part(up.syntax, 'left'), 'declarations');
    const bound = [...parts(up.syntax, 'params'), ...(declared === undefined ? [] : [part(declared, 'id')])];
    if (bound.some((each) => word(each, 'name') === name)) return true;
  }
  return false;
}

/** The names that the connection's own id has in the source. */
function ownIds({ nodes }: Source): ReadonlySet<string> {
  return new Set(
    nodes.flatMap(({ syntax }) => {
      if (syntax.type === 'VariableDeclarator') return namesFrom(syntax);
      // `{ requestContext: { connectionId } }`, also of a parameter.
      const isContext = syntax.type === 'Property' && word(part(syntax, 'key'), 'name') === 'requestContext';
      return isContext ? namesIn(part(syntax, 'value')) : [];
    }),
  );
}

function namesFrom(declarator: Syntax): readonly string[] {
  const from = dotted(part(declarator, 'init'));
  const name = word(part(declarator, 'id'), 'name');
  if (from?.endsWith('requestContext.connectionId') === true) return name === undefined ? [] : [name];
  if (from?.endsWith('.requestContext') !== true) return [];
  return name === undefined ? namesIn(part(declarator, 'id')) : [`${name}.connectionId`];
}

function namesIn(pattern: Syntax | undefined): readonly string[] {
  return parts(unwrap(pattern), 'properties')
    .filter((each) => word(part(each, 'key'), 'name') === 'connectionId')
    .flatMap((each) => word(part(each, 'value'), 'name') ?? []);
}
