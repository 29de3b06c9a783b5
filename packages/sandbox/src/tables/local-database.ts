import { isUserError, type Clock } from '@furrow/protocol';
import { errors } from '../errors.ts';
import type { Database } from './database.ts';
import { openEmulator, type Emulator, type EmulatorOptions } from './emulator.ts';
import { createGate } from './gate.ts';
import type { Write } from './guarded-store.ts';
import { createIdempotency } from './idempotency.ts';
import { notOffered } from './operations.ts';
import { done, isMembers, listOf, refusalName, refused, type Members, type Outcome } from './outcome.ts';
import { openSweeper } from './sweeper.ts';
import { describeTimeToLive, expiredBefore, updateTimeToLive } from './time-to-live.ts';
import { transactGet, transactWrite } from './transactions.ts';
import { isTableSchema, readIndexUpdate } from './update-table.ts';

interface LocalDatabaseOptions extends EmulatorOptions {
  readonly clock: Clock;
  /** Told of each item that is written, in their order. It MUST return at once. */
  readonly onWrite: (write: Write, by: 'call' | 'expiry') => void;
}

/**
 * Opens a database of this process: the emulator, and in front of it what it lacks. That is transactions, times to live, and
 * the item that failed a condition.
 *
 * @throws {TABLES_DATA_UNUSABLE} when the folder for items cannot be used.
 * @throws {TABLES_DATA_DAMAGED} when what is kept there cannot be read.
 */
export async function openLocalDatabase(options: LocalDatabaseOptions): Promise<Database> {
  const { path = '', clock } = options;
  const { now } = clock;
  const emulator = await openEmulator(options).catch((error: unknown) => {
    throw isUserError(error) ? error : errors.tablesDataUnusable(path, error);
  });
  const gate = createGate();
  const idempotency = createIdempotency(now);
  const timesToLive = new Map<string, string>();
  let isClosed = false;

  const onCall = (write: Write) => options.onWrite(write, 'call');
  const onExpiry = (write: Write) => options.onWrite(write, 'expiry');

  const run = async (operation: string, input: Members, onWrite = onCall): Promise<Outcome> => {
    if (isClosed) return refused('InternalServerError', 'The sandbox has stopped.');
    const outcome = (await emulator.run(operation, input, onWrite)) ?? notOffered(operation);
    if (operation === 'DeleteTable' && outcome.type === 'done') timesToLive.delete(String(input['TableName']));
    return outcome;
  };

  /** Answers for a table that is there. */
  const ofTable = async (input: Members, answer: (tableName: string) => Outcome): Promise<Outcome> => {
    const found = await run('DescribeTable', { TableName: input['TableName'] });
    return found.type === 'done' ? answer(String(input['TableName'])) : found;
  };

  /** The emulator itself changes nothing but throughput. */
  async function updateTable(input: Members): Promise<Outcome> {
    const { TableName } = input;
    const found = await run('DescribeTable', { TableName });
    const description = found.type === 'done' ? found.value['Table'] : undefined;
    if (!isMembers(description)) return found;
    const update = readIndexUpdate(description, input);
    if (update.type === 'none') return run('UpdateTable', input);
    if (update.type === 'refused') return update;
    const { schema, change } = update;
    const fault = emulator.findFault('CreateTable', { TableName, BillingMode: 'PAY_PER_REQUEST', ...schema });
    if (fault !== undefined) return fault;
    if (!isTableSchema(schema)) throw new Error('A schema that passed is none.');
    await emulator.setIndexes(String(TableName), schema, change);
    const after = await run('DescribeTable', { TableName });
    return after.type === 'done' ? done({ TableDescription: after.value['Table'] }) : after;
  }

  const own: Readonly<Record<string, (input: Members) => Promise<Outcome>>> = {
    TransactWriteItems: (input) =>
      gate.alone(async () => {
        const known = idempotency.known(input);
        if (known !== undefined) return known;
        const outcome = await transactWrite(emulator, input, onCall);
        if (outcome.type === 'done') idempotency.remember(input);
        return outcome;
      }),
    TransactGetItems: (input) => gate.alone(() => transactGet(emulator, input)),
    UpdateTable: (input) => gate.alone(() => updateTable(input)),
    DescribeTimeToLive: (input) => ofTable(input, (name) => describeTimeToLive(timesToLive, name)),
    UpdateTimeToLive: (input) =>
      ofTable(input, (name) => {
        const { outcome, attribute } = updateTimeToLive(timesToLive, name, input['TimeToLiveSpecification']);
        if (outcome.type === 'refused') return outcome;
        if (attribute === undefined) timesToLive.delete(name);
        else timesToLive.set(name, attribute);
        return outcome;
      }),
  };

  async function sweepTable(TableName: string, attribute: string): Promise<void> {
    const { expression, ...values } = expiredBefore(attribute, now());
    let ExclusiveStartKey: unknown;
    do {
      const scan = { TableName, FilterExpression: expression, ExclusiveStartKey, ...values };
      const page = await gate.beside(() => run('Scan', scan));
      if (page.type === 'refused') return;
      for (const item of listOf(page.value['Items']).filter(isMembers)) {
        await gate.beside(async () => {
          if (isClosed) return;
          const located = await emulator.locate(TableName, { Item: item });
          // It may have been given another time since.
          const removal = { TableName, Key: located?.key, ConditionExpression: expression, ...values };
          await run('DeleteItem', removal, onExpiry);
        });
      }
      ExclusiveStartKey = page.value['LastEvaluatedKey'];
    } while (ExclusiveStartKey !== undefined);
  }

  const endSweeping = openSweeper(async () => {
    for (const [tableName, attribute] of timesToLive) await sweepTable(tableName, attribute);
  }, clock);

  return {
    async call(operation, input) {
      const mine = Object.hasOwn(own, operation) ? own[operation] : undefined;
      if (mine !== undefined) return mine(input);
      const outcome = await gate.beside(() => run(operation, input));
      return withFailedItem(emulator, input, outcome);
    },
    close: () =>
      gate.alone(async () => {
        endSweeping();
        if (!isClosed) await emulator.close();
        isClosed = true;
      }),
  };
}

/** The item that did not meet a condition, where the call asks for it. */
async function withFailedItem(emulator: Emulator, input: Members, outcome: Outcome): Promise<Outcome> {
  const isWanted = input['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD';
  if (!isWanted || outcome.type === 'done' || refusalName(outcome) !== 'ConditionalCheckFailedException')
    return outcome;
  const located = await emulator.locate(String(input['TableName']), input);
  return located?.item === undefined ? outcome : { ...outcome, body: { ...outcome.body, Item: located.item } };
}
