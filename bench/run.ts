import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openClient } from './client.ts';
import { connectRows } from './connects.ts';
import { echoRows } from './echo.ts';
import { fanoutRows } from './fanout.ts';
import { growthRows } from './growth.ts';
import { memoryRows } from './memory.ts';
import { peerPackages } from './peer-packages.ts';
import { reloadRows } from './reload.ts';
import { inTurn, type Context, type Row } from './row.ts';
import { readSetting } from './setting.ts';
import { startRows } from './start.ts';
import { describeResults, placeFigures, type RowResult } from './table.ts';

const rows: readonly Row[] = [
  ...echoRows,
  ...fanoutRows,
  ...connectRows,
  ...memoryRows,
  ...startRows,
  ...growthRows,
  ...reloadRows,
];
const allPeers = ['raw', ...Object.keys(peerPackages)];

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    peers: { type: 'string' },
    rounds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
  },
});

/** The words of a list such as `raw,workerd`, all of them known. */
function listed(option: string, text: string | undefined, known: readonly string[]): readonly string[] {
  const words = text?.split(',') ?? known;
  const unknown = words.find((word) => !known.includes(word));
  if (unknown !== undefined) fail(`--${option}: "${unknown}" is none of ${known.join(', ')}.`);
  return words;
}

function fail(why: string): never {
  console.error(why);
  process.exit(1);
}

async function runRow({ id, about, run }: Row, context: Context): Promise<RowResult> {
  console.error(`\n${id}: ${about}`);
  const startedAt = performance.now();
  const finish = (outcome: Pick<RowResult, 'figures' | 'failure'>): RowResult => {
    const durationMs = Math.round(performance.now() - startedAt);
    console.error(`  ${outcome.failure ?? 'done'}, ${Math.round(durationMs / 1000)} s`);
    return { id, ...outcome, clientCpuShare: context.client.takeCpuShare(), durationMs };
  };
  try {
    return finish({ figures: await run(context) });
  } catch (error) {
    return finish({ figures: [], failure: error instanceof Error ? error.message : String(error) });
  }
}

/** The page that people read, and all values for whoever wants to reckon again. */
async function save(text: string, results: readonly RowResult[], setting: { readonly date: string }): Promise<void> {
  const page = join(import.meta.dirname, '..', 'docs', 'performance.md');
  await writeFile(page, placeFigures(await readFile(page, 'utf8'), text));
  const folder = join(import.meta.dirname, 'results');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${setting.date}.json`), `${JSON.stringify({ ...setting, results }, undefined, 1)}\n`);
}

if (values.save && (values.quick || values.only !== undefined || values.peers !== undefined)) {
  fail('--save keeps whole runs: leave out --quick, --only and --peers.');
}
// The groups of processes that peers are end with this one, however it ends.
process.on('SIGINT', () => process.exit(130));
const rounds = Number(values.rounds ?? (values.quick ? 2 : 5));
const ids = listed(
  'only',
  values.only,
  rows.map(({ id }) => id),
);
const peers = new Set(['furrow', ...listed('peers', values.peers, allPeers)]);
await using client = openClient();
const context: Context = {
  client,
  rounds,
  isQuick: values.quick,
  peers,
  progress: (text) => console.error(`  ${text}`),
};
const results: RowResult[] = [];
await inTurn(
  rows.filter(({ id }) => ids.includes(id)),
  async (row) => results.push(await runRow(row, context)),
);
const setting = await readSetting(rounds, peers);
const text = describeResults(results, setting);
console.log(text);
if (values.save) await save(text, results, setting);
