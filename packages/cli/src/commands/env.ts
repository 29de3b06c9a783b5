import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Aws, VariableStage } from '@furrow/deploy';
import type { App } from '@furrow/manifest';
import type { Arguments, Command } from '../command.ts';
import { setVariable } from '../env-file.ts';
import { readEnvWords, variableStages, type EnvRequest } from '../env-words.ts';
import { errors } from '../errors.ts';
import { loadProject } from '../load-project.ts';
import { line } from '../report/deploy-lines.ts';
import { createStyle } from '../report/style.ts';
import { describeCount } from '../report/units.ts';
import { greeting } from '../version.ts';
import type { World } from '../world.ts';
import { openAws } from './deploy.ts';

export const envCommand: Command = {
  name: 'env',
  parameters: '[...words]',
  aliases: [],
  summary: 'List, add and remove the variables of the app, kept encrypted on AWS',
  options: [
    { flag: '-e, --env <stage>', description: 'testing (the sandbox), staging or production' },
    { flag: '-a, --add', description: 'Add or change one, as the word does' },
    { flag: '-r, --remove', description: 'Remove one, as the word does' },
    { flag: '--verbose', description: 'Print every call of AWS' },
  ],
  examples: [
    'arc env',
    'arc env add API_KEY abc123 --env staging',
    'arc env add API_KEY --env production < key.txt',
    'arc env remove API_KEY --env staging',
    'arc env pull',
  ],
  run,
};

async function run({ positional, options }: Arguments, world: World): Promise<number> {
  const request = readEnvWords(positional, options);
  const app = await loadProject(world);
  const deploying = await import('@furrow/deploy');
  const value = request.deed === 'add' ? await readValue(request, world) : '';
  using aws = await openAws(deploying, app, { options, world, style: createStyle(world) });
  const { deed, stage = 'testing', name = '' } = request;
  const of = { appName: app.name, stage };
  if (deed === 'list') return list(aws, app, { world, stages: request.stage === undefined ? variableStages : [stage] });
  if (deed === 'pull') return pull(aws, app, world);
  if (deed === 'add') {
    const done = await deploying.putVariable(aws, of, { name, value });
    world.write(`${name} ${done} in ${stage}.${next(stage)}\n`);
  } else {
    await deploying.removeVariable(aws, of, name);
    world.write(`${name} removed from ${stage}.${next(stage)}\n`);
  }
  if (stage === 'testing') await changeEnvFile(world, [{ name, value: deed === 'add' ? value : undefined }]);
  return 0;
}

function next(stage: VariableStage): string {
  if (stage === 'testing') return ' So is .env, which the sandbox reads.';
  return ` Functions get it with the next "arc deploy${stage === 'production' ? ' production' : ''}".`;
}

/** A value from the command line, from a pipe, or from the person. */
async function readValue({ name, value }: EnvRequest, world: World): Promise<string> {
  if (value !== undefined) return value;
  if (world.readInput !== undefined) return (await world.readInput()).replace(/\r?\n$/, '');
  return (await world.ask?.(`Value of ${name}: `, { isSecret: true })) ?? '';
}

async function list(
  aws: Aws,
  app: App,
  { world, stages: wanted }: { readonly world: World; readonly stages: readonly VariableStage[] },
): Promise<number> {
  const { listVariables } = await import('@furrow/deploy');
  const found = await Promise.all(wanted.map((stage) => listVariables(aws.parameters, { appName: app.name, stage })));
  const lines = wanted.flatMap((stage, index) => {
    const names = (found[index] ?? []).map(({ name }) => name);
    return [`  ${stage.padEnd(10)} ${names.length === 0 ? '(none)' : names.join(', ')}`];
  });
  world.write([`${greeting()}  ${app.name}, names only: values are not shown`, ...lines, ''].join('\n'));
  return 0;
}

/** Writes the values for testing into `.env`, beside what is there. */
async function pull(aws: Aws, app: App, world: World): Promise<number> {
  const { listVariables } = await import('@furrow/deploy');
  const variables = await listVariables(aws.parameters, { appName: app.name, stage: 'testing' });
  await changeEnvFile(world, variables);
  world.write(`${line('.env', `${describeCount(variables.length, 'variable')} of testing`).trimStart()}\n`);
  return 0;
}

async function changeEnvFile(
  world: World,
  variables: readonly { readonly name: string; readonly value: string | undefined }[],
): Promise<void> {
  if (variables.length === 0) return;
  const file = join(world.cwd, '.env');
  const before = await readFile(file, 'utf8').catch(() => '');
  const after = variables.reduce((text, { name, value }) => setVariable(text, name, value), before);
  try {
    // Only the person who runs the app may read it.
    if (after !== before) await writeFile(file, after, { mode: 0o600 });
  } catch (error) {
    throw errors.envFileUnwritable(file, error);
  }
}
