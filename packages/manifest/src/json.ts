import type { DataEntry, DataNode } from './data.ts';
import { faults } from './errors.ts';
import { createPlaces } from './lines.ts';
import type { Report } from './report.ts';
import type { Place } from './tree.ts';

interface Scan {
  readonly text: string;
  readonly placeAt: (start: number, end: number) => Place;
  offset: number;
}

/** Stops the reading; caught by `parseJson`, which reports it. */
class Unexpected extends Error {
  readonly start: number;
  readonly end: number;

  constructor(message: string, start: number, end: number) {
    super(message);
    this.start = start;
    this.end = end;
  }
}

const maxDepth = 100;

/**
 * The values of a JSON text with their places, which `JSON.parse` forgets. Objects are lists of entries, so no key has a
 * meaning of its own. Like every JSON reader it stops at the first fault; `undefined` then, or when there is no text.
 */
export function parseJson(text: string, report: Report): DataNode | undefined {
  const placeAt = createPlaces(text);
  const scan: Scan = { text, placeAt, offset: 0 };
  skip(scan);
  if (scan.offset === text.length) return undefined;
  try {
    const node = readValue(scan, 0);
    skip(scan);
    if (scan.offset < text.length) throw unexpected(scan, 'the end of the file');
    return node;
  } catch (error) {
    if (!(error instanceof Unexpected)) throw error;
    report.add(faults.dataSyntax(placeAt(error.start, error.end), error.message));
    return undefined;
  }
}

function readValue(scan: Scan, depth: number): DataNode {
  if (depth > maxDepth) {
    throw new Unexpected('The file is nested too deeply to be read.', scan.offset, scan.offset + 1);
  }
  const first = scan.text.charAt(scan.offset);
  if (first === '{') return readMap(scan, depth);
  if (first === '[') return readList(scan, depth);
  return first === '"' ? readString(scan) : readLiteral(scan);
}

function readMap(scan: Scan, depth: number): DataNode {
  const start = scan.offset;
  const entries: DataEntry[] = [];
  readMembers(scan, '}', () => {
    if (scan.text.charAt(scan.offset) !== '"') throw unexpected(scan, 'a key in double quotes');
    const key = readString(scan);
    skip(scan);
    if (!takeCharacter(scan, ':')) throw unexpected(scan, '":" after the key');
    skip(scan);
    entries.push({ key, value: readValue(scan, depth + 1) });
  });
  return { kind: 'map', entries, at: scan.placeAt(start, scan.offset) };
}

function readList(scan: Scan, depth: number): DataNode {
  const start = scan.offset;
  const items: DataNode[] = [];
  readMembers(scan, ']', () => items.push(readValue(scan, depth + 1)));
  return { kind: 'list', items, at: scan.placeAt(start, scan.offset) };
}

function readMembers(scan: Scan, close: string, readMember: () => void): void {
  scan.offset += 1;
  skip(scan);
  if (takeCharacter(scan, close)) return;
  for (;;) {
    readMember();
    skip(scan);
    if (takeCharacter(scan, close)) return;
    if (!takeCharacter(scan, ',')) throw unexpected(scan, `"," or "${close}"`);
    skip(scan);
    if (scan.text.charAt(scan.offset) === close) throw unexpected(scan, 'another value after the comma');
  }
}

function readString(scan: Scan): DataNode {
  const start = scan.offset;
  let end = start + 1;
  while (end < scan.text.length && scan.text[end] !== '"') end += scan.text[end] === '\\' ? 2 : 1;
  scan.offset = Math.min(end + 1, scan.text.length);
  const value = decode(scan.text.slice(start, scan.offset));
  if (value === undefined) {
    throw new Unexpected('This text is not as JSON has it: an end quote or an escape is wrong.', start, scan.offset);
  }
  return { kind: 'scalar', text: value, value, at: scan.placeAt(start, scan.offset) };
}

function decode(literal: string): string | undefined {
  try {
    return String(JSON.parse(literal));
  } catch {
    // Its caller knows the place and reports it.
    return undefined;
  }
}

function readLiteral(scan: Scan): DataNode {
  const start = scan.offset;
  const pattern = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y;
  pattern.lastIndex = start;
  const text = pattern.exec(scan.text)?.[0];
  if (text === undefined) throw unexpected(scan, 'a value');
  scan.offset += text.length;
  const value: unknown = JSON.parse(text);
  const isPlain = typeof value === 'number' || typeof value === 'boolean';
  return { kind: 'scalar', text, value: isPlain ? value : null, at: scan.placeAt(start, scan.offset) };
}

function unexpected({ text, offset }: Scan, expected: string): Unexpected {
  const hasComment = /^\/[/*]/.test(text.slice(offset, offset + 2));
  const message = hasComment ? 'JSON has no comments.' : `Expected ${expected}.`;
  return new Unexpected(message, offset, offset + 1);
}

function skip(scan: Scan): void {
  const blank = /[ \t\r\n]*/y;
  blank.lastIndex = scan.offset;
  scan.offset += blank.exec(scan.text)?.[0].length ?? 0;
}

function takeCharacter(scan: Scan, character: string): boolean {
  if (scan.text.charAt(scan.offset) !== character) return false;
  scan.offset += 1;
  return true;
}
