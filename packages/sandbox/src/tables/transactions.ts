import type { Emulator, Located } from './emulator.ts';
import type { Write } from './guarded-store.ts';
import { done, refusalMessage, refusalName, refused, type Members, type Outcome, type Refusal } from './outcome.ts';
import { isList, parseReads, parseWrites, type Step } from './transaction-input.ts';

/** Why a transaction was cancelled, for one of its items. */
interface Reason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: Members;
}

const none: Reason = { Code: 'None' };

/**
 * All of the writes or none: every condition is looked at first, and what was written is taken back when a later write is
 * refused. Nothing else may run meanwhile. `onWrite` is told of what was written when all of it was.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html (read 2026-11)
 */
export async function transactWrite(
  emulator: Emulator,
  input: Members,
  onWrite: (write: Write) => void,
): Promise<Outcome> {
  const steps = parseWrites(input);
  if (!isList(steps)) return steps;
  const checks = await inOrder(steps, (step) => emulator.check(step.operation, step.input));
  const invalid = checks.find((check) => check.type === 'invalid');
  if (invalid !== undefined) return invalid.outcome;
  const located = await inOrder(steps, ({ input: { TableName, Key, Item } }) =>
    emulator.locate(TableName, { Key, Item }),
  );
  if (hasTwice(located)) {
    return refused('ValidationException', 'Transaction request cannot include multiple operations on one item');
  }
  const reasons = checks.map((check, index): Reason => {
    if (check.type !== 'failed') return none;
    return reasonOf(check.outcome, wantsItem(steps[index]) ? located[index]?.item : undefined);
  });
  if (reasons.some((reason) => reason !== none)) return cancelled(reasons);
  const writes: Write[] = [];
  const outcome = await writeAll(emulator, { steps, located, onWrite: (write) => writes.push(write) });
  if (outcome.type === 'done') for (const write of writes) onWrite(write);
  return outcome;
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html (read 2026-11) */
export async function transactGet(emulator: Emulator, input: Members): Promise<Outcome> {
  const reads = parseReads(input);
  if (!isList(reads)) return reads;
  const outcomes = await inOrder(reads, async (read) => emulator.run('GetItem', { ...read, ConsistentRead: true }));
  const failed = outcomes.find((outcome) => outcome?.type === 'refused');
  if (failed !== undefined) return failed;
  return done({
    Responses: outcomes.map((outcome) => {
      const item = outcome?.type === 'done' ? outcome.value['Item'] : undefined;
      return item === undefined ? {} : { Item: item };
    }),
  });
}

async function writeAll(
  emulator: Emulator,
  {
    steps,
    located,
    onWrite,
  }: {
    readonly steps: readonly Step[];
    readonly located: readonly (Located | undefined)[];
    readonly onWrite: (write: Write) => void;
  },
): Promise<Outcome> {
  for (const [index, { operation, input, isCheck }] of steps.entries()) {
    if (isCheck) continue;
    const outcome = await emulator.run(operation, input, onWrite);
    if (outcome?.type !== 'refused') continue;
    await takeBack(emulator, steps.slice(0, index), located);
    return cancelled(steps.map((_, at) => (at === index ? reasonOf(outcome, undefined) : none)));
  }
  return done({});
}

/** Puts back what was there before the first steps wrote. */
async function takeBack(
  emulator: Emulator,
  steps: readonly Step[],
  located: readonly (Located | undefined)[],
): Promise<void> {
  for (const [index, { input, isCheck }] of steps.entries()) {
    const before = located[index];
    if (isCheck || before === undefined) continue;
    const { TableName } = input;
    if (before.item === undefined) await emulator.run('DeleteItem', { TableName, Key: before.key });
    else await emulator.run('PutItem', { TableName, Item: before.item });
  }
}

function hasTwice(located: readonly (Located | undefined)[]): boolean {
  const ids = located.flatMap((one) => (one === undefined ? [] : [one.id]));
  return new Set(ids).size < ids.length;
}

function wantsItem(step: Step | undefined): boolean {
  return step?.input['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD';
}

function reasonOf(outcome: Refusal, item: Members | undefined): Reason {
  const name = refusalName(outcome);
  const Message = refusalMessage(outcome.body);
  if (name !== 'ConditionalCheckFailedException') return { Code: 'ValidationError', Message };
  return { Code: 'ConditionalCheckFailed', Message, ...(item !== undefined && { Item: item }) };
}

function cancelled(reasons: readonly Reason[]): Outcome {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  return refused('TransactionCanceledException', message, { Message: message, CancellationReasons: reasons });
}

async function inOrder<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
