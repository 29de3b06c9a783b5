import type { IndexSchema, TableSchema } from '@furrow/manifest';
import { isMembers, listOf, refused, type Members, type Refusal } from './outcome.ts';

/** Names of indexes. One that changes is in both. */
export interface IndexChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** What `UpdateTable` makes of the indexes of a table. */
export type IndexUpdate =
  | { readonly type: 'none' }
  | Refusal
  | {
      readonly type: 'change';
      /** As good as the input was. */
      readonly schema: Members;
      readonly change: IndexChange;
    };

/** Reads the indexes that are created and deleted, for a table that is described as DynamoDB does. */
export function readIndexUpdate(description: Members, input: Members): IndexUpdate {
  const updates = listOf(input['GlobalSecondaryIndexUpdates']).filter(isMembers);
  const created = updates.map(({ Create: create }) => create).filter(isMembers);
  const removed = updates
    .map(({ Delete: remove }) => remove)
    .filter(isMembers)
    .map(nameOf);
  if (created.length + removed.length === 0) return { type: 'none' };
  const present = listOf(description['GlobalSecondaryIndexes']).filter(isMembers);
  const kept = present.filter((index) => !removed.includes(nameOf(index)));
  if (kept.length + removed.length !== present.length) {
    return refused('ResourceNotFoundException', 'Requested resource not found');
  }
  const names = new Set(kept.map(nameOf));
  if (created.some((index) => names.has(nameOf(index)))) {
    return refused('ValidationException', 'Attempting to create an index which already exists');
  }
  const indexes = [...kept, ...created].map(schemaOf);
  const schema = {
    KeySchema: description['KeySchema'],
    AttributeDefinitions: usedAttributes(description, input, indexes),
    ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes }),
  };
  return { type: 'change', schema, change: { added: created.map(nameOf), removed } };
}

/** Whether all that a table is made of is there. */
export function isTableSchema(schema: Members): schema is Members & TableSchema {
  const indexes = listOf(schema['GlobalSecondaryIndexes']);
  const keys = [schema, ...indexes].flatMap((keyed) => (isMembers(keyed) ? listOf(keyed['KeySchema']) : [undefined]));
  const named = [...keys, ...listOf(schema['AttributeDefinitions'])];
  return (
    named.every((one) => isMembers(one) && typeof one['AttributeName'] === 'string') &&
    indexes.every((index) => isMembers(index) && nameOf(index) !== '' && isMembers(index['Projection']))
  );
}

function nameOf({ IndexName: name }: Members): string {
  return typeof name === 'string' ? name : '';
}

function schemaOf({ IndexName, KeySchema, Projection }: Members): Members {
  return { IndexName, KeySchema, Projection };
}

/** The definitions of what the keys are made of, those of the input before those that were there. */
function usedAttributes(description: Members, input: Members, indexes: readonly Members[]): readonly Members[] {
  const given = [description, input].flatMap(({ AttributeDefinitions: all }) => listOf(all)).filter(isMembers);
  const definitions = new Map(given.map((definition): [unknown, Members] => [definition['AttributeName'], definition]));
  const keys = [description, ...indexes].flatMap(({ KeySchema: elements }) => listOf(elements)).filter(isMembers);
  const names = new Set(keys.map(({ AttributeName: name }) => name));
  return [...names].map((name) => definitions.get(name)).filter((definition) => definition !== undefined);
}

/** The input of the `UpdateTable` that creates an index. */
export function creationOf(index: IndexSchema, schema: TableSchema): Members {
  const names = new Set(index.KeySchema.map(({ AttributeName: name }) => name));
  return {
    AttributeDefinitions: schema.AttributeDefinitions.filter(({ AttributeName: name }) => names.has(name)),
    GlobalSecondaryIndexUpdates: [{ Create: index }],
  };
}
