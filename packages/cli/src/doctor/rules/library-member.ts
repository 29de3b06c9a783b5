import { nearest } from '@furrow/manifest';
import { findingAt, type Rule, type Source, type Words } from '../finding.ts';
import { dotted, moduleOf, part, parts, word, type Syntax } from '../syntax.ts';

/** What the library of Furrow has, by the names that handlers write. */
const members: Readonly<Record<string, readonly string[]>> = {
  '': ['ws', 'http', 'tables', 'services', 'static', 'events', 'queues'],
  '.http': ['async', 'helpers', 'session', 'csrf'],
  '.http.helpers': ['bodyParser', 'interpolate', 'url'],
  '.ws': ['send', 'close', 'info', '_api'],
};

/** What is written now for what Architect's library had once, without the library's own name. */
const now: Readonly<Record<string, string>> = {
  'http.helpers.static': 'static',
  middleware: 'http',
};

/** A member that Architect's library had once, and that is not there any more. */
export const libraryMember: Rule = (source) => {
  if (source.isBrowser || source.installed.has('@architect/functions')) return [];
  const names = libraryNames(source);
  return source.nodes.flatMap(({ syntax }) => {
    if (callsWs(syntax, names)) return [findingAt(source, syntax, wsCalled)];
    const lacking = syntax.type === 'MemberExpression' ? lackingMember(syntax, names) : undefined;
    if (lacking !== undefined) return [findingAt(source, syntax, wordsFor(lacking))];
    return lackingNames(syntax).map(({ place, member }) =>
      findingAt(source, place, wordsFor({ name: member, member, known: members[''] ?? [] })),
    );
  });
};

interface Lacking {
  /** As it is written: `arc.http.helpers.static`. */
  readonly name: string;
  readonly member: string;
  readonly known: readonly string[];
}

function wordsFor({ name, member, known }: Lacking): Words {
  const [root, ...path] = name.split('.');
  const later = now[path.join('.')];
  const suggestion = nearest(member, known);
  return {
    outcome: 'not-run',
    severity: 'error',
    code: 'LIBRARY_MEMBER',
    message: `@architect/functions has no "${name}".`,
    fix:
      later !== undefined
        ? `Write ${root}.${later}.`
        : suggestion === undefined
          ? `It has ${known.join(', ')}; or install the version of @architect/functions that the code was written for.`
          : `Did you mean ${suggestion}?`,
  };
}

/** `const { proxy } = require('@architect/functions')`: what is taken and not there. */
function lackingNames(syntax: Syntax): readonly { readonly place: Syntax; readonly member: string }[] {
  const from = syntax.type === 'VariableDeclarator' ? part(syntax, 'init') : undefined;
  if (from === undefined || moduleOf(from) !== '@architect/functions') return [];
  return parts(part(syntax, 'id'), 'properties').flatMap((place) => {
    const member = word(part(place, 'key'), 'name');
    return member === undefined || members['']?.includes(member) === true ? [] : [{ place, member }];
  });
}

/** `arc.ws(event)`, as it was called once. */
function callsWs(syntax: Syntax, names: ReadonlySet<string>): boolean {
  const callee = syntax.type === 'CallExpression' ? dotted(part(syntax, 'callee')) : undefined;
  return callee?.endsWith('.ws') === true && names.has(callee.slice(0, -'.ws'.length));
}

const wsCalled: Words = {
  outcome: 'not-run',
  severity: 'error',
  code: 'LIBRARY_MEMBER',
  message: '"ws" of @architect/functions is not a function.',
  fix: 'Write "await arc.ws.send({ id, payload })".',
};

/** The names by which the source calls the library. */
function libraryNames({ nodes }: Source): ReadonlySet<string> {
  return new Set(
    nodes.flatMap(({ syntax }) => {
      if (syntax.type === 'VariableDeclarator') {
        const from = part(syntax, 'init');
        const isLibrary = from !== undefined && moduleOf(from) === '@architect/functions';
        return isLibrary ? (word(part(syntax, 'id'), 'name') ?? []) : [];
      }
      if (syntax.type !== 'ImportDeclaration' || moduleOf(syntax) !== '@architect/functions') return [];
      const whole = parts(syntax, 'specifiers').filter(({ type }) => type !== 'ImportSpecifier');
      return whole.flatMap((each) => word(part(each, 'local'), 'name') ?? []);
    }),
  );
}

function lackingMember(syntax: Syntax, names: ReadonlySet<string>) {
  const name = dotted(syntax) ?? '';
  const [root = '', ...rest] = name.split('.');
  const member = rest.at(-1);
  const place = rest.slice(0, -1).map((each) => `.${each}`);
  const known = members[place.join('')];
  if (member === undefined || known === undefined || !names.has(root)) return undefined;
  // Any function has `bind` and `length`.
  return known.includes(member) || member in Function.prototype ? undefined : { name, member, known };
}
