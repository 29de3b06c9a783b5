import type { DataEntry, DataNode } from './data.ts';
import { faults } from './errors.ts';
import type { Report } from './report.ts';
import type { Item, Pragma, Word } from './tree.ts';

/** No pragma says more than `aws`, a setting, its list. */
const maxDepth = 5;

/** The pragmas of JSON or YAML: the tree that the same manifest gives as `.arc`. Faults go to `report`. */
export function pragmasFromData(root: DataNode | undefined, report: Report): readonly Pragma[] {
  if (root === undefined || isNothing(root)) return [];
  if (root.kind === 'map') return root.entries.flatMap((entry) => pragmaOf(entry, report));
  const fix = 'Write an object with a key for each pragma, such as "app".';
  report.add(faults.dataShape(root.at, 'A manifest is an object.', fix));
  return [];
}

/** The value of the first of `keys` that an object has. The others, when it has them too, are ignored with a warning. */
export function selectKey(root: DataNode | undefined, keys: readonly string[], report: Report): DataNode | undefined {
  const entries = root?.kind === 'map' ? root.entries : [];
  const [first, ...others] = keys
    .map((name) => entries.findLast(({ key }) => key.kind === 'scalar' && key.text === name))
    .filter((entry) => entry !== undefined);
  for (const { key } of others) {
    if (key.kind === 'scalar') report.add(faults.manifestIgnored(key.at, [`"${key.text}"`]));
  }
  return first?.value;
}

function pragmaOf({ key, value }: DataEntry, report: Report): readonly Pragma[] {
  const word = wordOf(key, report);
  if (word === undefined) return [];
  const isOff = value.kind === 'scalar' && value.value === false;
  // `ws: true`, like `ws:` and `ws: {}`, says that there is one.
  const isOn = value.kind === 'scalar' && value.value === true;
  const items = isOff || isOn ? [] : itemsOf(value, report, 1);
  return [{ name: word.text, at: word.at, items, isOff }];
}

function itemsOf(node: DataNode, report: Report, depth: number): readonly Item[] {
  if (isNothing(node)) return [];
  if (depth > maxDepth) {
    report.add(faults.dataShape(node.at, 'This is nested too deeply.', 'Take a level away.'));
    return [];
  }
  if (node.kind === 'map') return node.entries.flatMap((entry) => itemsOfEntry(entry, report, depth));
  if (node.kind === 'list') return node.items.flatMap((item) => itemsOfMember(item, report, depth));
  const word = wordOf(node, report);
  return word === undefined ? [] : [{ words: [word], children: [] }];
}

function itemsOfEntry({ key, value }: DataEntry, report: Report, depth: number): readonly Item[] {
  const word = wordOf(key, report);
  if (word === undefined) return [];
  if (value.kind === 'map' || value.kind === 'list' || isNothing(value)) {
    return [{ words: [word], children: itemsOf(value, report, depth + 1) }];
  }
  const said = wordOf(value, report);
  return said === undefined ? [] : [{ words: [word, said], children: [] }];
}

/** A list in a list is one line of several words: `["get", "/"]`. */
function itemsOfMember(node: DataNode, report: Report, depth: number): readonly Item[] {
  if (node.kind === 'map') return itemsOf(node, report, depth + 1);
  const nodes = node.kind === 'list' ? node.items : [node];
  const words = nodes.map((each) => wordOf(each, report));
  if (words.length === 0) report.add(faults.dataShape(node.at, 'An empty list says nothing.', 'Remove it.'));
  const [first, ...rest] = words.filter((word) => word !== undefined);
  return first === undefined || rest.length + 1 < words.length ? [] : [{ words: [first, ...rest], children: [] }];
}

function wordOf(node: DataNode, report: Report): Word | undefined {
  if (node.kind === 'scalar' && node.value !== null) return { text: node.text, value: node.value, at: node.at };
  report.add(faultOf(node));
  return undefined;
}

function faultOf(node: DataNode): ReturnType<typeof faults.dataShape> {
  if (node.kind === 'unread') return faults.dataShape(node.at, `${node.what} is not read.`, 'Write the value itself.');
  if (node.kind === 'scalar') {
    return faults.dataShape(node.at, 'Nothing stands where a word should.', 'Write a word, or remove it.');
  }
  return faults.dataShape(node.at, 'A list or an object stands where a word should.', 'Write one word.');
}

function isNothing(node: DataNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}
