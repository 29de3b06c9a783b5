import type * as deployModule from '@furrow/deploy';
import type { Aws, DeployEvent, Target, Urls } from '@furrow/deploy';
import { loadPreferences, type App, type AppPlugins } from '@furrow/manifest';
import { optionText, type Arguments, type Command } from '../command.ts';
import { readDeployWords, type DeployRequest } from '../deploy-words.ts';
import { loadWithPlugins } from '../load-project.ts';
import { describeDeployEvent, describeUrls, isEarlyNews } from '../report/deploy-lines.ts';
import { createStyle, type Style } from '../report/style.ts';
import { describeDuration } from '../report/units.ts';
import { stopSignal } from '../stop-signal.ts';
import { greeting } from '../version.ts';
import type { World } from '../world.ts';
import { runPackage } from './package.ts';

export const deployCommand: Command = {
  name: 'deploy',
  parameters: '[...words]',
  aliases: [],
  summary: 'Bring the app to AWS: staging, "production", or "dirty" for code alone',
  options: [
    { flag: '-p, --production', description: 'Deploy production, as the word does' },
    { flag: '--dirty', description: 'Overwrite the code of staging functions, as the word does' },
    { flag: '--direct', description: 'The same as --dirty' },
    { flag: '-s, --static', description: 'Send static files only' },
    { flag: '--prune', description: 'Remove static files on AWS that are not here any more' },
    {
      flag: '-n, --name <name>',
      description: 'Deploy a stack of its own beside the others, such as TestappStagingPreview',
    },
    { flag: '-t, --tags <key=value>', description: 'Tag the stack; may be repeated', mayRepeat: true },
    { flag: '--dry-run', description: 'Build and write what would be sent, send nothing: arc package' },
    { flag: '--eject', description: 'The same, and print the commands that deploy it by hand' },
    { flag: '--allow-data-loss', description: 'Let a change remove or replace tables, buckets with files, or APIs' },
    { flag: '-y, --yes', description: 'Do not ask before production' },
    { flag: '--no-hydrate', description: 'Accepted for scripts that have it; there is nothing to hydrate' },
    { flag: '--verbose', description: 'Print every call of AWS' },
  ],
  examples: [
    'arc deploy',
    'arc deploy production',
    'arc deploy dirty',
    'arc deploy dirty default "get /"',
    'arc deploy --static --prune',
    'arc deploy --name preview',
  ],
  run,
};

/** Loaded when a command needs it: the sandbox does without. */
export type DeployModule = typeof deployModule;

/** All that a kind of deploy is given. */
interface Job {
  readonly app: App;
  readonly plugins: AppPlugins;
  readonly target: Target;
  readonly request: DeployRequest;
  readonly options: Arguments['options'];
  readonly world: World;
  readonly deploying: DeployModule;
  readonly openAws: () => Promise<Aws>;
  readonly onEvent: (event: DeployEvent) => void;
  readonly signal: AbortSignal;
}

async function run({ positional, options }: Arguments, world: World): Promise<number> {
  const deploying = await import('@furrow/deploy');
  const { app, plugins } = await loadWithPlugins(world, stageOf(positional, options));
  const request = readDeployWords(positional, options, (word) => deploying.suggestFunction(app, word));
  const name = optionText(options, 'name');
  const target = deploying.deployTarget(app.name, request.stage, name);
  const isEjecting = options['eject'] === true;
  if (request.kind === 'package') return runPackage({ app, plugins, target, isEjecting, world });
  const style = createStyle(world);
  const job: Job = {
    app,
    plugins,
    target,
    request,
    options,
    world,
    deploying,
    openAws: () => openAws(deploying, app, { options, world, style }),
    onEvent: createReport(world, style),
    signal: stopSignal(world),
  };
  return kinds[request.kind](job);
}

/** What plugins are told first: which words there may be is known when the app is. */
function stageOf(words: readonly string[], flags: Arguments['options']): string {
  return words.includes('production') || flags['production'] === true ? 'production' : 'staging';
}

const kinds: Readonly<Record<Exclude<DeployRequest['kind'], 'package'>, (job: Job) => Promise<number>>> = {
  deploy: runDeploy,
  dirty: runDirty,
  static: runStatic,
};

/** AWS as the app and the shell say; with `--verbose`, each call is a line. */
export function openAws(
  deploying: DeployModule,
  app: Pick<App, 'region' | 'profile'> | undefined,
  { options, world, style }: { readonly options: Arguments['options']; readonly world: World; readonly style: Style },
): Promise<Aws> {
  const { region, profile } = app ?? {};
  const isVerbose = options['verbose'] === true;
  return deploying.openAws({
    region,
    profile,
    env: world.env,
    ...(isVerbose && {
      onCall: ({ service, operation }) => world.write(style.dim(`  aws      ${service} ${operation}\n`)),
    }),
  });
}

/** Prints events; the greeting is the first line, and what it greets comes when it is known. */
function createReport(world: World, style: Style): Job['onEvent'] {
  const early: string[] = [];
  let isGreeted = false;
  const write = (lines: readonly string[]) => {
    for (const text of lines) world.write(`${text}\n`);
  };
  return (event) => {
    const lines = describeDeployEvent(event, style);
    if (event.type === 'target') {
      write([`${greeting()}  ${lines.join('')}`, ...early]);
      isGreeted = true;
    } else if (isGreeted || isEarlyNews(event)) write(lines);
    else early.push(...lines);
  };
}

async function runDeploy(job: Job): Promise<number> {
  const { app, plugins, target, request, options, world, deploying } = job;
  const { openAws: open, onEvent, signal } = job;
  const result = await deploying.deploy({
    app,
    plugins,
    projectDir: world.cwd,
    target,
    openAws: open,
    allowsDataLoss: options['allowDataLoss'] === true,
    isPruning: options['prune'] === true,
    ...(request.tags && { tags: request.tags }),
    expectedVariables: (await loadPreferences(world.cwd, world.cwd)).deployedNames[target.stage],
    confirm: () => confirmProduction(job, questionOf(job)),
    onEvent,
    signal,
  });
  switch (result.type) {
    case 'deployed':
      return finish(world, result.urls);
    case 'handed-over':
      world.write(`Deployed by plugins; CloudFormation was not asked for ${target.stackName}.\n`);
      return 0;
    case 'unchanged':
      world.write(`Nothing to deploy: ${target.stackName} already runs this code.\n`);
      writeUrls(world, result.urls);
      return 0;
    case 'declined':
      return decline(world);
    case 'stopped':
      world.write('\nStopped. Nothing was deployed.\n');
      return 130;
    case 'left':
      world.write(`\n${target.stackName} goes on deploying by itself. Run "${again(job)}" again to watch it.\n`);
      return 130;
    case 'interrupted':
      world.write(
        `\nStopped. What is printed above was done, and nothing else. Run "${again(job)}" again for the rest.\n`,
      );
      return 130;
    default:
      return result satisfies never;
  }
}

/** How the same deploy is called. */
function again({ target }: Job): string {
  const stage = target.stage === 'production' ? ' production' : '';
  return `arc deploy${stage}${target.name === undefined ? '' : ` --name ${target.name}`}`;
}

function questionOf({ app, target, options }: Job): string {
  const mayRemoveFiles = options['prune'] === true && app.static.isServed;
  return `Deploy this to ${target.stackName}${mayRemoveFiles ? ', and remove static files that are not here' : ''}?`;
}

function decline(world: World): number {
  world.write('Nothing was deployed.\n');
  return 1;
}

/** A person at a terminal is asked once before production; nobody else is. */
async function confirmProduction({ target, options, world }: Job, question: string): Promise<boolean> {
  const isAsked = target.stage === 'production' && options['yes'] !== true && !world.env['CI'];
  if (!isAsked || world.ask === undefined) return true;
  const answer = await world.ask(`${question} [y/N] `);
  return /^y(?:es)?$/i.test(answer.trim());
}

async function runDirty(job: Job): Promise<number> {
  const { app, plugins, target, request, world, deploying, openAws: open, onEvent, signal } = job;
  const functions = deploying.chooseFunctions(app, request.functions);
  const isChosen = request.functions.length > 0;
  const projectDir = world.cwd;
  const given = { app, plugins, projectDir, target, functions, isChosen, openAws: open, onEvent, signal };
  return finishOrStop(job, await deploying.deployDirty(given));
}

async function runStatic(job: Job): Promise<number> {
  const { app, target, options, world, deploying, openAws: open, onEvent, signal } = job;
  const isPruning = options['prune'] === true;
  const question = `Remove static files of ${target.stackName} that are not here?`;
  if (isPruning && !(await confirmProduction(job, question))) return decline(world);
  const given = { app, projectDir: world.cwd, target, openAws: open, isPruning, onEvent, signal };
  return finishOrStop(job, await deploying.deployStatic(given));
}

function finishOrStop({ world }: Job, end: Urls | 'stopped'): number {
  if (end !== 'stopped') return finish(world, end);
  world.write('\nStopped. What is printed above was done, and nothing else.\n');
  return 130;
}

function finish(world: World, urls: Urls): number {
  world.write(`Done in ${describeDuration(Date.now() - world.startedAtMs)}\n`);
  writeUrls(world, urls);
  return 0;
}

function writeUrls(world: World, urls: Urls): void {
  for (const text of describeUrls(urls)) world.write(`${text}\n`);
}
