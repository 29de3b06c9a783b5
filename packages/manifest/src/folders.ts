import { faults } from './errors.ts';
import type { Report } from './report.ts';
import type { Word } from './tree.ts';

/**
 * The folder that a word names, relative to the project with `/` between its parts; `undefined` after a fault.
 *
 * `..` may stand inside a path that stays in the project. The project itself is refused: what is in the folder is
 * shipped or served.
 */
export function readFolder(word: Word, report: Report): string | undefined {
  const { text, at, isAnyFolder = false } = word;
  if (isAnyFolder && text !== '') return text;
  const why = reasonAgainst(text);
  if (why !== undefined) {
    report.add(faults.pathInvalid(at, text, why));
    return undefined;
  }
  const parts = /^(?:\/|[a-zA-Z]:)/.test(text) ? undefined : normalise(text);
  if (parts === undefined) report.add(faults.pathOutside(at, text));
  else if (parts.length === 0) report.add(faults.pathInvalid(at, text, 'is the project itself'));
  else return parts.join('/');
  return undefined;
}

function reasonAgainst(text: string): string | undefined {
  if (text.trim() === '') return 'names no folder';
  if (/\p{Cc}/u.test(text)) return 'holds a control character';
  return text.includes('\\') ? 'holds a backslash' : undefined;
}

function normalise(path: string): readonly string[] | undefined {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts;
}
