import { findUnawaited } from '../awaiting.ts';
import { findingAt, type Rule } from '../finding.ts';
import { dotted, moduleOf, part, parts, unwrap, word, type Placed, type Syntax } from '../syntax.ts';

/** A write to a table, or a message to a topic or queue, whose promise nobody has. */
export const writeUnawaited: Rule = (source) => {
  const { nodes, isBrowser } = source;
  if (isBrowser || !nodes.some(({ syntax }) => moduleOf(syntax) === '@architect/functions')) return [];
  const tables = boundTables(nodes);
  return nodes.flatMap((call) => {
    const name = call.syntax.type === 'CallExpression' ? writeOf(call.syntax, tables) : undefined;
    const unawaited = name === undefined ? undefined : findUnawaited(call);
    if (unawaited === undefined) return [];
    return [
      findingAt(source, call.syntax, {
        outcome: 'on-aws',
        severity: 'error',
        code: 'WRITE_UNAWAITED',
        message: `${name}${unawaited.how}. Lambda stops when the handler has returned, and it may never be done.`,
        fix: unawaited.fix,
      }),
    ];
  });
};

/** The names under which a source has what `arc.tables()` gives. */
interface BoundTables {
  /** `data` of `data.people.put`. */
  readonly all: ReadonlySet<string>;
  /** `people` of `people.put`. */
  readonly one: ReadonlySet<string>;
}

const writes = new Set(['put', 'update', 'delete']);
const publish = /(?:^|\.)(?:events|queues)\.publish$/;

/** `data.people.put` for a call that writes and has no callback. */
function writeOf(call: Syntax, { all, one }: BoundTables): string | undefined {
  const callee = unwrap(part(call, 'callee'));
  const name = dotted(callee);
  if (name === undefined || parts(call, 'arguments').length !== 1) return undefined;
  if (publish.test(name)) return name;
  const [first = '', second, ...rest] = name.split('.');
  if (!writes.has(name.slice(name.lastIndexOf('.') + 1))) return undefined;
  const isOfAll = rest.length === 1 && (all.has(first) || isTables(rootOf(callee)));
  return isOfAll || (rest.length === 0 && second !== undefined && one.has(first)) ? name : undefined;
}

function boundTables(nodes: readonly Placed[]): BoundTables {
  const all = new Set<string>();
  const one = new Set<string>();
  const other = new Set<string>();
  for (const { syntax } of nodes) {
    const { target, value } = bindingOf(syntax);
    const name = word(target, 'name');
    if (isTables(value)) {
      if (name !== undefined) all.add(name);
      for (const each of parts(target, 'properties')) one.add(word(part(each, 'value'), 'name') ?? '');
    } else if (name !== undefined && value?.type === 'MemberExpression' && isTables(part(value, 'object'))) {
      one.add(name);
    } else if (name !== undefined && value !== undefined) other.add(name);
  }
  const isOnlyThat = (name: string) => !other.has(name);
  return { all: new Set([...all].filter(isOnlyThat)), one: new Set([...one].filter(isOnlyThat)) };
}

function bindingOf(syntax: Syntax): { readonly target: Syntax | undefined; readonly value: Syntax | undefined } {
  const isDeclared = syntax.type === 'VariableDeclarator';
  if (!isDeclared && syntax.type !== 'AssignmentExpression') return { target: undefined, value: undefined };
  return {
    target: part(syntax, isDeclared ? 'id' : 'left'),
    value: unwrap(part(syntax, isDeclared ? 'init' : 'right')),
  };
}

/** `await arc.tables()`. */
function isTables(syntax: Syntax | undefined): boolean {
  const awaited = unwrap(syntax);
  if (awaited?.type !== 'AwaitExpression') return false;
  const call = unwrap(part(awaited, 'argument'));
  return call?.type === 'CallExpression' && /(?:^|\.)tables$/.test(dotted(part(call, 'callee')) ?? '');
}

/** What stands before the first dot. */
function rootOf(syntax: Syntax | undefined): Syntax | undefined {
  let root = unwrap(syntax);
  while (root?.type === 'MemberExpression') root = unwrap(part(root, 'object'));
  return root;
}
