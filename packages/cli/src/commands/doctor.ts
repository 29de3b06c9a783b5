import type { Arguments, Command } from '../command.ts';
import { usageErrors } from '../errors.ts';
import { projectFolder } from '../project-folder.ts';
import { greeting } from '../version.ts';
import type { World } from '../world.ts';

export const doctorCommand: Command = {
  name: 'doctor',
  parameters: '[folder]',
  aliases: [],
  summary: 'Say what of an Architect app will run, what will not, and what is likely to fail on AWS',
  options: [{ flag: '--json', description: 'Print it as one JSON object' }],
  examples: ['arc doctor', 'arc doctor ../their-app', 'arc doctor --json'],
  run,
};

async function run({ positional, options }: Arguments, world: World): Promise<number> {
  const [typed, unused] = positional;
  if (unused !== undefined) throw usageErrors.argumentUnused('doctor', unused);
  const folder = await projectFolder(world.cwd, typed);
  const [{ examine }, { describeDiagnosis, mustMend, whatRuns }, { appFaults }] = await Promise.all([
    import('../doctor/examine.ts'),
    import('../doctor/describe.ts'),
    import('@furrow/deploy'),
  ]);
  const diagnosis = await examine(folder, { appFaults });
  const { app, findings } = diagnosis;
  if (options['json'] === true) {
    const runs = app === undefined ? [] : whatRuns(app);
    world.write(`${JSON.stringify({ app: app?.name, manifest: app?.file, runs, findings })}\n`);
  } else {
    const name = app === undefined ? '' : `  ${app.name}, from ${app.file}`;
    world.write(`${greeting()}${name}\n\n${describeDiagnosis(diagnosis)}\n`);
  }
  return mustMend(findings) ? 1 : 0;
}
