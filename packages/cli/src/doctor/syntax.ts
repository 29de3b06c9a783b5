/** A node of a syntax tree, as ESTree has them; TypeScript adds types of its own. Offsets are in UTF-16 units. */
export interface Syntax {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** A node where it stands. */
export interface Placed {
  readonly syntax: Syntax;
  readonly parent: Placed | undefined;
}

export function isSyntax(value: unknown): value is Syntax {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value && 'end' in value;
}

/** The node below a name. */
export function part(syntax: Syntax | undefined, name: string): Syntax | undefined {
  const value: unknown = syntax === undefined ? undefined : Reflect.get(syntax, name);
  return isSyntax(value) ? value : undefined;
}

/** The nodes in the list below a name. */
export function parts(syntax: Syntax | undefined, name: string): readonly Syntax[] {
  const value: unknown = syntax === undefined ? undefined : Reflect.get(syntax, name);
  return Array.isArray(value) ? value.filter((each) => isSyntax(each)) : [];
}

/** The text below a name, such as that of a literal or an identifier. */
export function word(syntax: Syntax | undefined, name: string): string | undefined {
  const value: unknown = syntax === undefined ? undefined : Reflect.get(syntax, name);
  return typeof value === 'string' ? value : undefined;
}

/** Whether what is below a name is `true`. */
export function holds(syntax: Syntax, name: string): boolean {
  return Reflect.get(syntax, name) === true;
}

/** Every node of a tree, parents before their children. */
export function placeAll(root: Syntax): readonly Placed[] {
  const all: Placed[] = [{ syntax: root, parent: undefined }];
  // Grows while it is walked, which takes no stack however deep a file nests.
  for (const placed of all) {
    for (const value of Object.values<unknown>({ ...placed.syntax })) {
      for (const child of Array.isArray(value) ? value : [value]) {
        if (isSyntax(child)) all.push({ syntax: child, parent: placed });
      }
    }
  }
  return all;
}

const wrappers = new Set([
  'ChainExpression',
  'ParenthesizedExpression',
  'TSAsExpression',
  'TSNonNullExpression',
  'TSSatisfiesExpression',
]);

/** What is inside of parentheses, of `?.`, and of what TypeScript writes around a value. */
export function unwrap(syntax: Syntax | undefined): Syntax | undefined {
  let inner = syntax;
  while (inner !== undefined && wrappers.has(inner.type)) inner = part(inner, 'expression');
  return inner;
}

/** `arc.ws.send` for what is written so; what is no name at its front is `()`. `undefined` for all else. */
export function dotted(syntax: Syntax | undefined): string | undefined {
  const inner = unwrap(syntax);
  if (inner === undefined) return undefined;
  if (inner.type === 'Identifier') return word(inner, 'name');
  if (inner.type === 'ThisExpression') return 'this';
  if (inner.type !== 'MemberExpression') return undefined;
  const name = holds(inner, 'computed')
    ? word(part(inner, 'property'), 'value')
    : word(part(inner, 'property'), 'name');
  return name === undefined ? undefined : `${dotted(part(inner, 'object')) ?? '()'}.${name}`;
}

/** The value of a property of an object literal; for `{ id }` the name itself. */
export function propertyOf(object: Syntax | undefined, name: string): Syntax | undefined {
  const inner = unwrap(object);
  if (inner?.type !== 'ObjectExpression') return undefined;
  const found = parts(inner, 'properties').find((each) => {
    const key = part(each, 'key');
    return !holds(each, 'computed') && (word(key, 'name') ?? word(key, 'value')) === name;
  });
  return part(found, 'value');
}

const functionTypes = new Set(['ArrowFunctionExpression', 'FunctionExpression', 'FunctionDeclaration']);

export function isFunction(syntax: Syntax | undefined): boolean {
  return syntax !== undefined && functionTypes.has(syntax.type);
}

/** The text of a module that `require`, `import` or `export from` names. */
export function moduleOf(syntax: Syntax): string | undefined {
  if (syntax.type === 'CallExpression' && dotted(part(syntax, 'callee')) === 'require')
    return word(parts(syntax, 'arguments')[0], 'value');
  const isImport = ['ImportDeclaration', 'ExportNamedDeclaration', 'ExportAllDeclaration', 'ImportExpression'];
  if (!isImport.includes(syntax.type) || isTypeOnly(syntax)) return undefined;
  return word(part(syntax, 'source'), 'value');
}

function isTypeOnly(syntax: Syntax): boolean {
  return word(syntax, 'importKind') === 'type' || word(syntax, 'exportKind') === 'type';
}
