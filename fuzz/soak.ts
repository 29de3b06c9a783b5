import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { descendants } from '../test/support/processes.ts';
import { openTemporaryFolder } from '../test/support/temporary-folder.ts';
import type { Inside } from './soak/inspect.ts';
import { describeSamples, growth, lowest, type Counts, type Sample } from './soak/samples.ts';
import { soakApp } from './soak/soak-app.ts';
import { startTraffic, type Traffic } from './soak/traffic.ts';

const sampleEveryMs = 10_000;
/** Old processes end, idle connections too, and what waits for finalizers is free only after several collections. */
const restEveryMs = 2500;
const restSamples = 8;
const firstMinuteMs = 60_000;
const root = join(import.meta.dirname, '..');

interface Row {
  readonly sample: Sample;
  readonly counts: Counts;
  readonly what: string;
}

/** A line of `--json --quiet`: what failed, and what is printed. */
interface Said {
  readonly type: string;
  readonly url?: string;
  readonly webSocketUrl?: string;
  readonly failure?: { readonly errorType: string; readonly errorMessage: string };
}

interface Command {
  readonly child: ChildProcess;
  readonly url: string;
  readonly webSocketUrl: string;
}

/** A failure that no handler has on purpose. */
function failureIn({ type, failure }: Said): readonly string[] {
  if (failure === undefined || failure.errorMessage === 'failed on purpose') return [];
  if (failure.errorType === 'Runtime.ExitError') return [];
  return [`${type} failed: ${failure.errorType}: ${failure.errorMessage}`];
}

/** The command as its author runs it, with what tells of its inside. */
async function startCommand(folder: string, onLine: (said: Said) => void): Promise<Command> {
  const flags = ['--expose-gc', '--conditions=@furrow/source', '--import', 'tsx'];
  const inspect = ['--import', join(import.meta.dirname, 'soak', 'inspect.ts')];
  const command = [join(root, 'packages/cli/src/bin.ts'), 'sandbox', folder, '--port', '0', '--json', '--quiet'];
  const child = spawn(process.execPath, [...flags, ...inspect, ...command], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  if (child.stdout === null) throw new Error('Expected a process whose output is read.');
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => onLine(JSON.parse(line)));
  // The first line says that it is ready.
  const [line]: string[] = await once(lines, 'line');
  const { url = '', webSocketUrl = '' }: Said = JSON.parse(line ?? '{}');
  return { child, url, webSocketUrl };
}

/** `/proc` has what no other place has; where it is not, those figures are 0 and compare as equal. */
async function takeSample(child: ChildProcess): Promise<Sample> {
  const pid = child.pid ?? 0;
  child.send('inspect');
  const [inside]: Inside[] = await once(child, 'message');
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return {
    atMs: performance.now(),
    residentBytes: Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024,
    usedBytes: inside?.usedBytes ?? 0,
    descriptors: (await readdir(`/proc/${pid}/fd`).catch(() => [])).length,
    processes: (await descendants(pid)).length,
    handles: inside?.handles ?? 0,
  };
}

async function main(minutes: number, isSaved: boolean): Promise<number> {
  await using folder = await openTemporaryFolder(soakApp);
  const failures: string[] = [];
  const { child, url, webSocketUrl } = await startCommand(folder.path, (said) => failures.push(...failureIn(said)));
  const rows: Row[] = [];
  let traffic: Traffic | undefined;

  function note(what: string, sample: Sample): Sample {
    rows.push({ sample, counts: traffic?.counts() ?? { messages: 0, connections: 0, saves: 0 }, what });
    process.stdout.write(`${describeSamples(rows).split('\n').at(-1) ?? ''}\n`);
    return sample;
  }

  async function atRest(): Promise<Sample> {
    await traffic?.rest();
    const samples: Sample[] = [];
    while (samples.length < restSamples) {
      // oxlint-disable no-await-in-loop -- one after the other
      await pause(restEveryMs);
      samples.push(await takeSample(child));
      // oxlint-enable no-await-in-loop
    }
    return note('at rest', lowest(samples));
  }

  async function runFor(durationMs: number): Promise<void> {
    const untilMs = performance.now() + durationMs;
    while (performance.now() < untilMs) {
      // oxlint-disable no-await-in-loop -- every ten seconds
      await pause(Math.min(sampleEveryMs, untilMs - performance.now()));
      note('running', await takeSample(child));
      // oxlint-enable no-await-in-loop
    }
  }

  note('idle', await takeSample(child));
  traffic = startTraffic({ url, webSocketUrl, folder });
  await runFor(firstMinuteMs);
  const before = await atRest();
  traffic.resume();
  await runFor(minutes * 60_000 - firstMinuteMs);
  const after = await atRest();
  await traffic.stop();

  const ended = once(child, 'exit');
  child.kill('SIGINT');
  const [exitCode]: unknown[] = await ended;
  const problems = [
    ...growth(before, after),
    ...traffic.faults(),
    ...new Set(failures),
    ...(exitCode === 0 ? [] : [`The command ended with ${String(exitCode)}.`]),
  ];
  const text = [
    '# Soak',
    '',
    `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${minutes} minutes. Run again: \`npm run soak -- --save\`.`,
    '',
    problems.length === 0
      ? 'At rest nothing has grown by more than a tenth since the first minute.'
      : problems.join('\n'),
    '',
    describeSamples(rows.filter(({ what }, index) => what !== 'running' || index % 6 === 0)),
    '',
  ].join('\n');
  process.stdout.write(`\n${text}`);
  if (isSaved) await writeFile(join(import.meta.dirname, 'results', 'soak.md'), text);
  return problems.length === 0 ? 0 : 1;
}

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '30' }, save: { type: 'boolean', default: false } },
});
process.exitCode = await main(Number(values.minutes), values.save);
