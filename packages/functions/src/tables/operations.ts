import { isRecord } from '../answer.ts';

/**
 * Where items, keys and other values stand in what a call takes and answers: members joined by dots, `*` for each element
 * of a list or a map.
 */
interface Places {
  readonly input: readonly string[];
  readonly output: readonly string[];
}

const read: Places = {
  input: ['ExclusiveStartKey', 'ExpressionAttributeValues'],
  output: ['Items.*', 'LastEvaluatedKey'],
};
const writeOutput = ['Attributes', 'ItemCollectionMetrics.ItemCollectionKey'];
const keyed: Places = { input: ['Key', 'ExpressionAttributeValues'], output: writeOutput };

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html (read 2026-11) */
const places: ReadonlyMap<string, Places> = new Map([
  ['GetItem', { input: ['Key'], output: ['Item'] }],
  ['PutItem', { input: ['Item', 'ExpressionAttributeValues'], output: writeOutput }],
  ['DeleteItem', keyed],
  ['UpdateItem', keyed],
  ['Query', read],
  ['Scan', read],
  ['BatchGetItem', { input: ['RequestItems.*.Keys.*'], output: ['Responses.*.*', 'UnprocessedKeys.*.Keys.*'] }],
  [
    'BatchWriteItem',
    {
      input: ['RequestItems.*.*.PutRequest.Item', 'RequestItems.*.*.DeleteRequest.Key'],
      output: [
        'UnprocessedItems.*.*.PutRequest.Item',
        'UnprocessedItems.*.*.DeleteRequest.Key',
        'ItemCollectionMetrics.*.*.ItemCollectionKey',
      ],
    },
  ],
  ['TransactGetItems', { input: ['TransactItems.*.Get.Key'], output: ['Responses.*.Item'] }],
  [
    'TransactWriteItems',
    {
      input: [
        'TransactItems.*.Put.Item',
        ...['Update', 'Delete', 'ConditionCheck'].map((kind) => `TransactItems.*.${kind}.Key`),
        'TransactItems.*.*.ExpressionAttributeValues',
      ],
      output: ['ItemCollectionMetrics.*.*.ItemCollectionKey'],
    },
  ],
  ['ExecuteStatement', { input: ['Parameters.*'], output: ['Items.*', 'LastEvaluatedKey'] }],
  [
    'BatchExecuteStatement',
    { input: ['Statements.*.Parameters.*'], output: ['Responses.*.Item', 'Responses.*.Error.Item'] },
  ],
  ['ExecuteTransaction', { input: ['TransactStatements.*.Parameters.*'], output: ['Responses.*.Item'] }],
]);

/** Changes one value; `member` is the last name on the way to it: `Key`, `Items`, `Parameters`. */
export type Change = (value: unknown, member: string) => unknown;

/** A copy of what a call takes, or answers, with every value in it changed. What is not there stays away. */
export function changeValues(operation: string, side: keyof Places, body: object, change: Change): object {
  return (places.get(operation)?.[side] ?? []).reduce<object>((changed, place) => {
    const path = place.split('.');
    const member = path.findLast((part) => part !== '*') ?? '';
    return Object(changeAt(changed, path, (value) => change(value, member)));
  }, body);
}

function changeAt(value: unknown, path: readonly string[], change: (value: unknown) => unknown): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return value === undefined ? value : change(value);
  if (!isRecord(value)) return value;
  const deeper = (one: unknown) => changeAt(one, rest, change);
  if (part !== '*') return Object.hasOwn(value, part) ? { ...value, [part]: deeper(value[part]) } : value;
  if (Array.isArray(value)) return value.map(deeper);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, deeper(one)]));
}
