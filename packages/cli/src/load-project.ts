import { describeProblems, loadApp, manifestInvalid, type App } from '@furrow/manifest';
import type { World } from './world.ts';

/** The app in the folder where the command was called. Warnings are said. @throws {MANIFEST_INVALID} */
export async function loadProject(world: World): Promise<App> {
  const loaded = await loadApp(world.cwd);
  if (!loaded.ok) throw manifestInvalid(loaded.problems);
  if (loaded.problems.length > 0) world.write(`${describeProblems(loaded.problems)}\n\n`);
  return loaded.app;
}
