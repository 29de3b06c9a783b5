import { errors } from '../errors.ts';
import { parseTemplate, record, text, type Json } from './read-template.ts';

/**
 * What DynamoDB would refuse: a sentence for each table that more than one index would be added to or removed from. An
 * index whose keys or projection change counts as both. Reads our own templates and those of SAM. Pure.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html (read 2026-11)
 */
export function indexChanges(before: string | undefined, after: string): readonly string[] {
  const deployed = tablesOf(before ?? '{}');
  return Object.entries(tablesOf(after)).flatMap(([id, table]) => {
    const earlier = deployed[id];
    return earlier === undefined || isReplaced(earlier, table) ? [] : changesOf(earlier, table, labelOf(id, table));
  });
}

/** @throws {INDEXES_AT_ONCE} when DynamoDB would refuse the indexes of a table. */
export function checkIndexes(before: string | undefined, after: string): void {
  const sentences = indexChanges(before, after);
  if (sentences.length > 0) throw errors.indexesAtOnce(sentences);
}

function changesOf(before: Json, after: Json, label: string): readonly string[] {
  const [old, wanted] = [indexesOf(before), indexesOf(after)];
  const added = [...wanted.keys()].filter((name) => !old.has(name));
  const removed = [...old.keys()].filter((name) => !wanted.has(name));
  const changed = [...wanted].filter(([name, is]) => old.has(name) && old.get(name) !== is).map(([name]) => name);
  if (added.length + removed.length + 2 * changed.length < 2) return [];
  const deeds = [
    ...added.map((name) => `get the index ${name}`),
    ...removed.map((name) => `lose the index ${name}`),
    ...changed.map((name) => `lose the index ${name} and get it anew`),
  ];
  return [`Table ${label} would ${deeds.join(', ')}.`];
}

/** A table with other keys is a new one, which may be made with all its indexes. */
function isReplaced(before: Json, after: Json): boolean {
  const [old, wanted] = [typesOf(before), typesOf(after)];
  const isRetyped = [...wanted].some(([name, type]) => (old.get(name) ?? type) !== type);
  return isRetyped || canonical(before['KeySchema']) !== canonical(after['KeySchema']);
}

function typesOf({ AttributeDefinitions }: Json): ReadonlyMap<unknown, unknown> {
  return new Map(list(AttributeDefinitions).map(({ AttributeName, AttributeType }) => [AttributeName, AttributeType]));
}

/** What an index is, by its name. */
function indexesOf({ GlobalSecondaryIndexes }: Json): ReadonlyMap<string, string> {
  return new Map(
    list(GlobalSecondaryIndexes).map(({ IndexName, KeySchema, Projection }) => [
      String(IndexName),
      canonical([KeySchema, Projection]),
    ]),
  );
}

function tablesOf(templateText: string): Readonly<Record<string, Json>> {
  const resources = record(parseTemplate(templateText)['Resources']);
  const tables = Object.entries(resources).filter(
    ([, resource]) => record(resource)['Type'] === 'AWS::DynamoDB::Table',
  );
  return Object.fromEntries(
    tables.map(([id, resource]) => [id, { ...record(record(resource)['Properties']), ...record(resource) }]),
  );
}

function labelOf(id: string, { Metadata }: Json): string {
  return text(record(record(Metadata)['Furrow'])['label']) || id;
}

/** The same text for the same value, whatever the order of its keys and of the attributes that it lists. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).toSorted().join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  const entries = Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`);
  return `{${entries.toSorted().join()}}`;
}

function list(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.map(record) : [];
}
