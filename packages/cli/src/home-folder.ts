import { homedir } from 'node:os';
import type { World } from './world.ts';

/** The developer's own folder, where preferences for all projects are. */
export function homeFolder({ env }: Pick<World, 'env'>): string {
  return env['HOME'] || env['USERPROFILE'] || homedir();
}
