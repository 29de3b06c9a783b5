import { isDeepStrictEqual } from 'node:util';
import { readPreferences } from '@furrow/manifest';
import { lineComment } from './line-comment.ts';

const quoted = [`'`, `"`, '`'].map((mark) => String.raw`${mark}(?:\\[^]|[^${mark}\\])*${mark}`).join('|');
/** One line, or a variable over several. */
const entry = new RegExp(String.raw`([ \t]*)(?:([^\s#]+)(?:[ \t]+(?:${quoted}))?)?[^\n]*(?:\n|$)`, 'y');

/**
 * The text of a file of preferences with one variable of `@env testing` set, or without it. Other lines stay as they are,
 * and so does the comment behind it. Pure.
 *
 * @returns `undefined` where that cannot be done without doing anything else.
 */
export function setPreference(text: string, name: string, value: string | undefined): string | undefined {
  const block = testingBlock(text);
  if (block === undefined) return undefined;
  const lines = block.lines.filter((each) => each.word !== name);
  const place = block.lines.findIndex((each) => each.word === name);
  const comment = lineComment(block.lines[place]?.text ?? '');
  const added = value === undefined ? [] : [`${block.indent}${name} ${quote(value)}${comment}\n`];
  const at = place === -1 ? lines.findLastIndex(({ word }) => word !== '') + 1 : place;
  const body = lines.map((each) => each.text).toSpliced(at, 0, ...added);
  const before = text.slice(0, block.start);
  const gap = added.length > 0 && !before.endsWith('\n') ? '\n' : '';
  const ended = body.map((each, index) => (index < body.length - 1 ? withEnd(each) : each));
  const after = before + gap + ended.join('') + text.slice(block.end);
  return isOnlyChange({ text, after }, name, value) ? after : undefined;
}

interface Line {
  readonly text: string;
  /** The first word; empty for a comment or nothing. */
  readonly word: string;
  readonly indent: string;
}

/** What is indented below `testing` of `@env`. */
function testingBlock(text: string) {
  const head = /^@env\b[^\n]*\n(?:(?!@)[^\n]*\n)*?([ \t]*)testing[ \t\r]*(?:#[^\n]*)?(?:\n|$)/m.exec(text);
  if (head === null) return undefined;
  const start = head.index + head[0].length;
  const least = width(head[1] ?? '');
  const lines: Line[] = [];
  let end = start;
  for (const line of readLines(text, start)) {
    if (line.word !== '' && width(line.indent) <= least) break;
    lines.push(line);
    end += line.text.length;
  }
  const indent = lines.find(({ word }) => word !== '')?.indent ?? `${head[1] ?? ''}  `;
  return { start, end, lines, indent };
}

function* readLines(text: string, from: number): Generator<Line> {
  entry.lastIndex = from;
  for (let at = from; at < text.length; at = entry.lastIndex) {
    entry.lastIndex = at;
    const [whole = '', indent = '', word = ''] = entry.exec(text) ?? [];
    if (whole === '') return;
    yield { text: whole, word, indent };
    entry.lastIndex = at + whole.length;
  }
}

function width(indent: string): number {
  return indent.replaceAll('\t', '  ').length;
}

function withEnd(line: string): string {
  return line.endsWith('\n') ? line : `${line}\n`;
}

function isOnlyChange(texts: { text: string; after: string }, name: string, value: string | undefined): boolean {
  const before = readPreferences(texts.text, '');
  const after = readPreferences(texts.after, '');
  const { [name]: _old, ...others } = before.variables ?? {};
  const expected = value === undefined ? others : { ...others, [name]: value };
  return isDeepStrictEqual({ ...after.variables }, expected) && isDeepStrictEqual(after.sandbox, before.sandbox);
}

/** Plain, or in the first quotes that are not in it. */
function quote(value: string): string {
  if (/^[\w./:+-]+$/.test(value)) return value;
  const mark = [`"`, `'`, '`'].find((each) => !value.includes(each)) ?? '"';
  const escaped = value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return mark + escaped.replaceAll('\t', '\\t').replaceAll(mark, `\\${mark}`) + mark;
}
