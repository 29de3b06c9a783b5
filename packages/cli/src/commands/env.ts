import type { Aws, VariableStage } from '@furrow/deploy';
import type { App } from '@furrow/manifest';
import { isUserError, type UserError } from '@furrow/protocol';
import type { Arguments, Command } from '../command.ts';
import { readEnvWords, variableStages, type EnvRequest } from '../env-words.ts';
import { loadProject } from '../load-project.ts';
import { line } from '../report/deploy-lines.ts';
import { createStyle } from '../report/style.ts';
import { describeCount } from '../report/units.ts';
import { changeTestingVariables, testingNames } from '../testing-variables.ts';
import { greeting } from '../version.ts';
import type { World } from '../world.ts';
import { openAws, type DeployModule } from './deploy.ts';

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

interface Job {
  readonly app: App;
  readonly world: World;
  readonly deploying: DeployModule;
  readonly open: () => Promise<Aws>;
}

async function run({ positional, options }: Arguments, world: World): Promise<number> {
  const request = readEnvWords(positional, options);
  const app = await loadProject(world);
  const deploying = await import('@furrow/deploy');
  const value = request.deed === 'add' ? await readValue(request, world) : undefined;
  const style = createStyle(world);
  const job = { app, world, deploying, open: () => openAws(deploying, app, { options, world, style }) };
  if (request.deed === 'list') return list(job, request.stage);
  if (request.deed === 'pull') return pull(job);
  return change(job, request, value);
}

/** Sets a variable, or removes it where there is no value. */
async function change(job: Job, { stage = 'testing', name = '' }: EnvRequest, value: string | undefined) {
  const { app, world, deploying } = job;
  const of = { appName: app.name, stage };
  const asked = await askAws(job, async (aws) =>
    value === undefined
      ? deploying.removeVariable(aws, of, name).then(() => 'removed from')
      : `${await deploying.putVariable(aws, of, { name, value })} in`,
  );
  if (asked.type === 'answered') world.write(`${name} ${asked.answer} ${stage}.${next(stage)}\n`);
  else if (stage !== 'testing') throw asked.why;
  else if (value === undefined) deploying.checkIsKept(await testingNames(world), { name, stage });
  else deploying.checkVariable({ name, value });
  if (stage !== 'testing') return 0;
  const changed = await changeTestingVariables(world, [{ name, value }]);
  const text =
    asked.type === 'answered'
      ? `${changed.file}, which the sandbox reads, is changed too.`
      : `${name} ${value === undefined ? 'removed from' : 'is in'} ${changed.file}, which the sandbox reads, and nowhere else: ${asked.why.message}`;
  world.write(`${text}\n${describeHidden(changed.hidden)}`);
  return 0;
}

type Asked<Answer> =
  | { readonly type: 'answered'; readonly answer: Answer }
  | { readonly type: 'away'; readonly why: UserError };

/** What AWS answers, or why nobody can ask it from here: the sandbox needs no account. */
async function askAws<Answer>({ open }: Job, ask: (aws: Aws) => Promise<Answer>): Promise<Asked<Answer>> {
  try {
    using aws = await open();
    return { type: 'answered', answer: await ask(aws) };
  } catch (error) {
    if (isUserError(error) && /^AWS_(?:REGION_MISSING|CREDENTIALS_)/.test(error.code)) {
      return { type: 'away', why: error };
    }
    throw error;
  }
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

/** Of one stage, or of all: then what only AWS knows is left out where it cannot be asked. */
async function list(job: Job, stage: VariableStage | undefined): Promise<number> {
  const { app, world, deploying } = job;
  const stages = stage === undefined ? variableStages : [stage];
  const asked = await askAws(job, (aws) =>
    Promise.all(stages.map((each) => deploying.listVariables(aws.parameters, { appName: app.name, stage: each }))),
  );
  if (asked.type === 'away' && stage !== undefined && stage !== 'testing') throw asked.why;
  const names =
    asked.type === 'answered'
      ? asked.answer.map((variables) => variables.map(({ name }) => name))
      : [await testingNames(world)];
  const lines = stages.map((each, index) => `  ${each.padEnd(10)} ${describeNames(names[index])}`);
  const why = asked.type === 'away' ? [`Without AWS, only the variables here: ${asked.why.message}`] : [];
  world.write([`${greeting()}  ${app.name}, names only: values are not shown`, ...lines, ...why, ''].join('\n'));
  return 0;
}

function describeNames(names: readonly string[] | undefined): string {
  if (names === undefined) return 'not known';
  return names.length === 0 ? '(none)' : names.join(', ');
}

/** Writes the values for testing where the sandbox reads them, beside what is there. */
async function pull({ app, world, deploying, open }: Job): Promise<number> {
  using aws = await open();
  const variables = await deploying.listVariables(aws.parameters, { appName: app.name, stage: 'testing' });
  const { file, hidden } = await changeTestingVariables(world, variables);
  const count = describeCount(variables.length, 'variable');
  world.write(`${line(file, `${count} of testing`).trimStart()}\n${describeHidden(hidden)}`);
  return 0;
}

/** A `.env` takes the place of all that preferences say. */
function describeHidden(file: string | undefined): string {
  return file === undefined ? '' : `Now that there is a .env, "@env testing" of ${file} counts no more here.\n`;
}
