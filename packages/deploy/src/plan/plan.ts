import type { ResourceChange } from '../aws/aws.ts';
import { findLosses, type Loss } from './losses.ts';
import { settleReplacement } from './settle-replacement.ts';
import { readResources, type KnownResource, type Part } from './parts.ts';
import { staticFunctionName } from '../template/template.ts';
import { groupWords, partWords, propertyWords, sortParts, typeWords } from './words.ts';

/** One thing of the app that a deploy adds, changes or removes. */
export interface PlanLine {
  readonly sign: '+' | '~' | '-';
  /** `route join`, `function default`, `table connections`. */
  readonly what: string;
  /** `code, memory`; empty when there is nothing to add. */
  readonly details: string;
}

export interface Plan {
  readonly lines: readonly PlanLine[];
  /** How many things of the app stay as they are. */
  readonly unchanged: number;
  /** What would be gone for good. */
  readonly losses: readonly Loss[];
}

export interface PlanInput {
  readonly changes: readonly ResourceChange[];
  /** The template that is deployed; absent for a new stack. */
  readonly before?: string | undefined;
  /** The template to deploy. */
  readonly after: string;
  /** Functions whose deployed code is not what the last deploy put there, and which no change touches. */
  readonly drifted?: readonly string[];
}

interface Change extends ResourceChange {
  readonly known: KnownResource | undefined;
}

interface Group {
  readonly part: Part | undefined;
  readonly changes: readonly Change[];
}

const drift = 'code (what runs is not what the last deploy put there)';

/** A change set in the app's own words. Pure. */
export function createPlan({ changes, before, after, drifted = [] }: PlanInput): Plan {
  const [old, next] = [readResources(before), readResources(after)];
  const known = (change: ResourceChange): Change => {
    const side = change.action === 'Remove' ? old : next;
    return { ...change, known: side.get(change.logicalId) ?? old.get(change.logicalId) };
  };
  const settled = settleReplacement(changes).map(withoutMetadata);
  const groups = groupChanges(settled.map(known));
  const own = [...groups.values()].filter(isOfApp).flatMap(describeGroup);
  const tags = settled.some(isTagged) ? [{ sign: '~' as const, what: 'tags', details: '' }] : [];
  const whole = describeWhole([...groups.values()].filter((group) => !isOfApp(group)));
  const driftLines = drifted.map((label) => ({ sign: '~' as const, what: `function ${label}`, details: drift }));
  const parts = new Set([...next.entries()].map(([id, resource]) => keyOf(id, resource.part)));
  const isSame = (key: string) => {
    const group = groups.get(key);
    return group === undefined || signOfGroup(group) === undefined;
  };
  return {
    lines: [...own, ...driftLines, ...whole, ...tags].toSorted((one, other) => order(one) - order(other)),
    unchanged: Math.max(0, [...parts].filter(isSame).length - drifted.length),
    losses: findLosses(settled, { before: old, after: next }),
  };
}

/** Metadata is our own note on what a resource is; nothing runs differently for it. */
function withoutMetadata(change: ResourceChange): ResourceChange {
  return { ...change, properties: change.properties.filter((name) => name !== 'Metadata') };
}

function order({ sign }: PlanLine): number {
  return ['-', '+', '~'].indexOf(sign);
}

/** Resources of one function, table or other part go together; what belongs to nothing stands alone. */
function groupChanges(changes: readonly Change[]): ReadonlyMap<string, Group> {
  const groups = new Map<string, { part: Part | undefined; changes: Change[] }>();
  for (const change of changes) {
    const part = change.known?.part;
    const key = keyOf(change.logicalId, part);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { part, changes: [change] });
    else group.changes.push(change);
  }
  return groups;
}

/** Of functions and tables the name tells which; of the rest, what kind of thing it is. */
function keyOf(logicalId: string, part: Part | undefined): string {
  if (part === undefined) return `id ${logicalId}`;
  if (part.name === staticFunctionName) return 'part static files';
  return part.name === '' ? `part ${groupWords(part.part)}` : `name ${familyOf(part)} ${part.name}`;
}

function familyOf({ part }: Part): string {
  return part === 'table' ? 'table' : 'function';
}

/** Whether a group is one thing that the author has written, or something that no app knows of. */
function isOfApp({ part }: Group): boolean {
  return part === undefined || (part.name !== '' && part.name !== staticFunctionName);
}

/** What belongs to the whole app, on one line for each sign. */
function describeWhole(groups: readonly Group[]): readonly PlanLine[] {
  const signs = ['-', '+', '~'] as const;
  return signs.flatMap((sign) => {
    const words = groups.filter((group) => signOfGroup(group) === sign).map(wordsOfWhole);
    return words.length === 0 ? [] : [{ sign, what: [...new Set(words)].join(', '), details: '' }];
  });
}

function wordsOfWhole({ part }: Group): string {
  if (part === undefined) return '';
  return part.name === staticFunctionName ? groupWords('static') : groupWords(part.part);
}

/** The sign of a group: that of its function or table, or of all its resources; `undefined` when nothing is news. */
function signOfGroup(group: Group): PlanLine['sign'] | undefined {
  const sign = wholeSign(group);
  // What follows from a change of something else changes nothing that a person would see.
  return sign === '~' && !group.changes.some(isOwnChange) ? undefined : sign;
}

function wholeSign(group: Group): PlanLine['sign'] {
  const main = mainChange(group);
  if (group.part !== undefined && isOfApp(group)) return main === undefined ? '~' : signOf(main);
  const [only = '~', other] = new Set(group.changes.map(signOf));
  return other === undefined ? only : '~';
}

function describeGroup(group: Group): readonly PlanLine[] {
  const sign = signOfGroup(group);
  if (sign === undefined) return [];
  const what = describeWhat(group, sign);
  if (sign !== '~') return [{ sign, what, details: partsOf(group) }];
  const own = group.changes.filter(isOwnChange);
  return [{ sign, what, details: [...new Set(own.flatMap(describeChange))].join(', ') }];
}

/** The resource that a group is about: the function, or the table. */
function mainChange({ changes }: Group): Change | undefined {
  return changes.find(isMain);
}

function isMain({ type }: Change): boolean {
  return type === 'AWS::Lambda::Function' || type === 'AWS::DynamoDB::Table';
}

function signOf({ action }: Change): PlanLine['sign'] {
  if (action === 'Add' || action === 'Import') return '+';
  return action === 'Remove' ? '-' : '~';
}

function describeWhat({ part, changes }: Group, sign: PlanLine['sign']): string {
  if (part === undefined) return changes.map(({ logicalId }) => logicalId).join(', ');
  if (familyOf(part) === 'table') return `table ${part.label}`;
  const isRoute = part.name.startsWith('ws/') && !changes.some(({ known }) => known?.part?.part === 'authorizer');
  if (isRoute && sign !== '~') return `route ${part.label}`;
  return sign === '~' ? `function ${part.label}` : part.label;
}

/** `function, route, permission`: what is made or removed with it. */
function partsOf({ changes, part }: Group): string {
  if (part === undefined || familyOf(part) === 'table') return '';
  return sortParts(changes.map(kindOf)).join(', ');
}

function kindOf({ known, type }: Change): string {
  if (type === 'AWS::SSM::Parameter') return 'parameter';
  return known?.part === undefined ? typeWords(type) : partWords(known.part.part);
}

/** What merely follows from a change of something else is not news; nor are the tags, which all have in common. */
function isOwnChange({ action, properties, replacement }: Change): boolean {
  return action !== 'Modify' || replacement === 'True' || properties.some((name) => name !== 'Tags');
}

function isTagged({ action, properties }: ResourceChange): boolean {
  return action === 'Modify' && properties.includes('Tags');
}

function describeChange(change: Change): readonly string[] {
  const deed = { '+': ' added', '-': ' removed', '~': '' }[signOf(change)];
  // A version comes with every change of a function that has them, and another one goes.
  if (change.known?.part?.part === 'version') return [];
  if (!isMain(change)) return [`${kindOf(change)}${deed}`];
  const words = change.properties.filter((name) => name !== 'Tags').map(propertyWords);
  return change.replacement === 'True' ? ['replaced', ...words] : words;
}
