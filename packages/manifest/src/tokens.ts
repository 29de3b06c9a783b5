import { faults } from './errors.ts';
import type { Report } from './report.ts';
import type { Place, Word } from './tree.ts';

/** One line that says something: an optional pragma, then words. */
export interface Line {
  /** Columns before the first word; a tab counts two. */
  readonly indent: number;
  readonly pragma: { readonly name: string; readonly at: Place } | undefined;
  readonly words: readonly Word[];
}

interface Scan {
  readonly text: string;
  readonly report: Report;
  /** Quotes that were found to have no partner. They are looked for once, or garbage would take quadratic time. */
  readonly openQuotes: Set<string>;
  offset: number;
  line: number;
  lineStart: number;
}

const quotes = `'"\``;
const unknownCharacters = /[^\w()/~\-.,:$*?&!%=+|^'"`]+/;
const escapes = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['`', '`'],
]);

/** The lines of an `.arc` text that hold a pragma or words. Never throws; what it cannot read goes to `report`. */
export function readLines(text: string, report: Report): readonly Line[] {
  const scan: Scan = { text, report, openQuotes: new Set(), offset: 0, line: 1, lineStart: 0 };
  const lines: Line[] = [];
  while (scan.offset < text.length) {
    const line = readLine(scan);
    if (line.pragma !== undefined || line.words.length > 0) lines.push(line);
  }
  return lines;
}

function readLine(scan: Scan): Line {
  const indent = take(scan, /[ \t]*/y).replaceAll('\t', '  ').length;
  let pragma: Line['pragma'];
  const words: Word[] = [];
  for (;;) {
    take(scan, /[ \t]*(?:#[^\r\n]*)?/y);
    if (scan.offset >= scan.text.length || takeNewline(scan)) return { indent, pragma, words };
    const first = scan.text.charAt(scan.offset);
    if (first === '@' && pragma === undefined && words.length === 0) pragma = readPragma(scan, indent);
    else if (quotes.includes(first) && !scan.openQuotes.has(first)) words.push(readQuoted(scan, first));
    else words.push(readPlain(scan));
  }
}

function readPragma(scan: Scan, indent: number): { name: string; at: Place } {
  const start = scan.offset;
  const blob = take(scan, /[^ \t\r\n#]+/y);
  const at = placeOf(scan, start);
  const name = /^@([\w-]*)/.exec(blob)?.[1] ?? '';
  if (name === '' || name.length + 1 < blob.length) scan.report.add(faults.pragmaName(at, blob));
  else if (indent > 0) scan.report.add(faults.pragmaIndented(at, name));
  return { name, at };
}

function readPlain(scan: Scan): Word {
  const start = scan.offset;
  const text = take(scan, /[^ \t\r\n#]+/y);
  const at = placeOf(scan, start);
  const unknown = unknownCharacters.exec(text);
  if (unknown !== null) {
    const column = at.column + unknown.index;
    scan.report.add(faults.characterUnknown({ ...at, column, length: unknown[0].length }, unknown[0]));
  }
  return { text, value: plainValue(text), at };
}

function readQuoted(scan: Scan, quote: string): Word {
  const start = scan.offset;
  const end = closingQuote(scan.text, start + 1, quote);
  if (end === undefined) {
    scan.openQuotes.add(quote);
    const text = take(scan, /[^\r\n]+/y);
    scan.report.add(faults.stringOpen(placeOf(scan, start), quote));
    return { text, value: text, at: placeOf(scan, start) };
  }
  scan.offset = end + 1;
  const at = placeOf(scan, start);
  const body = scan.text.slice(start + 1, end);
  for (const newline of body.matchAll(/\r\n|\n|\r/g)) {
    scan.line += 1;
    scan.lineStart = start + 1 + newline.index + newline[0].length;
  }
  const text = unescape(body, at, scan.report);
  const rest = scan.offset;
  const joined = take(scan, /[^ \t\r\n#]+/y);
  if (joined !== '') scan.report.add(faults.stringJoined(placeOf(scan, rest), joined));
  return { text, value: text, at };
}

function closingQuote(text: string, from: number, quote: string): number | undefined {
  for (let index = from; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1;
    else if (text[index] === quote) return index;
  }
  return undefined;
}

function unescape(body: string, at: Place, report: Report): string {
  return body.replaceAll(/\\([\s\S])/g, (written, character: string) => {
    const meant = escapes.get(character);
    if (meant === undefined) report.add(faults.escapeUnknown(at, written));
    return meant ?? written;
  });
}

/** What an unquoted word means as a value: a boolean, a number in any spelling of JavaScript, or its text. */
function plainValue(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}

function take(scan: Scan, pattern: RegExp): string {
  pattern.lastIndex = scan.offset;
  const found = pattern.exec(scan.text)?.[0] ?? '';
  scan.offset += found.length;
  return found;
}

function takeNewline(scan: Scan): boolean {
  if (take(scan, /\r\n|\n|\r/y) === '') return false;
  scan.line += 1;
  scan.lineStart = scan.offset;
  return true;
}

function placeOf(scan: Scan, start: number): Place {
  return { line: scan.line, column: start - scan.lineStart + 1, length: scan.offset - start };
}
