import { isOurVariable, isReservedVariable } from '@furrow/executor';
import { readPreferences } from '@furrow/manifest';
import { findingAt, type Finding, type TextFile } from './finding.ts';

/** What of a project's preferences has no effect. Pure. */
export function preferenceFindings(file: TextFile): readonly Finding[] {
  const starts = [0, ...[...file.text.matchAll(/\r\n|\r|\n/g)].map(({ 0: end, index }) => index + end.length)];
  return readPreferences(file.text, file.file).faults.map(({ line, message }) => {
    const start = starts[line - 1] ?? 0;
    const words = /^\s*(.*?)\s*(?=[\r\n]|$)/.exec(file.text.slice(start)) ?? ['', ''];
    const first = start + words[0].indexOf(words[1] ?? '');
    return findingAt(
      file,
      { start: first, end: first + (words[1] ?? '').length },
      {
        outcome: 'not-run',
        severity: 'warning',
        code: 'PREFERENCE_UNREAD',
        message,
        fix: 'Remove it, or keep it for Architect.',
      },
    );
  });
}

/** Variables of `.env` that Lambda, or the app's own place on AWS, keeps for itself. Pure. */
export function variableFindings(file: TextFile): readonly Finding[] {
  return [...file.text.matchAll(/^([ \t]*(?:export[ \t]+)?)([A-Za-z_]\w*)[ \t]*=/gm)].flatMap((match) => {
    const { 1: before = '', 2: name = '', index } = match;
    const start = index + before.length;
    if (!isReservedVariable(name) && !isOurVariable(name)) return [];
    return [
      findingAt(
        file,
        { start, end: start + name.length },
        {
          outcome: 'not-run',
          severity: 'warning',
          code: 'VARIABLE_RESERVED',
          message: `${name} is set for every function, and this line changes nothing.`,
          fix: 'Remove it, or give the variable another name.',
        },
      ),
    ];
  });
}
