import { findingAt, type Rule, type Words } from '../finding.ts';
import { findSends } from '../sends.ts';
import { dotted, isFunction, part, parts, type Placed } from '../syntax.ts';

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

type Why = 'statement' | 'forEach' | 'map';

function words(name: string, why: Why, isOurs: boolean): Words {
  const who = {
    statement: `${name} is not awaited`,
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
    fix:
      why === 'statement'
        ? 'Put "await" before it.'
        : 'Write "await Promise.all(ids.map(...))", with a function that returns the promise.',
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
  if (parent.syntax.type === 'ExpressionStatement') return inLoop(outer) ?? 'statement';
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
