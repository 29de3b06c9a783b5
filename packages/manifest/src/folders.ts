import { faults } from './errors.ts';
import type { Report } from './report.ts';
import type { Word } from './tree.ts';

/**
 * The folder that a word names, relative to the project with `/` between its parts; `undefined` after a fault.
 *
 * A slash at its start is the project's root, as in Architect. `..` may stand inside a path that stays in the project. The
 * project itself, or what is around it, is refused: what is in the folder is shipped or served.
 *
 * @param mayLeave whether it may be beside the project.
 */
export function readFolder(word: Word, report: Report, { mayLeave = false } = {}): string | undefined {
  const { text, at, isAnyFolder = false } = word;
  if (isAnyFolder && text !== '') return text;
  const why = reasonAgainst(text);
  if (why !== undefined) {
    report.add(faults.pathInvalid(at, text, why));
    return undefined;
  }
  const parts = normalise(text);
  const isOutside = /^[a-zA-Z]:/.test(text) || (parts[0] === '..' && !mayLeave);
  if (isOutside) report.add(faults.pathOutside(at, text));
  else if (parts.length === 0) report.add(faults.pathInvalid(at, text, 'is the project itself'));
  else if (parts.at(-1) === '..') report.add(faults.pathInvalid(at, text, 'has the project in it'));
  else return parts.join('/');
  return undefined;
}

function reasonAgainst(text: string): string | undefined {
  if (text.trim() === '') return 'names no folder';
  if (/\p{Cc}/u.test(text)) return 'holds a control character';
  return text.includes('\\') ? 'holds a backslash' : undefined;
}

/** The parts of a path; where it leaves the folder that it begins in, `..` stands first. */
function normalise(path: string): readonly string[] {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && (parts.at(-1) ?? '..') !== '..') parts.pop();
    else parts.push(part);
  }
  return parts;
}
