import type { Command } from '../command.ts';
import { initCommand } from './init.ts';
import { sandboxCommand } from './sandbox.ts';

/** Every command, in the order in which help shows them. */
export const commands: readonly Command[] = [initCommand, sandboxCommand];
