import type { FunctionLine } from '@furrow/deploy';
import { optionText, type Arguments, type Command } from '../command.ts';
import { isStage, readStage } from '../deploy-words.ts';
import { usageErrors } from '../errors.ts';
import { loadProject } from '../load-project.ts';
import { createStyle, type Style } from '../report/style.ts';
import { describeCount } from '../report/units.ts';
import { stopSignal } from '../stop-signal.ts';
import type { World } from '../world.ts';
import { openAws } from './deploy.ts';

export const logsCommand: Command = {
  name: 'logs',
  parameters: '[...words]',
  aliases: [],
  summary: 'Print what deployed functions have logged',
  options: [
    { flag: '-p, --production', description: 'Of production, as the word does' },
    { flag: '-n, --name <name>', description: 'Of a stack that was deployed with --name' },
    { flag: '--follow', description: 'Go on with what comes later, until Ctrl-C' },
    { flag: '--since <time>', description: 'How far back: 30s, 10m, 2h, 1d (default: 1h)' },
    { flag: '--all', description: 'Print all lines since then, not the newest 1000' },
    { flag: '--verbose', description: 'Print every call of AWS' },
  ],
  examples: ['arc logs', 'arc logs production', 'arc logs default --follow', 'arc logs "get /" --since 10m'],
  run,
};

const pollMs = 2000;
const mostLines = 1000;
const unitsMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

async function run({ positional, options }: Arguments, world: World): Promise<number> {
  const deploying = await import('@furrow/deploy');
  const app = await loadProject(world);
  const words = positional.filter((word) => !isStage(word));
  const functions = words.length === 0 ? [] : deploying.chooseFunctions(app, words).map(({ name }) => name);
  const name = optionText(options, 'name');
  const target = deploying.deployTarget(app.name, readStage(positional, options), name);
  const span = optionText(options, 'since') ?? '1h';
  const sinceMs = Date.now() - readSpan(span);
  const isFollowing = options['follow'] === true;
  const style = createStyle(world);
  const signal = stopSignal(world);
  using aws = await openAws(deploying, app, { options, world, style });
  let count = 0;
  const onLine = (one: FunctionLine) => {
    count += 1;
    world.write(describeLine(one, style));
  };
  const onEarlier = (earlier: number) => world.write(style.dim(`${describeEarlier(earlier)}\n`));
  const most = options['all'] === true ? Number.POSITIVE_INFINITY : mostLines;
  const how = { sinceMs, most, isFollowing, pollMs, signal };
  await deploying.readLogs({ aws, target, functions, ...how, onEarlier, onLine });
  if (count === 0 && !isFollowing) world.write(`No lines in the last ${span}; --since looks further back.\n`);
  return 0;
}

/** `10m` in milliseconds. @throws {OPTION_VALUE} */
function readSpan(text: string): number {
  const [, amount, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (amount === undefined)
    throw usageErrors.optionValue('logs', `--since takes a time such as 10m or 2h, not "${text}".`);
  return Number(amount) * (unitsMs[unit] ?? 0);
}

function describeEarlier(count: number): string {
  return `... ${describeCount(count, 'earlier line')} since then; --all prints ${count === 1 ? 'it' : 'them'}`;
}

const labelWidth = 12;

/** `2026-11-24 12:03:11  default       hello`; lines that belong to one text stand below each other. */
function describeLine({ atMs, label, text }: FunctionLine, { dim }: Style): string {
  const time = new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
  const head = `${time}  ${label.padEnd(labelWidth)}  `;
  const [first = '', ...rest] = text.replace(/\s+$/, '').split('\n');
  return [dim(head) + first, ...rest.map((each) => ' '.repeat(head.length) + each), ''].join('\n');
}
