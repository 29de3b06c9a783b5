import { findingAt, type Rule, type Source, type Words } from '../finding.ts';
import { dotted, part, parts, unwrap, word, type Placed, type Syntax } from '../syntax.ts';

const maxFrameBytes = 32 * 1024;

/** What browsers send that API Gateway closes the connection for: bytes, whole pictures and files, too large pieces. */
export const browserMessage: Rule = (source) => {
  if (!source.isBrowser) return [];
  const sockets = socketNames(source);
  const opensSocket = source.nodes.some(({ syntax }) => isNewSocket(syntax));
  return source.nodes.flatMap(({ syntax }) => {
    if (opensSocket && isLargeChunk(syntax)) return [findingAt(source, syntax, largeChunk)];
    const sent = syntax.type === 'CallExpression' ? sentBy(syntax, sockets) : undefined;
    const words = sent === undefined ? undefined : whatFails(sent, source);
    return words === undefined ? [] : [findingAt(source, syntax, words)];
  });
};

const binary: Words = {
  outcome: 'on-aws',
  severity: 'error',
  code: 'BINARY_MESSAGE',
  message: 'This message is bytes: API Gateway closes the connection with 1003.',
  fix: 'Send text: JSON, or base64 in pieces of less than 32 KB.',
};

const whole: Words = {
  outcome: 'on-aws',
  severity: 'error',
  code: 'LARGE_MESSAGE',
  message:
    'This message holds a whole picture or file: above 32 KB a frame API Gateway closes the connection with 1009.',
  fix: 'Upload it over HTTP, and send its address; or send it in pieces.',
};

const largeChunk: Words = {
  ...whole,
  message: 'Pieces of this size are more than the 32 KB of a frame: API Gateway closes the connection with 1009.',
  fix: 'Make them smaller; base64 adds a third.',
};

function isNewSocket(syntax: Syntax | undefined): boolean {
  const name = syntax?.type === 'NewExpression' ? dotted(part(syntax, 'callee')) : undefined;
  return name === 'WebSocket' || name === 'window.WebSocket';
}

/** The names that hold a `new WebSocket` of this source. */
function socketNames({ nodes }: Source): ReadonlySet<string> {
  return new Set(
    nodes.flatMap(({ syntax }) => {
      const [target, value] = syntax.type === 'VariableDeclarator' ? ['id', 'init'] : ['left', 'right'];
      return isNewSocket(unwrap(part(syntax, value))) ? (dotted(part(syntax, target)) ?? []) : [];
    }),
  );
}

function sentBy(call: Syntax, sockets: ReadonlySet<string>): Syntax | undefined {
  const name = dotted(part(call, 'callee'));
  if (name?.endsWith('.send') !== true || !sockets.has(name.slice(0, -'.send'.length))) return undefined;
  return unwrap(parts(call, 'arguments')[0]);
}

const bytes = /^(?:Blob|File|ArrayBuffer|DataView|(?:Big)?(?:Int|Uint|Float)\d+(?:Clamped)?Array)$/;

function whatFails(sent: Syntax, source: Source): Words | undefined {
  if (isBytes(sent) || isBytes(valueOf(sent, source))) return binary;
  return inside(sent, source).some(({ syntax }) => isWhole(syntax) || isWhole(valueOf(syntax, source)))
    ? whole
    : undefined;
}

function isBytes(syntax: Syntax | undefined): boolean {
  const value = unwrap(syntax?.type === 'AwaitExpression' ? part(syntax, 'argument') : syntax);
  const callee = dotted(part(value, 'callee')) ?? '';
  if (value?.type === 'NewExpression') return bytes.test(callee);
  return value?.type === 'CallExpression' && /\.(?:arrayBuffer|encode)$/.test(callee) && isEncoder(callee, value);
}

/** `file.arrayBuffer()`, `encoder.encode(text)`; other things encode to text. */
function isEncoder(callee: string, call: Syntax): boolean {
  if (callee.endsWith('.arrayBuffer')) return parts(call, 'arguments').length === 0;
  const made = part(part(call, 'callee'), 'object');
  return dotted(part(made, 'callee')) === 'TextEncoder' || /encoder\.encode$/i.test(callee);
}

function isWhole(syntax: Syntax | undefined): boolean {
  return syntax?.type === 'CallExpression' && dotted(part(syntax, 'callee'))?.endsWith('.toDataURL') === true;
}

/** The nodes of an expression, itself included. */
function inside({ start, end }: Syntax, { nodes }: Source): readonly Placed[] {
  return nodes.filter(({ syntax }) => syntax.start >= start && syntax.end <= end);
}

/** What a name was declared as, where one declaration of the source has it. */
function valueOf(syntax: Syntax, { nodes }: Source): Syntax | undefined {
  const name = syntax.type === 'Identifier' ? word(syntax, 'name') : undefined;
  if (name === undefined) return undefined;
  const declared = nodes.filter(
    (each) => each.syntax.type === 'VariableDeclarator' && word(part(each.syntax, 'id'), 'name') === name,
  );
  return declared.length === 1 ? unwrap(part(declared[0]?.syntax, 'init')) : undefined;
}

/** `const CHUNK_SIZE = 64 * 1024` */
function isLargeChunk(syntax: Syntax): boolean {
  if (syntax.type !== 'VariableDeclarator') return false;
  const name = word(part(syntax, 'id'), 'name') ?? '';
  const isSize = /^(?:max)?_?(?:chunk|frame)_?(?:size|bytes|length)?$/i.test(name);
  return isSize && (numberOf(part(syntax, 'init')) ?? 0) > maxFrameBytes;
}

/** Numbers and their products; `undefined` for all else. */
function numberOf(syntax: Syntax | undefined): number | undefined {
  const value = unwrap(syntax);
  if (value === undefined) return undefined;
  const literal: unknown = Reflect.get(value, 'value');
  if (value.type === 'Literal') return typeof literal === 'number' ? literal : undefined;
  if (value.type !== 'BinaryExpression' || word(value, 'operator') !== '*') return undefined;
  const left = numberOf(part(value, 'left'));
  const right = numberOf(part(value, 'right'));
  return left === undefined || right === undefined ? undefined : left * right;
}
