import type { TableSchema } from '@furrow/manifest';
import { isMembers, listOf, type Members } from './outcome.ts';
import type { IndexChange } from './update-table.ts';

/** What to do to the indexes of a table that is there, described as DynamoDB does, to make it what the manifest says. */
export function indexChange(description: Members, schema: TableSchema): IndexChange {
  const present = indexTexts(description);
  const wanted = indexTexts(schema);
  return { added: notIn(present, wanted), removed: notIn(wanted, present) };
}

/** Each index by its name, with all that it is made of as one text. */
function indexTexts(table: Members): ReadonlyMap<string, string> {
  const types = new Map(
    listOf(table['AttributeDefinitions']).map((one) => {
      const { AttributeName: name, AttributeType: type } = isMembers(one) ? one : {};
      return [name, type];
    }),
  );
  const indexes = listOf(table['GlobalSecondaryIndexes']).filter(isMembers);
  return new Map(
    indexes.map(({ IndexName: name, KeySchema: keys, Projection: projection }) => {
      const elements = listOf(keys).filter(isMembers);
      const { ProjectionType: kind, NonKeyAttributes: attributes } = isMembers(projection) ? projection : {};
      const keyTexts = elements.map(({ AttributeName: key, KeyType: role }) => [key, role, types.get(key)]);
      return [String(name), JSON.stringify([keyTexts, kind, listOf(attributes).map(String).toSorted()])];
    }),
  );
}

/** The names of those that the others lack, or have as something else. */
function notIn(others: ReadonlyMap<string, string>, indexes: ReadonlyMap<string, string>): readonly string[] {
  return [...indexes].filter(([name, text]) => others.get(name) !== text).map(([name]) => name);
}
