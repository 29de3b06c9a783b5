import { describeProblems, loadApp, manifestInvalid, type App, type LoadedApp } from '@furrow/manifest';
import type { World } from './world.ts';

/** The app in the folder where the command was called. Warnings are said. @throws {MANIFEST_INVALID} */
export async function loadProject(world: World): Promise<App> {
  return (await loadWithPlugins(world)).app;
}

/** The same with its plugins, for a stage that is known. @throws {MANIFEST_INVALID} */
export async function loadWithPlugins(
  world: World,
  stage?: string,
): Promise<Pick<Extract<LoadedApp, { readonly ok: true }>, 'app' | 'plugins'>> {
  const loaded = await loadApp(world.cwd, stage === undefined ? {} : { stage });
  if (!loaded.ok) throw manifestInvalid(loaded.problems);
  if (loaded.problems.length > 0) world.write(`${describeProblems(loaded.problems)}\n\n`);
  return loaded;
}
