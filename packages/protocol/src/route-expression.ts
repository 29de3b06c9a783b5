/** A piece of a route selection expression: text that stands for itself, or the way to a value of the body. */
export type ExpressionPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'path'; readonly path: readonly (string | number)[] };

const bodyPrefix = /^\$request\.body/;
/** What may follow `request.body`: `.name`, `['any name']`, `["any name"]`, `[0]`. */
const step = /\.([\p{L}\p{N}_-]+)|\['([^'\\]+)'\]|\["([^"\\]+)"\]|\[(\d{1,9})\]/uy;
/** A `${…}`, an escaped `$`, or text without either. */
const piece = /\$\{request\.body([^{}]*)\}|\\\$|([^$\\]+)/uy;

/**
 * A route selection expression in parts (facts C2, C3); `undefined` for what is none.
 *
 * `$request.body.action` alone is `${request.body.action}`. Any number of `${…}` may stand in text, and text may stand alone;
 * a `$` of that text is written `\$`. Of JSONPath there are names and indexes: wildcards, filters and slices select many values.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-routes.html (read 2026-11)
 */
export function parseRouteExpression(expression: string): readonly ExpressionPart[] | undefined {
  if (expression === '') return undefined;
  if (!bodyPrefix.test(expression)) return parsePieces(expression);
  const path = parsePath(expression.replace(bodyPrefix, ''));
  return path && [{ type: 'path', path }];
}

function parsePieces(expression: string): readonly ExpressionPart[] | undefined {
  const parts: ExpressionPart[] = [];
  for (let at = 0; at < expression.length; at = piece.lastIndex) {
    piece.lastIndex = at;
    const match = piece.exec(expression);
    if (match === null) return undefined;
    const [whole, inBody, text] = match;
    const path = inBody === undefined ? undefined : parsePath(inBody);
    if (inBody === undefined) parts.push({ type: 'text', text: text ?? whole.slice(1) });
    else if (path === undefined) return undefined;
    else parts.push({ type: 'path', path });
  }
  return parts;
}

function parsePath(text: string): readonly (string | number)[] | undefined {
  const path: (string | number)[] = [];
  for (let at = 0; at < text.length; at = step.lastIndex) {
    step.lastIndex = at;
    const match = step.exec(text);
    if (match === null) return undefined;
    const [, name, quoted, doubleQuoted, index] = match;
    path.push(index === undefined ? (name ?? quoted ?? doubleQuoted ?? '') : Number(index));
  }
  return path;
}
