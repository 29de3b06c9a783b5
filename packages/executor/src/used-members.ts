export interface Library {
  /** What it is imported as. */
  readonly name: string;
  /** What it has. */
  readonly members: readonly string[];
  /** Whether it is one CommonJS object, which looks the same however it is imported. @default false */
  readonly isOneObject?: boolean;
}

/** `@architect/functions`, as ours offers it. */
export const ownLibrary: Library = {
  name: '@architect/functions',
  members: ['ws', 'http', 'tables', 'events', 'queues', 'services', 'static'],
};

const name = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*`;

/** The forms in which what is used can be seen; the rest of the text tells it. Types are not there when it runs. */
function formsOf({ name: library, isOneObject = false }: Library): readonly RegExp[] {
  const specifier = String.raw`(?<quote>['"\x60])${library.replaceAll('/', String.raw`\/`)}\k<quote>`;
  const ofOneObject = [
    String.raw`\bimport\s*\*\s*as\s+(?<imported>${name})\s+from\s*${specifier}`,
    String.raw`\bimport\s*\{(?<taken>[^{}'"\x60]*)\}\s*from\s*${specifier}`,
    String.raw`\b(?:const|let|var)\s*\{(?<taken>[^{}'"\x60]*)\}\s*=\s*require\(\s*${specifier}\s*\)(?=\s*(?:;|\n|$))(?!\s*[.[(?\x60])`,
  ];
  return [
    ...(isOneObject ? ofOneObject : []),
    String.raw`\bimport\s+type\b[^;'"\x60]*\bfrom\s*${specifier}`,
    String.raw`\bimport\s+(?<imported>${name})\s+from\s*${specifier}`,
    String.raw`\b(?:const|let|var)\s+(?<required>${name})\s*=\s*require\(\s*${specifier}\s*\)(?=\s*(?:;|\n|$))(?!\s*[.[(?\x60])`,
  ].map((form) => new RegExp(form, 'gu'));
}

/** A line that is one, whatever is around it: in a template nothing of it would run. */
const comment = /^[ \t]*\/\/[^`$\n]*$/gm;
/** Neither inside of another name nor a member of something else; spread, it is itself. */
const notAMember = String.raw`(?<![\p{ID_Continue}$]|(?<!\.\.)\.)`;

/**
 * The members of a library that a module uses, as far as its text shows that it uses no others: it imports
 * the library under a name, and that name is followed by a member wherever it stands. `undefined`: it may use any. Pure.
 *
 * What looks like a use in a comment or a string counts as one, so that the list may be too long but never too short.
 */
export function usedMembers(text: string, library: Library): readonly string[] | undefined {
  const matches = formsOf(library).flatMap((form) => [...text.matchAll(form)]);
  if (matches.length === 0 || matches.length !== text.split(library.name).length - 1) return undefined;
  const rest = matches.reduce((left, [found]) => left.replace(found, ';'), text).replaceAll(comment, '');
  // A name or a member can be written in other letters: `arc.\u0068ttp`.
  if (rest.includes('\\u')) return undefined;
  const names = matches.flatMap(({ groups }) => groups?.['imported'] ?? groups?.['required'] ?? []);
  const taken = matches.flatMap(({ groups }) => groups?.['taken']?.split(',') ?? []).map(takenName);
  if (taken.includes(undefined)) return undefined;
  const used = new Set<string | undefined>(taken);
  for (const local of names) {
    const own = local.replaceAll('$', String.raw`\$`);
    for (const [, member] of rest.matchAll(
      new RegExp(String.raw`${notAMember}${own}(?![\p{ID_Continue}$])(?:\s*\??\.\s*(${name}))?`, 'gu'),
    )) {
      if (member === undefined) return undefined;
      used.add(member);
    }
  }
  return library.members.filter((member) => used.has(member));
}

/** `DynamoDB` of `DynamoDB`, `DynamoDB as Tables`, `DynamoDB: tables` and nothing; `undefined` of anything else. */
function takenName(part: string): string | undefined {
  const written = part.replace(/^\s*type\s+(?!as\b)/, '').trim();
  if (written === '') return '';
  return new RegExp(String.raw`^(${name})(?:\s*(?::|\bas\b)\s*${name})?$`, 'u').exec(written)?.[1];
}
