import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { attackFromJson, attackToJson, type Attack } from './support/attack.ts';
import { replay } from './support/replay.ts';
import { runFuzz, type Finding, type FuzzResult } from './support/run.ts';

const cacheFolder = join(import.meta.dirname, '..', '.cache', 'fuzz');

function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** A finding as somebody who wants to see it again needs it: the command, the bytes, and a file with all of it. */
async function report(seed: number, { what, numbers, attacks }: Finding): Promise<void> {
  const [first = 0, last = first] = [numbers[0], numbers.at(-1)];
  print('', `FOUND  ${what}`);
  if (numbers.length === 0) return;
  print(`again: npm run fuzz -- --seed ${seed} --from ${first} --attacks ${last - first + 1}`);
  await mkdir(cacheFolder, { recursive: true });
  for (const [index, attack] of attacks.slice(0, mostAttacks).entries()) {
    const file = join(cacheFolder, `${seed}-${numbers[index]}.json`);
    // oxlint-disable-next-line no-await-in-loop -- a handful at most
    await writeFile(file, attackToJson(attack));
    print(`or:    npm run fuzz -- --replay ${file}`, ...describe(attack));
  }
}

/** A run of so many minutes is worth the wait until processes have ended that have nothing to do. */
const longMinutes = 10;
const longRestMs = 5.75 * 60_000;

const mostSteps = 12;
const mostBytes = 160;
const mostAttacks = 3;

function describe({ kind, scripts }: Attack): readonly string[] {
  return scripts.slice(0, 3).flatMap(({ transport, steps }) => [
    `  ${kind}, ${transport}`,
    ...steps.slice(0, mostSteps).map((step) => {
      if (step.type !== 'write') return `    ${step.type === 'wait' ? `wait ${step.ms} ms` : step.type}`;
      const { length } = step.bytes;
      return `    ${length} bytes ${JSON.stringify(step.bytes.toString('latin1', 0, mostBytes))}${length > mostBytes ? '…' : ''}`;
    }),
    ...(steps.length > mostSteps ? [`    … ${steps.length - mostSteps} more`] : []),
  ]);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function summary(result: FuzzResult): readonly string[] {
  const { attacks, byKind, findings, slowestEchoMs, before, after } = result;
  const kinds = [...byKind].toSorted(([a], [b]) => a.localeCompare(b)).map(([kind, count]) => `${kind} ${count}`);
  const row = (
    name: string,
    { usedBytes, residentBytes, peakBytes, tcpSockets, processes }: NonNullable<typeof before>,
  ) =>
    `  ${name}  in use ${megabytes(usedBytes)}, resident ${megabytes(residentBytes)} (peak ${megabytes(peakBytes)}), ${tcpSockets} sockets, ${processes} processes`;
  return [
    '',
    `${attacks} attacks: ${kinds.join(', ')}`,
    `slowest echo beside them: ${slowestEchoMs.toFixed(0)} ms`,
    ...(before === undefined ? [] : [row('before', before)]),
    ...(after === undefined ? [] : [row('after ', after)]),
    findings.length === 0 ? 'Found nothing.' : `Found ${findings.length}.`,
  ];
}

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    minutes: { type: 'string', default: '2' },
    from: { type: 'string', default: '0' },
    attacks: { type: 'string' },
    url: { type: 'string' },
    replay: { type: 'string' },
  },
});

if (values.replay === undefined) {
  const seed = Number(values.seed ?? Math.floor(Math.random() * 0x7fff_ffff));
  const minutes = Number(values.minutes);
  const untilMs = performance.now() + minutes * 60_000;
  const most = values.attacks === undefined ? Infinity : Number(values.attacks);
  print(`seed ${seed}`);
  const result = await runFuzz({
    seed,
    from: Number(values.from),
    url: values.url,
    restMs: minutes >= longMinutes ? longRestMs : 0,
    isOver: (attacks) => attacks >= most || performance.now() > untilMs,
    onRest: (restMs) => {
      if (restMs > 0)
        print(`attacks are over; resting ${restMs / 1000} s, until processes that nobody needs have ended`);
    },
    onFinding: (finding) => void report(seed, finding),
  });
  print(...summary(result));
  process.exitCode = result.findings.length === 0 ? 0 : 1;
} else {
  const faults = await replay(attackFromJson(await readFile(values.replay, 'utf8')), values.url);
  print(...(faults.length === 0 ? ['Found nothing.'] : faults));
  process.exitCode = faults.length === 0 ? 0 : 1;
}
