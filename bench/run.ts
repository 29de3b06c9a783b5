import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { echoesPerSecond, median, quantile, roundTrips } from './client.ts';
import { bareNodeMs, firstAnswerMs, openFurrow, openRaw, type Peer } from './peers.ts';

/** One line of the table: a figure of ours as a ratio to the baseline of the same run. */
interface Figure {
  readonly what: string;
  readonly ours: number;
  readonly baseline: number;
  readonly unit: string;
  /** The bound that was set for the ratio. */
  readonly aim: { readonly atMost: number } | { readonly atLeast: number };
}

const rounds = 5;
const connections = 50;

/** Alternates between peers, so that a busy moment of the machine does not hit one alone. */
async function alternate(peers: readonly Peer[], measure: (peer: Peer) => Promise<number>): Promise<number[]> {
  const results = peers.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, peer] of peers.entries()) {
      // Never two measurements at once.
      // oxlint-disable-next-line no-await-in-loop
      results[index]?.push(await measure(peer));
    }
  }
  return results.map(median);
}

async function repeat(count: number, measure: () => Promise<number>): Promise<number> {
  const results: number[] = [];
  // oxlint-disable-next-line no-await-in-loop -- never two measurements at once
  for (let index = 0; index < count; index += 1) results.push(await measure());
  return median(results);
}

async function echoFigures(): Promise<Figure[]> {
  await using raw = await openRaw();
  await using furrow = await openFurrow();
  const peers = [raw, furrow];
  for (const peer of peers) {
    // oxlint-disable-next-line no-await-in-loop -- warm up one after the other
    await echoesPerSecond(peer.url, connections, 3000);
  }
  const [rawMs = 0, ourMs = 0] = await alternate(peers, async ({ url }) => quantile(await roundTrips(url, 1000), 0.5));
  const [rawRate = 0, ourRate = 0] = await alternate(peers, ({ url }) => echoesPerSecond(url, connections, 2000));
  return [
    { what: 'echo round trip, 1 connection, p50', ours: ourMs, baseline: rawMs, unit: 'ms', aim: { atMost: 4 } },
    {
      what: `echo, ${connections} connections`,
      ours: ourRate,
      baseline: rawRate,
      unit: 'messages/s',
      aim: { atLeast: 0.15 },
    },
  ];
}

async function startFigure(): Promise<Figure> {
  await firstAnswerMs();
  const baseline = await repeat(rounds, bareNodeMs);
  const ours = await repeat(rounds, firstAnswerMs);
  return { what: 'start to first answer, against `node -e 0`', ours, baseline, unit: 'ms', aim: { atMost: 10 } };
}

function show(value: number): string {
  return value < 10 ? value.toFixed(3) : String(Math.round(value));
}

function describe({ what, ours, baseline, unit, aim }: Figure): string {
  const ratio = ours / baseline;
  const isMet = 'atMost' in aim ? ratio <= aim.atMost : ratio >= aim.atLeast;
  const bound = 'atMost' in aim ? `at most ${aim.atMost}` : `at least ${aim.atLeast}`;
  return `| ${what} | ${show(ours)} ${unit} | ${show(baseline)} ${unit} | ${ratio.toFixed(2)} | ${bound} | ${isMet ? 'yes' : 'no'} |`;
}

const figures = [...(await echoFigures()), await startFigure()];
const table = [
  '# Echo figures',
  '',
  `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model.trim()}), ${process.platform}.`,
  `Medians of ${rounds} alternating rounds. The baseline of the echoes is a server of the \`ws\` library without any function behind it.`,
  'Run again: `npm run build && npm run bench`.',
  '',
  '| what | arc sandbox | baseline | ratio | aim | met |',
  '| --- | --- | --- | --- | --- | --- |',
  ...figures.map(describe),
  '',
].join('\n');
console.log(table);
const folder = join(import.meta.dirname, 'results');
await mkdir(folder, { recursive: true });
await writeFile(join(folder, 'echo.md'), table);
