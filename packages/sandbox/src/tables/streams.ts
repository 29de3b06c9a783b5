import type { App, Table } from '@furrow/manifest';
import type { Clock, Invoke, Outcome } from '@furrow/protocol';
import { openChannel, type BackgroundRun, type Channel, type ChannelTarget } from '../bus/channel.ts';
import type { Received } from '../bus/message.ts';
import type { Write } from './guarded-store.ts';
import { isMembers, listOf } from './outcome.ts';
import { sequenceNumber, streamRecord } from './stream-record.ts';

export interface StreamsOptions {
  readonly region: string;
  readonly accountId: string;
  readonly invoke: Invoke;
  readonly clock: Clock;
  /** It MUST return at once. */
  readonly onRun: (run: BackgroundRun) => void;
}

/** Brings the changes of items to the functions of `@tables-streams`. */
export interface Streams {
  /** Takes a manifest; `names` are the tables' in the database, by those in the manifest. */
  follow(app: Pick<App, 'tables' | 'tablesStreams'>, names: ReadonlyMap<string, string>): void;
  readonly record: (write: Write, by: 'call' | 'expiry') => void;
  /** Begins no more batches; resolves when those that run have ended, or after `graceMs`. What waits is lost. */
  close(graceMs: number): Promise<void>;
}

interface Stream {
  readonly table: Table;
  readonly physicalName: string;
  readonly channel: Channel;
}

/**
 * As a deploy has it: ten changes at once, one batch after the other. A batch that fails comes again until it succeeds, and
 * nothing before it has; here after one second, and later ones after up to ten.
 */
const rules: ChannelTarget['rules'] = {
  isOrdered: true,
  batchSize: 10,
  batchWindowMs: 0,
  maxAttempts: Number.POSITIVE_INFINITY,
  retryDelayMs: (attempt) => Math.min(attempt, 10) * 1000,
  maxRunning: 1,
};

/** A table here has one shard: all of its changes are in one order. */
const shard = 'shard';

export function createStreams(options: StreamsOptions): Streams {
  const { clock, region, accountId } = options;
  const startedAtMs = clock.now();
  let streams: ReadonlyMap<string, Stream> = new Map();
  let count = 0;

  return {
    follow({ tables, tablesStreams }, names) {
      const former = streams;
      streams = new Map(
        tablesStreams.flatMap(({ name, functionName, tableName }) => {
          const table = tables.find((one) => one.name === tableName);
          const physicalName = names.get(tableName);
          if (table === undefined || physicalName === undefined) return [];
          const target = { functionName, label: `stream ${name}`, rules, encode, failedOf: failedFromFirst };
          const channel = former.get(functionName)?.channel ?? openChannel(target, options);
          return [[functionName, { table, physicalName, channel }] as const];
        }),
      );
      for (const [functionName, { channel }] of former) if (!streams.has(functionName)) void channel.close();
    },
    record(write, by) {
      const { tableName } = write;
      const own = [...streams.values()].filter(({ physicalName }) => physicalName === tableName);
      if (own.length === 0) return;
      count += 1;
      const copy: Write = JSON.parse(JSON.stringify(write));
      const atMs = clock.now();
      for (const { table, channel } of own) {
        const keys = [table.partitionKey, table.sortKey].flatMap((key) => (key === undefined ? [] : [key.name]));
        const source = { region, accountId, tableName, keys, startedAtMs };
        const record = streamRecord(source, { write: copy, by, atMs, count });
        if (record === undefined) continue;
        const messageId = sequenceNumber(count);
        channel.add({ messageId, body: JSON.stringify(record), attributes: {}, sentAtMs: atMs, groupId: shard });
      }
    },
    async close(graceMs) {
      const ended = Promise.all([...streams.values()].map(({ channel }) => channel.close()));
      await new Promise<void>((resolve) => {
        const callOff = clock.after(graceMs, resolve);
        void ended.finally(() => {
          callOff();
          resolve();
        });
      });
    },
  };
}

function encode(batch: readonly Received[]): string {
  return `{"Records":[${batch.map(({ body }) => body).join(',')}]}`;
}

/**
 * The changes that come again: from the first on that `batchItemFailures` names, or all of them when the function failed, or
 * when it names one that was not there.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html (read 2026-11)
 */
export function failedFromFirst(outcome: Outcome, batch: readonly { readonly messageId: string }[]): readonly string[] {
  const all = batch.map(({ messageId }) => messageId);
  if (outcome.type !== 'returned') return all;
  const failures = isMembers(outcome.value) ? listOf(outcome.value['batchItemFailures']) : [];
  const named = failures.map((item) => (isMembers(item) ? item['itemIdentifier'] : undefined));
  const places = named.map((id) => all.findIndex((known) => known === id));
  if (places.includes(-1)) return all;
  return places.length === 0 ? [] : all.slice(Math.min(...places));
}
