import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeApp } from './apps.ts';
import type { Figure, Missing } from './figure.ts';
import { architect } from './other-peers.ts';
import { furrowEcho, startFurrow, type Peer } from './peers.ts';
import { inTurn, type Context, type Row } from './row.ts';

const root = join(import.meta.dirname, '..');

/** Milliseconds that a bare Node process takes from start to end. */
async function bareNodeMs(): Promise<number> {
  const startedAt = performance.now();
  await once(spawn(process.execPath, ['-e', '0']), 'exit');
  return performance.now() - startedAt;
}

async function firstAnswer(peer: Peer): Promise<void> {
  const answer = await fetch(peer.httpUrl);
  if ((await answer.text()) !== 'ok') throw new Error('The sandbox gave another answer.');
}

/** Milliseconds from starting `arc sandbox` to the answer of its first request, a handler's run included. */
async function furrowMs(): Promise<number> {
  await using app = await writeApp({ base: 'echo' });
  const startedAt = performance.now();
  await using peer = await startFurrow(app.folder);
  await firstAnswer(peer);
  return performance.now() - startedAt;
}

/** Milliseconds from starting `arc sandbox` on an app with a table until it says that it is ready: the table is made. */
async function tablesMs(): Promise<number> {
  await using app = await writeApp({ base: 'echo', hasTable: true });
  const startedAt = performance.now();
  const peer = await startFurrow(app.folder);
  const durationMs = performance.now() - startedAt;
  await peer[Symbol.asyncDispose]();
  return durationMs;
}

/** The same of Architect's; copying its small app is counted, installing it is not. */
async function architectMs(): Promise<number> {
  const startedAt = performance.now();
  await using peer = await architect.open();
  await firstAnswer(peer);
  return performance.now() - startedAt;
}

interface Timed {
  readonly name: string;
  readonly measure: () => Promise<number>;
}

/** Who fails in a first try, which also brings files into the system's cache, is left out and named. */
async function inRounds(
  context: Context,
  timed: readonly Timed[],
  rounds: number,
): Promise<Pick<Figure, 'series' | 'missing'>> {
  const series: { name: string; measure: Timed['measure']; values: number[] }[] = [];
  const missing: Missing[] = [];
  await inTurn(timed, async ({ name, measure }) => {
    try {
      await measure();
      series.push({ name, measure, values: [] });
    } catch (error) {
      missing.push({ name, why: error instanceof Error ? error.message : String(error) });
    }
  });
  await inTurn(Array.from({ length: rounds }).keys(), (round) =>
    inTurn(series, async ({ name, measure, values }) => {
      context.progress(`round ${round + 1} of ${rounds}, ${name}`);
      values.push(await measure());
    }),
  );
  return { series: series.map(({ name, values }) => ({ name, values })), missing };
}

const bareNode = '`node -e 0`';

const start: Row = {
  id: 'start',
  about: 'start of arc sandbox to the first answer of a handler',
  async run(context) {
    const peers = context.peers.has(architect.peer) ? [{ name: architect.name, measure: architectMs }] : [];
    const timed = [
      { name: bareNode, measure: bareNodeMs },
      { name: furrowEcho.name, measure: furrowMs },
    ];
    return [
      {
        what: '`arc sandbox` started to first answer',
        unit: 'ms',
        ...(await inRounds(context, [...timed, ...peers], context.rounds)),
        bounds: [{ subject: furrowEcho.name, against: bareNode, atMost: 7 }],
      },
    ];
  },
};

const startTables: Row = {
  id: 'start-tables',
  about: 'start of arc sandbox on an app with a table to its being ready',
  async run(context) {
    const timed = [
      { name: bareNode, measure: bareNodeMs },
      { name: furrowEcho.name, measure: tablesMs },
    ];
    return [
      {
        what: '`arc sandbox` with a table, started to ready',
        unit: 'ms',
        ...(await inRounds(context, timed, context.rounds)),
        bounds: [
          { subject: furrowEcho.name, atMost: 600 },
          { subject: furrowEcho.name, against: bareNode, atMost: 5 },
        ],
      },
    ];
  },
};

const requireScript = `
const startedAt = performance.now();
require(process.argv[1]);
console.log(performance.now() - startedAt);`;

/** Milliseconds that `require` takes in a process that has loaded nothing else. */
async function requireMs(file: string): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', requireScript, file]);
  return Number(stdout);
}

const ourLibrary = join(root, 'packages', 'functions', 'dist', 'cjs', 'index.js');
const stockLibrary = createRequire(import.meta.url).resolve('architect-functions');

const requireRow: Row = {
  id: 'require',
  about: 'require of @architect/functions',
  async run(context) {
    const timed = [
      { name: furrowEcho.name, measure: () => requireMs(ourLibrary) },
      { name: architect.name, measure: () => requireMs(stockLibrary) },
    ];
    return [
      {
        what: '`require` of the functions library',
        unit: 'ms',
        ...(await inRounds(context, timed, context.rounds * 3)),
        bounds: [{ subject: furrowEcho.name, atMost: 3 }],
      },
    ];
  },
};

export const startRows: readonly Row[] = [start, startTables, requireRow];
