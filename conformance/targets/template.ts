import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deployTarget, packageTo } from '@furrow/deploy';
import { loadApp, manifestInvalid } from '@furrow/manifest';
import type { Variant } from '../row.ts';
import { openAppFolder } from './app-folder.ts';

/** The template that `arc package` makes of the app. */
export async function packageTemplate(variant: Variant): Promise<unknown> {
  await using folder = await openAppFolder(variant);
  const loaded = await loadApp(folder.path);
  if (!loaded.ok) throw manifestInvalid(loaded.problems);
  const { app } = loaded;
  const target = deployTarget(app.name, 'staging', undefined);
  const written = await packageTo({ app, projectDir: folder.path, target, onEvent: () => {} });
  return JSON.parse(await readFile(join(folder.path, written.folder, 'template.json'), 'utf8'));
}
