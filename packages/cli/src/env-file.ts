import { parseEnv } from 'node:util';
import { lineComment } from './line-comment.ts';

/** One line, or an assignment over several; the name as it stands. Read as Node reads: quotes hold until they are closed. */
const assignment = /[ \t]*(?:#|([^=\n]*)=[ \t]*(?:'[^']*'|"[^"]*"|`[^`]*`)?)?[^\n]*(?:\n|$)/g;

/**
 * The text of a `.env` file with one variable set, or without it. Other lines stay as they are,
 * and so does the comment behind the first one. Pure.
 *
 * A variable that is there more than once is there once then, so that the change counts.
 */
export function setVariable(text: string, name: string, value: string | undefined): string {
  let added = value === undefined ? '' : `${name}=${quote(value)}\n`;
  const changed = text.replaceAll(assignment, (line, typed: string | undefined) => {
    if (typed === undefined || nameIn(typed) !== name) return line;
    const own = commented(added, { line, name });
    added = '';
    return own;
  });
  if (added === '') return changed;
  return changed === '' || changed.endsWith('\n') ? changed + added : `${changed}\n${added}`;
}

/** With the comment of the line whose place it takes, where that leaves the value alone. */
function commented(added: string, { line, name }: { readonly line: string; readonly name: string }): string {
  if (added === '') return added;
  const both = `${added.trimEnd()}${lineComment(line)}\n`;
  return parseEnv(both)[name] === parseEnv(added)[name] ? both : added;
}

/** `KEY`, also of `export KEY`. */
function nameIn(typed: string): string {
  return typed
    .trim()
    .replace(/^export /, '')
    .trim();
}

/** Whether a `.env` file can hold a value so that Node reads it as it is. Pure. */
export function canHold(value: string): boolean {
  return parseEnv(setVariable('', 'NAME', value))['NAME'] === value;
}

function quote(value: string): string {
  if (/^[\w./:@+,-]*$/.test(value)) return value;
  const mark = ["'", '`', '"'].find((each) => !value.includes(each)) ?? "'";
  return mark + value + mark;
}
