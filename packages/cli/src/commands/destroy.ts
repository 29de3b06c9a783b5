import type { BucketEnd, DeployEvent, Doomed, Target } from '@furrow/deploy';
import { loadApp, manifestInvalid, type App } from '@furrow/manifest';
import { isUserError } from '@furrow/protocol';
import { optionText, type Arguments, type Command } from '../command.ts';
import { isStage, readStage } from '../deploy-words.ts';
import { usageErrors } from '../errors.ts';
import { describeDeployEvent, line } from '../report/deploy-lines.ts';
import { createStyle } from '../report/style.ts';
import { describeCount, describeDuration } from '../report/units.ts';
import { stopSignal } from '../stop-signal.ts';
import { greeting } from '../version.ts';
import type { World } from '../world.ts';
import { openAws, type DeployModule } from './deploy.ts';

export const destroyCommand: Command = {
  name: 'destroy',
  parameters: '[stage]',
  aliases: [],
  summary: 'Remove an app from AWS: staging, or "production"',
  options: [
    { flag: '--app <name>', description: 'The app to destroy; must be typed' },
    { flag: '-p, --production', description: 'Destroy production, as the word does' },
    { flag: '-n, --name <name>', description: 'Destroy a stack that was deployed with --name' },
    { flag: '-f, --force', description: 'Remove tables and buckets with files too' },
    { flag: '--now', description: 'Do not wait five seconds before' },
    { flag: '--verbose', description: 'Print every call of AWS' },
  ],
  examples: ['arc destroy --app testapp', 'arc destroy production --app testapp --force'],
  run,
};

const graceMs = 5000;
const pollMs = 2000;

async function run(input: Arguments, world: World): Promise<number> {
  const { options } = input;
  const deploying = await import('@furrow/deploy');
  const app = await appHere(world);
  const target = readTarget(input, app, deploying);
  const style = createStyle(world);
  const signal = stopSignal(world);
  using aws = await openAws(deploying, app, { options, world, style });
  const { account } = await aws.identity();
  world.write(`${greeting()}  ${target.appName} -> ${target.stackName}, ${aws.region}, account ${account}\n`);
  const onEvent = (event: DeployEvent) => describeDeployEvent(event, style).forEach((text) => world.write(`${text}\n`));
  const watching = { aws, target, pollMs, signal, onEvent };
  const doomed = await deploying.findDoomed(watching);
  if (doomed === 'stopped') return stop(world);
  const kept = dataOf(doomed);
  if (kept.length > 0 && options['force'] !== true) {
    throw deploying.deployErrors.destroyRefused(target.stackName, kept);
  }
  for (const text of warnings(target, doomed, kept)) world.write(`${line('', text)}\n`);
  if (options['now'] !== true && !(await waitABit(signal, world))) return stop(world);

  const ended = await deploying.destroy({ ...watching, doomed });
  if (ended === 'left') {
    world.write(`\n${target.stackName} goes on being removed by itself. Run the command again for what is left.\n`);
    return 130;
  }
  writeBucket(ended.bucket, world);
  world.write(`${target.stackName} is gone, in ${describeDuration(Date.now() - world.startedAtMs)}.\n`);
  return 0;
}

function stop(world: World): number {
  world.write('\nStopped. Nothing was removed.\n');
  return 130;
}

/** The stack to destroy; its app must have been typed. */
function readTarget({ positional, options }: Arguments, app: App | undefined, { deployTarget }: DeployModule): Target {
  const typed = optionText(options, 'app');
  if (typed === undefined || (app !== undefined && app.name !== typed)) throw usageErrors.destroyApp(typed, app?.name);
  const [word] = positional;
  if (word !== undefined && !isStage(word)) throw usageErrors.argumentUnused('destroy', word);
  return deployTarget(typed, readStage(positional, options), optionText(options, 'name'));
}

function writeBucket(end: BucketEnd, world: World): void {
  if (end === undefined) return;
  const text = end.isRemoved ? 'removed' : `kept: ${end.usedBy.join(', ')} may use it`;
  world.write(`${line('bucket', `${end.bucket} ${text}`)}\n`);
}

/** The app of this folder, where there is one; destroying needs none. @throws {MANIFEST_INVALID} */
async function appHere(world: World): Promise<App | undefined> {
  try {
    const loaded = await loadApp(world.cwd);
    if (!loaded.ok) throw manifestInvalid(loaded.problems);
    return loaded.app;
  } catch (error) {
    if (isUserError(error) && error.code === 'MANIFEST_MISSING') return undefined;
    throw error;
  }
}

function dataOf({ tables, buckets }: Doomed): readonly string[] {
  return [
    ...tables.map(({ physicalId }) => `table ${physicalId}`),
    ...buckets.map(({ physicalId }) => `bucket ${physicalId} with files`),
  ];
}

function warnings(
  target: Target,
  { stack, variables, variablesKeptFor }: Doomed,
  kept: readonly string[],
): readonly string[] {
  return [
    stack === undefined
      ? `removes what ${target.stackName} has left: the stack is gone`
      : `removes the stack ${target.stackName} and everything in it`,
    ...kept.map((each) => `with its data: ${each}`),
    ...(variables.length > 0
      ? [`and ${describeCount(variables.length, 'variable')} of ${target.stage} (arc env)`]
      : []),
    ...(variablesKeptFor.length > 0
      ? [`keeps the variables of ${target.stage}: ${variablesKeptFor.join(', ')} may use them`]
      : []),
  ];
}

/** Time to think again. Resolves with whether to go on. */
async function waitABit(signal: AbortSignal, world: World): Promise<boolean> {
  const { pause } = await import('@furrow/deploy');
  world.write(`${line('', `in ${graceMs / 1000} seconds; Ctrl-C stops`)}\n`);
  return pause(graceMs, signal);
}
