import { createKit } from './kit.ts';
import type { Need, Row, TestedRow, Variant } from './row.ts';
import type { Stage, Target } from './target.ts';

/** How one row went at one target. */
export type Outcome =
  | { readonly type: 'passed'; readonly durationMs: number }
  | { readonly type: 'failed'; readonly error: unknown }
  | { readonly type: 'skipped'; readonly reason: string };

/** Runs rows against a target, one after the other; stages stay open between rows of one variant. */
export interface Runner extends AsyncDisposable {
  readonly run: (row: Row) => Promise<Outcome>;
}

const needs: Readonly<Record<Need, string>> = {
  clock: 'it needs a clock that can be moved',
  logs: 'it needs what functions print',
  tools: 'what is made on this machine is no matter of this target',
  freeze: 'it needs environments that stand still between events',
  'other-host': 'it needs a second name that leads to the stage',
};

const longestRowMs = 60_000;

export function openRunner(target: Target): Runner {
  const stages = new Map<Variant, Promise<Stage | string>>();

  function stageOf(variant: Variant): Promise<Stage | string> {
    const known = stages.get(variant) ?? target.open(variant);
    stages.set(variant, known);
    return known;
  }

  async function test(row: TestedRow): Promise<Outcome> {
    const { variant = 'main', needs: needed = [] } = row;
    const stage = await stageOf(variant);
    if (typeof stage === 'string') return { type: 'skipped', reason: stage };
    const missing = needed.find((need) => !offers(target, stage, need));
    if (missing !== undefined) return { type: 'skipped', reason: needs[missing] };
    const { kit, close } = createKit({ stage, tools: target.tools });
    const startedAt = performance.now();
    try {
      await within(row.run(kit));
      return { type: 'passed', durationMs: performance.now() - startedAt };
    } catch (error) {
      return { type: 'failed', error };
    } finally {
      await close();
    }
  }

  return {
    async run(row) {
      if ('leftOut' in row) return { type: 'skipped', reason: row.leftOut };
      const gap = target.gaps.get(row.id);
      return gap === undefined ? test(row) : { type: 'skipped', reason: gap };
    },
    async [Symbol.asyncDispose]() {
      const opened = await Promise.all(stages.values());
      await Promise.all(opened.map(async (stage) => typeof stage === 'string' || stage[Symbol.asyncDispose]()));
    },
  };
}

function offers(target: Target, stage: Stage, need: Need): boolean {
  const has: Readonly<Record<Need, boolean>> = {
    clock: stage.advance !== undefined,
    logs: stage.logs !== undefined,
    tools: target.tools !== undefined,
    freeze: stage.freezes,
    'other-host': stage.otherHost !== undefined,
  };
  return has[need];
}

/** A row that hangs is a row that fails. */
async function within(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`The row took more than ${longestRowMs} ms.`)), longestRowMs);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
