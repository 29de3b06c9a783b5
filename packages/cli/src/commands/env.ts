import type { Aws, VariableStage } from '@furrow/deploy';
import type { App } from '@furrow/manifest';
import type { Arguments, Command } from '../command.ts';
import { readEnvWords, variableStages, type EnvRequest } from '../env-words.ts';
import { loadProject } from '../load-project.ts';
import { line } from '../report/deploy-lines.ts';
import { createStyle } from '../report/style.ts';
import { describeCount } from '../report/units.ts';
import { changeTestingVariables } from '../testing-variables.ts';
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
    'arc env add PIN --env staging -- -1234',
    'arc env remove API_KEY --env staging',
    'arc env pull',
  ],
  hasSecrets: true,
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
  const done =
    deed === 'add'
      ? `${await deploying.putVariable(aws, of, { name, value })} in`
      : await deploying.removeVariable(aws, of, name).then(() => 'removed from');
  world.write(`${name} ${done} ${stage}.${next(stage)}\n`);
  if (stage !== 'testing') return 0;
  const changed = await changeTestingVariables(world, [{ name, value: deed === 'add' ? value : undefined }]);
  world.write(`${changed.file}, which the sandbox reads, is changed too.\n${describeHidden(changed.hidden)}`);
  return 0;
}

function next(stage: VariableStage): string {
  if (stage === 'testing') return '';
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

/** Writes the values for testing where the sandbox reads them, beside what is there. */
async function pull(aws: Aws, app: App, world: World): Promise<number> {
  const { listVariables } = await import('@furrow/deploy');
  const variables = await listVariables(aws.parameters, { appName: app.name, stage: 'testing' });
  const { file, hidden } = await changeTestingVariables(world, variables);
  const count = describeCount(variables.length, 'variable');
  world.write(`${line(file, `${count} of testing`).trimStart()}\n${describeHidden(hidden)}`);
  return 0;
}

/** A `.env` takes the place of all that preferences say. */
function describeHidden(file: string | undefined): string {
  return file === undefined ? '' : `Now that there is a .env, "@env testing" of ${file} counts no more here.\n`;
}
