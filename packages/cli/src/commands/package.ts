import type { DeployEvent, Target } from '@furrow/deploy';
import { nearest, type App, type AppPlugins } from '@furrow/manifest';
import { optionText, type Arguments, type Command } from '../command.ts';
import { isStage, readStage, stages } from '../deploy-words.ts';
import { usageErrors } from '../errors.ts';
import { loadWithPlugins } from '../load-project.ts';
import { describeDeployEvent, isEarlyNews, line } from '../report/deploy-lines.ts';
import { createStyle } from '../report/style.ts';
import { describeBytes } from '../report/units.ts';
import { greeting } from '../version.ts';
import type { World } from '../world.ts';

export const packageCommand: Command = {
  name: 'package',
  parameters: '[stage]',
  aliases: [],
  summary: 'Build what a deploy would send, and send nothing; needs no AWS account',
  options: [
    { flag: '-p, --production', description: 'For production, as the word does' },
    { flag: '-n, --name <name>', description: 'For a stack of its own, as with arc deploy' },
    { flag: '--eject', description: "Print the AWS CLI's commands that deploy it by hand" },
  ],
  examples: ['arc package', 'arc package production --eject'],
  run,
};

async function run({ positional, options }: Arguments, world: World): Promise<number> {
  const { deployTarget } = await import('@furrow/deploy');
  const unknown = positional.find((word) => !isStage(word));
  if (unknown !== undefined) throw usageErrors.argumentUnused('package', unknown, nearest(unknown, stages));
  const stage = readStage(positional, options);
  const { app, plugins } = await loadWithPlugins(world, stage);
  const target = deployTarget(app.name, stage, optionText(options, 'name'));
  return runPackage({ app, plugins, target, isEjecting: options['eject'] === true, world });
}

/** Writes the package and says what is in it. */
export async function runPackage({
  app,
  plugins,
  target,
  isEjecting,
  world,
}: {
  readonly app: App;
  readonly plugins: AppPlugins;
  readonly target: Target;
  readonly isEjecting: boolean;
  readonly world: World;
}): Promise<number> {
  const { ejectCommands, packageTo } = await import('@furrow/deploy');
  const style = createStyle(world);
  const onEvent = (event: DeployEvent) => {
    if (isEarlyNews(event)) world.write(`${describeDeployEvent(event, style).join('\n')}\n`);
  };
  const written = await packageTo({ app, plugins, projectDir: world.cwd, target, onEvent });
  const width = Math.max(...written.functions.map(({ label }) => label.length), 'template'.length);
  const rows = written.functions.map(({ label, bytes, unzippedBytes }) =>
    line('', `${label.padEnd(width)}  ${describeBytes(bytes).padStart(7)}  (${describeBytes(unzippedBytes)} unzipped)`),
  );
  world.write(
    [
      `${greeting()}  ${app.name} -> ${target.stackName}, written to ${written.folder}`,
      line('', `${'template'.padEnd(width)}  ${describeBytes(written.templateBytes).padStart(7)}`),
      ...rows,
      ...(isEjecting
        ? [
            '',
            'To deploy it by hand (variables of "arc env" are not in it):',
            ...ejectCommands({ app, target, written }),
          ]
        : [`Nothing was sent. Next: arc deploy${describeTarget(target)}`]),
      '',
    ].join('\n'),
  );
  return 0;
}

/** The words that name a stack behind `arc deploy`. */
function describeTarget({ stage, name }: Target): string {
  return (stage === 'production' ? ' production' : '') + (name === undefined ? '' : ` --name ${name}`);
}
