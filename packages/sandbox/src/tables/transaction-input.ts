import { isMembers, refused, type Members, type Refusal } from './outcome.ts';

/** One write of a transaction: the operation of its own that it would be, and that one's input. */
export interface Step {
  readonly operation: 'PutItem' | 'UpdateItem' | 'DeleteItem';
  readonly input: Members & { readonly TableName: string };
  /** `ConditionCheck`: nothing is written. */
  readonly isCheck: boolean;
}

const operations = {
  ConditionCheck: 'DeleteItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
} as const;
const maxItems = 100;

/** The writes of `TransactWriteItems`, or why it has none. */
export function parseWrites(input: Members): readonly Step[] | Refusal {
  const items = parseItems(input);
  if (!isList(items)) return items;
  const steps: Step[] = [];
  for (const item of items) {
    const step = readStep(item);
    if ('type' in step) return step;
    steps.push(step);
  }
  return steps;
}

/** The reads of `TransactGetItems`, or why it has none. */
export function parseReads(input: Members): readonly Members[] | Refusal {
  const items = parseItems(input);
  if (!isList(items)) return items;
  const reads = items.map(({ Get: read }) => read).filter(isMembers);
  return reads.length === items.length ? reads : invalid('TransactItems of TransactGetItems can only contain Get');
}

export function isList<Item>(value: readonly Item[] | Refusal): value is readonly Item[] {
  return Array.isArray(value);
}

function parseItems({ TransactItems: items }: Members): readonly Members[] | Refusal {
  if (!Array.isArray(items)) return violation('null', 'Member must not be null');
  if (items.length === 0) return violation("'[]'", 'Member must have length greater than or equal to 1');
  if (items.length > maxItems) {
    return violation(`'[${items.length} items]'`, `Member must have length less than or equal to ${maxItems}`);
  }
  const found = items.filter(isMembers);
  return found.length === items.length ? found : refused('SerializationException', 'Unexpected value type in payload');
}

function readStep(item: Members): Step | Refusal {
  const [kind, ...more] = Object.keys(item).filter((name): name is keyof typeof operations =>
    Object.hasOwn(operations, name),
  );
  const input = kind === undefined ? undefined : item[kind];
  if (kind === undefined || more.length > 0 || !isMembers(input)) {
    return invalid('TransactItems can only contain one of Check, Put, Update or Delete');
  }
  const isCheck = kind === 'ConditionCheck';
  const { TableName: tableName, ReturnValues: _, ...rest } = input;
  if (typeof tableName !== 'string')
    return violation('null', 'Member must not be null', 'transactItems.1.member.tableName');
  if (isCheck && typeof rest['ConditionExpression'] !== 'string') {
    return violation('null', 'Member must not be null', 'transactItems.1.member.conditionCheck.conditionExpression');
  }
  return { operation: operations[kind], input: { ...rest, TableName: tableName }, isCheck };
}

function violation(value: string, constraint: string, member = 'transactItems'): Refusal {
  return invalid(
    `1 validation error detected: Value ${value} at '${member}' failed to satisfy constraint: ${constraint}`,
  );
}

function invalid(message: string): Refusal {
  return refused('ValidationException', message);
}
