import { dotted, holds, isFunction, part, parts, type Placed } from './syntax.ts';

/** How the promise of a call is lost, and what mends it. */
export interface Unawaited {
  /** Goes on after the name of what is called: ` is not awaited`. */
  readonly how: string;
  readonly fix: string;
}

/** In a map whose list somebody takes, it is `unreturned`. */
type Why = 'statement' | 'unreturned' | 'forEach' | 'map';

const all = 'Write "await Promise.all(ids.map(...))", with a function that returns the promise.';
const told: Readonly<Record<Why, Unawaited>> = {
  statement: { how: ' is not awaited', fix: 'Put "await" before it.' },
  unreturned: {
    how: ' is not awaited: the function in "map" does not return it',
    fix: 'Put "return" before it, so that the list has its promise.',
  },
  forEach: { how: ' is not awaited: "forEach" waits for nothing', fix: all },
  map: { how: ' is not awaited: nobody takes the promises of "map"', fix: all },
};

/** `undefined` when somebody has the promise of the call, or may. */
export function findUnawaited(call: Placed): Unawaited | undefined {
  const why = whyUnawaited(call);
  return why === undefined ? undefined : told[why];
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
