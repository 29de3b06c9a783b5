import type { StackInfo } from '@furrow/deploy';
import { optionText, type Arguments, type Command } from '../command.ts';
import { isStage, readStage } from '../deploy-words.ts';
import { usageErrors } from '../errors.ts';
import { loadProject } from '../load-project.ts';
import { describeUrls, line } from '../report/deploy-lines.ts';
import { createStyle } from '../report/style.ts';
import { describeBytes } from '../report/units.ts';
import { greeting } from '../version.ts';
import type { World } from '../world.ts';
import { openAws } from './deploy.ts';

export const infoCommand: Command = {
  name: 'info',
  parameters: '[stage]',
  aliases: [],
  summary: 'Say what is deployed, and where it answers',
  options: [
    { flag: '-p, --production', description: 'Of production, as the word does' },
    { flag: '-n, --name <name>', description: 'Of a stack that was deployed with --name' },
    { flag: '--json', description: 'Print one JSON object' },
    { flag: '--verbose', description: 'Print every call of AWS' },
  ],
  examples: ['arc info', 'arc info production --json'],
  run,
};

async function run({ positional, options }: Arguments, world: World): Promise<number> {
  const [word] = positional;
  if (word !== undefined && !isStage(word)) throw usageErrors.argumentUnused('info', word);
  const deploying = await import('@furrow/deploy');
  const app = await loadProject(world);
  const name = optionText(options, 'name');
  const target = deploying.deployTarget(app.name, readStage(positional, options), name);
  using aws = await openAws(deploying, app, { options, world, style: createStyle(world) });
  const info = await deploying.readInfo(aws, target);
  world.write(options['json'] === true ? `${JSON.stringify(info)}\n` : `${describeInfo(app.name, info).join('\n')}\n`);
  return 0;
}

function describeInfo(appName: string, info: StackInfo): readonly string[] {
  const { stackName, region, account, status, urls, functions, tables } = info;
  const width = Math.max(0, ...functions.map(({ label }) => label.length));
  const rows = functions.map(({ label, bytes, runtime, modifiedAtMs }) => {
    const changed = modifiedAtMs === undefined ? '' : `, changed ${time(modifiedAtMs)}`;
    return `${label.padEnd(width)}  ${describeBytes(bytes).padStart(7)}  ${runtime}${changed}`;
  });
  return [
    `${greeting()}  ${appName} -> ${stackName}, ${region}, account ${account}`,
    ...describeUrls(urls),
    line(
      /^(?:CREATE|UPDATE|IMPORT)_COMPLETE$/.test(status) ? 'deployed' : 'changed',
      `${time(info.deployedAtMs)} (${status})`,
    ),
    ...rows.map((row, index) => line(index === 0 ? 'runs' : '', row)),
    ...tables.map(({ label, physicalId }, index) => line(index === 0 ? 'tables' : '', `${label}  ${physicalId}`)),
  ];
}

/** `2026-11-24 12:03:11 UTC` */
function time(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
