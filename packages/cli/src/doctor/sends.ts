import type { Source } from './finding.ts';
import { dotted, part, parts, propertyOf, unwrap, word, type Placed, type Syntax } from './syntax.ts';

/** A call that sends to a connection, or closes one. */
export interface Send {
  readonly call: Placed;
  /** `arc.ws.send`, `postToConnection`, as messages name it. */
  readonly name: string;
  /** The connection that it is for, where the call says it. */
  readonly id: Syntax | undefined;
  readonly hasCallback: boolean;
}

const ofLibrary = /(?:^|\.)ws\.(?:send|close)$/;
const ofSdk = /\.(?:postToConnection|deleteConnection)$/;
const ofCommand = /(?:^|\.)(?:PostToConnectionCommand|DeleteConnectionCommand)$/;

/** The calls of a source that are known to send: those of the library and of the AWS SDK. */
export function findSends({ nodes, isBrowser }: Source): readonly Send[] {
  if (isBrowser) return [];
  const takesWs = nodes.some(({ syntax }) => bindsWs(syntax));
  return nodes.flatMap((placed) => {
    const found = placed.syntax.type === 'CallExpression' ? sendOf(placed.syntax, takesWs) : undefined;
    return found === undefined ? [] : [{ ...found, call: placed }];
  });
}

function sendOf(call: Syntax, takesWs: boolean): Omit<Send, 'call'> | undefined {
  const name = dotted(part(call, 'callee'));
  const [input, second] = parts(call, 'arguments');
  if (name === undefined || input === undefined) return undefined;
  const hasCallback = second !== undefined;
  if (ofLibrary.test(name) && (takesWs || !/^ws\.\w+$/.test(name)))
    return { name, id: propertyOf(input, 'id'), hasCallback };
  if (ofSdk.test(name)) return { name, id: propertyOf(input, 'ConnectionId'), hasCallback };
  const command = name.endsWith('.send') && input.type === 'NewExpression' ? dotted(part(input, 'callee')) : undefined;
  if (command === undefined || !ofCommand.test(command)) return undefined;
  return { name: command, id: propertyOf(parts(input, 'arguments')[0], 'ConnectionId'), hasCallback };
}

/** `const { ws } = require('@architect/functions')`, `const { ws } = arc`, `import { ws } from '@architect/functions'`. */
function bindsWs(syntax: Syntax): boolean {
  if (syntax.type === 'ImportDeclaration') {
    if (word(part(syntax, 'source'), 'value') !== '@architect/functions') return false;
    return parts(syntax, 'specifiers').some((each) => word(part(each, 'local'), 'name') === 'ws');
  }
  if (syntax.type !== 'VariableDeclarator') return false;
  const from = unwrap(part(syntax, 'init'));
  const isLibrary =
    word(from, 'name') === 'arc' || word(parts(from, 'arguments')[0], 'value') === '@architect/functions';
  return (
    isLibrary && parts(part(syntax, 'id'), 'properties').some((each) => word(part(each, 'value'), 'name') === 'ws')
  );
}
