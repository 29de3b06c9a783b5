import { findingAt, type Finding, type Rule, type Source, type Words } from '../finding.ts';
import { dotted, holds, isFunction, part, parts, unwrap, word, type Placed, type Syntax } from '../syntax.ts';

/** What API Gateway takes in the result of a web socket's function. */
const known = ['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded'];

/** A result that API Gateway takes for a failure of the function: a client that connects gets 502. */
export const resultMalformed: Rule = (source) => {
  const { owners, file } = source;
  const isOfWs = owners.length > 0 && owners.every(({ kind, name }) => kind === 'ws' && name !== 'ws/authorizer');
  if (!isOfWs) return [];
  const handlers = owners.filter(({ sourceDir, settings }) => isFileOf(`${sourceDir}/${settings.handler}`, file));
  return handlers
    .flatMap(({ settings }) => handlersOf(source, settings.handler.split('.').at(-1) ?? ''))
    .flatMap((handler) => resultsOf(source, handler))
    .flatMap((result) => faultOf(source, result));
};

/** `src/ws/join/index.handler` is in any `src/ws/join/index`. */
function isFileOf(handler: string, file: string): boolean {
  return handler.replace(/\.\w+$/, '') === file.replace(/\.\w+$/, '');
}

/** The functions that a source exports by a name, where it shows; what wraps a function gives a result of its own. */
function handlersOf({ nodes }: Source, name: string): readonly Syntax[] {
  return nodes.flatMap((placed) => functionIn(exportedAs(placed, name), nodes));
}

/** `exports.handler = ...`, `export const handler = ...`, `export function handler() {}`: what the name gets. */
function exportedAs({ syntax, parent }: Placed, name: string): Syntax | undefined {
  if (syntax.type === 'AssignmentExpression') {
    const isExport = [`exports.${name}`, `module.exports.${name}`].includes(dotted(part(syntax, 'left')) ?? '');
    return isExport ? part(syntax, 'right') : undefined;
  }
  if (word(part(syntax, 'id'), 'name') !== name) return undefined;
  const around = syntax.type === 'VariableDeclarator' ? parent?.parent : parent;
  if (around?.syntax.type !== 'ExportNamedDeclaration') return undefined;
  return syntax.type === 'VariableDeclarator' ? part(syntax, 'init') : syntax;
}

/** A function, or the only one that a name is declared as. */
function functionIn(syntax: Syntax | undefined, nodes: readonly Placed[]): readonly Syntax[] {
  const inner = unwrap(syntax);
  if (inner === undefined || isFunction(inner)) return inner === undefined ? [] : [inner];
  const name = inner.type === 'Identifier' ? word(inner, 'name') : undefined;
  if (name === undefined) return [];
  const declared = nodes.flatMap((each) => {
    if (word(part(each.syntax, 'id'), 'name') !== name) return [];
    const found = each.syntax.type === 'VariableDeclarator' ? unwrap(part(each.syntax, 'init')) : each.syntax;
    return found === undefined ? [] : [found];
  });
  return declared.length === 1 ? declared.filter((each) => isFunction(each)) : [];
}

/** The objects that a function returns as they stand; none where it hands its result to a callback. */
function resultsOf({ nodes }: Source, handler: Syntax): readonly Syntax[] {
  if (!holds(handler, 'async') && parts(handler, 'params').length > 2) return [];
  const returned = nodes
    .filter((each) => each.syntax.type === 'ReturnStatement' && functionAround(each) === handler)
    .map(({ syntax }) => part(syntax, 'argument'));
  return [part(handler, 'body'), ...returned].flatMap((each) => objectsIn(each));
}

function objectsIn(syntax: Syntax | undefined): readonly Syntax[] {
  const inner = unwrap(syntax);
  if (inner?.type === 'ConditionalExpression') {
    return [...objectsIn(part(inner, 'consequent')), ...objectsIn(part(inner, 'alternate'))];
  }
  return inner?.type === 'ObjectExpression' ? [inner] : [];
}

function functionAround(placed: Placed): Syntax | undefined {
  let around = placed.parent;
  while (around !== undefined && !isFunction(around.syntax)) around = around.parent;
  return around?.syntax;
}

function faultOf(source: Source, result: Syntax): readonly Finding[] {
  const properties = parts(result, 'properties');
  // What is spread, or has a name that is made when it runs, is not known.
  if (properties.some((each) => each.type !== 'Property' || holds(each, 'computed'))) return [];
  const names = properties.map((each) => word(part(each, 'key'), 'name') ?? word(part(each, 'key'), 'value') ?? '');
  const surplus = names.findIndex((name) => !known.includes(name));
  const place = properties[surplus];
  if (place !== undefined) return [findingAt(source, place, words(`"${names[surplus]}" in it`))];
  return names.includes('statusCode') ? [] : [findingAt(source, result, words('no "statusCode"'))];
}

function words(fault: string): Words {
  return {
    outcome: 'on-aws',
    severity: 'error',
    code: 'RESULT_MALFORMED',
    message: `API Gateway refuses a result with ${fault}: clients get 502 when they connect, and an error for a message.`,
    fix: 'Return { statusCode: 200 }, and nothing but headers, body and isBase64Encoded beside it.',
  };
}
