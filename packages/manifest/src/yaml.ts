import { isAlias, isMap, isNode, isScalar, isSeq, parseDocument, type Document } from 'yaml';
import type { DataNode } from './data.ts';
import { faults } from './errors.ts';
import { createPlaces } from './lines.ts';
import type { Report } from './report.ts';
import type { Place } from './tree.ts';

type PlaceAt = (start: number, end: number) => Place;

/** The library takes more than linear time and memory on some texts. No manifest comes near these. */
const maxCharacters = 256 * 1024;
const maxDepth = 100;
const compactNesting = new RegExp(`^[ ]*(?:[-?:][ \\t]+){${maxDepth}}`, 'm');

/** The values of a YAML text with their places; `undefined` after a fault, or when there is nothing in it. */
export function parseYaml(text: string, report: Report): DataNode | undefined {
  const placeAt = createPlaces(text);
  const why = reasonAgainst(text);
  if (why !== undefined) {
    report.add(faults.dataSyntax(placeAt(0, 0), why));
    return undefined;
  }
  const document = parse(text);
  for (const { message, pos } of [...document.errors, ...document.warnings]) {
    const at = placeAt(Math.min(pos[0], text.length), Math.min(pos[1], text.length));
    report.add(faults.dataSyntax(at, sentence(message)));
  }
  return report.hasErrors || document.contents === null ? undefined : nodeOf(document.contents, placeAt, placeAt(0, 0));
}

function parse(text: string): Document.Parsed {
  // Keys are compared when the pragmas are read: the library compares each with each, which takes quadratic time.
  return parseDocument(text, { prettyErrors: false, uniqueKeys: false, logLevel: 'error' });
}

function reasonAgainst(text: string): string | undefined {
  if (text.length > maxCharacters) return `The file has more than ${maxCharacters} characters.`;
  let depth = 0;
  for (const bracket of text.matchAll(/[[\]{}]/g)) {
    depth += bracket[0] === '[' || bracket[0] === '{' ? 1 : -1;
    if (depth > maxDepth) return 'The file is nested too deeply to be read.';
  }
  return compactNesting.test(text) ? 'The file is nested too deeply to be read.' : undefined;
}

function sentence(message: string): string {
  const line = message.split('\n', 1)[0] ?? '';
  return line.endsWith('.') ? line : `${line}.`;
}

/** `around` is the place of what holds the node, for a node that has none: the value of `ws:`. */
function nodeOf(node: unknown, placeAt: PlaceAt, around: Place): DataNode {
  const range = isNode(node) ? node.range : undefined;
  const at = range === undefined || range === null ? around : placeAt(range[0], range[1]);
  if (isMap(node)) {
    const entries = node.items.map(({ key, value }) => {
      const name = nodeOf(key, placeAt, at);
      return { key: name, value: nodeOf(value, placeAt, name.at) };
    });
    return { kind: 'map', entries, at };
  }
  if (isSeq(node)) return { kind: 'list', items: node.items.map((item) => nodeOf(item, placeAt, at)), at };
  if (isAlias(node)) return { kind: 'unread', what: 'An alias ("*name")', at };
  return scalarOf(isScalar(node) ? node : { value: node }, at);
}

function scalarOf({ value, source }: { readonly value: unknown; readonly source?: string }, at: Place): DataNode {
  if (typeof value === 'string') return { kind: 'scalar', text: value, value, at };
  if (value === null || value === undefined) return { kind: 'scalar', text: '', value: null, at };
  if (typeof value !== 'number' && typeof value !== 'boolean')
    return { kind: 'unread', what: 'A value with a tag', at };
  const text = source ?? String(value);
  return { kind: 'scalar', text, value: Number.isNaN(value) ? text : value, at };
}
