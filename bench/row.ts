import type { Client } from './client.ts';
import type { Figure, Missing, Series } from './figure.ts';
import type { Peer, Subject } from './peers.ts';
import { settle } from './process-tree.ts';

export interface Context {
  readonly client: Client;
  readonly rounds: number;
  /** Short rounds, to see whether it works: their figures mean nothing. */
  readonly isQuick: boolean;
  /** What is left out of `--peers` is not measured. */
  readonly peers: ReadonlySet<string>;
  progress(text: string): void;
}

/** What `--only` names: measured together, as it is measured on the same servers. */
export interface Row {
  readonly id: string;
  readonly about: string;
  readonly run: (context: Context) => Promise<readonly Figure[]>;
}

interface Run<Value, Each extends Subject> {
  readonly subject: Each;
  readonly values: Value[];
  peer?: Peer;
  why?: string;
}

export interface Compared<Value> {
  readonly missing: readonly Missing[];
  /** One of the values that a round gave, for each subject. */
  series(of: (value: Value) => number): readonly Series[];
}

export interface CompareOptions<Value, Each extends Subject> {
  readonly subjects: readonly Each[];
  /** Before the first round, on each. */
  readonly warmUp?: (peer: Peer, subject: Each) => Promise<unknown>;
  readonly measure: (peer: Peer, subject: Each) => Promise<Value>;
  /** Starts every subject anew in each round. @default false */
  readonly isFresh?: boolean;
  /** @default the context's */
  readonly rounds?: number;
}

/**
 * Measures each subject in each round, in turn, so that a busy moment of the machine does not hit one alone.
 *
 * A subject that fails is left out from then on and named; the others go on.
 */
export async function compare<Value, Each extends Subject>(
  context: Context,
  options: CompareOptions<Value, Each>,
): Promise<Compared<Value>> {
  const { subjects, warmUp, measure, isFresh = false, rounds = context.rounds } = options;
  const runs = subjects
    .filter(({ peer }) => context.peers.has(peer))
    .map((subject): Run<Value, Each> => ({ subject, values: [] }));
  const open = async (run: Run<Value, Each>) => {
    context.progress(`start ${run.subject.name}`);
    run.peer = await run.subject.open();
    await settle(run.peer.pid);
    await warmUp?.(run.peer, run.subject);
    await settle(run.peer.pid);
  };
  const measureOnce = async (run: Run<Value, Each>, round: number) => {
    if (isFresh) await open(run);
    if (run.peer === undefined) return;
    context.progress(`round ${round + 1} of ${rounds}, ${run.subject.name}`);
    run.values.push(await measure(run.peer, run.subject));
    if (isFresh) await close(run);
    else await settle(run.peer.pid);
  };
  try {
    if (!isFresh) await inTurn(runs, (run) => attempt(run, () => open(run)));
    await inTurn(Array.from({ length: rounds }).keys(), (round) =>
      inTurn(runs, (run) => attempt(run, () => measureOnce(run, round))),
    );
  } finally {
    await inTurn(runs, close);
  }
  return {
    missing: runs.flatMap(({ subject, why }) => (why === undefined ? [] : [{ name: subject.name, why }])),
    series: (of) =>
      runs
        .filter(({ values }) => values.length > 0)
        .map(({ subject, values }) => ({ name: subject.name, values: values.map(of) })),
  };
}

async function attempt(run: Run<unknown, Subject>, act: () => Promise<void>): Promise<void> {
  if (run.why !== undefined) return;
  try {
    await act();
  } catch (error) {
    run.why = error instanceof Error ? error.message : String(error);
    await close(run);
  }
}

async function close(run: Run<unknown, Subject>): Promise<void> {
  const { peer } = run;
  delete run.peer;
  await peer?.[Symbol.asyncDispose]();
}

/** One after the other: never two measurements at once. */
export async function inTurn<Item>(items: Iterable<Item>, act: (item: Item) => Promise<unknown>): Promise<void> {
  // oxlint-disable-next-line no-await-in-loop
  for (const item of items) await act(item);
}
