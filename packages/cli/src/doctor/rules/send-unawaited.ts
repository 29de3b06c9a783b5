import { findingAt, type Rule, type Words } from '../finding.ts';
import { findSends } from '../sends.ts';
import { dotted, holds, isFunction, part, parts, type Placed } from '../syntax.ts';

/**
 * A send whose promise nobody has: the library's rejects when a client has gone, and what nobody catches ends the
 * function; any other stands still with the function when that has returned.
 */
export const sendUnawaited: Rule = (source) =>
  findSends(source).flatMap(({ call, name, hasCallback }) => {
    if (hasCallback) return [];
    const why = whyUnawaited(call);
    if (why === undefined) return [];
    const isOurs = !source.installed.has('@architect/functions') && /ws\.(?:send|close)$/.test(name);
    return [findingAt(source, call.syntax, words(name, why, isOurs))];
  });

/** In a map whose list somebody takes, it is `unreturned`. */
type Why = 'statement' | 'unreturned' | 'forEach' | 'map';

const all = 'Write "await Promise.all(ids.map(...))", with a function that returns the promise.';
const fixes: Readonly<Record<Why, string>> = {
  statement: 'Put "await" before it.',
  unreturned: 'Put "return" before it, so that the list has its promise.',
  forEach: all,
  map: all,
};

function words(name: string, why: Why, isOurs: boolean): Words {
  const who = {
    statement: `${name} is not awaited`,
    unreturned: `${name} is not awaited: the function in "map" does not return it`,
    forEach: `${name} is not awaited: "forEach" waits for nothing`,
    map: `${name} is not awaited: nobody takes the promises of "map"`,
  }[why];
  return {
    outcome: 'on-aws',
    severity: 'error',
    code: 'SEND_UNAWAITED',
    message: isOurs
      ? `${who}. When the client has gone, nobody catches the error, and it ends the function.`
      : `${who}. Lambda stops when the handler has returned, and the message may never leave.`,
    fix: fixes[why],
  };
}

/** Steps that hand the promise on as it is. */
const passing = new Set([
  'ChainExpression',
  'ConditionalExpression',
  'LogicalExpression',
  'ParenthesizedExpression',
  'TSAsExpression',
  'TSNonNullExpression',
]);

/** How the promise of a call is lost; `undefined` when somebody has it, or may. */
function whyUnawaited(call: Placed): Why | undefined {
  const outer = outermost(call);
  const { parent } = outer;
  if (parent === undefined) return undefined;
  if (parent.syntax.type === 'ExpressionStatement') {
    return inLoop(outer) ?? (isInTakenMap(outer) ? 'unreturned' : 'statement');
  }
  return isAwaited(parent) || isFunction(parent.syntax) ? inLoop(outer) : undefined;
}

/** The whole expression around a call, with `.promise()` of the SDK's version 2 behind it. */
function outermost(call: Placed): Placed {
  let placed = call;
  for (let up = call.parent; up !== undefined; up = up.parent) {
    const isPromise = dotted(part(up.syntax, 'callee'))?.endsWith('().promise') === true;
    const isOfPromise = dotted(up.syntax) === '().promise';
    if (!passing.has(up.syntax.type) && !isPromise && !isOfPromise) break;
    placed = up;
  }
  return placed;
}

function isAwaited(placed: Placed): boolean {
  return placed.syntax.type === 'AwaitExpression' || placed.syntax.type === 'ReturnStatement';
}

/** Whether the nearest function around it gives the values of a list that somebody takes, and is no `async` one. */
function isInTakenMap(placed: Placed): boolean {
  const around = functionAround(placed);
  const loop = around?.parent?.syntax;
  if (around === undefined || loop === undefined || holds(around.syntax, 'async')) return false;
  return parts(loop, 'arguments').includes(around.syntax) && dotted(part(loop, 'callee'))?.endsWith('.map') === true;
}

/** Whether the nearest function around it is handed to a `forEach`, or to a `map` whose list nobody takes. */
function inLoop(placed: Placed): Why | undefined {
  const around = functionAround(placed);
  const loop = around?.parent;
  if (around === undefined || loop === undefined || !parts(loop.syntax, 'arguments').includes(around.syntax)) {
    return undefined;
  }
  const name = dotted(part(loop.syntax, 'callee')) ?? '';
  if (name.endsWith('.forEach')) return 'forEach';
  return name.endsWith('.map') && loop.parent?.syntax.type === 'ExpressionStatement' ? 'map' : undefined;
}

function functionAround(placed: Placed): Placed | undefined {
  let around = placed.parent;
  while (around !== undefined && !isFunction(around.syntax)) around = around.parent;
  return around;
}
